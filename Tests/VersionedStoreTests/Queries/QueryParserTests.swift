import Testing
import VersionedStore

@Suite("The query language reads as written")
struct QueryParserTests {
  @Test("precedence: not before and before or")
  func precedence() throws {
    func run(_ number: Int64) -> QueryExpression {
      .comparison(QueryComparison(.run, .equal, [.integer(number)]))
    }
    #expect(
      try QueryParser.expression("not run = 1 and run = 2 or run = 3 and (run = 4 or run = 5)")
        == .any([
          .all([.not(run(1)), run(2)]), .all([run(3), .any([run(4), run(5)])]),
        ]))
    #expect(try QueryParser.expression("") == .everything)
    #expect(try QueryParser.expression("((run = 1))") == run(1))
    #expect(try QueryParser.expression("not not run == 1") == .not(.not(run(1))))
  }

  @Test(
    "signs, quotes and names",
    arguments: [
      ("run <> 1", QueryComparison(.run, .notEqual, [.integer(1)])),
      ("run<=1", QueryComparison(.run, .lessOrEqual, [.integer(1)])),
      ("study = 'it''s'", QueryComparison(.study, .equal, [.text("it's")])),
      ("study = \"say \"\"x\"\" and\"", QueryComparison(.study, .equal, [.text("say \"x\" and")])),
      ("study = ''", QueryComparison(.study, .equal, [.text("")])),
      ("study = 3", QueryComparison(.study, .equal, [.text("3")])),
      ("study = größe", QueryComparison(.study, .equal, [.text("größe")])),
      ("tag = @paper", QueryComparison(.tag, .equal, [.text("paper")])),
      ("tag = '@paper'", QueryComparison(.tag, .equal, [.text("@paper")])),
      (
        "dataset = \"my set\"@2",
        QueryComparison(.dataset, .equal, [.numberedVersion(dataset: "my set", number: 2)])
      ),
      (
        "dataset = a@b@'2'",
        QueryComparison(.dataset, .equal, [.taggedVersion(dataset: "a@b", tag: "2")])
      ),
      ("metric.val.loss > 1", QueryComparison(.metric("val.loss", .last), .greater, [.integer(1)])),
      ("metric.loss.MIN > 1", QueryComparison(.metric("loss", .minimum), .greater, [.integer(1)])),
      ("metric.min > 1", QueryComparison(.metric("min", .last), .greater, [.integer(1)])),
      (
        "metric.'loss.min' > 1",
        QueryComparison(.metric("loss.min", .last), .greater, [.integer(1)])
      ),
      (
        "metric.loss@-3 > .5",
        QueryComparison(.metric("loss", .atStep(-3)), .greater, [.real(0.5)])
      ),
      ("setting.a.b@c = x", QueryComparison(.setting("a.b@c"), .equal, [.text("x")])),
      ("setting.x = 9223372036854775808", QueryComparison(.setting("x"), .equal, [.real(0x1p63)])),
      ("setting.x = 0x10", QueryComparison(.setting("x"), .equal, [.text("0x10")])),
      ("setting.x = nan", QueryComparison(.setting("x"), .equal, [.text("nan")])),
      ("setting.x = -inf", QueryComparison(.setting("x"), .equal, [.real(-.infinity)])),
      ("setting.x = 1e999", QueryComparison(.setting("x"), .equal, [.text("1e999")])),
      ("seed = 007", QueryComparison(.seed, .equal, [.seed(7)])),
    ] as [(String, QueryComparison)])
  func words(text: String, expected: QueryComparison) throws {
    #expect(try QueryParser.expression(text) == .comparison(expected))
  }

  @Test("printing an expression and reading it again gives the same, for 2000 random ones")
  func roundTrip() throws {
    var random = RandomExpressions(seed: 1)
    for _ in 0..<2000 {
      let expression = random.expression(depth: 4)
      let text = expression.description
      let read = try QueryParser.expression(text)
      #expect(read == expression, "\(text)")
    }
  }

  @Test("columns and sort keys")
  func lists() throws {
    #expect(
      try QueryColumn.list("run, Metric.x.max,setting.'a, b'").map(\.name)
        == ["run", "metric.x.max", "setting.\"a, b\""])
    #expect(
      try QuerySortKey.list("metric.a:b:asc, dataset, version, seed:DESC") == [
        QuerySortKey(.metric("a:b", .last), .ascending), QuerySortKey(.dataset, .ascending),
        QuerySortKey(.version, .descending), QuerySortKey(.seed, .descending),
      ])
  }
}

@Suite("A date is a period of time in UTC")
struct QueryPeriodTests {
  // Seconds from `date -u -d TEXT +%s` (GNU coreutils 9.1).
  @Test(
    arguments: [
      ("1970-01-01", 0, 86_400), ("1969-12-31", -86_400, 86_400),
      ("2000-02-29", 951_782_400, 86_400), ("2026-01-31", 1_769_817_600, 86_400),
      ("2100-03-01", 4_107_542_400, 86_400), ("0001-01-01", -62_135_596_800, 86_400),
      ("9999-12-31", 253_402_214_400, 86_400), ("2026-01-31T10:15", 1_769_854_500, 60),
      ("2026-01-31t10:15:30z", 1_769_854_530, 1), ("2026-01-31 10:15:30.25", 1_769_854_530.25, 0),
      ("2026-01-31T10:15:30-02:30", 1_769_863_530, 1),
    ] as [(String, Double, Double)])
  func dates(text: String, start: Double, length: Double) throws {
    let period = try #require(QueryPeriod(text))
    #expect(period.startInSeconds == start)
    #expect(period.endInSeconds == start + length)
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "2026", "2026-1-31", "2026-02-30", "2026-13-01", "2026-00-10", "2026-01-00", "2100-02-29",
      "2026-01-31T", "2026-01-31T24:00", "2026-01-31T10:60", "2026-01-31T10:15:60",
      "2026-01-31T10:15:30.", "2026-01-31T10:15+2", "2026-01-31T10:15Zx", "-026-01-31",
      "２０２６-01-31",
    ])
  func noDates(text: String) {
    #expect(QueryPeriod(text) == nil)
  }
}
