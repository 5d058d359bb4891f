/// How many columns of a terminal text takes.
///
/// Wide East Asian characters and emoji take two columns, combining marks none. The ranges are the
/// blocks that are wide as a whole in Unicode's EastAsianWidth.txt (UAX #11); terminals differ on
/// rarer characters.
package enum DisplayWidth {
  /// The columns of a text on one line.
  package static func of(_ text: String) -> Int {
    // ASCII is what nearly all cells hold.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns of one character.
  package static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation || isWide(first) { return 2 }
    // U+FE0F asks for the coloured, wide form of a sign such as ☎.
    if character.unicodeScalars.contains("\u{FE0F}") && first.properties.isEmoji { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return 0
    default: return 1
    }
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
      0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
      0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,
      0x1F200...0x1F265, 0x1F300...0x1F320, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The text cut to a width, with `…` as its last column where something was cut off.
  ///
  /// The result may be one column narrower, when a wide character does not fit.
  package static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let next = used + of(character)
      if next > width - 1 { break }
      result.append(character)
      used = next
    }
    return result + "…"
  }

  /// The text with spaces before or after it up to a width.
  package static func padded(_ text: String, to width: Int, on side: Side) -> String {
    let spaces = String(repeating: " ", count: max(0, width - of(text)))
    return side == .before ? spaces + text : text + spaces
  }

  /// Where padding goes.
  package enum Side: Hashable, Sendable {
    /// The text ends at the right edge.
    case before
    /// The text begins at the left edge.
    case after
  }
}
