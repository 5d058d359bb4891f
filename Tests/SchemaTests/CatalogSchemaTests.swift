import GRDB
import StoreSupport
import SystemPackage
import Testing
import VersionedStore

@Suite("schemas/catalog.sql")
struct CatalogSchemaTests {
  /// The statements that make what is in a database, in the order in which they were made; without
  /// what SQLite makes for itself.
  private static func statements(_ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT sql FROM sqlite_master
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY rowid
        """)
  }

  /// The catalogue of an empty store as SQL text.
  private static func dump() throws -> String {
    let folder = try StoreFolder()
    _ = try folder.create()
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(
      path: folder.root.appending("catalog.sqlite").string, configuration: configuration)
    return try queue.read { database in
      let identifier = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      let steps = try String.fetchAll(
        database, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
      let lines =
        [
          "-- The catalogue of an empty store, written by a test from the migrations and compared with "
            + "them\n-- byte for byte. Moments are in seconds since 1970, in universal time.",
          "PRAGMA application_id = \(identifier);",
        ] + (try statements(database)).map { "\($0);" }
        + steps.map { "INSERT INTO grdb_migrations VALUES ('\($0)');" }
      return lines.joined(separator: "\n\n") + "\n"
    }
  }

  @Test("is the dump of the catalogue that the migrations make, byte for byte")
  func dumped() throws {
    try Documents.expect(try Self.dump(), equals: "catalog.sql")
  }

  @Test("makes the same catalogue when any SQLite runs it")
  func runs() throws {
    let text = try Documents.text("catalog.sql")
    let queue = try DatabaseQueue()
    try queue.writeWithoutTransaction { try $0.execute(sql: text) }
    let found = try queue.read { try Self.statements($0) }
    let expected = try EmptyCatalog.inMemory().read { try Self.statements($0) }
    #expect(found == expected && found.count > 20)
  }

  @Test("has only tables that hold what their types say")
  func strict() throws {
    let tables = try EmptyCatalog.inMemory().read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT name, strict FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
            AND name <> 'grdb_migrations'
          """)
    }
    #expect(tables.count > 15)
    for table in tables { #expect(table["strict"] as Bool, "\(table["name"] as String)") }
  }
}
