internal import GRDB
internal import GRDBSQLite

/// A database with the columns of the documented views and nothing else, to try statements on.
enum SQLTwin {
  /// Compiles a statement on a twin of the catalogue and throws when it asks for more than to read
  /// the views.
  static func check(_ text: String, against catalog: Database) throws {
    let tables = try SQLQuery.views.map { view in
      let columns = try catalog.columns(in: view).map { $0.name.quotedDatabaseIdentifier }
      return "CREATE TABLE \(view) (\(columns.joined(separator: ", ")))"
    }
    let permission = SQLPermission()
    try withExtendedLifetime(permission) {
      let twin = try DatabaseQueue()
      try twin.inDatabase { database in
        for table in tables { try database.execute(sql: table) }
        permission.virtualTables = try Set(
          String.fetchAll(database, sql: "SELECT name FROM pragma_module_list"))
        // SQLite sets these two up at their first use, which the authorizer would take for writing.
        try database.execute(sql: "SELECT 1 FROM json_each('[]'), json_tree('[]')")
        permission.install(on: database)
        // The twin dies here, so nobody misses the authorizer that GRDB had on it.
        try compile(text, on: database, under: permission)
      }
    }
  }

  private static func compile(
    _ text: String, on database: Database, under permission: SQLPermission
  ) throws {
    do {
      let statement = try database.makeStatement(sql: text)
      guard statement.isReadonly, permission.sawSelect else {
        throw QueryError.sqlRefused(text, because: "the statement is no SELECT")
      }
    } catch let error as DatabaseError {
      if let refused = permission.refused {
        throw QueryError.sqlRefused(text, because: "\(refused) is not permitted")
      }
      if error.resultCode == .SQLITE_MISUSE || error.message == "empty statement" {
        throw QueryError.sqlRefused(text, because: "it is empty or has several statements")
      }
      throw QueryError.sqlFailed(text, answer: error.message ?? "\(error.resultCode)")
    }
  }
}

/// Decides, while SQLite compiles a statement, what it may do.
private final class SQLPermission {
  var virtualTables: Set<String> = []
  /// The first thing that was refused, in words.
  private(set) var refused: String?
  private(set) var sawSelect = false

  /// - Precondition: the permission lives as long as the connection compiles statements.
  func install(on database: Database) {
    sqlite3_set_authorizer(
      database.sqliteConnection,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let permission = Unmanaged<SQLPermission>.fromOpaque(context).takeUnretainedValue()
        return permission.answer(
          action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func answer(_ action: CInt, _ first: String?, _ second: String?) -> CInt {
    switch action {
    case SQLITE_SELECT:
      sawSelect = true
      return SQLITE_OK
    case SQLITE_RECURSIVE: return SQLITE_OK
    case SQLITE_READ: return mayRead(first ?? "") ? SQLITE_OK : deny("reading '\(first ?? "")'")
    case SQLITE_FUNCTION:
      let name = (second ?? "").lowercased()
      return Self.functions.contains(name) ? SQLITE_OK : deny("the function '\(name)'")
    default: return deny("anything but reading")
    }
  }

  private func deny(_ what: String) -> CInt {
    if refused == nil { refused = what }
    return SQLITE_DENY
  }

  /// The twin has only the views' tables; what else has a name here are tables of SQLite itself and
  /// the statement's own `WITH` tables.
  private func mayRead(_ table: String) -> Bool {
    let name = table.lowercased()
    if name == "json_each" || name == "json_tree" { return true }
    return !name.hasPrefix("sqlite_") && !name.hasPrefix("pragma_")
      && !virtualTables.contains(name)
  }

  /// Functions that compute from their arguments; what is not listed (loading extensions, files,
  /// the log) is refused.
  private static let functions: Set<String> = Set(
    """
    abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos \
    cosh count cume_dist date datetime degrees dense_rank exp first_value floor format \
    group_concat hex ifnull iif instr json json_array json_array_length json_error_position \
    json_extract json_group_array json_group_object json_insert json_object json_patch json_quote \
    json_remove json_replace json_set json_type json_valid julianday lag last_value lead length \
    like likelihood likely ln log log10 log2 lower ltrim max min mod nth_value ntile nullif \
    octet_length percent_rank pi pow power printf quote radians random randomblob rank replace \
    round row_number rtrim sign sin sinh sqrt strftime string_agg substr substring sum tan tanh \
    time timediff total trim trunc typeof unhex unicode unixepoch unlikely upper zeroblob glob -> \
    ->>
    """.split(separator: " ").map(String.init))
}
