/// The line of a text that holds a place, with a caret under the place.
struct QueryExcerpt: CustomStringConvertible {
  let description: String

  /// - Parameters:
  ///   - text: the whole text, perhaps of several lines.
  ///   - offset: the place, in Unicode scalars from 0; the end of the text is allowed.
  init(of text: String, at offset: Int) {
    let scalars = Array(text.unicodeScalars)
    let place = min(max(offset, 0), scalars.count)
    let first = scalars[..<place].lastIndex(where: Self.endsLine).map { $0 + 1 } ?? 0
    let end = scalars[place...].firstIndex(where: Self.endsLine) ?? scalars.count
    // A window of 72 columns round the place: long queries come from programs.
    let from = max(first, min(place - 36, end - 72))
    let to = min(end, from + 72)
    let before = (from > first ? "…" : "") + Self.shown(scalars[from..<place])
    let after = Self.shown(scalars[place..<to]) + (to < end ? "…" : "")
    let indent = String(repeating: " ", count: before.count)
    description = "  \(before)\(after)\n  \(indent)^"
  }

  private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  /// The text with a visible sign for whatever could move or hide what is printed.
  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    for scalar in scalars {
      text.unicodeScalars.append(
        scalar == " " || scalar == "\t" ? " " : isHarmless(scalar) ? scalar : "\u{FFFD}")
    }
    return text
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    QueryWord.isBareScalar(scalar) || QueryWord.isSign(scalar) || scalar == " "
  }

  /// A word of the user's in single quotes, cut and made harmless for a message of one line.
  static func quoted(_ word: String, limit: Int = 60) -> String {
    "'" + plain(word, limit: limit) + "'"
  }

  /// A word of the user's, cut and made harmless for a message of one line.
  static func plain(_ word: String, limit: Int = 60) -> String {
    let scalars = Array(word.unicodeScalars)
    return shown(scalars.prefix(limit)) + (scalars.count > limit ? "…" : "")
  }
}
