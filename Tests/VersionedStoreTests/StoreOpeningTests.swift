import Durability
import Foundation
import GRDB
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// Changes the catalogue behind the store's back.
func editCatalogue(of root: FilePath, _ statements: String...) throws {
  let queue = try DatabaseQueue(path: root.appending("catalog.sqlite").string)
  try queue.writeWithoutTransaction { database in
    try database.execute(sql: "PRAGMA foreign_keys = OFF")
    for statement in statements { try database.execute(sql: statement) }
  }
}

@Suite("A store")
struct StoreOpeningTests {
  @Test("is made in a folder that is missing or empty, and can then be opened")
  func made() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    #expect(store.root == folder.root)
    #expect(try store.datasets().isEmpty)
    #expect(try folder.open(for: .reading).datasets().isEmpty)
    let empty = StoreFolder(try TemporaryDirectory(on: .memory))
    _ = try empty.create()
    #expect(try empty.open().datasets().isEmpty)
  }

  @Test("is not made twice")
  func twice() throws {
    let folder = try StoreFolder()
    try folder.create().commit([RecordingSketch("a")])
    expectStoreError(
      .alreadyExists,
      saying:
        "Could not make a store in '\(folder.root)': there is one already. Use it as it is, or "
        + "choose another folder with `--store`."
    ) { _ = try folder.create() }
    #expect(try folder.open().datasets().map(\.name) == ["daily"])
  }

  @Test("is not made in a folder that holds other files, which stay as they are")
  func otherFiles() throws {
    let folder = try TemporaryDirectory(on: .memory)
    try LocalFileSystem().write([1, 2, 3], toNew: folder.appending("thesis.tex"))
    let before = try DiskSnapshot(of: folder.path)
    expectStoreError(
      .alreadyExists,
      saying:
        "Could not make a store in '\(folder.path)': the folder holds other files. Choose a new "
        + "or empty folder with `--store`."
    ) { _ = try StoreFolder(folder).create() }
    #expect(try DiskSnapshot(of: folder.path) == before)
  }

  @Test("is not made where there is no folder to make it in")
  func noParent() throws {
    let folder = try StoreFolder(named: "missing/store")
    let error = expectStoreError(.notFound) { _ = try folder.create() }
    #expect(error?.message.contains("missing/store") == true)
  }

  @Test("is not opened where there is none")
  func none() throws {
    let folder = try StoreFolder()
    for access in [Access.reading, .writing] {
      expectStoreError(
        .notAStore,
        saying:
          "Could not open the store '\(folder.root)': there is no catalogue in it. Make a store "
          + "with `signalstore init`, or name another with `--store`."
      ) { _ = try folder.open(for: access) }
    }
    #expect(try LocalFileSystem().exists(folder.root) == false)
  }

  @Test(
    "is not opened in a SQLite file of another program, which stays as it is to the byte",
    arguments: [Access.reading, .writing], [0, 0x1234_5678])
  func otherProgram(access: Access, identifier: Int) throws {
    let folder = try TemporaryDirectory(on: .memory)
    let path = folder.appending("catalog.sqlite")
    let queue = try DatabaseQueue(path: path.string)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA application_id = \(identifier)")
      try database.execute(sql: "CREATE TABLE bookmark (url TEXT)")
    }
    try queue.close()
    let before = try DiskSnapshot(of: folder.path)
    expectStoreError(
      .damaged,
      saying:
        "Could not open the catalogue '\(path)': it is a SQLite file of another program. Name "
        + "another store with `--store`."
    ) { _ = try StoreFolder(folder).open(for: access) }
    #expect(try DiskSnapshot(of: folder.path) == before)
  }

  @Test(
    "is not opened where the catalogue is no SQLite file", arguments: [Access.reading, .writing])
  func noSQLite(access: Access) throws {
    let folder = try TemporaryDirectory(on: .memory)
    let path = folder.appending("catalog.sqlite")
    try LocalFileSystem().write([UInt8](repeating: 0x41, count: 4096), toNew: path)
    expectStoreError(
      .damaged,
      saying: "Could not open the catalogue '\(path)': file is not a database. Run `signalstore "
        + "verify`, and restore the catalogue from a copy."
    ) { _ = try StoreFolder(folder).open(for: access) }
  }

  @Test("of a newer release is refused politely, for reading and for writing")
  func newerReaderFlag() throws {
    let folder = try StoreFolder()
    try folder.create().commit([RecordingSketch("a")])
    try editCatalogue(of: folder.root, "UPDATE store SET readerFlags = 8")
    for access in [Access.reading, .writing] {
      expectStoreError(
        .newerFormat,
        saying:
          "Could not open the store '\(folder.root)/catalog.sqlite': it needs the reader feature "
          + "with flag 8, which this build does not know. Update signalstore."
      ) { _ = try folder.open(for: access) }
    }
  }

  @Test("with a newer feature for writers can still be read")
  func newerWriterFlag() throws {
    let folder = try StoreFolder()
    let version = try folder.create().commit([RecordingSketch("a")]).version
    try editCatalogue(of: folder.root, "UPDATE store SET writerFlags = 6")
    #expect(try folder.open(for: .reading).versions(of: version.dataset) == [version])
    expectStoreError(
      .newerFormat,
      saying:
        "Could not open the store '\(folder.root)/catalog.sqlite': it needs the writer feature "
        + "with flag 2, which this build does not know. Update signalstore."
    ) { _ = try folder.open(for: .writing) }
  }

  @Test("that a later release has migrated is refused politely and left alone")
  func laterMigration() throws {
    let folder = try StoreFolder()
    try folder.create().commit([RecordingSketch("a")])
    try editCatalogue(of: folder.root, "INSERT INTO grdb_migrations VALUES ('9 of the future')")
    for access in [Access.reading, .writing] {
      expectStoreError(
        .newerFormat,
        saying:
          "Could not open the store '\(folder.root)/catalog.sqlite': it needs a later catalogue "
          + "format, which this build does not know. Update signalstore."
      ) { _ = try folder.open(for: access) }
    }
    try editCatalogue(of: folder.root, "DELETE FROM grdb_migrations WHERE identifier LIKE '9%'")
    #expect(try folder.open().datasets().count == 1)
  }

  @Test("of an older format is brought up to date by a command that writes, and by no other")
  func olderFormat() throws {
    let folder = try TemporaryDirectory(on: .memory)
    let path = folder.appending("catalog.sqlite")
    let queue = try DatabaseQueue(path: path.string)
    try queue.writeWithoutTransaction { database in
      // "SigS", with nothing in it yet: the state between the first two steps of `create`.
      try database.execute(sql: "PRAGMA application_id = 1399416659")
    }
    try queue.close()
    let store = StoreFolder(folder)
    expectStoreError(
      .newerFormat,
      saying: "Could not open the catalogue '\(path)': it has an older format. Open it once with a "
        + "command that writes, such as `signalstore init`."
    ) { _ = try store.open(for: .reading) }
    _ = try store.create()
    #expect(try store.open(for: .reading).datasets().isEmpty)
  }

  @Test("that was opened for reading refuses to write")
  func readOnly() throws {
    let folder = try StoreFolder()
    try folder.create().commit([RecordingSketch("a")])
    let reader = try folder.open(for: .reading)
    let version = try reader.version(try VersionReference("daily"))
    expectStoreError(
      .permission,
      saying:
        "Could not tag 'daily@1': attempt to write a readonly database. Check the permissions of "
        + "the store's folder."
    ) { _ = try reader.tag(version, as: try DatasetName("paper")) }
  }

  @Test("can be opened many times at once, and every handle sees what another publishes")
  func manyHandles() throws {
    let folder = try StoreFolder()
    let writer = try folder.create()
    let readers = try (0..<4).map { _ in try folder.open(for: .reading) }
    for number in 1...3 {
      try writer.commit([RecordingSketch("r\(number)")])
      for reader in readers {
        #expect(try reader.version(try VersionReference("daily")).number == number)
      }
    }
  }
}
