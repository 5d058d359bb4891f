/// Rows of comma-separated values as RFC 4180 writes them, with LF line ends.
package struct CSVText {
  /// The text so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty text.
  package init() {}

  /// Adds a row.
  package mutating func row(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: Self.quoted(field).utf8)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// A number with all its digits; nothing where it is missing.
  package static func field(_ value: Float) -> String {
    value.isNaN ? "" : "\(value)"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else {
      return field
    }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
