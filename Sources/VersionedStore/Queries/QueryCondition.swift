internal import GRDB

/// Turns an expression into an SQL condition on the table `run`.
///
/// Every condition on another table is an `IN` over a list that does not depend on the run, so that
/// SQLite finds the list once through an index and the condition is never NULL: `NOT` means not.
/// The text of the user reaches SQL as bound values only.
struct QueryCondition {
  var parameters: QueryParameters
  /// The metric whose row the statement has at hand as `ranked`, where it walks along one.
  let ranked: String?

  // MARK: Logic

  mutating func sql(_ expression: QueryExpression) throws(QueryError) -> String {
    try sql(expression, depth: 0)
  }

  /// SQLite's parser has a stack of 100 entries, and a level of parentheses takes three. So every
  /// few levels what lies below becomes a table of its own in the statement's `WITH`.
  private static let depthOfDefinition = 6

  private mutating func sql(
    _ expression: QueryExpression, depth: Int
  ) throws(QueryError) -> String {
    if depth == Self.depthOfDefinition {
      var inner = QueryCondition(parameters: parameters, ranked: nil)
      let condition = try inner.sql(expression)
      parameters = inner.parameters
      let table = parameters.define("SELECT run.id FROM run WHERE \(condition)")
      return "run.id IN (SELECT id FROM \(table))"
    }
    switch expression {
    case .everything: return "1"
    case .comparison(let comparison): return try sql(comparison)
    case .all(let parts): return try joined(parts, by: "AND", empty: "1", depth: depth)
    case .any(let parts): return try joined(parts, by: "OR", empty: "0", depth: depth)
    case .not(let part): return "NOT (\(try sql(part, depth: depth + 1)))"
    }
  }

  private mutating func joined(
    _ parts: [QueryExpression], by word: String, empty: String, depth: Int
  ) throws(QueryError) -> String {
    var conditions: [String] = []
    for part in parts { conditions.append(try sql(part, depth: depth + 1)) }
    return Self.balanced(conditions[...], by: word, runLength: 64) ?? empty
  }

  /// SQLite parses `a OR b OR c …` into a tree as deep as it is long and allows a depth of 1000, so
  /// long runs are halved; but its parser's stack is short, so short runs are not.
  private static func balanced(
    _ parts: ArraySlice<String>, by word: String, runLength: Int = 128
  ) -> String? {
    guard parts.count > runLength else { return parts.isEmpty ? nil : group(parts, by: word) }
    let middle = parts.startIndex + parts.count / 2
    let halves = [parts[..<middle], parts[middle...]].compactMap {
      balanced($0, by: word, runLength: runLength)
    }
    return group(halves[...], by: word)
  }

  private static func group(_ parts: ArraySlice<String>, by word: String) -> String {
    parts.count == 1 ? parts.joined() : "(" + parts.joined(separator: " \(word) ") + ")"
  }

  // MARK: Comparisons

  private mutating func sql(_ comparison: QueryComparison) throws(QueryError) -> String {
    switch comparison.field {
    case .run: return try number("run.id", comparison)
    case .seconds: return try number("run.seconds", comparison)
    case .steps: return try number("run.stepCount", comparison)
    case .study: return try name("run.study", comparison)
    case .status: return try name("run.status", comparison)
    case .hash: return "coalesce(\(try name("run.hash", comparison)), 0)"
    case .seed: return try seed(comparison)
    case .started: return try time("run.started", comparison)
    case .finished: return "coalesce(\(try time("run.finished", comparison)), 0)"
    case .dataset: return try dataset(comparison)
    case .version: return try version(comparison)
    case .because:
      let condition = try name("because", comparison)
      return "run.versionID IN (SELECT id FROM version WHERE \(condition))"
    // As they were called when the run began: names of views and splits move.
    case .split: return try name("run.splitName", comparison)
    case .view: return try name("run.viewName", comparison)
    case .tag: return try any("SELECT versionID FROM tag WHERE ", ["name"], comparison)
    case .subject: return try any(Self.recordings, ["recording.subject"], comparison)
    case .session: return try any(Self.recordings, ["recording.session"], comparison)
    case .recording: return try any(Self.recordings, ["recording.name"], comparison)
    case .source:
      return try any(
        Self.recordings, ["recording.sourceName", "recording.sourceHash"], comparison)
    case .text: return try words(comparison)
    case .metric(let name, let statistic): return try metric(name, statistic, comparison)
    case .setting(let name): return try setting(name, comparison)
    }
  }

  private static let recordings = """
    SELECT versionRecording.versionID FROM recording \
    JOIN versionRecording ON versionRecording.recordingID = recording.id WHERE \

    """

  /// Fields of which a version has several: `!=` means that none is equal.
  private mutating func any(
    _ selection: String, _ columns: [String], _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    var positive = comparison
    if comparison.comparedBy == .notEqual { positive.comparedBy = .equal }
    var conditions: [String] = []
    for column in columns { conditions.append(try name(column, positive)) }
    let word = comparison.comparedBy == .notEqual ? "NOT IN" : "IN"
    return "run.versionID \(word) (\(selection)(\(conditions.joined(separator: " OR "))))"
  }

  // MARK: Kinds of values

  private mutating func name(
    _ column: String, _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    var texts: [String] = []
    for operand in comparison.operands {
      guard case .text(let text) = operand else { throw .unfitComparison(comparison) }
      texts.append(text)
    }
    return try compare(column, with: texts, in: comparison)
  }

  private mutating func number(
    _ column: String, _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    var numbers: [DatabaseValue] = []
    for operand in comparison.operands {
      switch operand {
      case .integer(let number): numbers.append(number.databaseValue)
      case .real(let number): numbers.append(number.databaseValue)
      default: throw .unfitComparison(comparison)
      }
    }
    guard comparison.comparedBy != .contains else { throw .unfitComparison(comparison) }
    return try compare(column, with: numbers, in: comparison)
  }

  private mutating func compare(
    _ column: String, with values: [some DatabaseValueConvertible], in comparison: QueryComparison
  ) throws(QueryError) -> String {
    if comparison.comparedBy == .isOneOf { return "\(column) IN \(parameters.bindList(values))" }
    guard values.count == 1, let value = values.first else { throw .unfitComparison(comparison) }
    if comparison.comparedBy == .contains {
      guard let text = String.fromDatabaseValue(value.databaseValue) else {
        throw .unfitComparison(comparison)
      }
      return contains(column, text)
    }
    return "\(column) \(comparison.comparedBy.rawValue) \(parameters.bind(value))"
  }

  private mutating func contains(_ column: String, _ text: String) -> String {
    // Not LIKE: its pattern has signs of its own and a limit on its length.
    "instr(lower(\(column)), \(parameters.bind(Self.lowercased(text)))) > 0"
  }

  /// Only A–Z change, as in SQLite's `lower`.
  private static func lowercased(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isUpper = scalar.value >= 0x41 && scalar.value <= 0x5A
      result.unicodeScalars.append(
        isUpper ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
    }
    return result
  }

  /// Seeds are stored as decimal digits without leading zeros, since SQLite's integers are signed:
  /// the longer one is the greater one.
  private mutating func seed(_ comparison: QueryComparison) throws(QueryError) -> String {
    var seeds: [String] = []
    for operand in comparison.operands {
      guard case .seed(let seed) = operand else { throw .unfitComparison(comparison) }
      seeds.append(String(seed))
    }
    switch comparison.comparedBy {
    case .equal, .notEqual, .isOneOf: return try compare("run.seed", with: seeds, in: comparison)
    case .contains: throw .unfitComparison(comparison)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard seeds.count == 1, let seed = seeds.first else { throw .unfitComparison(comparison) }
      let length = parameters.bind(seed.utf8.count)
      let sign = comparison.comparedBy.rawValue
      return "(length(run.seed), run.seed) \(sign) (\(length), \(parameters.bind(seed)))"
    }
  }

  private mutating func time(
    _ column: String, _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    var conditions: [String] = []
    for operand in comparison.operands {
      guard case .period(let period) = operand else { throw .unfitComparison(comparison) }
      conditions.append(try time(column, comparison, period))
    }
    guard let sql = Self.balanced(conditions[...], by: "OR"),
      conditions.count == 1 || comparison.comparedBy == .isOneOf
    else { throw .unfitComparison(comparison) }
    return sql
  }

  private mutating func time(
    _ column: String, _ comparison: QueryComparison, _ period: QueryPeriod
  ) throws(QueryError) -> String {
    let isInstant = period.startInSeconds == period.endInSeconds
    func start() -> String { parameters.bind(period.startInSeconds) }
    func end() -> String { parameters.bind(period.endInSeconds) }
    func within() -> String {
      isInstant
        ? "\(column) = \(start())" : "\(column) >= \(start()) AND \(column) < \(end())"
    }
    switch comparison.comparedBy {
    case .equal, .isOneOf: return "(\(within()))"
    case .notEqual: return "NOT (\(within()))"
    case .less: return "\(column) < \(start())"
    case .lessOrEqual: return "\(column) \(isInstant ? "<=" : "<") \(end())"
    case .greater: return "\(column) \(isInstant ? ">" : ">=") \(end())"
    case .greaterOrEqual: return "\(column) >= \(start())"
    case .contains: throw .unfitComparison(comparison)
    }
  }

  // MARK: Datasets and versions

  private mutating func dataset(_ comparison: QueryComparison) throws(QueryError) -> String {
    var conditions: [String] = []
    for operand in comparison.operands {
      switch operand {
      case .text(let name):
        let isContained = comparison.comparedBy == .contains
        conditions.append(
          isContained ? contains("dataset.name", name) : "dataset.name = \(parameters.bind(name))")
      case .numberedVersion(let dataset, let number):
        let name = parameters.bind(dataset)
        conditions.append("dataset.name = \(name) AND version.number = \(parameters.bind(number))")
      case .taggedVersion(let dataset, let tag):
        let name = parameters.bind(dataset)
        conditions.append("dataset.name = \(name) AND version.number = \(taggedNumber(tag))")
      default: throw .unfitComparison(comparison)
      }
    }
    switch (comparison.comparedBy, conditions.count) {
    case (.equal, 1), (.notEqual, 1), (.contains, 1), (.isOneOf, 1...): break
    default: throw .unfitComparison(comparison)
    }
    return """
      run.versionID \(comparison.comparedBy == .notEqual ? "NOT IN" : "IN") (SELECT version.id \
      FROM dataset JOIN version ON version.datasetID = dataset.id \
      WHERE \(Self.balanced(conditions[...].map { "(\($0))" }[...], by: "OR") ?? "0"))
      """
  }

  /// The number of the version that carries a tag, in the dataset of the row `version`.
  private mutating func taggedNumber(_ tag: String) -> String {
    if tag == "latest" {
      return """
        (SELECT max(newest.number) FROM version AS newest \
        WHERE newest.datasetID = version.datasetID)
        """
    }
    return """
      (SELECT tagged.number FROM tag JOIN version AS tagged ON tagged.id = tag.versionID \
      WHERE tag.datasetID = version.datasetID AND tag.name = \(parameters.bind(tag)))
      """
  }

  private mutating func version(_ comparison: QueryComparison) throws(QueryError) -> String {
    var values: [String] = []
    for operand in comparison.operands {
      switch operand {
      case .integer(let number): values.append(parameters.bind(number))
      case .real(let number): values.append(parameters.bind(number))
      case .tagged(let tag): values.append(taggedNumber(tag))
      default: throw .unfitComparison(comparison)
      }
    }
    let sign = comparison.comparedBy == .isOneOf ? "=" : comparison.comparedBy.rawValue
    guard comparison.comparedBy != .contains, !values.isEmpty,
      values.count == 1 || comparison.comparedBy == .isOneOf
    else { throw .unfitComparison(comparison) }
    let conditions = values.map { "version.number \(sign) \($0)" }
    return """
      run.versionID IN (SELECT version.id FROM version \
      WHERE \(Self.balanced(conditions[...], by: "OR") ?? "0"))
      """
  }

  // MARK: Settings, metrics, words

  /// A bare number is compared with the setting's number, anything else with its text.
  private mutating func setting(
    _ name: String, _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    var texts: [String] = []
    var numbers: [DatabaseValue] = []
    for operand in comparison.operands {
      switch operand {
      case .text(let text): texts.append(text)
      case .integer(let number): numbers.append(number.databaseValue)
      case .real(let number): numbers.append(number.databaseValue)
      default: throw .unfitComparison(comparison)
      }
    }
    var conditions: [String] = []
    if !texts.isEmpty { conditions.append(try compare("value", with: texts, in: comparison)) }
    if !numbers.isEmpty { conditions.append(try compare("number", with: numbers, in: comparison)) }
    guard let condition = Self.balanced(conditions[...], by: "OR") else {
      throw .unfitComparison(comparison)
    }
    let bound = parameters.bind(name)
    return "run.id IN (SELECT runID FROM setting WHERE name = \(bound) AND \(condition))"
  }

  private mutating func metric(
    _ name: String, _ statistic: MetricStatistic, _ comparison: QueryComparison
  ) throws(QueryError) -> String {
    if case .last = statistic, name == ranked { return try number("ranked.last", comparison) }
    if case .atStep(let step) = statistic {
      // The points have no index by metric: they are looked up run by run, after all other
      // conditions, which SQLite arranges by itself for a selection that depends on the row.
      let value = QueryValueSQL.point(of: name, atStep: step, parameters: &parameters)
      return "coalesce(\(try number(value, comparison)), 0)"
    }
    let column = QueryValueSQL.column(of: statistic)
    let condition = try number(column, comparison)
    let bound = parameters.bind(name)
    return "run.id IN (SELECT runID FROM metric WHERE name = \(bound) AND \(condition))"
  }

  private mutating func words(_ comparison: QueryComparison) throws(QueryError) -> String {
    guard comparison.comparedBy == .contains, comparison.operands.count == 1,
      case .text(let text)? = comparison.operands.first
    else { throw .unfitComparison(comparison) }
    return """
      (\(contains("run.study", text)) OR run.versionID IN (SELECT version.id FROM version \
      JOIN dataset ON dataset.id = version.datasetID \
      WHERE \(contains("dataset.name", text)) OR \(contains("version.because", text))) \
      OR \(contains("run.splitName", text)) OR \(contains("run.viewName", text)) \
      OR EXISTS (SELECT 1 FROM setting WHERE setting.runID = run.id \
      AND (\(contains("setting.name", text)) OR \(contains("setting.value", text)))))
      """
  }
}
