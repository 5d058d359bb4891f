import GRDB
import SystemPackage
import TestSupport

/// All rows of a catalogue as text, so that two states can be compared.
enum CatalogDump {
  /// Names that are drawn anew by every process; they say nothing about what was published.
  private static let drawn: Set<String> = ["identity", "lineage"]

  /// One line for each row of each table of the store in a snapshot.
  static func lines(of snapshot: DiskSnapshot) throws -> [String] {
    let folder = try snapshot.materialised()
    return try lines(of: folder.path)
  }

  /// One line for each row of each table, in a fixed order.
  static func lines(of root: FilePath) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(
      path: root.appending("catalog.sqlite").string, configuration: configuration)
    return try queue.read { database in
      let tables = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      return try tables.flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \"\(table)\"").map { row in
          let values = row.filter { !drawn.contains($0.0) }.map { "\($0.0)=\($0.1)" }
          return "\(table): \(values.joined(separator: " "))"
        }.sorted()
      }
    }
  }
}
