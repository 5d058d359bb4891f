extension OpportunityColumns {
  /// The name of the file beside the logs.
  public static let fileName = "column_names.txt"

  /// Reads a list in the form of the official one.
  ///
  /// Lines that begin with `Column:` hold a number from 1 to 250, a name, and for sensors `; value
  /// = …, unit = …`; other lines are headings. Line ends are LF or CR LF, the last may be missing.
  /// - Throws: `.badCompanion` where the columns are not exactly 1 to 250.
  public init(text: String, subject: String = fileName) throws(ImportError) {
    var found: [Int: Column] = [:]
    var lineNumber = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      lineNumber += 1
      guard line.hasPrefix("Column:") else { continue }
      let body = line.dropFirst("Column:".count).drop { $0 == " " }
      let digits = body.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), (1...Self.count).contains(number) else {
        throw .companion(
          subject, found: "line \(lineNumber) has no column number from 1 to 250",
          expected: "one is")
      }
      let column = Self.column(described: body.dropFirst(digits.count))
      guard !column.name.isEmpty else {
        throw .companion(
          subject, found: "column \(number) in line \(lineNumber) has no name", expected: "one is")
      }
      guard found.updateValue(column, forKey: number) == nil else {
        throw .companion(
          subject, found: "column \(number) stands there twice", expected: "once is")
      }
    }
    let columns = (1...Self.count).compactMap { found[$0] }
    guard let complete = OpportunityColumns(columns) else {
      let missing = (1...Self.count).first { found[$0] == nil } ?? 1
      throw .companion(
        subject, found: "\(counted(columns.count, "column")) and not column \(missing)",
        expected: "all of 1 to 250 are")
    }
    self = complete
  }

  private static func column(described text: Substring) -> Column {
    let parts = text.split(separator: ";", maxSplits: 1)
    let name = parts.first.map(trimmed) ?? ""
    guard parts.count == 2 else { return Column(name: name) }
    // The unit is the last field: formulas have no commas, but names of units might.
    let fields = parts[1].split(separator: ",", maxSplits: 1).map(trimmed)
    let formula = fields.first.flatMap { value(of: "value", in: $0) } ?? ""
    let unit = fields.last.flatMap { value(of: "unit", in: $0) } ?? ""
    return Column(name: name, formula: formula, unit: unit)
  }

  private static func value(of key: String, in field: String) -> String? {
    let sides = field.split(separator: "=", maxSplits: 1).map(trimmed)
    return sides.count == 2 && sides[0] == key ? sides[1] : nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// The list in the form of the official one, with LF and without an end of the last line.
  public var text: String {
    func line(_ index: Int) -> String {
      let column = columns[index]
      let head = "Column: \(index + 1) \(column.name)"
      if column.formula.isEmpty, column.unit.isEmpty { return head }
      return "\(head); value = \(column.formula), unit = \(column.unit)"
    }
    let sensors = (0..<Self.labelRange.lowerBound).map(line)
    let labels = Self.labelRange.map(line)
    return (["Data columns:", ""] + sensors + ["", "Label columns: ", ""] + labels)
      .joined(separator: "\n")
  }
}
