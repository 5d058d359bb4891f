import GRDB
public import Signals

/// A recording of a version as the catalogue knows it, without its readings.
public struct RecordingSummary: Sendable {
  package let rowID: Int64
  /// The name, unique within the version.
  public let name: String
  /// The place inside the source; empty where the file is the recording.
  public let place: String
  /// Who or what was measured.
  public let subject: String?
  /// In which sitting.
  public let session: String?
  /// Whether a program made it up.
  public let isSimulated: Bool
  /// Readings per second.
  public let rate: SampleRate
  /// The time of the first reading, in seconds of the source's clock.
  public let startTimeInSeconds: Double
  /// How many readings each channel has.
  public let sampleCount: Int
  /// The precision: "float32" or "float64".
  public let valueType: String
  /// The raw file.
  public let source: SourceReference
  /// The SHA-256 of the readings alone.
  public let contentHash: String
  /// The SHA-256 of everything about the recording.
  public let hash: String
  /// The channels, in the order of the last axis.
  public let channels: [Channel]
  /// The statistics of each channel.
  public let statistics: [ChannelStatistics]
  /// The names of the label tracks.
  public let labels: [LabelSummary]

  /// How often each code of a label track occurs in a recording.
  public struct LabelSummary: Sendable {
    /// The track.
    public let track: String
    /// What the codes mean.
    public let vocabulary: Vocabulary
    /// Readings by code.
    public let counts: [Int32: Int]
  }
}

extension RecordingSummary {
  /// The recordings of a version in their order.
  static func fetchAll(ofVersion version: Int64, from database: Database) throws
    -> [RecordingSummary]
  {
    var channelSets: [String: [Channel]] = [:]
    var vocabularies: [String: Vocabulary] = [:]
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT recording.*, source.sizeInBytes AS sourceSize
        FROM versionRecording
          JOIN recording ON recording.id = versionRecording.recordingID
          JOIN source ON source.hash = recording.sourceHash
        WHERE versionRecording.versionID = ? ORDER BY versionRecording.position
        """,
      arguments: [version])
    return try rows.map { row in
      try RecordingSummary(
        row, channelSets: &channelSets, vocabularies: &vocabularies, database: database)
    }
  }

  private init(
    _ row: Row, channelSets: inout [String: [Channel]], vocabularies: inout [String: Vocabulary],
    database: Database
  ) throws {
    let name: String = row["name"]
    guard let rate = SampleRate(hertz: row["rateInHertz"]) else {
      throw StoreError.damagedRow("recording '\(name)'", "its rate is not a finite number")
    }
    let rowID: Int64 = row["id"]
    let ownChannels = try Self.channels(
      row["channelSetHash"], cache: &channelSets, database: database)
    let statistics = try CanonicalJSON.value(
      [ChannelStatistics].self, from: row["statistics"], of: "recording '\(name)'")
    guard statistics.count == ownChannels.count else {
      throw StoreError.damagedRow(
        "recording '\(name)'",
        "it has statistics of \(statistics.count) channels, not of "
          + "\(ownChannels.count)")
    }
    self.init(
      rowID: rowID, name: name, place: row["place"], subject: row["subject"],
      session: row["session"], isSimulated: row["isSimulated"], rate: rate,
      startTimeInSeconds: row["startTimeInSeconds"], sampleCount: row["sampleCount"],
      valueType: row["valueType"],
      source: SourceReference(
        name: row["sourceName"], sizeInBytes: row["sourceSize"], sha256: row["sourceHash"]),
      contentHash: row["contentHash"], hash: row["hash"],
      channels: ownChannels, statistics: statistics,
      labels: try Self.labels(of: rowID, cache: &vocabularies, database: database))
  }

  private static func channels(
    _ hash: String, cache: inout [String: [Channel]], database: Database
  ) throws -> [Channel] {
    if let channels = cache[hash] { return channels }
    let text = try String.fetchOne(
      database, sql: "SELECT channels FROM channelSet WHERE hash = ?", arguments: [hash])
    let channels = try CanonicalJSON.value(
      [Channel].self, from: text ?? "", of: "channel set \(hash.prefix(12))…")
    cache[hash] = channels
    return channels
  }

  private static func labels(
    of recording: Int64, cache: inout [String: Vocabulary], database: Database
  ) throws -> [LabelSummary] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT recordingLabel.track, recordingLabel.vocabularyHash, recordingLabel.counts
        FROM recordingLabel WHERE recordingID = ? ORDER BY track
        """,
      arguments: [recording])
    return try rows.map { row in
      let hash: String = row["vocabularyHash"]
      if cache[hash] == nil {
        let text = try String.fetchOne(
          database, sql: "SELECT terms FROM vocabulary WHERE hash = ?", arguments: [hash])
        cache[hash] = Vocabulary(
          try CanonicalJSON.value(
            [Vocabulary.Term].self, from: text ?? "", of: "vocabulary \(hash.prefix(12))…"))
      }
      let counts = try CanonicalJSON.value(
        [String: Int].self, from: row["counts"], of: "the labels of recording \(recording)")
      return LabelSummary(
        track: row["track"], vocabulary: cache[hash] ?? Vocabulary([]),
        counts: Dictionary(
          uniqueKeysWithValues: counts.compactMap { key, count in
            Int32(key).map { ($0, count) }
          }))
    }
  }
}
