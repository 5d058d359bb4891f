/// A name or value of the query language: bare characters and quoted parts that touch, such as
/// `metric."f1 (walking)".max` or `"my set"@2`.
struct QueryWord: Hashable {
  struct Character: Hashable {
    let scalar: Unicode.Scalar
    let isQuoted: Bool
  }

  let characters: [Character]
  /// Where the word begins, in scalars of the query's text.
  let offset: Int
  /// Whether any part was quoted, even an empty one.
  let hasQuotes: Bool

  /// The word without its quotes.
  var text: String { Self.text(characters[...]) }

  /// The word in lower case when it is a bare one: what keywords and field names are compared with.
  var bareLowercased: String? { hasQuotes ? nil : text.lowercased() }

  /// The characters before and after the last (or first) bare occurrence of a scalar.
  func divided(
    at scalar: Unicode.Scalar, last: Bool = false
  ) -> (head: ArraySlice<Character>, tail: ArraySlice<Character>)? {
    let wanted = Character(scalar: scalar, isQuoted: false)
    let index = last ? characters.lastIndex(of: wanted) : characters.firstIndex(of: wanted)
    return index.map { (characters[..<$0], characters[($0 + 1)...]) }
  }

  static func text(_ characters: ArraySlice<Character>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: characters.lazy.map(\.scalar))
    return text
  }

  // MARK: Writing words

  /// The name as a bare word where that reads back as the same, otherwise in quotes.
  static func written(_ name: String) -> String {
    let isBare =
      !name.isEmpty && name.unicodeScalars.allSatisfy { isBareScalar($0) && $0 != "@" }
      && !["and", "or", "not", "in"].contains(name.lowercased())
    return isBare ? name : quoted(name)
  }

  /// The name in double quotes, with those inside it doubled.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Whether a scalar can stand in a bare word: everything but spaces, signs that the language
  /// uses, and what cannot be seen.
  static func isBareScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value > 0x20 && scalar.value < 0x7f && !isSign(scalar) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator,
      .unassigned, .privateUse:
      return false
    default: return true
    }
  }

  static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "(", ")", "=", "!", "<", ">", "~", ",", "\"", "'": true
    default: false
    }
  }

  // MARK: Numbers

  /// Whether the text is written as a number: `-12`, `0.5`, `1e-3`, `inf`.
  static func isNumber(_ text: String) -> Bool { number(text) != nil }

  /// The number that the text writes; nil for anything else, hexadecimal digits and NaN among it.
  static func number(_ text: String) -> QueryOperand? {
    switch text.lowercased() {
    case "inf", "infinity", "+inf": return .real(.infinity)
    case "-inf", "-infinity": return .real(-.infinity)
    default: break
    }
    let digits = text.utf8
    guard digits.count <= 400, digits.contains(where: { $0 >= 0x30 && $0 <= 0x39 }),
      digits.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) })
    else { return nil }
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { return nil }
    return .real(number)
  }
}
