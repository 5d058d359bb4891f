/// What the codes of a label track mean; versioned apart from the data that uses it.
public struct Vocabulary: Hashable, Sendable, Codable {
  /// One meaning.
  public struct Term: Hashable, Sendable, Codable {
    /// The number that stands in a label track.
    public let code: Int32
    /// What it means.
    public let name: String

    /// Gives a code its meaning.
    public init(code: Int32, name: String) {
      self.code = code
      self.name = name
    }
  }

  /// The terms, by rising code; no code occurs twice.
  public let terms: [Term]

  /// Sorts the terms by code; of terms with the same code the first is kept.
  public init(_ terms: [Term]) {
    var seen: Set<Int32> = []
    self.terms = terms.filter { seen.insert($0.code).inserted }.sorted { $0.code < $1.code }
  }

  /// The meaning of `code`, where the vocabulary has one.
  public func name(of code: Int32) -> String? {
    var low = 0
    var high = terms.count
    while low < high {
      let middle = (low + high) / 2
      if terms[middle].code < code { low = middle + 1 } else { high = middle }
    }
    guard low < terms.count, terms[low].code == code else { return nil }
    return terms[low].name
  }

  /// The code that has the name `name`, letter for letter.
  public func code(named name: String) -> Int32? {
    terms.first { $0.name == name }?.code
  }
}
