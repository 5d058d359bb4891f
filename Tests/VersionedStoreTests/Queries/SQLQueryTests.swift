import GRDB
import Testing
import VersionedStore

@Suite("SQL reads the documented views and nothing else")
struct SQLQueryTests {
  private func rows(_ text: String) throws -> [[QueryValue]] {
    try SmallCatalog.shared().read { try SQLQuery.run(text, in: $0).rows }
  }

  @Test("a SELECT over the views is answered")
  func answers() throws {
    let answer = try SmallCatalog.shared().read {
      try SQLQuery.run(
        """
        SELECT dataset, version, count(*) AS runs, round(max(last), 2) AS best
        FROM runs LEFT JOIN metrics ON metrics.run = runs.run AND metrics.name = 'test_f1'
        GROUP BY dataset, version ORDER BY best DESC NULLS LAST, dataset;
        """, in: $0)
    }
    #expect(answer.columns == ["dataset", "version", "runs", "best"])
    #expect(
      answer.rows == [
        [.text("hapt"), .integer(2), .integer(2), .real(0.9)],
        [.text("opportunity"), .integer(1), .integer(4), .real(0.9)],
        [.text("hapt"), .integer(1), .integer(1), .real(0.8)],
        [.text("hapt"), .integer(3), .integer(1), .null],
      ])
  }

  @Test(
    "what a SELECT may be",
    arguments: [
      ("select count(*) from Versions", [[.integer(4)]]),
      (
        "SELECT DISTINCT subject FROM recordings ORDER BY 1",
        [[.text("P1")], [.text("P2")], [.text("S3")]]
      ),
      (
        "WITH best AS (SELECT run, last FROM metrics WHERE name = 'test_f1') SELECT count(*) FROM best",
        [[.integer(6)]]
      ),
      ("SELECT count(*) FROM (SELECT * FROM settings)", [[.integer(21)]]),
      (
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
        [[.integer(1)], [.integer(2)], [.integer(3)]]
      ),
      ("SELECT main.runs.run FROM main.runs WHERE run = 1 -- the first", [[.integer(1)]]),
      (
        "SELECT run, rank() OVER (ORDER BY last DESC) FROM metrics WHERE name = 'val_loss'",
        [[.integer(1), .integer(1)], [.integer(2), .integer(2)]]
      ),
      (
        "SELECT value FROM json_each('[1, 2.5, \"x\"]')",
        [[.integer(1)], [.real(2.5)], [.text("x")]]
      ),
      ("SELECT x'00ff', NULL, 'it''s'", [[.text("00ff"), .null, .text("it's")]]),
      ("SELECT status FROM runs WHERE study LIKE 'loss%' OR study GLOB 'x*'", [[.text("failed")]]),
    ] as [(String, [[QueryValue]])])
  func permitted(text: String, expected: [[QueryValue]]) throws {
    #expect(try rows(text) == expected)
  }

  private static let advice =
    " Write one SELECT over the views versions, runs, metrics, settings, recordings."

  @Test(
    "what is refused, by name",
    arguments: [
      ("DELETE FROM run", nil), ("DELETE FROM runs", "anything but reading is not permitted"),
      ("UPDATE versions SET because = ''", "anything but reading is not permitted"),
      ("INSERT INTO metrics VALUES (1)", nil),
      ("DROP VIEW runs", nil), ("DROP TABLE runs", "anything but reading is not permitted"),
      ("CREATE TABLE x (y)", "anything but reading is not permitted"),
      ("CREATE TEMP TABLE x (y)", "anything but reading is not permitted"),
      ("CREATE VIRTUAL TABLE x USING fts5(y)", "anything but reading is not permitted"),
      ("ATTACH ':memory:' AS other", "anything but reading is not permitted"),
      ("DETACH main", "anything but reading is not permitted"),
      ("PRAGMA foreign_keys = OFF", "anything but reading is not permitted"),
      ("PRAGMA table_info(run)", "anything but reading is not permitted"),
      ("VACUUM INTO '/tmp/never-written'", nil),
      ("BEGIN", "anything but reading is not permitted"),
      ("SAVEPOINT x", "anything but reading is not permitted"), ("REINDEX", nil), ("ANALYZE", nil),
      ("EXPLAIN DELETE FROM runs", nil),
      ("WITH x AS (SELECT 1) DELETE FROM runs", nil),
      ("SELECT * FROM sqlite_schema", "reading 'sqlite_master' is not permitted"),
      ("SELECT count(*) FROM sqlite_master", "reading 'sqlite_master' is not permitted"),
      ("SELECT * FROM pragma_table_info('run')", nil),
      ("SELECT count(*) FROM dbstat", nil),
      ("SELECT load_extension('x')", "the function 'load_extension' is not permitted"),
      ("SELECT sqlite_version()", "the function 'sqlite_version' is not permitted"),
      (
        "SELECT swiftCapitalizedString('x')",
        "the function 'swiftcapitalizedstring' is not permitted"
      ),
      ("SELECT 1; SELECT 2", "it is empty or has several statements"),
      ("", "it is empty or has several statements"),
    ] as [(String, String?)])
  func refused(text: String, reason: String?) throws {
    let catalog = try SmallCatalog.make()
    let before = try catalog.read { try Self.fingerprint($0) }
    let error = try #require(
      #expect(throws: QueryError.self) { try catalog.write { try SQLQuery.run(text, in: $0) } })
    if let reason {
      let expected = "Could not run the SQL: " + reason + "." + Self.advice
      #expect(error.message == expected)
      #expect(error.code == .notPermitted)
    } else {
      #expect([.notPermitted, .sql].contains(error.code))
    }
    #expect(try catalog.read { try Self.fingerprint($0) } == before)
  }

  private static func fingerprint(_ database: Database) throws -> [String] {
    let schema = try String.fetchAll(
      database, sql: "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY name")
    return try schema + Row.fetchAll(database, sql: "SELECT * FROM run").map(\.description)
  }

  @Test(
    "tables behind the views cannot be named",
    arguments: [
      "run", "version", "dataset", "metric", "main.metric", "setting", "recording", "tag", "split",
      "store", "object", "metricPoints", "grdb_migrations", "\"run\"", "runs, run",
      "(SELECT * FROM run)",
    ])
  func tables(table: String) throws {
    for text in [
      "SELECT * FROM \(table)", "SELECT count(*) FROM \(table)",
      "SELECT run FROM runs WHERE EXISTS (SELECT 1 FROM \(table))",
      "WITH x AS (SELECT 1 FROM \(table)) SELECT * FROM x",
    ] {
      let error = try #require(#expect(throws: QueryError.self) { try rows(text) })
      #expect(error.code == .sql)
      #expect(error.message.contains("no such table"))
    }
  }

  @Test("what SQLite says is passed on in one sentence")
  func sqliteErrors() throws {
    let error = try #require(#expect(throws: QueryError.self) { try rows("SELECT x FORM runs") })
    #expect(
      error.message == """
        Could not run the SQL: SQLite answered 'near "runs": syntax error'. The views are versions, \
        runs, metrics, settings, recordings.
        """)
    #expect(error.cause == "near \"runs\": syntax error")
    let column = try #require(
      #expect(throws: QueryError.self) { try rows("SELECT metrc FROM metrics") })
    #expect(
      column.message == """
        Could not run the SQL: SQLite answered 'no such column: metrc'. The views are versions, \
        runs, metrics, settings, recordings.
        """)
  }

  @Test("a statement without end is stopped in time, and the connection goes on")
  func timeLimit() throws {
    let catalog = try SmallCatalog.make()
    let endless = """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
      """
    let begin = ContinuousClock.now
    let error = #expect(throws: QueryError.self) {
      try catalog.read { try SQLQuery.run(endless, in: $0, timeLimitInSeconds: 0.1) }
    }
    #expect(ContinuousClock.now - begin < .seconds(5))
    #expect(
      error?.message == """
        Could not run the SQL: it was stopped after 0.1 seconds, the time limit. \
        Select fewer rows or ask a simpler question.
        """)
    #expect(error?.code == .timeLimit)
    try catalog.read { (database) throws in
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM run") == 8)
      #expect(try SQLQuery.run("SELECT count(*) FROM runs", in: database).rows == [[.integer(8)]])
    }
  }

  @Test("answers have limits of rows and bytes")
  func limits() throws {
    func numbers(_ count: Int) -> String {
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) \
      SELECT i FROM n
      """
    }
    #expect(try rows(numbers(100_000)).count == 100_000)
    let tooMany = #expect(throws: QueryError.self) { try rows(numbers(100_001)) }
    #expect(
      tooMany?.message == """
        Could not run the SQL: the answer has more than 100000 rows. Add a LIMIT or a condition.
        """)
    let tooWide = #expect(throws: QueryError.self) {
      try rows("SELECT hex(zeroblob(4000000)), i FROM (\(numbers(9)))")
    }
    #expect(
      tooWide?.message == """
        Could not run the SQL: the answer has more than 64 MiB of text. Add a LIMIT or a condition.
        """)
    let tooBig = #expect(throws: QueryError.self) { try rows("SELECT length(zeroblob(17000000))") }
    #expect(tooBig?.cause == "string or blob too big")
    let tooLong = #expect(throws: QueryError.self) {
      try rows("SELECT 1" + String(repeating: " ", count: 65_536))
    }
    #expect(
      tooLong?.message
        == "Could not read the query: it has 65544 bytes, the limit is 65536. Ask in several queries."
    )
  }
}
