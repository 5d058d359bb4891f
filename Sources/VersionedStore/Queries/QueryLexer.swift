/// Cuts the text of a query into words and signs.
struct QueryLexer {
  enum Token: Hashable {
    case word(QueryWord)
    case comparison(QueryOperator, offset: Int)
    case leftParenthesis(offset: Int)
    case rightParenthesis(offset: Int)
    case comma(offset: Int)
    case end(offset: Int)

    var offset: Int {
      switch self {
      case .word(let word): word.offset
      case .comparison(_, let offset), .leftParenthesis(let offset),
        .rightParenthesis(let offset), .comma(let offset), .end(let offset):
        offset
      }
    }

    /// The token as a message quotes it; nil for the end.
    var shown: String? {
      switch self {
      case .word(let word): word.text
      case .comparison(let comparison, _): comparison.rawValue
      case .leftParenthesis: "("
      case .rightParenthesis: ")"
      case .comma: ","
      case .end: nil
      }
    }
  }

  /// No query that a person writes comes near; it bounds the work of a hostile one.
  static let limitInBytes = 65_536

  /// The tokens of a text, the last of them its end.
  static func tokens(_ text: String) throws(QueryError) -> [Token] {
    guard text.utf8.count <= limitInBytes else {
      throw .tooLong(text, limitInBytes: limitInBytes)
    }
    var lexer = QueryLexer(text: text, scalars: Array(text.unicodeScalars))
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if case .end = token { return tokens }
    }
  }

  private let text: String
  private let scalars: [Unicode.Scalar]
  private var index = 0

  private init(text: String, scalars: [Unicode.Scalar]) {
    self.text = text
    self.scalars = scalars
  }

  private func scalar(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  private mutating func next() throws(QueryError) -> Token {
    while let space = scalar(), space.properties.isWhitespace { index += 1 }
    let offset = index
    guard let first = scalar() else { return .end(offset: offset) }
    index += 1
    switch (first, scalar()) {
    case ("(", _): return .leftParenthesis(offset: offset)
    case (")", _): return .rightParenthesis(offset: offset)
    case (",", _): return .comma(offset: offset)
    case ("~", _): return .comparison(.contains, offset: offset)
    case ("=", "="), ("<", "="), (">", "="), ("!", "="), ("<", ">"):
      index += 1
      let signs: [Unicode.Scalar: QueryOperator] = [
        "=": .equal, "<": .lessOrEqual, ">": .greaterOrEqual, "!": .notEqual,
      ]
      let comparison = scalars[index - 1] == ">" ? .notEqual : signs[first] ?? .equal
      return .comparison(comparison, offset: offset)
    case ("=", _): return .comparison(.equal, offset: offset)
    case ("<", _): return .comparison(.less, offset: offset)
    case (">", _): return .comparison(.greater, offset: offset)
    case ("!", _): throw .loneExclamationMark(in: text, at: offset)
    default:
      index = offset
      return .word(try word())
    }
  }

  private mutating func word() throws(QueryError) -> QueryWord {
    let offset = index
    var characters: [QueryWord.Character] = []
    var hasQuotes = false
    while let scalar = scalar() {
      if scalar == "\"" || scalar == "'" {
        if let last = characters.last, last.isQuoted || !Self.joins(last.scalar) {
          throw .quoteTouchesWord(in: text, at: index)
        }
        hasQuotes = true
        try quotedPart(scalar, into: &characters)
        if let following = self.scalar(), QueryWord.isBareScalar(following),
          !Self.joins(following)
        {
          throw .quoteTouchesWord(in: text, at: index)
        }
      } else if QueryWord.isBareScalar(scalar) {
        characters.append(QueryWord.Character(scalar: scalar, isQuoted: false))
        index += 1
      } else if QueryWord.isSign(scalar) || scalar.properties.isWhitespace {
        break
      } else {
        throw .unseenCharacter(scalar, in: text, at: index)
      }
    }
    return QueryWord(characters: characters, offset: offset, hasQuotes: hasQuotes)
  }

  /// Quoted and bare parts touch only where a name is composed: `metric."a b".max`, `"a b"@2`.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "@" }

  private mutating func quotedPart(
    _ quote: Unicode.Scalar, into characters: inout [QueryWord.Character]
  ) throws(QueryError) {
    let offset = index
    index += 1
    while let scalar = scalar() {
      index += 1
      if scalar == quote {
        guard self.scalar() == quote else { return }
        index += 1
      }
      characters.append(QueryWord.Character(scalar: scalar, isQuoted: true))
    }
    throw .openQuote(quote, in: text, at: offset)
  }
}
