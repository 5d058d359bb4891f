import Foundation
import GRDB

/// Metrics in two forms: a summary row for each (run, metric), which lists and queries read, and the
/// points packed into blobs, which only curves read.
enum MetricStore {
  /// Adds values; one at a step that has a value takes its place.
  ///
  /// So a training that is taken up again records what it records twice as if once, and its run has
  /// the hash of one that was never interrupted.
  static func add(_ points: [MetricPoint], run: Int64, in database: Database) throws {
    for (name, points) in Dictionary(grouping: points, by: \.name).sorted(by: { $0.key < $1.key }) {
      if let bad = points.first(where: { !$0.value.isFinite }) {
        throw StoreError.badRequest(
          name,
          "Could not record metric '\(name)' of run \(run): its value at step \(bad.step) "
            + "is \(bad.value), expected a finite number. Look for a division by zero or a "
            + "learning rate that is too large.")
      }
      let firstStep = points.reduce(Int.max) { min($0, $1.step) }
      let lastStep = try Int.fetchOne(
        database, sql: "SELECT lastStep FROM metric WHERE runID = ? AND name = ?",
        arguments: [run, name])
      var earlier: [MetricPoint] = []
      if let lastStep, firstStep <= lastStep {
        earlier = try series(run: run, name: name, in: database)
        try remove(name, run: run, in: database)
      }
      try insert(merged(earlier + points), run: run, name: name, in: database)
    }
  }

  /// By rising step; of several values at one step the last.
  private static func merged(_ points: [MetricPoint]) -> [MetricPoint] {
    var pointOfStep: [Int: MetricPoint] = [:]
    for point in points { pointOfStep[point.step] = point }
    return pointOfStep.values.sorted { $0.step < $1.step }
  }

  private static func insert(
    _ points: [MetricPoint], run: Int64, name: String, in database: Database
  ) throws {
    for point in points { try addToSummary(point, run: run, in: database) }
    try database.execute(
      sql: "INSERT INTO metricPoints (runID, name, firstStep, points) VALUES (?, ?, ?, ?)",
      arguments: [run, name, points[0].step, packed(points)])
  }

  private static func remove(_ name: String, run: Int64, in database: Database) throws {
    for table in ["metricPoints", "metric"] {
      try database.execute(
        sql: "DELETE FROM \(table) WHERE runID = ? AND name = ?", arguments: [run, name])
    }
  }

  private static func addToSummary(_ point: MetricPoint, run: Int64, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO metric
          (runID, name, last, lastStep, minimum, minimumStep, maximum, maximumStep, count)
        VALUES (:run, :name, :value, :step, :value, :step, :value, :step, 1)
        ON CONFLICT (runID, name) DO UPDATE SET
          last = iif(:step >= lastStep, :value, last), lastStep = max(lastStep, :step),
          minimumStep = iif(:value < minimum, :step, minimumStep), minimum = min(minimum, :value),
          maximumStep = iif(:value > maximum, :step, maximumStep), maximum = max(maximum, :value),
          count = count + 1
        """,
      arguments: ["run": run, "name": point.name, "value": point.value, "step": point.step])
  }

  static func summaries(run: Int64, in database: Database) throws -> [MetricSummary] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM metric WHERE runID = ? ORDER BY name", arguments: [run]
    ).map { row in
      MetricSummary(
        name: row["name"], last: row["last"], lastStep: row["lastStep"], minimum: row["minimum"],
        minimumStep: row["minimumStep"], maximum: row["maximum"], maximumStep: row["maximumStep"],
        count: row["count"])
    }
  }

  static func series(run: Int64, name: String, in database: Database) throws -> [MetricPoint] {
    try Data.fetchAll(
      database,
      sql: "SELECT points FROM metricPoints WHERE runID = ? AND name = ? ORDER BY firstStep",
      arguments: [run, name]
    ).flatMap { unpacked($0, name: name) }
  }

  /// Puts the points of each metric of a run into one blob.
  static func consolidate(run: Int64, in database: Database) throws {
    let names = try String.fetchAll(
      database,
      sql: "SELECT name FROM metricPoints WHERE runID = ? GROUP BY name HAVING count(*) > 1",
      arguments: [run])
    for name in names {
      let points = try series(run: run, name: name, in: database)
      try database.execute(
        sql: "DELETE FROM metricPoints WHERE runID = ? AND name = ?", arguments: [run, name])
      try database.execute(
        sql: "INSERT INTO metricPoints (runID, name, firstStep, points) VALUES (?, ?, ?, ?)",
        arguments: [run, name, points[0].step, packed(points)])
    }
  }

  /// Removes every value after a step, and computes the summaries anew.
  static func truncate(run: Int64, afterStep step: Int, in database: Database) throws {
    let names = try String.fetchAll(
      database, sql: "SELECT name FROM metric WHERE runID = ?", arguments: [run])
    for name in names {
      let kept = try series(run: run, name: name, in: database).filter { $0.step <= step }
      try remove(name, run: run, in: database)
      if !kept.isEmpty { try add(kept, run: run, in: database) }
    }
  }

  private static func packed(_ points: [MetricPoint]) -> Data {
    var bytes = Data(capacity: points.count * 16)
    for point in points {
      withUnsafeBytes(of: Int64(point.step).littleEndian) { bytes.append(contentsOf: $0) }
      withUnsafeBytes(of: point.value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  private static func unpacked(_ data: Data, name: String) -> [MetricPoint] {
    data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count - 15, by: 16).map { offset in
        let step = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
        let bits = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        return MetricPoint(name, step: Int(step), value: Double(bitPattern: bits))
      }
    }
  }
}
