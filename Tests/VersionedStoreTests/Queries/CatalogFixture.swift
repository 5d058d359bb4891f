import Foundation
import GRDB
import VersionedStore

/// Writes rows into an empty catalogue, the way a store would leave them behind.
struct CatalogFixture {
  let database: Database
  private var hashCount = 0

  init(_ database: Database) { self.database = database }

  /// A hash that no other row has.
  mutating func hash() -> String {
    hashCount += 1
    let digits = String(hashCount, radix: 16)
    return String(repeating: "0", count: 64 - digits.count) + digits
  }

  mutating func object(kind: String) throws -> String {
    let hash = hash()
    try database.execute(
      sql: "INSERT INTO object VALUES (?, ?, 'h5', 1, 0)", arguments: [hash, kind])
    return hash
  }

  mutating func dataset(_ name: String) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO dataset (name, kind, lineage, lastVersionNumber, created)
        VALUES (?, 'series', ?, 1, 0)
        """, arguments: [name, "lineage of \(name)"])
    return database.lastInsertedRowID
  }

  mutating func version(
    of dataset: Int64, number: Int, because: String = "a test", tags: [String] = []
  ) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO version (datasetID, number, hash, shardRoot, because, recordingCount,
          sampleCount, sizeInBytes, ingestion, created)
        VALUES (?, ?, ?, '', ?, 1, 1, 1, '{}', 1000)
        """, arguments: [dataset, number, hash(), because])
    let version = database.lastInsertedRowID
    for tag in tags {
      try database.execute(
        sql: "INSERT INTO tag VALUES (?, ?, ?, 0)", arguments: [dataset, tag, version])
    }
    return version
  }

  mutating func recording(
    _ name: String, subject: String?, session: String?, source: String, in versions: [Int64]
  ) throws {
    let sourceHash = hash()
    let channels = hash()
    try database.execute(sql: "INSERT INTO source VALUES (?, 1)", arguments: [sourceHash])
    try database.execute(sql: "INSERT INTO channelSet VALUES (?, '[]')", arguments: [channels])
    try database.execute(
      sql: """
        INSERT INTO recording (hash, contentHash, name, place, subject, session, isSimulated,
          rateInHertz, startTimeInSeconds, sampleCount, valueType, sourceName, sourceHash,
          channelSetHash, statistics)
        VALUES (?, '', ?, '', ?, ?, 0, 50, 0, 1, 'float32', ?, ?, ?, '{}')
        """, arguments: [hash(), name, subject, session, source, sourceHash, channels])
    let recording = database.lastInsertedRowID
    for version in versions {
      try database.execute(
        sql: """
          INSERT INTO versionRecording
          SELECT ?, (SELECT count(*) FROM versionRecording WHERE versionID = ?), ?
          """, arguments: [version, version, recording])
    }
  }

  /// A view and a split of it; the names go with the runs.
  mutating func split(of version: Int64) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO view (hash, versionID, framing, codeVersion, objectHash, exampleCount, summary,
          created)
        VALUES (?, ?, '{}', 1, ?, 1, '{}', 0)
        """, arguments: [hash(), version, try object(kind: "view")])
    let viewID = database.lastInsertedRowID
    try database.execute(
      sql: """
        INSERT INTO split (hash, viewID, rule, objectHash, counts, certificate, created)
        VALUES (?, ?, '{}', ?, '{}', '{}', 0)
        """, arguments: [hash(), viewID, try object(kind: "split")])
    return database.lastInsertedRowID
  }

  struct Run {
    var study = "classifier"
    var status = "finished"
    var version: Int64
    var split: Int64
    var viewName = "windows"
    var splitName = "by-person"
    var seed: UInt64 = 0
    var started = 0.0
    var finished: Double?
    var seconds = 1.0
    var steps = 1
    var settings: [(name: String, value: String)] = []
    var curves: [(name: String, points: [(step: Int64, value: Double)])] = []
  }

  mutating func run(_ run: Run) throws -> Int64 {
    let hash = hash()
    try database.execute(
      sql: """
        INSERT INTO run (identity, hash, study, status, versionID, splitID, viewName, splitName, seed,
          manifest, started, finished, seconds, stepCount)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?, ?, ?)
        """,
      arguments: [
        hash, run.status == "finished" ? hash : nil, run.study, run.status, run.version, run.split,
        run.viewName, run.splitName, String(run.seed), run.started, run.finished, run.seconds,
        run.steps,
      ])
    let id = database.lastInsertedRowID
    for setting in run.settings {
      try database.execute(
        sql: "INSERT INTO setting VALUES (?, ?, ?, ?)",
        arguments: [id, setting.name, setting.value, Double(setting.value)])
    }
    for curve in run.curves { try self.curve(curve.name, curve.points, of: id) }
    return id
  }

  private func curve(
    _ name: String, _ points: [(step: Int64, value: Double)], of run: Int64
  ) throws {
    guard let last = points.last, let low = points.min(by: { $0.value < $1.value }),
      let high = points.max(by: { $0.value < $1.value })
    else { return }
    try database.execute(
      sql: "INSERT INTO metric VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        run, name, last.value, last.step, low.value, low.step, high.value, high.step, points.count,
      ])
    // Blocks of three points, so that a curve spans several.
    for start in stride(from: 0, to: points.count, by: 3) {
      let block = points[start..<min(start + 3, points.count)]
      try database.execute(
        sql: "INSERT INTO metricPoints VALUES (?, ?, ?, ?)",
        arguments: [run, name, points[start].step, Self.blob(block)])
    }
  }

  static func blob(_ points: ArraySlice<(step: Int64, value: Double)>) -> Data {
    var bytes: [UInt8] = []
    for point in points {
      let step = UInt64(bitPattern: point.step)
      for pattern in [step, point.value.bitPattern] {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: pattern >> shift))
        }
      }
    }
    return Data(bytes)
  }
}
