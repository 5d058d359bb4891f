import Durability
import GRDB
import Signals

extension Store {
  /// All datasets, by name.
  public func datasets() throws(StoreError) -> [DatasetSummary] {
    try catalog.read("list the datasets") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT dataset.name AS name, dataset.kind AS kind, count(version.id) AS versionCount,
            max(version.number) AS latest,
            (SELECT coalesce(sum(sizeInBytes), 0) FROM object WHERE hash IN
              (SELECT segment.objectHash FROM version AS own
                JOIN versionRecording ON versionRecording.versionID = own.id
                JOIN segment ON segment.recordingID = versionRecording.recordingID
              WHERE own.datasetID = dataset.id)) AS sizeInBytes
          FROM dataset JOIN version ON version.datasetID = dataset.id
          GROUP BY dataset.id ORDER BY dataset.name
          """
      ).map { row in
        DatasetSummary(
          name: row["name"], kind: row["kind"], versionCount: row["versionCount"],
          latest: row["latest"], sizeInBytes: row["sizeInBytes"])
      }
    }
  }

  /// All versions of a dataset, newest first.
  /// - Throws: `.notFound`
  public func versions(of dataset: DatasetName) throws(StoreError) -> [Version] {
    let versions = try catalog.read("list the versions of '\(dataset)'") { database in
      try VersionRecord.fetchAll(of: dataset, from: database)
    }
    guard !versions.isEmpty else { throw try unknownDataset(dataset) }
    return versions
  }

  /// The version that a reference names.
  /// - Throws: `.notFound`
  public func version(_ reference: VersionReference) throws(StoreError) -> Version {
    let found = try catalog.read("find '\(reference)'") { database in
      try VersionRecord.fetch(reference, from: database)
    }
    if let found { return found }
    let versions = try catalog.read("list the versions of '\(reference.dataset)'") { database in
      try VersionRecord.fetchAll(of: reference.dataset, from: database)
    }
    guard !versions.isEmpty else { throw try unknownDataset(reference.dataset) }
    let known = versions.flatMap { [String($0.number)] + $0.tags }
    throw .unknown(
      "version", reference.description, known: known.map { "\(reference.dataset)@\($0)" })
  }

  private func unknownDataset(_ dataset: DatasetName) throws(StoreError) -> StoreError {
    .unknown("dataset", dataset.text, known: try datasets().map(\.name))
  }

  /// The recordings of a version in their order: by name.
  public func recordings(of version: Version) throws(StoreError) -> [RecordingSummary] {
    let recordings = try catalog.read("list the recordings of '\(version.reference)'") { database in
      try RecordingSummary.fetchAll(ofVersion: version.rowID, from: database)
    }
    // Views and splits count recordings by position; a missing row must not shift them.
    guard recordings.count == version.recordingCount else {
      throw .damagedRow(
        "version '\(version.reference)'",
        "\(recordings.count) recordings can be read of \(version.recordingCount)")
    }
    return recordings
  }

  /// The objects that hold the readings of a version, by hash.
  public func shards(of version: Version) throws(StoreError) -> [ShardSummary] {
    try catalog.read("list the shards of '\(version.reference)'") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT object.hash AS hash, object.sizeInBytes AS sizeInBytes,
            count(DISTINCT segment.recordingID) AS recordings
          FROM versionRecording
            JOIN segment ON segment.recordingID = versionRecording.recordingID
            JOIN object ON object.hash = segment.objectHash
          WHERE versionRecording.versionID = ? GROUP BY object.hash ORDER BY object.hash
          """,
        arguments: [version.rowID]
      ).map { row in
        ShardSummary(
          hash: row["hash"], sizeInBytes: row["sizeInBytes"], recordingCount: row["recordings"])
      }
    }
  }

  /// What was read and noticed when a version was made.
  public func ingestion(of version: Version) throws(StoreError) -> IngestionRecord {
    let text = try catalog.read("read the record of '\(version.reference)'") { database in
      try String.fetchOne(
        database, sql: "SELECT ingestion FROM version WHERE id = ?", arguments: [version.rowID])
    }
    return try CanonicalJSON.value(
      IngestionRecord.self, from: text ?? "", of: "version '\(version.reference)'")
  }

  /// Points a tag at a version; a tag of that name is moved.
  ///
  /// Durability: when this returns, the tag survives power loss.
  /// - Returns: the version that the tag pointed to before.
  public func tag(_ version: Version, as name: DatasetName) throws(StoreError) -> Int? {
    guard name.text != "latest", !name.text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw .badRequest(
        name.text,
        "Could not tag '\(version.reference)' as '\(name)': numbers and 'latest' already "
          + "name versions. Choose a name with a letter.")
    }
    let now = environment.time.secondsSince1970
    return try catalog.write("tag '\(version.reference)'") { database in
      let before = try Int.fetchOne(
        database,
        sql: """
          SELECT version.number FROM tag
            JOIN dataset ON dataset.id = tag.datasetID JOIN version ON version.id = tag.versionID
          WHERE dataset.name = ? AND tag.name = ?
          """,
        arguments: [version.dataset.text, name.text])
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO tag (datasetID, name, versionID, created)
          SELECT datasetID, ?, id, ? FROM version WHERE id = ?
          """,
        arguments: [name.text, now, version.rowID])
      return before
    }
  }

  /// Begins a version of a dataset.
  ///
  /// The store's write lock is held until the staged version is committed or forgotten.
  /// - Parameters:
  ///   - kind: what kind of recordings it will hold; the same for all versions of a dataset.
  ///   - mode: what it has to do with the newest version.
  ///   - storage: how readings lie in the shards.
  /// - Throws: `.locked` if another process writes, `.contract` if the dataset is of another kind.
  public func stage(
    _ dataset: DatasetName, kind: String, mode: StagingMode = .exactly,
    storage: ShardLayout.Storage = .contiguous
  ) throws(StoreError) -> StagedVersion {
    StagedVersion(
      try Stage(
        store: self, dataset: dataset, kind: kind, mode: mode, layout: storage,
        lock: try writeLock(to: "stage '\(dataset)'")))
  }
}

/// A shard in one line.
public struct ShardSummary: Hashable, Sendable {
  /// The SHA-256 of its bytes; its name on disk.
  public let hash: String
  /// Its size.
  public let sizeInBytes: Int
  /// How many recordings of the version have readings in it.
  public let recordingCount: Int
}
