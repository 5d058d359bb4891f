package import GRDB

/// A catalogue without a store, for tests and measurements of queries.
package enum EmptyCatalog {
  /// A catalogue of the current format that lives in memory and dies with the queue.
  ///
  /// - Throws: `DatabaseError` when SQLite has no memory left.
  package static func inMemory() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try CatalogMigrations.migrator().migrate(queue)
    return queue
  }

  /// A catalogue of the current format in a file.
  ///
  /// - Throws: `DatabaseError` when the file cannot be made.
  package static func file(at path: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path)
    try CatalogMigrations.migrator().migrate(queue)
    return queue
  }
}
