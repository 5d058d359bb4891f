/// A value in the answer to a query.
public enum QueryValue: Hashable, Sendable {
  /// A name, a word, or a time as `2026-01-31T10:00:00Z`.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// Any other number.
  case real(Double)
  /// The run has no such value.
  case null
}

/// The answer to a query: a table.
public struct QueryResult: Hashable, Sendable {
  /// The names of the columns.
  public let columns: [String]
  /// The rows, each with one value for every column.
  public let rows: [[QueryValue]]
  /// What the user may want to know, one sentence each: a name that nothing in the store has, with
  /// the near one.
  public let notes: [String]

  /// Makes an answer.
  public init(columns: [String], rows: [[QueryValue]], notes: [String] = []) {
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}
