import TestSupport
import Testing

@Suite("Asking for runs")
struct QueryTests {
  @Test("Conditions, columns, order, limit, count and SQL give the same runs")
  func everyWay() throws {
    let workspace = try SimulatedStore.split()
    for (model, seed) in [("cnn", "1"), ("mlp", "2"), ("mlp", "3")] {
      try workspace.done(
        "train", "classifier", "--split", "people", "--set", "epochs=1", "--set", "filters=4",
        "--set", "hidden=4", "--set", "model=\(model)", "--seed", seed, "--quiet")
    }
    let mlp = try workspace.answer(
      "query", "setting.model = mlp", "--columns", "run,seed", "--sort", "run:desc")
    expectKeys(PromisedKeys.query, in: mlp)
    #expect(mlp["rows"].elements.map(\.["run"]) == [3, 2])
    #expect(mlp["rows"].elements.map(\.["seed"]) == [3, 2])
    let rising = try workspace.answer("query", "--columns", "run", "--sort", "run:asc")
    #expect(rising["rows"].elements.map(\.["run"]) == [1, 2, 3])
    #expect(
      try workspace.answer("query", "--limit", "2", "--sort", "run:asc")["rows"].elements.count == 2
    )
    let count = try workspace.answer("query", "setting.model in (cnn, mlp)", "--count")
    expectKeys(PromisedKeys.count, in: count)
    #expect(count["count"] == 3)
    #expect(try workspace.done("query", "not seed = 1", "--count") == "2\n")
    #expect(try workspace.answer("query", "dataset = other")["rows"] == [])
    #expect(try workspace.done("query", "dataset = other") == "No runs.\n")
    let sql = try workspace.answer(
      "query", "--sql", "SELECT dataset, count(*) AS runs FROM runs GROUP BY dataset")
    expectKeys(PromisedKeys.sql, in: sql)
    #expect(sql["columns"] == ["dataset", "runs"])
    #expect(sql["rows"].elements.map(\.["runs"]) == [3])
  }

  @Test("A query that cannot be read is shown with a mark under the place")
  func mistakes() throws {
    let workspace = try SimulatedStore.sample()
    let cases = [
      (
        "dataset = ",
        """
        Could not read the query: it ends where a value is expected.
          dataset =\u{20}
                    ^
        """
      ),
      (
        "datset = daily",
        """
        Could not read the query: 'datset' is not a field of a run. Did you mean 'dataset'?
          datset = daily
          ^
        """
      ),
    ]
    for (expression, words) in cases {
      try workspace.expectRefusal("query", expression, status: 64, words: words)
    }
  }

  @Test(
    "SQL reads and never writes",
    arguments: [
      "DELETE FROM metric", "DROP TABLE version", "PRAGMA writable_schema = 1",
      "ATTACH 'other.sqlite' AS other", "UPDATE runs SET seed = 1", "SELECT 1; DELETE FROM metric",
    ])
  func readOnly(statement: String) throws {
    let workspace = try SimulatedStore.sample()
    let before = try workspace.fingerprint()
    let words = try workspace.refusal(["query", "--sql", statement], status: 64)
    #expect(words.hasPrefix("Could not run the SQL: "))
    try workspace.expectStore(before)
  }
}
