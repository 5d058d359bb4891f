import Durability
import GRDB
import SystemPackage

/// The SQLite catalogue of one store: the single authority on what is published.
///
/// One pool of connections for the life of the store; every connection checks foreign keys, writes
/// ahead (WAL) and syncs fully at commit.
final class Catalog: Sendable {
  /// "SigS", the application identifier in the header of the SQLite file.
  static let applicationIdentifier: Int64 = 0x5369_6753

  private let pool: any DatabaseReader & DatabaseWriter
  private let path: String

  /// Opens the catalogue at `path`, and brings it to the current format where `access` allows it.
  ///
  /// - Throws: `.newerFormat` if a later release wrote it, `.damaged` if it is no catalogue.
  init(at path: FilePath, access: Access) throws(StoreError) {
    self.path = path.string
    do {
      if access == .writing { try Self.refuseForeignFile(path.string) }
      pool = try Self.connect(path.string, access: access)
      try Self.checkFormat(of: pool, at: path.string, access: access)
    } catch {
      throw .catalogue(error, doing: "open the catalogue '\(path)'")
    }
  }

  private static func connect(_ path: String, access: Access) throws
    -> any DatabaseReader & DatabaseWriter
  {
    var configuration = Configuration()
    configuration.readonly = access == .reading
    configuration.busyMode = .timeout(10)
    configuration.label = "catalogue"
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
      try database.execute(sql: "PRAGMA cell_size_check = ON")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    if access == .writing {
      // Not above: GRDB chooses NORMAL itself once it has turned write-ahead logging on, and then the
      // last commits may be lost in a power cut.
      try pool.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
      }
    }
    return pool
  }

  /// Looks before a writing connection is opened, because that one would turn a file of another
  /// program to write-ahead logging.
  private static func refuseForeignFile(_ path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    configuration.label = "catalogue, before it is opened"
    do {
      try DatabaseQueue(path: path, configuration: configuration).read { database in
        guard try isOurs(database, access: .writing) else { throw foreign(path) }
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      // There is no file yet; or there is, and the writing connection will say the same.
    }
  }

  private static func isOurs(_ database: Database, access: Access) throws -> Bool {
    let identifier = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if identifier == applicationIdentifier { return true }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    return identifier == 0 && tables == 0 && access == .writing
  }

  private static func foreign(_ path: String) -> StoreError {
    StoreError(
      .damaged, subject: path,
      "Could not open the catalogue '\(path)': it is a SQLite file of another program. Name "
        + "another store with `--store`.")
  }

  private struct FormatFindings {
    let isOurs: Bool
    let isNewer: Bool
    let isOld: Bool
  }

  private static func checkFormat(
    of pool: any DatabaseReader & DatabaseWriter, at path: String, access: Access
  ) throws {
    let migrator = CatalogMigrations.migrator()
    let found = try pool.read { database in
      FormatFindings(
        isOurs: try isOurs(database, access: access),
        isNewer: try migrator.hasBeenSuperseded(database),
        isOld: try !migrator.hasCompletedMigrations(database))
    }
    guard found.isOurs else { throw foreign(path) }
    if found.isNewer { throw StoreError.newerFormat(path, found: "a later catalogue format") }
    if found.isOld {
      guard access == .writing else {
        throw StoreError(
          .newerFormat, subject: path,
          "Could not open the catalogue '\(path)': it has an older format. Open it once with a "
            + "command that writes, such as `signalstore init`.")
      }
      try pool.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
      }
      try migrator.migrate(pool)
    }
    try checkFlags(of: pool, at: path, access: access)
  }

  private static func checkFlags(
    of pool: any DatabaseReader & DatabaseWriter, at path: String, access: Access
  ) throws {
    let flags = try pool.read { database in
      try Row.fetchOne(database, sql: "SELECT readerFlags, writerFlags FROM store")
        .map { (reader: $0["readerFlags"] as Int64, writer: $0["writerFlags"] as Int64) }
    }
    guard let flags else { return }
    if let flag = FeatureFlags.firstUnknown(inReaderFlags: flags.reader) {
      throw StoreError.newerFormat(path, found: "the reader feature with flag \(flag)")
    }
    if access == .writing, let flag = FeatureFlags.firstUnknown(inWriterFlags: flags.writer) {
      throw StoreError.newerFormat(path, found: "the writer feature with flag \(flag)")
    }
  }

  /// Reads one consistent state of the catalogue.
  func read<Result>(_ action: String, _ body: (Database) throws -> Result) throws(StoreError)
    -> Result
  {
    do {
      return try pool.read(body)
    } catch {
      throw .catalogue(error, doing: action)
    }
  }

  /// Writes in one transaction: all of it is durable when this returns, none of it when it throws.
  func write<Result>(_ action: String, _ body: (Database) throws -> Result) throws(StoreError)
    -> Result
  {
    do {
      return try pool.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        guard let result else { preconditionFailure("A committed transaction has a result.") }
        return result
      }
    } catch {
      throw .catalogue(error, doing: action)
    }
  }
}

/// What a store is opened for.
public enum Access: Sendable {
  /// Only looking.
  case reading
  /// Looking and publishing.
  case writing
}
