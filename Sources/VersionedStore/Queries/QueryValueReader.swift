/// Reads the values that one field is compared with, and checks that they fit it.
struct QueryValueReader {
  let text: String
  let field: QueryField
  let comparedBy: QueryOperator

  // MARK: Operators

  /// The operators that a kind of field takes, in the order in which a message lists them.
  static func operators(for kind: QueryField.Kind) -> [QueryOperator] {
    switch kind {
    case .name, .dataset: [.equal, .notEqual, .contains, .isOneOf]
    case .status: [.equal, .notEqual, .isOneOf]
    case .words: [.contains]
    case .version, .number, .seed, .time:
      [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isOneOf]
    case .setting:
      [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contains, .isOneOf]
    }
  }

  func checkOperator(at offset: Int) throws(QueryError) {
    let allowed = Self.operators(for: field.kind)
    guard allowed.contains(comparedBy) else {
      throw .unfitOperator(comparedBy, for: field, allowed: allowed, in: text, at: offset)
    }
  }

  // MARK: Values

  func operand(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    if comparedBy == .contains { return .text(word.text) }
    switch field.kind {
    case .words: return .text(word.text)
    case .name: return .text(name(word))
    case .dataset: return try dataset(word)
    case .version: return try version(word)
    case .number: return try number(word)
    case .seed: return try seed(word)
    case .status: return try status(word)
    case .time: return try time(word)
    case .setting: return word.hasQuotes ? .text(word.text) : setting(word.text)
    }
  }

  /// `tag = @paper` means the same as `tag = paper`.
  private func name(_ word: QueryWord) -> String {
    guard field == .tag, let (head, tail) = word.divided(at: "@"), head.isEmpty, !tail.isEmpty
    else { return word.text }
    return QueryWord.text(tail)
  }

  private func setting(_ bare: String) -> QueryOperand {
    QueryWord.number(bare) ?? .text(bare)
  }

  private func dataset(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    guard let (head, tail) = word.divided(at: "@", last: true) else { return .text(word.text) }
    let name = QueryWord.text(head)
    let version = QueryWord.text(tail)
    guard !name.isEmpty, !version.isEmpty else {
      throw unfit(word, expected: "a name such as 'hapt', 'hapt@2' or 'hapt@latest'")
    }
    if let number = Int64(version), !tail.contains(where: \.isQuoted) {
      return .numberedVersion(dataset: name, number: number)
    }
    return .taggedVersion(dataset: name, tag: version)
  }

  private func version(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    if let (head, tail) = word.divided(at: "@"), head.isEmpty, !tail.isEmpty {
      return .tagged(QueryWord.text(tail))
    }
    if let number = QueryWord.number(word.text) { return number }
    var advice = "Write '@\(word.text)' for a tag."
    if let bare = word.bareLowercased, bare.hasPrefix("v"), Int64(bare.dropFirst()) != nil {
      advice = "Did you mean '\(bare.dropFirst())'?"
    }
    throw unfit(word, expected: "a number or a tag such as '@paper'", advice: advice)
  }

  private func number(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    guard let number = QueryWord.number(word.text) else { throw unfit(word, expected: "a number") }
    return number
  }

  private func seed(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    guard word.text.first?.isNumber == true, let seed = UInt64(word.text) else {
      throw unfit(word, expected: "a whole number from 0 to 18446744073709551615")
    }
    return .seed(seed)
  }

  private func status(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    let states = ["running", "finished", "failed", "interrupted"]
    let status = word.text.lowercased()
    guard states.contains(status) else {
      let near = NearWord.of(status, in: states).map { "Did you mean '\($0)'?" }
      throw unfit(
        word, expected: "one of running, finished, failed, interrupted", advice: near)
    }
    return .text(status)
  }

  private func time(_ word: QueryWord) throws(QueryError) -> QueryOperand {
    guard let period = QueryPeriod(word.text) else {
      throw unfit(word, expected: "a date such as 2026-01-31 or 2026-01-31T10:00")
    }
    return .period(period)
  }

  private func unfit(_ word: QueryWord, expected: String, advice: String? = nil) -> QueryError {
    .unfitValue(
      word.text, for: field, expected: expected, advice: advice, in: text, at: word.offset)
  }
}
