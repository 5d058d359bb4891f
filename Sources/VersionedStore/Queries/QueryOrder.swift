/// One column of the answer to a query; its name is the field's in the query language.
public struct QueryColumn: Hashable, Sendable {
  /// What the column shows.
  public let field: QueryField

  /// Makes a column.
  public init(_ field: QueryField) { self.field = field }

  /// The heading of the column, such as `dataset` or `metric.val_loss.min`.
  public var name: String { field.description }

  /// Reads a list such as `run, dataset, metric.test_macro_f1, setting.model`.
  ///
  /// - Throws: `QueryError` for an unknown name, and for a field of which a run can have several.
  public static func list(_ text: String) throws(QueryError) -> [QueryColumn] {
    var reader = QueryTokenReader(text, tokens: try QueryLexer.tokens(text))
    return try reader.fields(as: "a column").map { QueryColumn($0.field) }
  }
}

/// One key that the answer to a query is sorted by.
public struct QuerySortKey: Hashable, Sendable {
  /// Which end comes first. Runs without a value come last in both.
  public enum Direction: String, Hashable, Sendable {
    /// Small numbers, early times, A first.
    case ascending = "asc"
    /// Large numbers, late times, Z first.
    case descending = "desc"
  }

  /// What is sorted by.
  public let field: QueryField
  /// Which end comes first.
  public let direction: Direction

  /// Makes a sort key.
  public init(_ field: QueryField, _ direction: Direction) {
    self.field = field
    self.direction = direction
  }

  /// Reads a list such as `metric.test_macro_f1, started:asc`.
  ///
  /// A name may end in `:asc` or `:desc`. Without it numbers and times are sorted descending (the
  /// best score, the newest run first), names and settings ascending. A leading `-` has no meaning
  /// here, because programs disagree on it: in some it turns ascending into descending, in others
  /// the other way round.
  ///
  /// - Throws: `QueryError` for an unknown name, and for a field of which a run can have several.
  public static func list(_ text: String) throws(QueryError) -> [QuerySortKey] {
    var reader = QueryTokenReader(text, tokens: try QueryLexer.tokens(text))
    return try reader.fields(as: "a sort key").map { field, direction in
      QuerySortKey(field, direction ?? usual(for: field))
    }
  }

  private static func usual(for field: QueryField) -> Direction {
    switch field.kind {
    case .version, .number, .seed, .time: .descending
    case .name, .dataset, .status, .setting, .words: .ascending
    }
  }
}

extension QueryTokenReader {
  /// Reads names between commas up to the end, each perhaps with a direction.
  fileprivate mutating func fields(
    as use: String
  ) throws(QueryError) -> [(field: QueryField, direction: QuerySortKey.Direction?)] {
    var result: [(field: QueryField, direction: QuerySortKey.Direction?)] = []
    while true {
      guard case .word(let word) = next else {
        throw .unexpected(
          next.shown, in: text, at: next.offset, expected: "a field such as 'dataset'")
      }
      let (name, direction) = use == "a sort key" ? Self.direction(of: word) : (word, nil)
      if use == "a sort key", name.bareLowercased?.hasPrefix("-") == true {
        throw .unexpected(
          word.text, in: text, at: word.offset, expected: "a field such as 'dataset'",
          advice: "Write '\(QueryExcerpt.plain(String(name.text.dropFirst()))):asc' or ':desc'.")
      }
      let field = try QueryFieldReader(text: text).field(name)
      guard field.isSingleValued else {
        throw .manyValued(field, as: use, in: text, at: word.offset)
      }
      advance()
      result.append((field, direction))
      if isAtEnd { return result }
      guard case .comma = next else {
        throw .unexpected(next.shown, in: text, at: next.offset, expected: "',' or the end")
      }
      advance()
    }
  }

  private static func direction(
    of word: QueryWord
  ) -> (name: QueryWord, direction: QuerySortKey.Direction?) {
    guard let (head, tail) = word.divided(at: ":", last: true),
      let direction = QuerySortKey.Direction(rawValue: QueryWord.text(tail).lowercased())
    else { return (word, nil) }
    let name = QueryWord(
      characters: Array(head), offset: word.offset, hasQuotes: head.contains(where: \.isQuoted))
    return (name, direction)
  }
}
