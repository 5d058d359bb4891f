package import GRDB
internal import GRDBSQLite

/// Read-only SQL of the user's over the documented views of the catalogue.
///
/// The tables behind the views may change from one format to the next; the views keep their names
/// and columns. So a statement may read the views and nothing else. SQLite tells a base table that
/// is read through a view from one that is named in the statement only to its authorizer, and GRDB
/// needs the authorizer of its connections for itself. The statement is therefore compiled twice:
/// first on a twin, a database in memory that has the views' names and columns as empty tables
/// and nothing more, under an authorizer that permits reading those and calling harmless functions;
/// then on the catalogue.
package enum SQLQuery {
  /// The views that a statement may read.
  package static let views = ["versions", "runs", "metrics", "settings", "recordings"]
  /// An answer may have this many rows.
  package static let rowLimit = 100_000
  /// An answer may have this many bytes of text.
  package static let textLimitInBytes = 64 << 20
  /// A single text or blob may have this many bytes while a statement runs: SQLite checks the time
  /// between its steps, and `hex(zeroblob(1e9))` is one step.
  private static let valueLimitInBytes: CInt = 16 << 20

  /// Answers one SELECT.
  ///
  /// - Parameters:
  ///   - text: the statement; a semicolon at its end is allowed.
  ///   - database: the catalogue.
  ///   - timeLimitInSeconds: after this time the statement is stopped.
  /// - Throws: `QueryError` with the code `.notPermitted`, `.sql`, `.timeLimit` or
  ///   `.answerTooLarge`.
  package static func run(
    _ text: String, in database: Database, timeLimitInSeconds: Double = 5
  ) throws -> QueryResult {
    guard text.utf8.count <= QueryLexer.limitInBytes else {
      throw QueryError.tooLong(text, limitInBytes: QueryLexer.limitInBytes)
    }
    try SQLTwin.check(text, against: database)
    let oldLimit = sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, valueLimitInBytes)
    let deadline = SQLDeadline(in: timeLimitInSeconds)
    deadline.watch(database)
    defer {
      SQLDeadline.unwatch(database)
      sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, oldLimit)
    }
    do {
      return try withExtendedLifetime(deadline) { try fetch(text, in: database) }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
      throw QueryError.sqlTooSlow(text, limitInSeconds: timeLimitInSeconds)
    } catch let error as DatabaseError {
      throw QueryError.sqlFailed(text, answer: error.message ?? "\(error.resultCode)")
    }
  }

  private static func fetch(_ text: String, in database: Database) throws -> QueryResult {
    let statement = try database.makeStatement(sql: text)
    guard statement.isReadonly else {
      throw QueryError.sqlRefused(text, because: "the statement would change the catalogue")
    }
    var rows: [[QueryValue]] = []
    var textInBytes = 0
    let cursor = try Row.fetchCursor(statement)
    while let row = try cursor.next() {
      guard rows.count < rowLimit else {
        throw QueryError.sqlAnswerTooLarge(text, limit: "\(rowLimit) rows")
      }
      let values = Array(row.databaseValues.map { QueryValue($0) })
      for case .text(let value) in values { textInBytes += value.utf8.count }
      guard textInBytes <= textLimitInBytes else {
        throw QueryError.sqlAnswerTooLarge(text, limit: "\(textLimitInBytes >> 20) MiB of text")
      }
      rows.append(values)
    }
    return QueryResult(columns: statement.columnNames, rows: rows)
  }
}

/// Stops a statement of a connection when its time is over.
private final class SQLDeadline {
  private let end: ContinuousClock.Instant

  init(in seconds: Double) { end = .now + .seconds(max(0, min(seconds, 86_400))) }

  /// Has SQLite ask every 1000 steps of its machine, which is every few microseconds.
  ///
  /// - Precondition: the deadline lives until `unwatch(_:)`.
  func watch(_ database: Database) {
    sqlite3_progress_handler(
      database.sqliteConnection, 1000,
      { context in
        guard let context else { return 0 }
        let deadline = Unmanaged<SQLDeadline>.fromOpaque(context).takeUnretainedValue()
        return ContinuousClock.now >= deadline.end ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  static func unwatch(_ database: Database) {
    sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
  }
}
