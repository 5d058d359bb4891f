import Durability
import GRDB
import HDF5
import Signals
import Synchronization
import SystemPackage

/// Reads the readings and labels of the recordings of one version.
///
/// A shard is opened once; its bytes are checked against its hash before the first value is used.
/// Contiguous readings are copied straight from the mapped file, outside the lock of HDF5.
public final class SeriesReader: Sendable {
  /// The version.
  public let version: Version
  private let paths: StorePaths
  private let recordings: [[Segment]]
  private let channelCounts: [Int]
  private let valueTypes: [String]
  private let opened = Mutex<[String: OpenShard]>([:])

  /// A run of readings in a shard.
  private struct Segment {
    let objectHash: String
    let place: String
    let samples: Range<Int>
    let valueOffset: Int?
  }

  /// Prepares to read; nothing is opened yet.
  public init(of version: Version, in store: Store) throws(StoreError) {
    self.version = version
    paths = store.paths
    let rows = try store.catalog.read("find the readings of '\(version.reference)'") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT versionRecording.position AS recording, recording.valueType AS valueType,
            json_array_length(channelSet.channels) AS channelCount, segment.*
          FROM versionRecording
            JOIN recording ON recording.id = versionRecording.recordingID
            JOIN channelSet ON channelSet.hash = recording.channelSetHash
            JOIN segment ON segment.recordingID = versionRecording.recordingID
          WHERE versionRecording.versionID = ?
          ORDER BY versionRecording.position, segment.position
          """,
        arguments: [version.rowID])
    }
    var recordings = [[Segment]](repeating: [], count: version.recordingCount)
    var channelCounts = [Int](repeating: 0, count: version.recordingCount)
    var valueTypes = [String](repeating: "", count: version.recordingCount)
    for row in rows {
      let position: Int = row["recording"]
      guard recordings.indices.contains(position) else {
        throw .damagedRow(
          "version '\(version.reference)'", "it has more recordings than it says")
      }
      let first: Int = row["firstSample"]
      channelCounts[position] = row["channelCount"]
      valueTypes[position] = row["valueType"]
      recordings[position].append(
        Segment(
          objectHash: row["objectHash"], place: row["place"],
          samples: first..<(first + (row["sampleCount"] as Int)), valueOffset: row["valueOffset"]))
    }
    self.recordings = recordings
    self.channelCounts = channelCounts
    self.valueTypes = valueTypes
  }

  /// Whether the readings of a recording can be copied straight from mapped files, at any place
  /// and at no cost beyond the copy; otherwise HDF5 has to read, unpack or convert them.
  public func isMapped(recording: Int) -> Bool {
    valueTypes[recording] == "float32"
      && recordings[recording].allSatisfy { $0.valueOffset != nil }
  }

  /// Copies readings of chosen channels, as single precision.
  ///
  /// Shape: `target` becomes `[samples, channels]`, last axis fastest.
  /// - Parameters:
  ///   - recording: the position of the recording in the version.
  ///   - samples: which readings.
  ///   - channels: indices of channels of the recording, in the order that `target` wants.
  /// - Throws: `.damaged` if a shard is not what was published.
  /// - Precondition: `target` holds exactly `samples.count · channels.count` numbers.
  public func read(
    recording: Int, samples: Range<Int>, channels: [Int],
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(StoreError) {
    precondition(
      target.count == samples.count * channels.count,
      "A target holds exactly the readings that are asked for.")
    let width = channelCounts[recording]
    for segment in recordings[recording] {
      let wanted = samples.clamped(to: segment.samples)
      guard !wanted.isEmpty else { continue }
      let offset = (wanted.lowerBound - samples.lowerBound) * channels.count
      let part = UnsafeMutableBufferPointer(
        rebasing: target[offset..<(offset + wanted.count * channels.count)])
      let shard = try shard(segment.objectHash)
      let first = wanted.lowerBound - segment.samples.lowerBound
      let local = first..<(first + wanted.count)
      if let start = segment.valueOffset, valueTypes[recording] == "float32" {
        try shard.copy(
          rows: local, width: width, channels: channels, valuesAt: start, into: part)
      } else {
        try shard.readThroughHDF5(
          "\(segment.place)/x", rows: local, width: width, channels: channels, into: part)
      }
    }
  }

  /// The codes of a label track of a recording.
  public func codes(ofTrack track: String, recording: Int) throws(StoreError) -> [Int32] {
    var codes: [Int32] = []
    for segment in recordings[recording] {
      codes += try shard(segment.objectHash).codes("\(segment.place)/labels/\(track)")
    }
    return codes
  }

  /// The SHA-256 of the readings of a recording as they are on disk, computed as at ingest.
  func contentHash(ofRecording recording: Int) throws(StoreError) -> String {
    var hasher = ContentHasher()
    hasher.update(
      Array("\(valueTypes[recording]) \(channelCounts[recording])\n".utf8))
    for segment in recordings[recording] {
      try shard(segment.objectHash).hash(
        "\(segment.place)/x", valueType: valueTypes[recording], into: &hasher)
    }
    return hasher.finish().hexText
  }

  /// The source's own time of each reading of a recording, in seconds; nothing where the times follow
  /// from the start and the rate.
  public func times(recording: Int) throws(StoreError) -> [Double]? {
    var times: [Double] = []
    for segment in recordings[recording] {
      guard let part = try shard(segment.objectHash).times(segment.place) else { return nil }
      times += part
    }
    return times
  }

  private func shard(_ hash: String) throws(StoreError) -> OpenShard {
    let known = opened.withLock { $0[hash] }
    if let known { return known }
    let shard = try OpenShard(
      hash: hash, path: paths.object(hash, extension: "h5"), version: version.reference)
    return opened.withLock { shards in
      if let other = shards[hash] { return other }
      shards[hash] = shard
      return shard
    }
  }
}
