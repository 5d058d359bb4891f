import Durability
import Signals

/// The hashes that tell one recording from another; the rules are in schemas/store-layout.md.
struct RecordingIdentity: Hashable, Sendable {
  /// Covers the readings alone: the same readings under two names have the same content hash.
  let contentHash: String
  /// Covers everything: readings, times, labels, names, source.
  let hash: String
  let channelSetHash: String
  /// The hash of each track's vocabulary, in track order.
  let vocabularyHashes: [String]

  init(of recording: Recording) throws(StoreError) {
    let series = recording.series
    contentHash = Self.contentHash(of: series)
    channelSetHash = try CanonicalJSON.hash(series.channels)
    var tracks: [Identity.Track] = []
    for track in series.labels {
      tracks.append(
        Identity.Track(
          name: track.name, codes: Self.hash(of: track.codes),
          vocabulary: try CanonicalJSON.hash(track.vocabulary.terms)))
    }
    vocabularyHashes = tracks.map(\.vocabulary)
    hash = try CanonicalJSON.hash(
      Identity(
        name: recording.name, place: recording.place, subject: recording.subject,
        session: recording.session, isSimulated: recording.isSimulated,
        source: recording.source.name, sourceHash: recording.source.sha256,
        rateInHertz: series.rate.hertz, startTimeInSeconds: series.startTimeInSeconds,
        times: series.times.map { Self.hash(of: $0) }, channels: channelSetHash,
        content: contentHash, tracks: tracks))
  }

  private struct Identity: Encodable {
    struct Track: Encodable {
      let name: String
      let codes: String
      let vocabulary: String
    }
    let name: String
    let place: String
    let subject: String?
    let session: String?
    let isSimulated: Bool
    let source: String
    let sourceHash: String
    let rateInHertz: Double
    let startTimeInSeconds: Double
    let times: String?
    let channels: String
    let content: String
    let tracks: [Track]
  }

  private static func contentHash(of series: TimeSeries) -> String {
    var hasher = ContentHasher()
    hasher.update(Array("\(series.values.typeName) \(series.channels.count)\n".utf8))
    series.values.withUnsafeBytes { hasher.update($0.bytes) }
    return hasher.finish().hexText
  }

  private static func hash<Element>(of elements: [Element]) -> String {
    var hasher = ContentHasher()
    elements.withUnsafeBytes { hasher.update($0.bytes) }
    return hasher.finish().hexText
  }
}
