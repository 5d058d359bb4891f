internal import GRDB

/// What one SQL statement needs besides its text: bound values, and the tables of its `WITH`.
///
/// Equal values share a number, so that a repeated part costs none.
struct QueryParameters {
  private(set) var values: [DatabaseValue] = []
  private var definitions: [String] = []
  private var numbers: [DatabaseValue: Int] = [:]

  /// The place-holder `?1`, `?2`, … for a value.
  mutating func bind(_ value: some DatabaseValueConvertible) -> String {
    let value = value.databaseValue
    if let number = numbers[value] {
      // Equal numbers of different type (3 and 3.0) count as one key; SQLite compares them equal too.
      return "?\(number)"
    }
    values.append(value)
    numbers[value] = values.count
    return "?\(values.count)"
  }

  /// Names a selection, so that the rest of the statement can use it as a table.
  mutating func define(_ selection: String) -> String {
    if let known = definitions.firstIndex(of: selection) { return "nested\(known)" }
    definitions.append(selection)
    return "nested\(definitions.count - 1)"
  }

  /// The beginning of the statement: `WITH` and the selections, or nothing.
  var with: String {
    let tables = definitions.enumerated().map { "nested\($0.offset) AS (\($0.element))" }
    return tables.isEmpty ? "" : "WITH " + tables.joined(separator: ", ") + "\n"
  }

  /// `(?1, ?2, …)`.
  mutating func bindList(_ values: [some DatabaseValueConvertible]) -> String {
    "(" + values.map { bind($0) }.joined(separator: ", ") + ")"
  }
}
