import Foundation
import GRDB
import Testing
import VersionedStore

/// 30,000 runs on 10 datasets of 3 versions each.
///
/// By default with 5 metrics per run, so that the tests stay quick; `SIGNALSTORE_SPEED_METRICS=100`
/// makes three million metric rows of it.
private enum LargeCatalog {
  static let runCount = 30_000
  static let metricCount =
    ProcessInfo.processInfo.environment["SIGNALSTORE_SPEED_METRICS"].flatMap { Int($0) } ?? 5

  static let patience = metricCount == 100 ? 1 : 5

  private static let made = Result { try make() }

  static func shared() throws -> DatabaseQueue { try made.get() }

  private static func make() throws -> DatabaseQueue {
    let queue = try EmptyCatalog.inMemory()
    try queue.write { database in
      var fixture = CatalogFixture(database)
      for dataset in 0..<10 {
        let id = try fixture.dataset("set-\(dataset)")
        for number in 1...3 {
          _ = try fixture.split(of: try fixture.version(of: id, number: number))
        }
      }
      try fill(database)
    }
    return queue
  }

  /// Values are spread by a multiplicative hash; metric k of every tenth run is missing.
  private static func fill(_ database: Database) throws {
    try database.execute(
      sql: """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(runCount))
        INSERT INTO run (id, identity, hash, study, status, versionID, splitID, viewName, splitName,
          seed, manifest, started, seconds, stepCount)
        SELECT i, 'run ' || i, 'hash ' || i, iif(i % 4 = 0, 'classifier', 'loss-sharpness'),
          'finished', i % 30 + 1, i % 30 + 1, 'windows', 'by-person', i % 7,
          json_object('settings', printf('%.*c', 2000, 'x')), 1.7e9 + i * 60, i % 100, i
        FROM n
        """)
    try database.execute(
      sql: """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(runCount)),
          m(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM m WHERE k < \(metricCount - 1)),
          v AS (SELECT i, k, (i * 2654435761 + k * 40503) % 1000003 / 1000003.0 AS x
            FROM n JOIN m ON (i + k) % 10 > 0)
        INSERT INTO metric
        SELECT i, 'metric_' || k, x, 9, x / 2, 5, x * 2, 1, 10 FROM v ORDER BY i, 'metric_' || k
        """)
    try database.execute(
      sql: """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(runCount)),
          m(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM m WHERE k < 9)
        INSERT INTO setting SELECT i, 'setting_' || k, (i + k) % 13, (i + k) % 13 FROM n, m
        """)
  }
}

@Suite("Queries are fast in a store of 30,000 runs", .serialized)
struct QuerySpeedTests {
  /// The design's limit is 50 ms (two searches that have no index: 100 ms), and with 100 metrics on
  /// an idle machine most take 1 to 5 ms. The usual test run allows five times as much, because
  /// other tests run beside this one; `QueryPlanTests` holds the plans exactly.
  @Test(
    arguments: [
      ("dataset = set-3", "metric.metric_1", 50), ("", "metric.metric_1", 50),
      ("dataset = set-3 and metric.metric_1 > 0.5", "metric.metric_1", 50),
      ("dataset = set-3@2 and study = classifier", "metric.metric_2:asc", 50),
      ("dataset = nowhere", "metric.metric_1", 50), ("", nil, 50),
      ("metric.metric_1 > 0.8 and metric.metric_2 < 0.2", nil, 50),
      ("setting.setting_3 = 5 and seed = 2", "metric.metric_4", 50),
      ("dataset = set-3", "metric.metric_1.min", 100), ("text ~ sharp", "metric.metric_1", 100),
    ] as [(String, String?, Int)])
  func topTen(text: String, sort: String?, limitInMilliseconds: Int) throws {
    let catalog = try LargeCatalog.shared()
    let query = try RunQuery(text, sort: sort, limit: 10)
    var best = Duration.seconds(1000)
    var rowCount = 0
    for _ in 0..<5 {
      let time = try ContinuousClock().measure {
        rowCount = try catalog.read { try query.run(in: $0) }.rows.count
      }
      best = min(best, time)
    }
    #expect(rowCount == (text == "dataset = nowhere" ? 0 : 10))
    #expect(best < .milliseconds(limitInMilliseconds) * LargeCatalog.patience)
    if LargeCatalog.metricCount > 5 { print("'\(text)' by \(sort ?? "-"): \(best)") }
  }

  @Test("counting and listing all")
  func all() throws {
    let catalog = try LargeCatalog.shared()
    let count = try RunQuery("dataset = set-3 and metric.metric_1 > 0.5")
    let list = try RunQuery("")
    try catalog.read { (database) throws in
      let counting = try ContinuousClock().measure { _ = try count.count(in: database) }
      #expect(counting < .milliseconds(100) * LargeCatalog.patience)
      var rowCount = 0
      let listing = try ContinuousClock().measure {
        rowCount = try list.run(in: database).rows.count
      }
      #expect(rowCount == LargeCatalog.runCount)
      #expect(listing < .seconds(1) * LargeCatalog.patience)
      if LargeCatalog.metricCount > 5 { print("count \(counting), all rows \(listing)") }
    }
  }
}
