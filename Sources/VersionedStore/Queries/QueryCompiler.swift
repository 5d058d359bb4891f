internal import GRDB

/// Turns a query into one SQL statement with bound values.
///
/// The statement has two levels: the inner one finds the numbers of the runs, in order and at most
/// as many as wanted; the outer one looks up the columns of those alone. So columns cost nothing
/// for runs that are not shown.
struct QueryCompiler {
  /// A statement, its values in the order of `?1`, `?2`, …, and the names of its columns.
  struct Statement {
    let sql: String
    let arguments: StatementArguments
    let columns: [String]
  }

  let expression: QueryExpression
  let columns: [QueryColumn]
  let sort: [QuerySortKey]
  let limit: Int?

  /// The statement that gives the rows.
  func rows() throws(QueryError) -> Statement {
    try check()
    var parameters = QueryParameters()
    let page = try page(&parameters)
    let values = columns.map { QueryValueSQL.shown($0.field, parameters: &parameters) }
    let keys = (0..<page.keyCount).map { "page.k\($0) \(page.orders[$0])" }
    let order = (keys + ["page.id \(tieDirection)"]).joined(separator: ", ")
    return Statement(
      sql: """
        \(parameters.with)SELECT \(values.joined(separator: ",\n  "))
        FROM (\(page.sql)) AS page JOIN run ON run.id = page.id
        ORDER BY \(order)
        """,
      arguments: StatementArguments(parameters.values), columns: columns.map(\.name))
  }

  /// The statement that gives the number of runs for which the expression holds.
  func count() throws(QueryError) -> Statement {
    try check()
    var condition = QueryCondition(parameters: QueryParameters(), ranked: nil)
    let sql = try condition.sql(expression)
    return Statement(
      sql: "\(condition.parameters.with)SELECT count(*) FROM run WHERE \(sql)",
      arguments: StatementArguments(condition.parameters.values), columns: ["count"])
  }

  private func check() throws(QueryError) {
    guard expression.depth <= 2 * QueryParser.depthLimit + 2 else {
      throw .tooDeep(in: "", at: nil, limit: QueryParser.depthLimit)
    }
    try QueryParser.checkSize(of: expression, writtenAs: expression.description)
    if let limit, limit < 1 { throw .unfitLimit(limit) }
  }

  // MARK: The page of runs

  private struct Page {
    let sql: String
    /// `ASC` or `DESC` with the place of NULL, one for each of the columns k0, k1, …
    let orders: [String]
    var keyCount: Int { orders.count }
  }

  /// Equal runs keep the order of their numbers in the direction of the last key: newest first
  /// where the highest is first.
  private var tieDirection: String {
    sort.last?.direction == .ascending ? "ASC" : "DESC"
  }

  private func page(_ parameters: inout QueryParameters) throws(QueryError) -> Page {
    guard let limit, let first = sort.first, case .metric(let name, .last) = first.field else {
      return try page(of: .allRuns, keys: sort[...], limit: limit, &parameters)
    }
    // The best by a metric: walk along the index (name, last) and stop after the first few, instead
    // of sorting every run. Runs without the metric come last; SQLite gives the rows of UNION ALL
    // from left to right, so it reaches them only when the others are fewer than the limit.
    let best = try page(of: .runsRankedBy(name), keys: sort[...], limit: limit, &parameters)
    if requiresMetric(name) { return best }
    let others = try page(of: .runsWithout(name), keys: sort[...], limit: limit, &parameters)
    return Page(
      sql: """
        SELECT * FROM (\(best.sql)) UNION ALL SELECT * FROM (\(others.sql))
          LIMIT \(parameters.bind(limit))
        """, orders: best.orders)
  }

  private enum Source {
    case allRuns
    case runsRankedBy(String)
    case runsWithout(String)
  }

  private func page(
    of source: Source, keys: ArraySlice<QuerySortKey>, limit: Int?,
    _ parameters: inout QueryParameters
  ) throws(QueryError) -> Page {
    var ranked: String?
    if case .runsRankedBy(let name) = source { ranked = name }
    var conditions: [String] = []
    var tables = "run"
    switch source {
    case .allRuns:
      conditions.append(try condition(on: expression, ranked: nil, &parameters))
    case .runsRankedBy(let name):
      // CROSS JOIN keeps SQLite from turning the order of the tables round.
      tables = "metric AS ranked CROSS JOIN run ON run.id = ranked.runID"
      conditions.append("ranked.name = \(parameters.bind(name))")
      conditions += try rankedConditions(name, &parameters)
    case .runsWithout(let name):
      conditions.append(try condition(on: expression, ranked: nil, &parameters))
      conditions.append(
        "run.id NOT IN (SELECT runID FROM metric WHERE name = \(parameters.bind(name)))")
    }
    var selected = [ranked == nil ? "run.id AS id" : "ranked.runID AS id"]
    var order: [String] = []
    var orders: [String] = []
    for (position, key) in keys.enumerated() {
      let isWalked = position == 0 && ranked != nil
      let values =
        isWalked
        ? ["ranked.last"] : QueryValueSQL.sortKeys(of: key.field, parameters: &parameters)
      let direction = key.direction == .ascending ? "ASC" : "DESC"
      for value in values {
        let name = "k\(orders.count)"
        selected.append("\(value) AS \(name)")
        orders.append("\(direction) NULLS LAST")
        // The index is of no use with NULLS LAST; the walked column is never NULL.
        order.append(isWalked ? "ranked.last \(direction)" : "\(name) \(direction) NULLS LAST")
      }
    }
    order.append((ranked == nil ? "run.id " : "ranked.runID ") + tieDirection)
    let bound = limit.map { "\n  LIMIT \(parameters.bind($0))" } ?? ""
    return Page(
      sql: """
        SELECT \(selected.joined(separator: ", ")) FROM \(tables)
          WHERE \(conditions.joined(separator: " AND "))
          ORDER BY \(order.joined(separator: ", "))\(bound)
        """, orders: orders)
  }

  private func condition(
    on expression: QueryExpression, ranked: String?, _ parameters: inout QueryParameters
  ) throws(QueryError) -> String {
    var condition = QueryCondition(parameters: parameters, ranked: ranked)
    let sql = try condition.sql(expression)
    parameters = condition.parameters
    return sql
  }

  /// The expression as conditions for a walk along the values of a metric.
  ///
  /// What indices answer becomes a list of runs beforehand: walking past 30,000 runs of which none
  /// fits takes 3 ms with a list and 60 ms when every run's row is looked at (2 cores, in memory,
  /// 100 metrics per run).
  private func rankedConditions(
    _ name: String, _ parameters: inout QueryParameters
  ) throws(QueryError) -> [String] {
    var listed: [QueryExpression] = []
    var others: [QueryExpression] = []
    for part in expression.conjuncts {
      if case .comparison(let comparison) = part, comparison.field == .metric(name, .last) {
        others.append(part)
      } else if part.comparisons.allSatisfy(\.field.isFoundByIndex) {
        listed.append(part)
      } else {
        others.append(part)
      }
    }
    var conditions: [String] = []
    if !listed.isEmpty {
      let list = try condition(on: .all(listed), ranked: nil, &parameters)
      conditions.append("ranked.runID IN (SELECT run.id FROM run WHERE \(list))")
    }
    if !others.isEmpty {
      conditions.append(try condition(on: .all(others), ranked: name, &parameters))
    }
    return conditions
  }

  /// Whether only runs with the metric can fulfil the expression.
  private func requiresMetric(_ name: String) -> Bool {
    expression.conjuncts.contains { part in
      guard case .comparison(let comparison) = part, case .metric(name, _) = comparison.field
      else { return false }
      return true
    }
  }
}

extension QueryField {
  /// Whether conditions on the field compare the run's number or its version with a list that an
  /// index gives, so that the run's row is not needed.
  fileprivate var isFoundByIndex: Bool {
    switch self {
    case .run, .dataset, .version, .tag, .because, .subject, .session, .recording, .source,
      .setting:
      true
    case .metric(_, let statistic): if case .atStep = statistic { false } else { true }
    case .hash, .study, .view, .split, .seed, .status, .started, .finished, .seconds, .steps, .text:
      false
    }
  }
}

extension QueryExpression {
  /// The number of levels below this one, without recursion: a program may have built any depth.
  fileprivate var depth: Int {
    var level: [QueryExpression] = [self]
    var depth = 0
    while !level.isEmpty {
      level = level.flatMap { expression -> [QueryExpression] in
        switch expression {
        case .everything, .comparison: []
        case .all(let parts), .any(let parts): parts
        case .not(let part): [part]
        }
      }
      depth += 1
    }
    return depth
  }
}
