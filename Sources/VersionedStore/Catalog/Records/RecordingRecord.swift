import GRDB
import Signals

/// A row of the table `recording`.
struct RecordingRecord: Codable, FetchableRecord, MutablePersistableRecord {
  static let databaseTableName = "recording"

  var id: Int64?
  let hash: String
  let contentHash: String
  let name: String
  let place: String
  let subject: String?
  let session: String?
  let isSimulated: Bool
  let rateInHertz: Double
  let startTimeInSeconds: Double
  let sampleCount: Int
  let valueType: String
  let sourceName: String
  let sourceHash: String
  let channelSetHash: String
  let statistics: [ChannelStatistics]

  init(_ recording: Recording, identity: RecordingIdentity) {
    hash = identity.hash
    contentHash = identity.contentHash
    name = recording.name
    place = recording.place
    subject = recording.subject
    session = recording.session
    isSimulated = recording.isSimulated
    rateInHertz = recording.series.rate.hertz
    startTimeInSeconds = recording.series.startTimeInSeconds
    sampleCount = recording.series.sampleCount
    valueType = recording.series.values.typeName
    sourceName = recording.source.name
    sourceHash = recording.source.sha256
    channelSetHash = identity.channelSetHash
    statistics = recording.series.channelStatistics()
  }

  mutating func didInsert(_ inserted: InsertionSuccess) {
    id = inserted.rowID
  }

  static func rowID(ofHash hash: String, in database: Database) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "SELECT id FROM recording WHERE hash = ?", arguments: [hash])
  }
}

/// A row of the table `recordingLabel`, before it knows its recording.
struct RecordingLabelRecord: Codable, FetchableRecord {
  let track: String
  let vocabularyHash: String
  /// How many readings have each code; the key is the code as decimal text, as JSON wants it.
  let counts: [String: Int]

  init(track: LabelTrack, vocabularyHash: String) {
    self.track = track.name
    self.vocabularyHash = vocabularyHash
    var counts: [Int32: Int] = [:]
    for code in track.codes { counts[code, default: 0] += 1 }
    self.counts = Dictionary(uniqueKeysWithValues: counts.map { (String($0.key), $0.value) })
  }
}
