import GRDB
import SystemPackage

/// Changes a catalogue behind the store's back.
enum CatalogEdit {
  static func run(_ sql: String, in root: FilePath) throws {
    let queue = try DatabaseQueue(path: root.appending("catalog.sqlite").string)
    try queue.write { try $0.execute(sql: sql) }
  }
}
