extension String {
  /// The text between single quotes as one line that a terminal can show: control characters are
  /// written as `\u{1b}`, long text is cut in the middle.
  ///
  /// Names and cells come from foreign files; they must not be able to move the cursor.
  func quoted(limitInCharacters limit: Int = 80) -> String {
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    if shown.count > limit {
      shown = "\(shown.prefix(limit / 2))…\(shown.suffix(limit / 2))"
    }
    return "'\(shown)'"
  }
}

/// "1 line", "2 lines".
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
