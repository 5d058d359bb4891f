/// Makes text safe to print: names come from data, and data can come from anyone.
package enum TerminalText {
  /// The text with everything written out that could steer a terminal or reorder what is shown:
  /// control characters, terminal escapes, line and paragraph separators, marks of writing
  /// direction, invisible tags.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isUnsafe(scalar):
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a scalar may move the cursor, change colours, hide or reorder text.
  package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true  // C0, DEL and C1
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // direction
    case 0x2028, 0x2029: true  // separators
    // The joiner U+200D stays: emoji of several people are made of it.
    case 0x200B, 0x2060...0x2064, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true  // invisible
    case 0xE0000...0xE0FFF: true  // tags and variation selectors beyond the usual ones
    default: false
    }
  }
}

/// Whether and how output is coloured.
package struct TerminalStyle: Hashable, Sendable {
  /// What a colour stands for; the terminal's own palette decides how it looks.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// The heading of a table.
    case heading = "1"
    /// Something done or found to be right.
    case good = "32"
    /// Something to look at.
    case warning = "33"
    /// Something wrong.
    case bad = "31"
    /// Something of less weight.
    case faint = "2"
  }

  /// Whether colours are written at all.
  package let isColored: Bool

  /// A style without colours.
  package static let plain = TerminalStyle(isColored: false)

  /// Makes a style that colours or does not.
  package init(isColored: Bool) { self.isColored = isColored }

  /// Decides by the usual rules: colours go only to a terminal that can show them, and neither
  /// `--no-color` nor a variable `NO_COLOR` with any content (https://no-color.org) was given.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the output goes to a terminal.
  ///   - environment: the variables of the process.
  ///   - isRefused: whether `--no-color` was given.
  package init(isTerminal: Bool, environment: [String: String], isRefused: Bool) {
    let isVetoed = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isColored = isTerminal && !isRefused && !isVetoed && environment["TERM"] != "dumb"
  }

  /// The text in the colour of a role; the text itself must be safe already.
  package func styled(_ text: String, as role: Role) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}
