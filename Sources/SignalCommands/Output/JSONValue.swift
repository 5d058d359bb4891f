/// A JSON document, as every `--json` answer is one.
///
///     let answer: JSONValue = ["dataset": "hapt", "version": 2, "bytes": .null]
///     print(answer.rendered(.pretty))
package enum JSONValue: Hashable, Sendable {
  /// Names and values, in the order in which they are written.
  case object([Member])
  /// Values in order.
  case array([JSONValue])
  /// A text.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// Any other number; NaN and infinities have no JSON form and are written as null.
  case real(Double)
  /// True or false.
  case bool(Bool)
  /// No value.
  case null

  /// A name and its value in an object.
  package struct Member: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The value.
    package let value: JSONValue

    /// Makes a member.
    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// How a document is laid out.
  package enum Layout: Hashable, Sendable {
    /// On one line, without spaces.
    case compact
    /// One value per line, indented by two spaces, with a line feed at the end.
    case pretty
  }

  /// The order of the members of objects.
  package enum Order: Hashable, Sendable {
    /// As the object was made.
    case given
    /// By name, in the order of Unicode scalars.
    case sorted
  }

  /// The document as text in UTF-8.
  ///
  /// Real numbers have as many digits as are needed to read the same number back. What could steer
  /// a terminal is written as `\u…`, which JSON reads as the same text.
  package func rendered(_ layout: Layout, order: Order = .given) -> String {
    var text = ""
    write(to: &text, layout: layout, order: order, indent: 0)
    if layout == .pretty { text += "\n" }
    return text
  }

  private func write(to text: inout String, layout: Layout, order: Order, indent: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let number): text += String(number)
    case .real(let number): text += number.isFinite ? "\(number)" : "null"
    case .string(let string): Self.write(string, to: &text)
    case .array(let values):
      Self.write(values, in: ("[", "]"), to: &text, layout, indent) { value, text in
        value.write(to: &text, layout: layout, order: order, indent: indent + 1)
      }
    case .object(let members):
      let ordered = order == .given ? members : members.sorted { Self.precedes($0.name, $1.name) }
      Self.write(ordered, in: ("{", "}"), to: &text, layout, indent) { member, text in
        Self.write(member.name, to: &text)
        text += layout == .pretty ? ": " : ":"
        member.value.write(to: &text, layout: layout, order: order, indent: indent + 1)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], in brackets: (String, String), to text: inout String, _ layout: Layout,
    _ indent: Int, _ write: (Element, inout String) -> Void
  ) {
    text += brackets.0
    for (position, element) in elements.enumerated() {
      if position > 0 { text += "," }
      if layout == .pretty { text += "\n" + String(repeating: "  ", count: indent + 1) }
      write(element, &text)
    }
    if layout == .pretty, !elements.isEmpty {
      text += "\n" + String(repeating: "  ", count: indent)
    }
    text += brackets.1
  }

  private static func precedes(_ one: String, _ other: String) -> Bool {
    one.unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where TerminalText.isUnsafe(scalar):
        // Scalars above U+FFFF are written as their two UTF-16 units.
        for unit in String(Character(scalar)).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// Makes an object in the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// Makes an array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Makes a text.
  package init(stringLiteral value: String) { self = .string(value) }
  /// Makes a whole number.
  package init(integerLiteral value: Int64) { self = .integer(value) }
  /// Makes a number.
  package init(floatLiteral value: Double) { self = .real(value) }
  /// Makes a truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue {
  /// A text, or null for none.
  package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  /// A whole number, or null for none.
  package static func optional(_ number: Int64?) -> JSONValue {
    number.map { .integer($0) } ?? .null
  }
  /// A number, or null for none.
  package static func optional(_ number: Double?) -> JSONValue { number.map { .real($0) } ?? .null }
  /// An array of texts.
  package static func strings(_ texts: some Sequence<String>) -> JSONValue {
    .array(texts.map { .string($0) })
  }
}
