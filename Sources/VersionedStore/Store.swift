import Durability
import GRDB
public import SystemPackage

/// A versioned feature store: a folder of immutable HDF5 objects and the catalogue that names them.
///
/// Everything that is published goes through the one order of schemas/store-layout.md; the
/// transaction in the catalogue is the only thing that makes it visible.
public final class Store: Sendable {
  /// The folder.
  public let root: FilePath
  package let environment: StoreEnvironment
  let paths: StorePaths
  let catalog: Catalog

  init(root: FilePath, environment: StoreEnvironment, access: Access) throws(StoreError) {
    self.root = root
    self.environment = environment
    paths = StorePaths(root: root)
    catalog = try Catalog(at: paths.catalogue, access: access)
  }

  /// Makes an empty store in a folder that does not exist yet or is empty.
  ///
  /// Durability: when this returns, the store survives power loss. When it throws, the folder may
  /// hold an unfinished store, which the next call completes.
  /// - Throws: `.alreadyExists` if there is a store or the folder holds other files.
  @discardableResult
  public static func create(
    at root: FilePath, environment: StoreEnvironment
  ) throws(StoreError) -> Store {
    let paths = StorePaths(root: root)
    let files = environment.fileSystem
    do throws(FileFault) {
      if !(try files.exists(root)) {
        try files.createDirectory(root)
        let parent = root.removingLastComponent()
        try files.syncDirectory(parent.isEmpty ? "." : parent)
      }
    } catch {
      throw .disk(error)
    }
    try checkIsOurs(paths, on: files)
    do throws(FileFault) {
      for folder in [paths.objects, paths.temporary] where !(try files.exists(folder)) {
        try files.createDirectory(folder)
      }
    } catch {
      throw .disk(error)
    }
    let store = try Store(root: root, environment: environment, access: .writing)
    let isNew = try store.catalog.write("make the store '\(root)'") { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO store (id, identity, readerFlags, writerFlags, created)
          VALUES (1, ?, 0, 0, ?)
          """,
        arguments: [environment.freshName(), environment.time.secondsSince1970])
      return database.changesCount > 0
    }
    guard isNew else { throw .alreadyAStore(root.string) }
    do throws(FileFault) {
      try files.syncDirectory(root)
    } catch {
      throw .disk(error)
    }
    return store
  }

  /// A folder with anything but the beginnings of a store is left alone.
  private static func checkIsOurs(
    _ paths: StorePaths, on files: any FileSystem
  ) throws(StoreError) {
    let entries: [FilePath]
    do throws(FileFault) {
      entries = try files.contents(of: paths.root)
    } catch {
      throw .disk(error)
    }
    let names = entries.map { $0.lastComponent?.string ?? "" }
    let ours = ["objects", "tmp", "store.lock"]
    guard names.allSatisfy({ ours.contains($0) || $0.hasPrefix("catalog.sqlite") }) else {
      throw .notEmpty(paths.root.string)
    }
  }

  /// Opens a store.
  ///
  /// - Throws: `.notAStore`, `.newerFormat`, `.damaged`, or a failure of the disk.
  public static func open(
    _ root: FilePath, for access: Access, environment: StoreEnvironment
  ) throws(StoreError) -> Store {
    let paths = StorePaths(root: root)
    let isThere: Bool
    do throws(FileFault) {
      isThere = try environment.fileSystem.exists(paths.catalogue)
    } catch {
      throw .disk(error)
    }
    guard isThere else { throw .notAStore(root.string) }
    return try Store(root: root, environment: environment, access: access)
  }
}
