import GRDB

/// Reads versions and what a stage needs to know of a dataset.
enum VersionRecord {
  private static let selection = """
    SELECT version.id AS id, dataset.name AS dataset, dataset.kind AS kind,
      version.number AS number, version.hash AS hash, parent.number AS parent,
      version.recordingCount AS recordingCount, version.sampleCount AS sampleCount,
      version.sizeInBytes AS sizeInBytes, version.created AS created, version.because AS because,
      (SELECT group_concat(name, ' ') FROM
        (SELECT name FROM tag WHERE versionID = version.id ORDER BY name)) AS tags
    FROM version
      JOIN dataset ON dataset.id = version.datasetID
      LEFT JOIN version AS parent ON parent.id = version.parentID
    """

  static func fetch(rowID: Int64, from database: Database) throws -> Version? {
    try Row.fetchOne(
      database, sql: "\(selection) WHERE version.id = ?", arguments: [rowID]
    ).map(version)
  }

  /// All versions of a dataset, newest first.
  static func fetchAll(of dataset: DatasetName, from database: Database) throws -> [Version] {
    try Row.fetchAll(
      database, sql: "\(selection) WHERE dataset.name = ? ORDER BY version.number DESC",
      arguments: [dataset.text]
    ).map(version)
  }

  static func fetch(_ reference: VersionReference, from database: Database) throws -> Version? {
    let name = reference.dataset.text
    let row =
      switch reference.selector {
      case .latest:
        try Row.fetchOne(
          database,
          sql: "\(selection) WHERE dataset.name = ? ORDER BY version.number DESC LIMIT 1",
          arguments: [name])
      case .number(let number):
        try Row.fetchOne(
          database, sql: "\(selection) WHERE dataset.name = ? AND version.number = ?",
          arguments: [name, number])
      case .tag(let tag):
        try Row.fetchOne(
          database,
          sql: """
            \(selection) WHERE dataset.name = ? AND version.id =
              (SELECT versionID FROM tag WHERE datasetID = dataset.id AND name = ?)
            """,
          arguments: [name, tag])
      }
    return try row.map(version)
  }

  private static func version(_ row: Row) throws -> Version {
    Version(
      rowID: row["id"], dataset: try DatasetName(row["dataset"]), kind: row["kind"],
      number: row["number"], hash: row["hash"], parent: row["parent"],
      recordingCount: row["recordingCount"], sampleCount: row["sampleCount"],
      sizeInBytes: row["sizeInBytes"], created: row["created"], because: row["because"],
      tags: (row["tags"] as String?)?.split(separator: " ").map(String.init) ?? [])
  }
}

/// What a stage starts from.
struct StageState {
  let kind: String?
  let lineage: String?
  let latest: Version?
  /// The recordings of the newest version that the staged one begins with.
  let recordings: [(name: String, hash: String, rowID: Int64)]

  static func fetch(
    dataset: DatasetName, mode: StagingMode, from database: Database
  ) throws -> StageState {
    let row = try Row.fetchOne(
      database, sql: "SELECT kind, lineage FROM dataset WHERE name = ?", arguments: [dataset.text])
    let latest = try VersionRecord.fetch(
      VersionReference(latestOf: dataset), from: database)
    var recordings: [(name: String, hash: String, rowID: Int64)] = []
    if mode != .exactly, let latest {
      recordings = try Row.fetchAll(
        database,
        sql: """
          SELECT recording.id AS id, recording.name AS name, recording.hash AS hash
          FROM versionRecording JOIN recording ON recording.id = versionRecording.recordingID
          WHERE versionRecording.versionID = ?
          """,
        arguments: [latest.rowID]
      ).map { ($0["name"], $0["hash"], $0["id"]) }
    }
    return StageState(
      kind: row?["kind"], lineage: row?["lineage"], latest: latest, recordings: recordings)
  }
}
