/// Reads the names of fields.
struct QueryFieldReader {
  let text: String

  func field(_ word: QueryWord) throws(QueryError) -> QueryField {
    if !word.hasQuotes {
      let name = word.text.lowercased()
      if let plain = QueryField.plain.first(where: { $0.name == name }) { return plain.field }
      if name == "metric" || name == "setting" {
        throw .missingName(after: name, in: text, at: word.offset)
      }
    }
    guard let (head, tail) = word.divided(at: "."), !head.contains(where: \.isQuoted) else {
      throw unknown(word, head: word.text)
    }
    let kind = QueryWord.text(head).lowercased()
    switch kind {
    case "metric":
      return try metric(tail, of: word)
    case "setting":
      guard !tail.isEmpty else { throw .missingName(after: kind, in: text, at: word.offset) }
      return .setting(QueryWord.text(tail))
    default:
      throw unknown(word, head: kind)
    }
  }

  private func unknown(_ word: QueryWord, head: String) -> QueryError {
    let names = QueryField.plain.map(\.name) + ["metric", "setting"]
    var near = NearWord.of(head, in: names)
    if let kind = near, let (_, tail) = word.divided(at: "."), !tail.isEmpty {
      near = kind == "metric" || kind == "setting" ? kind + "." + QueryWord.text(tail) : kind
    }
    return .unknownField(word.text, in: text, at: word.offset, near: near)
  }

  private func metric(
    _ tail: ArraySlice<QueryWord.Character>, of word: QueryWord
  ) throws(QueryError) -> QueryField {
    let part = QueryWord(characters: Array(tail), offset: word.offset, hasQuotes: word.hasQuotes)
    var name = part.characters[...]
    var statistic = MetricStatistic.last
    if let (head, tail) = part.divided(at: "@", last: true) {
      let digits = QueryWord.text(tail)
      guard let step = Int64(digits) else {
        throw .unfitStep(digits, in: text, at: word.offset)
      }
      name = head
      statistic = .atStep(step)
    } else if let (head, tail) = part.divided(at: ".", last: true),
      !tail.contains(where: \.isQuoted),
      let named = Self.statistics[QueryWord.text(tail).lowercased()]
    {
      name = head
      statistic = named
    }
    guard !name.isEmpty else { throw .missingName(after: "metric", in: text, at: word.offset) }
    return .metric(QueryWord.text(name), statistic)
  }

  private static let statistics: [String: MetricStatistic] = [
    "last": .last, "min": .minimum, "max": .maximum,
  ]
}
