import GRDB
import Testing
import VersionedStore

@Suite("A hostile query gives an error, never a trap")
struct HostileQueryTests {
  @Test("nesting beyond the limit")
  func depth() throws {
    let fits = String(repeating: "(", count: 100) + "run = 1" + String(repeating: ")", count: 100)
    #expect(try QueryParser.expression(fits).description == "run = 1")
    for text in [
      String(repeating: "(", count: 101) + "run = 1" + String(repeating: ")", count: 101),
      String(repeating: "(", count: 65_000), String(repeating: "not ", count: 16_000) + "run = 1",
      String(repeating: "not(", count: 16_000),
    ] {
      let error = #expect(throws: QueryError.self) { try QueryParser.expression(text) }
      #expect(
        error?.message == """
          Could not read the query: parentheses and 'not' are nested deeper than 100 levels. \
          Remove those that change nothing.
          """)
    }
  }

  @Test("length and number of parts")
  func size() {
    func message(_ text: String) -> String? {
      #expect(throws: QueryError.self) { try QueryParser.expression(text) }?.message
    }
    #expect(
      message(String(repeating: " ", count: 65_537)) == """
        Could not read the query: it has 65537 bytes, the limit is 65536. Ask in several queries.
        """)
    #expect(
      message(Array(repeating: "run=1", count: 501).joined(separator: " or ")) == """
        Could not read the query: it has 501 comparisons, the limit is 500. Ask in several queries.
        """)
    #expect(
      message("run in (" + Array(repeating: "1", count: 10_001).joined(separator: ",") + ")") == """
        Could not read the query: it has 10001 values, the limit is 10000. Ask in several queries.
        """)
  }

  @Test("the largest permitted queries are answered")
  func largest() throws {
    let words = ["metric.test_f1 > 0.5", "text ~ cnn", "not subject = S3", "version = @paper"]
    let catalog = try SmallCatalog.shared()
    for joint in [" and ", " or "] {
      for word in words {
        let text = Array(repeating: word, count: 500).joined(separator: joint)
        let query = try RunQuery(text, sort: "metric.test_f1", limit: 5)
        let single = try RunQuery(word, sort: "metric.test_f1", limit: 5)
        try catalog.read { (database) throws in
          #expect(try query.run(in: database).rows == single.run(in: database).rows)
        }
      }
    }
    let values = (1...10_000).map(String.init).joined(separator: ",")
    let list = try RunQuery("run in (\(values))", sort: "metric.test_f1", limit: 100)
    #expect(try catalog.read { try list.run(in: $0) }.rows.count == 8)
    var nested = "run = 1"
    for level in 0..<99 { nested = "(run = \(level) or not run = 2 and \(nested))" }
    let deep = try RunQuery(nested)
    #expect(try catalog.read { try deep.count(in: $0) } == 7)
  }

  @Test("wide, deep and with long lists at once")
  func wideAndDeep() throws {
    for width in [5, 20, 83, 400] {
      let years = (1000..<3000).map { "\($0)-01-01" }.joined(separator: ",")
      var nested = "not started in (\(years))"
      var isAnd = true
      for level in 0..<(499 / width) {
        let part = isAnd ? "run < \(100 + level)" : "metric.test_f1 > \(level + 2)"
        let parts = Array(repeating: part, count: width - 1)
        nested = "(" + (parts + [nested]).joined(separator: isAnd ? " and " : " or ") + ")"
        isAnd.toggle()
      }
      let query = try RunQuery(nested, sort: "metric.test_f1", limit: 9)
      let catalog = try SmallCatalog.shared()
      #expect(try catalog.read { try query.run(in: $0) }.rows.count == 8, "\(width)")
      #expect(try catalog.read { try query.count(in: $0) } == 8, "\(width)")
    }
  }

  @Test("2000 random texts of the language's own signs")
  func noise() throws {
    var random = RandomExpressions(seed: 7)
    let pieces = [
      "(", ")", "and", "or", "not", "in", "=", "!=", "!", "<", "~", ",", "'", "\"", "metric.", "x",
      ".",
      "@", "dataset", "run", "3", "1e9", " ", "\u{0}", "\u{202E}", "é", "e\u{301}", "👩‍👩‍👧", "\r\n",
      ";", "--",
      "started", "2026-01-31", "setting.a", "version", "seed", "%", "\u{FEFF}",
    ]
    let catalog = try SmallCatalog.shared()
    var answered = 0
    for _ in 0..<2000 {
      let text = (0...random.below(12)).map { _ in random.one(of: pieces) }.joined()
      do {
        let query = try RunQuery(text)
        _ = try catalog.read { try query.run(in: $0) }
        answered += 1
      } catch let error as QueryError {
        #expect(!error.description.contains("\u{202E}"))
      }
    }
    #expect(answered > 0)
  }

  @Test("an expression that no parser made is refused or answered")
  func handMade() throws {
    let catalog = try SmallCatalog.shared()
    let wrong: [QueryComparison] = [
      QueryComparison(.run, .equal, []), QueryComparison(.run, .equal, [.text("x")]),
      QueryComparison(.run, .equal, [.integer(1), .integer(2)]),
      QueryComparison(.run, .contains, [.integer(1)]),
      QueryComparison(.seed, .contains, [.seed(1)]), QueryComparison(.seed, .less, [.integer(1)]),
      QueryComparison(.dataset, .less, [.text("a")]), QueryComparison(.text, .equal, [.text("a")]),
      QueryComparison(.started, .equal, [.integer(1)]), QueryComparison(.started, .isOneOf, []),
      QueryComparison(.version, .contains, [.integer(1)]),
      QueryComparison(.setting("x"), .equal, [.seed(1)]),
    ]
    for comparison in wrong {
      let query = RunQuery(.comparison(comparison))
      let error = #expect(throws: QueryError.self) {
        try catalog.read { try query.run(in: $0) }
      }
      #expect(
        error?.message == """
          Could not compile the query: in '\(comparison)' the values do not fit the field. \
          Make expressions with QueryParser.
          """)
    }
    let empty = RunQuery(.any([.all([]), .any([])]), limit: 3)
    #expect(try catalog.read { try empty.run(in: $0) }.rows.count == 3)
    var deep = QueryExpression.everything
    for _ in 0..<1000 { deep = .not(deep) }
    let query = RunQuery(deep, columns: [QueryColumn(.run)])
    #expect(throws: QueryError.self) { try catalog.read { try query.run(in: $0) } }
  }
}
