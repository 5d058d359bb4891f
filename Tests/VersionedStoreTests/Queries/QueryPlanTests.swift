import GRDB
import Testing
import VersionedStore

@Suite("Queries use the indices")
struct QueryPlanTests {
  private static let questions: [(text: String, sort: String?)] = [
    ("dataset = hapt", "metric.test_f1"), ("", "metric.test_f1"),
    ("dataset = hapt and metric.test_f1 > 0.8", "metric.test_f1"),
    ("metric.test_f1 > 0.8", nil), ("metric.test_f1.min < 0.8 or metric.val_loss.max > 2", nil),
    ("not metric.test_f1 > 0.8", "metric.test_f1:asc"), ("metric.val_loss@5 < 1", nil),
    ("setting.model = cnn and setting.learning_rate < 0.1", "metric.val_loss.min:asc"),
    ("subject = S3 and version = @paper", "setting.model"), ("text ~ cnn", "metric.test_f1"),
  ]

  @Test("no table that grows with the runs' measurements is read as a whole", arguments: questions)
  func noFullScan(text: String, sort: String?) throws {
    let query = try RunQuery(text, sort: sort, limit: 10)
    try SmallCatalog.make().write { database in
      for statistics in ["none", "ANALYZE"] {
        if statistics == "ANALYZE" { try database.execute(sql: "ANALYZE") }
        let steps = try query.plan(in: database)
        #expect(!steps.isEmpty)
        for table in ["metric", "ranked", "metricPoints", "setting"] {
          #expect(
            !steps.contains { $0.hasPrefix("SCAN \(table)") }, "\(steps.joined(separator: "\n"))")
        }
      }
    }
  }

  @Test("the best by a metric are read from its index in order, without sorting")
  func ranking() throws {
    let query = try RunQuery(
      "dataset = hapt and metric.test_f1 > 0.8", sort: "metric.test_f1", limit: 10)
    try SmallCatalog.make().read { database in
      let steps = try query.plan(in: database)
      #expect(
        steps.contains { $0.hasPrefix("SEARCH ranked USING COVERING INDEX metricByValue") },
        "\(steps.joined(separator: "\n"))")
      // The one sorter left orders the ten rows of the answer.
      #expect(steps.filter { $0.hasPrefix("USE TEMP B-TREE FOR ORDER BY") }.count <= 1)
    }
  }
}
