/// Reads the query language.
///
///     dataset = hapt and version >= 2 and metric.test_macro_f1 > 0.8
///     dataset = hapt@2 or version = @paper
///     study = classifier and not status in (failed, interrupted)
///     metric.val_loss.min < 0.3 and metric.val_loss@5 <= 0.4 and setting.learning_rate < 0.01
///     started > 2026-01-31 and seconds > 10 and text ~ "walking"
///     subject = S3
///
/// Names of fields, `and`, `or`, `not`, `in` may be written in any case; `not` binds tightest, then
/// `and`, then `or`. Values with spaces or signs stand in single or double quotes, a quote inside
/// is written twice. The empty text asks for all runs.
///
/// What holds when something is absent: a comparison with a metric or setting that a run does not
/// have does not hold (neither `=` nor `!=`), and `not` of it does. Fields of which a version has
/// several (`tag`, `subject`, `session`, `recording`, `source`) hold for `=` when one of them is
/// equal, for `!=` when none is.
public enum QueryParser {
  /// Parentheses and `not` may be nested this deep.
  public static let depthLimit = 100
  /// A query may hold this many comparisons.
  public static let comparisonLimit = 500
  /// A query may hold this many values, those of `in` lists among them.
  public static let operandLimit = 10_000

  /// The expression that the text writes.
  ///
  /// - Throws: `QueryError` with the place and, where there is one, the word that was meant.
  public static func expression(_ text: String) throws(QueryError) -> QueryExpression {
    var parser = QueryTokenReader(text, tokens: try QueryLexer.tokens(text))
    if parser.isAtEnd { return .everything }
    let expression = try parser.disjunction(depth: 0)
    guard parser.isAtEnd else { throw parser.unexpectedAfterComparison() }
    try checkSize(of: expression, writtenAs: text)
    return expression
  }

  static func checkSize(
    of expression: QueryExpression, writtenAs text: String
  ) throws(QueryError) {
    let comparisons = expression.comparisons
    guard comparisons.count <= comparisonLimit else {
      throw .tooMany(
        "comparisons", count: comparisons.count, limit: comparisonLimit, in: text)
    }
    let count = comparisons.reduce(0) { $0 + $1.operands.count }
    guard count <= operandLimit else {
      throw .tooMany("values", count: count, limit: operandLimit, in: text)
    }
  }
}

/// Walks over the tokens of one text; each function takes what its name says off the front.
struct QueryTokenReader {
  let text: String
  private let tokens: [QueryLexer.Token]
  private var index = 0

  init(_ text: String, tokens: [QueryLexer.Token]) {
    self.text = text
    self.tokens = tokens
  }

  /// The next token; the end stays where it is.
  var next: QueryLexer.Token { tokens[min(index, tokens.count - 1)] }

  var isAtEnd: Bool {
    if case .end = next { return true }
    return false
  }

  mutating func advance() { index += 1 }

  mutating func takeKeyword(_ keyword: String) -> Bool {
    guard case .word(let word) = next, word.bareLowercased == keyword else { return false }
    advance()
    return true
  }

  // MARK: Logic

  mutating func disjunction(depth: Int) throws(QueryError) -> QueryExpression {
    var parts = [try conjunction(depth: depth)]
    while takeKeyword("or") { parts.append(try conjunction(depth: depth)) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction(depth: Int) throws(QueryError) -> QueryExpression {
    var parts = [try factor(depth: depth)]
    while takeKeyword("and") { parts.append(try factor(depth: depth)) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor(depth: Int) throws(QueryError) -> QueryExpression {
    let offset = next.offset
    if takeKeyword("not") {
      try checkDepth(depth, at: offset)
      return .not(try factor(depth: depth + 1))
    }
    guard case .leftParenthesis = next else { return try comparison() }
    try checkDepth(depth, at: offset)
    advance()
    let inner = try disjunction(depth: depth + 1)
    guard case .rightParenthesis = next else { throw unexpectedAfterComparison(orEnd: "')'") }
    advance()
    return inner
  }

  private func checkDepth(_ depth: Int, at offset: Int) throws(QueryError) {
    guard depth < QueryParser.depthLimit else {
      throw .tooDeep(in: text, at: offset, limit: QueryParser.depthLimit)
    }
  }

  func unexpectedAfterComparison(orEnd end: String = "the end") -> QueryError {
    let found = next.shown
    let synonyms = ["&": "and", "&&": "and", "|": "or", "||": "or", "xor": "or"]
    var advice: String?
    if case .word(let word) = next, let bare = word.bareLowercased {
      let near = synonyms[bare] ?? NearWord.of(bare, in: ["and", "or"])
      advice = near.map { "Did you mean '\($0)'?" } ?? "Put values with spaces in quotes."
    }
    return .unexpected(
      found, in: text, at: next.offset, expected: "'and', 'or' or \(end)", advice: advice)
  }

  // MARK: Comparisons

  private mutating func comparison() throws(QueryError) -> QueryExpression {
    guard case .word(let word) = next else {
      throw .unexpected(
        next.shown, in: text, at: next.offset, expected: "a field such as 'dataset'")
    }
    let field = try QueryFieldReader(text: text).field(word)
    advance()
    let operatorOffset = next.offset
    let isNegated = takeKeyword("not")
    let comparedBy = try takeOperator(afterNot: isNegated)
    let values = QueryValueReader(text: text, field: field, comparedBy: comparedBy)
    try values.checkOperator(at: operatorOffset)
    var operands: [QueryOperand] = []
    if comparedBy == .isOneOf {
      operands = try list(values)
    } else {
      operands = [try value(values)]
    }
    let comparison = QueryExpression.comparison(QueryComparison(field, comparedBy, operands))
    return isNegated ? .not(comparison) : comparison
  }

  private mutating func takeOperator(afterNot isNegated: Bool) throws(QueryError) -> QueryOperator {
    if takeKeyword("in") { return .isOneOf }
    if !isNegated, case .comparison(let comparedBy, _) = next {
      advance()
      return comparedBy
    }
    var advice: String?
    if case .word(let word) = next, let bare = word.bareLowercased {
      let synonyms = [
        "is": "=", "eq": "=", "equals": "=", ":": "=", "like": "~", "contains": "~",
        "matches": "~", "isnt": "!=", "ne": "!=", "lt": "<", "gt": ">",
      ]
      advice = synonyms[bare].map { "Did you mean '\($0)'?" }
    }
    throw .unexpected(
      next.shown, in: text, at: next.offset,
      expected: isNegated ? "'in'" : "an operator such as '=' or '>'", advice: advice)
  }

  private mutating func value(_ values: QueryValueReader) throws(QueryError) -> QueryOperand {
    guard case .word(let word) = next else {
      throw .unexpected(next.shown, in: text, at: next.offset, expected: "a value")
    }
    let operand = try values.operand(word)
    advance()
    return operand
  }

  private mutating func list(_ values: QueryValueReader) throws(QueryError) -> [QueryOperand] {
    guard case .leftParenthesis = next else {
      throw .unexpected(next.shown, in: text, at: next.offset, expected: "'(' after 'in'")
    }
    advance()
    var operands = [try value(values)]
    while case .comma = next {
      advance()
      operands.append(try value(values))
    }
    guard case .rightParenthesis = next else {
      throw .unexpected(next.shown, in: text, at: next.offset, expected: "',' or ')'")
    }
    advance()
    return operands
  }
}
