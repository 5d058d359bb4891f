import Durability
import Signals

/// The state behind a staged version: what was added, what is already on disk, and the lock.
final class Stage {
  /// A recording that will be part of the version.
  enum Member {
    /// The catalogue has it.
    case present(rowID: Int64)
    /// It was added now; the catalogue learns of it at commit.
    case fresh(StagedRecording)
  }

  let store: Store
  let dataset: DatasetName
  let kind: String
  let base: Version?
  let lineage: String?
  private let mode: StagingMode
  private var lock: StoreLock?
  private var builder: ShardBuilder
  private(set) var members: [String: Member] = [:]
  private(set) var publishedObjects: [StoredObject] = []
  private var added: Set<String> = []
  private var identities: [String: String] = [:]

  init(
    store: Store, dataset: DatasetName, kind: String, mode: StagingMode,
    layout: ShardLayout.Storage,
    lock: StoreLock
  ) throws(StoreError) {
    self.store = store
    self.dataset = dataset
    self.kind = kind
    self.mode = mode
    self.lock = lock
    builder = ShardBuilder(storage: layout)
    let state = try store.catalog.read("stage '\(dataset)'") { database in
      try StageState.fetch(dataset: dataset, mode: mode, from: database)
    }
    if let found = state.kind, found != kind {
      throw .wrongKind(dataset.text, found: found, expected: kind)
    }
    base = state.latest
    lineage = state.lineage
    for recording in state.recordings {
      members[recording.name] = .present(rowID: recording.rowID)
      identities[recording.name] = recording.hash
    }
  }

  func append(_ recording: Recording) throws(StoreError) {
    try RecordingContract.check(recording, dataset: dataset.text)
    guard added.insert(recording.name).inserted else {
      throw .duplicateRecording(recording.name, dataset: dataset.text)
    }
    let identity = try RecordingIdentity(of: recording)
    if let present = identities[recording.name] {
      if present == identity.hash { return }
      if mode == .appending, let base {
        throw .changedRecording(recording.name, dataset: dataset.text, version: base.number)
      }
    }
    identities[recording.name] = identity.hash
    let known = try store.catalog.read("look up recording '\(recording.name)'") { database in
      try RecordingRecord.rowID(ofHash: identity.hash, in: database)
    }
    if let known {
      members[recording.name] = .present(rowID: known)
      return
    }
    let staged = StagedRecording(recording, identity: identity)
    members[recording.name] = .fresh(staged)
    for shard in try builder.add(staged, series: recording.series) { try publish(shard) }
  }

  private func publish(_ shard: SealedShard) throws(StoreError) {
    let object = try store.publish(shard.bytes, kind: .shard, extension: "h5")
    publishedObjects.append(object)
    for placement in shard.placements {
      placement.recording.segments.append(
        StagedSegment(
          objectHash: object.hash, place: placement.place, firstSample: placement.firstSample,
          sampleCount: placement.sampleCount, valueOffset: placement.valueOffset))
    }
  }

  func commit(
    because reason: String, ingestion: IngestionRecord
  ) throws(StoreError) -> CommitOutcome {
    defer { lock = nil }
    guard !members.isEmpty else { throw .nothingToCommit(dataset.text) }
    if let shard = try builder.finish() { try publish(shard) }
    let now = store.environment.time.secondsSince1970
    return try store.catalog.write("publish a version of '\(dataset)'") { database in
      try VersionCommit(stage: self, reason: reason, ingestion: ingestion, now: now).run(
        in: database)
    }
  }
}

/// A recording on its way into the catalogue.
final class StagedRecording {
  let recording: RecordingRecord
  let labels: [RecordingLabelRecord]
  let channels: [Channel]
  let vocabularies: [Vocabulary]
  let source: SourceReference
  var segments: [StagedSegment] = []

  init(_ recording: Recording, identity: RecordingIdentity) {
    self.recording = RecordingRecord(recording, identity: identity)
    let series = recording.series
    labels = zip(series.labels, identity.vocabularyHashes).map { track, hash in
      RecordingLabelRecord(track: track, vocabularyHash: hash)
    }
    channels = series.channels
    vocabularies = series.labels.map(\.vocabulary)
    source = recording.source
  }
}

/// Where a run of readings of a staged recording lies.
struct StagedSegment {
  let objectHash: String
  let place: String
  let firstSample: Int
  let sampleCount: Int
  let valueOffset: Int?
}
