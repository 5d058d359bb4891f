import GRDB
import Testing
import VersionedStore

@Suite("The answer to a query shows what was asked for")
struct QueryColumnsTests {
  private func answer(
    _ text: String, columns: String? = nil, sort: String? = nil, limit: Int? = nil
  ) throws -> QueryResult {
    let query = try RunQuery(text, columns: columns, sort: sort, limit: limit)
    return try SmallCatalog.shared().read { try query.run(in: $0) }
  }

  @Test("without a list: the usual columns and every metric that is named")
  func usualColumns() throws {
    let result = try answer(
      "dataset = hapt and metric.test_f1 > 0.8 and (metric.val_loss.min < 1 or metric.test_f1 > 0)",
      sort: "setting.model, metric.val_loss@5")
    #expect(
      result.columns == [
        "run", "dataset", "version", "study", "split", "seed", "status", "metric.test_f1",
        "metric.val_loss.min", "setting.model", "metric.val_loss@5",
      ])
    #expect(
      result.rows == [
        [
          .integer(2), .text("hapt"), .integer(2), .text("classifier"), .text("by-person"),
          .integer(2), .text("finished"), .real(0.9), .real(0.35), .text("cnn"), .real(0.45),
        ],
        [
          .integer(3), .text("hapt"), .integer(2), .text("classifier"), .text("by-person"),
          .text("18446744073709551615"), .text("finished"), .real(0.85), .null, .text("mlp"), .null,
        ],
      ])
  }

  @Test("every field that a run has once can be a column")
  func everyColumn() throws {
    let result = try answer(
      "run = 1",
      columns: """
        run, hash, dataset, version, because, study, view, split, seed, status, started, finished, \
        seconds, steps, metric.test_f1, metric.test_f1.min, metric.test_f1.max, metric.test_f1@2, \
        setting.learning_rate, setting.layers, metric.nothing, setting.nothing
        """)
    #expect(
      result.columns == [
        "run", "hash", "dataset", "version", "because", "study", "view", "split", "seed", "status",
        "started", "finished", "seconds", "steps", "metric.test_f1", "metric.test_f1.min",
        "metric.test_f1.max", "metric.test_f1@2", "setting.learning_rate", "setting.layers",
        "metric.nothing", "setting.nothing",
      ])
    var row = try #require(result.rows.first)
    guard case .text(let hash) = row.remove(at: 1) else {
      Issue.record("The hash is no text.")
      return
    }
    #expect(hash.count == 64)
    #expect(
      row == [
        .integer(1), .text("hapt"), .integer(1), .text("first import"), .text("classifier"),
        .text("windows"), .text("by-person"), .integer(1), .text("finished"),
        .text("2026-01-31T00:00:00Z"), .text("2026-01-31T00:01:40Z"), .real(10), .integer(100),
        .real(0.8), .real(0.3), .real(0.9), .real(0.9), .real(0.01), .text("64,32"), .null, .null,
      ])
  }

  @Test("a whole number in a setting is shown as one")
  func wholeSetting() throws {
    let result = try answer("run = 3", columns: "setting.learning_rate, setting.model")
    #expect(result.rows == [[.integer(3), .text("mlp")]])
  }

  @Test("a metric in another case is found, and the column is called as it was asked for")
  func otherCase() throws {
    let result = try answer("metric.Test_F1 > 0.89", columns: "run, Metric.TEST_f1", sort: "run")
    #expect(result.columns == ["run", "metric.TEST_f1"])
    #expect(result.rows == [[.integer(7), .real(0.9)], [.integer(2), .real(0.9)]])
    #expect(result.notes == [])
  }

  @Test(
    "a name that nothing has is mentioned, with the near one",
    arguments: [
      ("metric.tset_f1 > 0", "No run has a metric 'tset_f1'. Did you mean 'test_f1'?"),
      ("setting.modle = cnn", "No run has a setting 'modle'. Did you mean 'model'?"),
      ("dataset = happt", "The store has no dataset 'happt'. Did you mean 'hapt'?"),
      ("dataset = HAPT@2", "The store has no dataset 'HAPT'. Did you mean 'hapt'?"),
      ("study = classifer", "No run is of a study 'classifer'. Did you mean 'classifier'?"),
      ("split in (by-person, by-tiem)", "No run is on a split 'by-tiem'. Did you mean 'by-time'?"),
      ("view = xyz", "No run is on a view 'xyz'."),
      ("version = @papre", "The store has no tag 'papre'. Did you mean 'paper'?"),
      ("dataset = hapt@papre", "The store has no tag 'papre'. Did you mean 'paper'?"),
      ("metric.\u{202E}x > 0 or metric.'\u{1B}[31m' = 1", nil),
    ] as [(String, String?)])
  func notes(text: String, note: String?) throws {
    guard let note else {
      #expect(throws: QueryError.self) { try RunQuery(text) }
      return
    }
    let result = try answer(text)
    #expect(result.notes == [note])
  }

  @Test("control characters in a name do not reach a note")
  func hostileNote() throws {
    let result = try answer("metric.'\u{1B}[31mred\u{202E}' = 1")
    #expect(result.notes == ["No run has a metric '\u{FFFD}[31mred\u{FFFD}'."])
  }

  @Test("names that all exist give no note, nor does '@latest'")
  func noNotes() throws {
    let text = """
      dataset = hapt@latest and version = @latest and study = classifier and split = by-person
      """
    #expect(try answer(text).notes == [])
  }
}
