import Testing

/// Expects an answer to have all promised members.
func expectKeys(
  _ promised: Set<String>, in answer: JSON, sourceLocation: SourceLocation = #_sourceLocation
) {
  let absent = promised.subtracting(answer.names).sorted()
  #expect(absent.isEmpty, "promised members are absent", sourceLocation: sourceLocation)
}

/// Expects a text to be a SHA-256 in hexadecimal digits.
func expectHash(_ value: JSON, sourceLocation: SourceLocation = #_sourceLocation) {
  let digits = value.text.map(Array.init) ?? []
  #expect(
    digits.count == 64 && digits.allSatisfy { $0.isHexDigit && !$0.isUppercase },
    "\(value) is no SHA-256", sourceLocation: sourceLocation)
}

/// Expects a sentence to have a form, for those with numbers that depend on the machine.
func expectWords(
  _ words: String, like pattern: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let found = try Regex(pattern).wholeMatch(in: words)
  #expect(found != nil, "'\(words)' is not like '\(pattern)'", sourceLocation: sourceLocation)
}
