package import GRDB

/// A question about the runs of a store: which ones, what to show of them, in which order.
///
///     let query = try RunQuery(
///       "dataset = hapt and metric.test_macro_f1 > 0.8", sort: "metric.test_macro_f1", limit: 10)
///     let answer = try query.run(in: database)
///
/// The language of the expression is described at `QueryParser`.
public struct RunQuery: Hashable, Sendable {
  /// Which runs.
  public var expression: QueryExpression
  /// What to show of them.
  public var columns: [QueryColumn]
  /// In which order; without a key the newest run comes first.
  public var sort: [QuerySortKey]
  /// At most how many; nil for all.
  public var limit: Int?

  /// Makes a query of parts; without columns the usual ones are shown.
  public init(
    _ expression: QueryExpression, columns: [QueryColumn]? = nil, sort: [QuerySortKey] = [],
    limit: Int? = nil
  ) {
    self.expression = expression
    self.columns = columns ?? Self.usualColumns(for: expression, sortedBy: sort)
    self.sort = sort
    self.limit = limit
  }

  /// Makes a query of text.
  ///
  /// - Parameters:
  ///   - text: the expression; empty for all runs.
  ///   - columns: names between commas; nil for run, dataset, version, study, split, seed, status,
  ///     and the metrics and settings that the expression (metrics only) or the sort keys name.
  ///   - sort: names between commas, see `QuerySortKey.list(_:)`; nil for the newest first.
  ///   - limit: at most how many runs; nil for all.
  /// - Throws: `QueryError` with the place in the text.
  public init(
    _ text: String, columns: String? = nil, sort: String? = nil, limit: Int? = nil
  ) throws(QueryError) {
    let expression = try QueryParser.expression(text)
    let keys = try sort.map { text throws(QueryError) in try QuerySortKey.list(text) }
    let shown = try columns.map { text throws(QueryError) in try QueryColumn.list(text) }
    if let limit, limit < 1 { throw .unfitLimit(limit) }
    self.init(expression, columns: shown, sort: keys ?? [], limit: limit)
  }

  private static func usualColumns(
    for expression: QueryExpression, sortedBy sort: [QuerySortKey]
  ) -> [QueryColumn] {
    var fields: [QueryField] = [.run, .dataset, .version, .study, .split, .seed, .status]
    let asked = expression.comparisons.map(\.field).filter { field in
      if case .metric = field { true } else { false }
    }
    var seen = Set(fields)
    for field in asked + sort.map(\.field) where seen.insert(field).inserted {
      fields.append(field)
    }
    return fields.map { QueryColumn($0) }
  }

  // MARK: Answers

  /// Answers the query from one state of the catalogue.
  ///
  /// - Throws: `QueryError` for an expression that no parser made, `DatabaseError` for failures of
  ///   SQLite.
  package func run(in database: Database) throws -> QueryResult {
    let (query, notes) = try QueryNames.resolve(self, in: database)
    let statement = try query.compiler.rows()
    try MetricPointFunction.add(to: database)
    let rows = try Row.fetchAll(
      database, sql: statement.sql, arguments: statement.arguments)
    return QueryResult(
      columns: columns.map(\.name),
      rows: rows.map { Array($0.databaseValues.map { QueryValue($0) }) },
      notes: notes)
  }

  /// The number of runs for which the expression holds, whatever the limit.
  ///
  /// - Throws: as `run(in:)`.
  package func count(in database: Database) throws -> Int {
    let (query, _) = try QueryNames.resolve(self, in: database)
    let statement = try query.compiler.count()
    try MetricPointFunction.add(to: database)
    let count = try Int.fetchOne(
      database, sql: statement.sql, arguments: statement.arguments)
    guard let count else { throw DatabaseError(message: "count(*) gave no row") }
    return count
  }

  /// The steps that SQLite plans for the answer, as `EXPLAIN QUERY PLAN` words them.
  ///
  /// - Throws: as `run(in:)`.
  package func plan(in database: Database) throws -> [String] {
    let (query, _) = try QueryNames.resolve(self, in: database)
    let statement = try query.compiler.rows()
    try MetricPointFunction.add(to: database)
    return try Row.fetchAll(
      database, sql: "EXPLAIN QUERY PLAN " + statement.sql, arguments: statement.arguments
    ).map { $0["detail"] }
  }

  private var compiler: QueryCompiler {
    QueryCompiler(expression: expression, columns: columns, sort: sort, limit: limit)
  }
}

extension QueryValue {
  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    // Only a statement of the user's makes one, such as SELECT x'00ff'.
    case .blob(let bytes):
      self = .text(
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
  }
}
