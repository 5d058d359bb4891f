import GRDB
import SystemPackage

/// Changes a catalogue behind the store's back.
enum CatalogEdit {
  static func run(_ sql: String, in root: FilePath) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(
      path: root.appending("catalog.sqlite").string, configuration: configuration)
    try queue.write { try $0.execute(sql: sql) }
  }
}
