/// A name in which `*` stands for any letters, none included.
struct NamePattern {
  private let pieces: [Substring]

  init(_ text: Substring) {
    pieces = text.split(separator: "*", omittingEmptySubsequences: false)
  }

  /// What each `*` stands for in `name`, as short as possible from the left; nothing where the name
  /// does not fit.
  ///
  /// Complexity: O(letters of the pattern · letters of the name).
  func match(_ name: String) -> [String]? {
    guard let first = pieces.first, let last = pieces.last, name.hasPrefix(first) else {
      return nil
    }
    guard pieces.count > 1 else { return name == first ? [] : nil }
    var captures: [String] = []
    var rest = name[...].dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() {
      guard let range = Self.find(piece, in: rest) else { return nil }
      captures.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    guard rest.hasSuffix(last) else { return nil }
    captures.append(String(rest.dropLast(last.count)))
    return captures
  }

  private static func find(_ piece: Substring, in text: Substring) -> Range<String.Index>? {
    var start = text.startIndex
    while true {
      let rest = text[start...]
      if rest.hasPrefix(piece) { return start..<text.index(start, offsetBy: piece.count) }
      guard start < text.endIndex else { return nil }
      start = text.index(after: start)
    }
  }

  /// The text with each `*` replaced by the next of `captures`; nothing where there are too few.
  static func filled(_ text: String, with captures: [String]) -> String? {
    var rest = captures[...]
    var result = ""
    for letter in text {
      guard letter == "*" else {
        result.append(letter)
        continue
      }
      guard let capture = rest.popFirst() else { return nil }
      result += capture
    }
    return result
  }
}
