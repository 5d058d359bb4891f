import ArgumentParser
import VersionedStore

/// `signalstore query 'EXPRESSION'`
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Find runs by dataset version, study, settings and metrics.",
    discussion: """
      Examples:
        signalstore query 'dataset = hapt and metric.test_macro_f1 > 0.8'
        signalstore query 'version >= 2 and study = classifier' --sort metric.test_macro_f1
        signalstore query 'setting.model in (cnn, mlp) and not seed = 0' --count
        signalstore query --sql 'SELECT dataset, count(*) AS runs FROM runs GROUP BY dataset'
      Fields: dataset, version, view, split, study, run, seed, status, tag, started, seconds, text,
      subject, recording, source, setting.NAME, metric.NAME (also .min, .max and @STEP).
      """)

  @Argument(help: "What runs to find; all if left out.") var expression: String = ""
  @Option(help: ArgumentHelp("Read-only SQL on the documented views.", valueName: "select"))
  var sql: String?
  @Option(help: ArgumentHelp("The columns to print.", valueName: "a,b,…")) var columns: String?
  @Option(help: ArgumentHelp("What to sort by: FIELD, FIELD:asc or FIELD:desc, between commas."))
  var sort: String?
  @Option(help: "At most this many rows.") var limit: Int?
  @Flag(help: "Print only how many there are.") var count = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard sql == nil || expression.isEmpty else {
      throw ValidationError("Give an expression or '--sql', not both.")
    }
    if let limit, limit < 0 { throw ValidationError("'--limit' needs a number from 0 on.") }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    if let sql {
      let result = try store.query(sql: sql, timeLimitInSeconds: 30)
      answer(result, context: context, withColumns: true)
      return
    }
    let query = try RunQuery(
      expression, columns: columns, sort: sort, limit: limit)
    if count {
      let number = try store.count(query)
      context.answer([.init("count", .whole(number))]) { String(number) }
      return
    }
    answer(try store.runs(query), context: context, withColumns: false)
  }

  private func answer(_ result: QueryResult, context: CommandContext, withColumns: Bool) {
    for note in result.notes { context.talk.note(note) }
    let rows: [JSONValue] = result.rows.map { row in
      let members: [JSONValue.Member] = zip(result.columns, row).map {
        JSONValue.Member($0, JSONValue($1))
      }
      return .object(members)
    }
    var members: [JSONValue.Member] = [
      .init("rows", .array(rows)), .init("count", .whole(result.rows.count)),
    ]
    if withColumns {
      members.insert(.init("columns", .array(result.columns.map { .string($0) })), at: 0)
    }
    context.answer(members) {
      guard !result.rows.isEmpty else { return withColumns ? "No rows." : "No runs." }
      return context.talk.table(
        result.columns, result.rows.map { row in row.map(Quantity.value) })
    }
  }
}
