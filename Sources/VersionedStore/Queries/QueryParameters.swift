internal import GRDB

/// The values of one SQL statement; equal ones share a number, so that a repeated part costs none.
struct QueryParameters {
  private(set) var values: [DatabaseValue] = []
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

  /// `(?1, ?2, …)`.
  mutating func bindList(_ values: [some DatabaseValueConvertible]) -> String {
    "(" + values.map { bind($0) }.joined(separator: ", ") + ")"
  }
}
