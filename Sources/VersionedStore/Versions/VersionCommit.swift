import Durability
import GRDB
import Signals

/// The transaction that makes a staged version visible: the commit itself.
struct VersionCommit {
  let stage: Stage
  let reason: String
  let ingestion: IngestionRecord
  let now: Double

  /// Runs inside one immediate transaction.
  func run(in database: Database) throws -> CommitOutcome {
    let datasetRow = try dataset(in: database)
    try insertObjects(in: database)
    let recordingRows = try insertRecordings(in: database)
    let content = try VersionContent.fetch(recordingRows, kind: stage.kind, from: database)
    let shardsWritten = stage.publishedObjects.filter(\.isNew).count
    if let base = stage.base, base.hash == content.hash {
      return CommitOutcome(
        version: base, isNew: false, shardsWritten: 0, shardsReused: content.shardCount,
        sameContent: content.sameContent)
    }
    let versionRow = try insertVersion(content, dataset: datasetRow, in: database)
    for (position, row) in recordingRows.enumerated() {
      try database.execute(
        sql: "INSERT INTO versionRecording (versionID, position, recordingID) VALUES (?, ?, ?)",
        arguments: [versionRow, position, row])
    }
    guard let version = try VersionRecord.fetch(rowID: versionRow, from: database) else {
      preconditionFailure("A version that was just inserted can be fetched.")
    }
    return CommitOutcome(
      version: version, isNew: true, shardsWritten: shardsWritten,
      shardsReused: content.shardCount - shardsWritten, sameContent: content.sameContent)
  }

  /// The row of the dataset, made where this is its first version.
  private func dataset(in database: Database) throws -> Int64 {
    let row = try Row.fetchOne(
      database, sql: "SELECT id, lineage FROM dataset WHERE name = ?",
      arguments: [stage.dataset.text])
    guard (row?["lineage"] as String?) == stage.lineage else {
      throw StoreError.dataMoved(stage.dataset.text)
    }
    if let row { return row["id"] }
    try database.execute(
      sql: """
        INSERT INTO dataset (name, kind, lineage, lastVersionNumber, created)
        VALUES (?, ?, ?, 0, ?)
        """,
      arguments: [stage.dataset.text, stage.kind, stage.store.environment.freshName(), now])
    return database.lastInsertedRowID
  }

  private func insertObjects(in database: Database) throws {
    for object in stage.publishedObjects { try object.insert(in: database, now: now) }
  }

  /// Inserts what is fresh; gives the rows of all recordings, by name.
  private func insertRecordings(in database: Database) throws -> [Int64] {
    try stage.members.sorted { $0.key < $1.key }.map { _, member in
      switch member {
      case .present(let rowID): rowID
      case .fresh(let staged): try insert(staged, in: database)
      }
    }
  }

  private func insert(_ staged: StagedRecording, in database: Database) throws -> Int64 {
    try database.execute(
      sql: "INSERT OR IGNORE INTO source (hash, sizeInBytes) VALUES (?, ?)",
      arguments: [staged.source.sha256, staged.source.sizeInBytes])
    try database.execute(
      sql: "INSERT OR IGNORE INTO channelSet (hash, channels) VALUES (?, ?)",
      arguments: [staged.recording.channelSetHash, try CanonicalJSON.text(staged.channels)])
    var record = staged.recording
    try record.insert(database)
    guard let rowID = record.id else { preconditionFailure("An inserted record has a row.") }
    for (label, vocabulary) in zip(staged.labels, staged.vocabularies) {
      try database.execute(
        sql: "INSERT OR IGNORE INTO vocabulary (hash, terms) VALUES (?, ?)",
        arguments: [label.vocabularyHash, try CanonicalJSON.text(vocabulary.terms)])
      try database.execute(
        sql: """
          INSERT INTO recordingLabel (recordingID, track, vocabularyHash, counts)
          VALUES (?, ?, ?, ?)
          """,
        arguments: [
          rowID, label.track, label.vocabularyHash, try CanonicalJSON.text(label.counts),
        ])
    }
    for (position, segment) in staged.segments.enumerated() {
      try database.execute(
        sql: """
          INSERT INTO segment
            (recordingID, position, objectHash, place, firstSample, sampleCount, valueOffset)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          rowID, position, segment.objectHash, segment.place, segment.firstSample,
          segment.sampleCount, segment.valueOffset,
        ])
    }
    return rowID
  }

  private func insertVersion(
    _ content: VersionContent, dataset: Int64, in database: Database
  ) throws -> Int64 {
    try database.execute(
      sql: "UPDATE dataset SET lastVersionNumber = lastVersionNumber + 1 WHERE id = ?",
      arguments: [dataset])
    try database.execute(
      sql: """
        INSERT INTO version
          (datasetID, number, hash, shardRoot, parentID, because, recordingCount, sampleCount,
           sizeInBytes, ingestion, created)
        SELECT id, lastVersionNumber, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM dataset WHERE id = ?
        """,
      arguments: [
        content.hash, content.shardRoot, stage.base?.rowID, reason, content.recordingCount,
        content.sampleCount, content.sizeInBytes, try CanonicalJSON.text(ingestion), now, dataset,
      ])
    return database.lastInsertedRowID
  }
}
