/// Why a query could not be read or answered.
public struct QueryError: Error, Equatable, Sendable {
  /// The situation, for programs; it can grow, so a `switch` over it needs a default.
  public struct Code: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    private enum Name: String, CaseIterable {
      case syntax, unknownField, unfitOperator, unfitValue, tooLarge
      case sql, notPermitted, timeLimit, answerTooLarge, damaged
    }

    private let name: Name

    /// The text does not follow the grammar.
    public static let syntax = Code(name: .syntax)
    /// A word stands for no field.
    public static let unknownField = Code(name: .unknownField)
    /// A field cannot be compared, shown or sorted by in this way.
    public static let unfitOperator = Code(name: .unfitOperator)
    /// A value is of another kind than its field.
    public static let unfitValue = Code(name: .unfitValue)
    /// The text is longer, deeper or has more parts than allowed.
    public static let tooLarge = Code(name: .tooLarge)
    /// SQLite did not accept the statement.
    public static let sql = Code(name: .sql)
    /// The statement does more than read the documented views.
    public static let notPermitted = Code(name: .notPermitted)
    /// The statement ran longer than allowed.
    public static let timeLimit = Code(name: .timeLimit)
    /// The answer has more rows or bytes than allowed.
    public static let answerTooLarge = Code(name: .answerTooLarge)
    /// Stored metric points are not what the catalogue promises.
    public static let damaged = Code(name: .damaged)

    /// Every code of this build.
    public static var allCases: [Code] { Name.allCases.map(Code.init(name:)) }

    /// The code as it is written in JSON output.
    public var description: String { name.rawValue }
  }

  /// The situation.
  public let code: Code
  /// The text that could not be read, complete.
  public let subject: String
  /// One complete sentence, or two: what was found, what is expected, what to do.
  public let message: String
  /// What SQLite answered, where it was asked.
  public let cause: String?
  /// Where in the text the trouble begins, in Unicode scalars from 0; nil where no place is at fault.
  public let offset: Int?
  /// The source line that noticed it, as `module/file:line`.
  public let location: String

  fileprivate init(
    _ code: Code, in text: String, at offset: Int? = nil, _ message: String, cause: String? = nil,
    location: String
  ) {
    self.code = code
    self.subject = text
    self.message = message
    self.cause = cause
    self.offset = offset
    self.location = location
  }

  /// Whether two errors say the same; where they were noticed does not count.
  public static func == (one: QueryError, other: QueryError) -> Bool {
    one.code == other.code && one.subject == other.subject && one.message == other.message
      && one.cause == other.cause && one.offset == other.offset
  }
}

extension QueryError: CustomStringConvertible {
  /// The message, and where a place is at fault the line with a caret under the character.
  public var description: String {
    guard let offset else { return message }
    return message + "\n" + QueryExcerpt(of: subject, at: offset).description
  }
}

// MARK: - The text

extension QueryError {
  static func unexpected(
    _ found: String?, in text: String, at offset: Int, expected: String, advice: String? = nil,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let finding = found.map { "\(QueryExcerpt.quoted($0)) stands" } ?? "it ends"
    let message = "Could not read the query: \(finding) where \(expected) is expected."
    return QueryError(
      .syntax, in: text, at: offset, message + (advice.map { " " + $0 } ?? ""), location: location)
  }

  static func unseenCharacter(
    _ scalar: Unicode.Scalar, in text: String, at offset: Int,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return QueryError(
      .syntax, in: text, at: offset,
      "Could not read the query: U+\(code) cannot be seen and stands outside quotes. Remove it.",
      location: location)
  }

  static func loneExclamationMark(
    in text: String, at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .syntax, in: text, at: offset,
      "Could not read the query: '!' stands alone. Write '!=' for unequal, or the word 'not'.",
      location: location)
  }

  static func openQuote(
    _ quote: Unicode.Scalar, in text: String, at offset: Int,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .syntax, in: text, at: offset,
      "Could not read the query: the quote that begins here has no end. Add \(quote) after the value.",
      location: location)
  }

  static func quoteTouchesWord(
    in text: String, at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .syntax, in: text, at: offset,
      """
      Could not read the query: a quote touches a word. Put a space between them, or the whole \
      value in quotes (a quote inside is written twice).
      """,
      location: location)
  }

  static func unknownField(
    _ word: String, in text: String, at offset: Int, near: String?,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let advice =
      near.map { "Did you mean '\($0)'?" }
      ?? "Write a metric as 'metric.NAME', a setting as 'setting.NAME'."
    return QueryError(
      .unknownField, in: text, at: offset,
      "Could not read the query: \(QueryExcerpt.quoted(word)) is not a field of a run. \(advice)",
      location: location)
  }

  static func missingName(
    after field: String, in text: String, at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .unknownField, in: text, at: offset,
      "Could not read the query: '\(field)' has no name. Write '\(field).NAME'.",
      location: location)
  }

  static func unfitStep(
    _ word: String, in text: String, at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .unfitValue, in: text, at: offset,
      """
      Could not read the query: \(QueryExcerpt.quoted(word)) is not a step. Write a whole number \
      after '@', or put the metric's name in quotes.
      """,
      location: location)
  }

  static func unfitOperator(
    _ comparedBy: QueryOperator, for field: QueryField, allowed: [QueryOperator], in text: String,
    at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let list = allowed.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return QueryError(
      .unfitOperator, in: text, at: offset,
      """
      Could not read the query: \(QueryExcerpt.quoted(field.description)) cannot be compared by \
      '\(comparedBy.rawValue)'. Use \(list).
      """,
      location: location)
  }

  static func unfitValue(
    _ word: String, for field: QueryField, expected: String, advice: String? = nil,
    in text: String, at offset: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let message =
      "Could not read the query: \(QueryExcerpt.quoted(word)) is not \(expected), "
      + "which \(QueryExcerpt.quoted(field.description)) is compared with."
    return QueryError(
      .unfitValue, in: text, at: offset, message + (advice.map { " " + $0 } ?? ""),
      location: location)
  }

  static func tooLong(
    _ text: String, limitInBytes: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .tooLarge, in: text,
      """
      Could not read the query: it has \(text.utf8.count) bytes, the limit is \(limitInBytes). \
      Ask in several queries.
      """,
      location: location)
  }

  static func tooDeep(
    in text: String, at offset: Int?, limit: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .tooLarge, in: text, at: offset,
      """
      Could not read the query: parentheses and 'not' are nested deeper than \(limit) levels. \
      Remove those that change nothing.
      """,
      location: location)
  }

  static func tooMany(
    _ parts: String, count: Int, limit: Int, in text: String,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .tooLarge, in: text,
      """
      Could not read the query: it has \(count) \(parts), the limit is \(limit). Ask in several \
      queries.
      """,
      location: location)
  }

  // MARK: Columns, sorting, limit

  static func manyValued(
    _ field: QueryField, as use: String, in text: String, at offset: Int,
    location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .unfitOperator, in: text, at: offset,
      """
      Could not use '\(field)' as \(use): a run can have several of it. Use it in the \
      expression only.
      """,
      location: location)
  }

  static func unfitLimit(_ limit: Int, location: String = #fileID + ":\(#line)") -> QueryError {
    QueryError(
      .unfitValue, in: "\(limit)",
      "Could not limit the answer: \(limit) rows were asked for, at least 1 is expected.",
      location: location)
  }

  /// An expression made by a program, not by the parser, holds a comparison that has no meaning.
  static func unfitComparison(
    _ comparison: QueryComparison, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    let text = comparison.description
    return QueryError(
      .unfitValue, in: text,
      """
      Could not compile the query: in \(QueryExcerpt.quoted(text)) the values do not fit the \
      field. Make expressions with QueryParser.
      """,
      location: location)
  }
}

// MARK: - SQL

extension QueryError {
  static func sqlRefused(
    _ text: String, because reason: String, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .notPermitted, in: text,
      """
      Could not run the SQL: \(reason). Write one SELECT over the views \
      \(SQLQuery.views.joined(separator: ", ")).
      """,
      location: location)
  }

  static func sqlFailed(
    _ text: String, answer: String, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .sql, in: text,
      """
      Could not run the SQL: SQLite answered \(QueryExcerpt.quoted(answer, limit: 200)). The views \
      are \(SQLQuery.views.joined(separator: ", ")).
      """,
      cause: answer, location: location)
  }

  static func sqlTooSlow(
    _ text: String, limitInSeconds: Double, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .timeLimit, in: text,
      """
      Could not run the SQL: it was stopped after \(limitInSeconds) seconds, the time limit. \
      Select fewer rows or ask a simpler question.
      """,
      location: location)
  }

  static func sqlAnswerTooLarge(
    _ text: String, limit: String, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .answerTooLarge, in: text,
      "Could not run the SQL: the answer has more than \(limit). Add a LIMIT or a condition.",
      location: location)
  }

  static func damagedPoints(
    sizeInBytes: Int, location: String = #fileID + ":\(#line)"
  ) -> QueryError {
    QueryError(
      .damaged, in: "metricPoints",
      """
      Could not read the points of a metric: the block has \(sizeInBytes) bytes, a multiple of \
      16 is expected. Run 'signalstore verify'.
      """,
      location: location)
  }
}
