public import Durability
import GRDB
import SystemPackage

/// An object that lies on disk and is about to be named by the catalogue.
struct StoredObject: Hashable, Sendable {
  /// What an object holds.
  enum Kind: String, Sendable {
    case shard, view, split, model, checkpoint
  }

  let hash: String
  let kind: Kind
  let fileExtension: String
  let sizeInBytes: Int
  /// Whether this process wrote it; otherwise the store had it.
  let isNew: Bool

  /// Names the object in the catalogue; one that is named already stays as it is.
  func insert(in database: Database, now: Double) throws {
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO object (hash, kind, extension, sizeInBytes, created)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [hash, kind.rawValue, fileExtension, sizeInBytes, now])
  }
}

extension Store {
  /// Takes the right to write, or says who has it.
  ///
  /// - Parameter patiently: waits at least ten minutes, for work that must not be lost, such as
  ///   publishing a finished model.
  func writeLock(to action: String, patiently: Bool = false) throws(StoreError) -> StoreLock {
    let wait =
      patiently ? max(600, environment.waitInSeconds) : environment.waitInSeconds
    do throws(StoreLockError) {
      return try StoreLock.acquire(
        at: paths.lock, command: action, waitingUpTo: wait, time: environment.time)
    } catch {
      throw .lock(error, doing: action)
    }
  }

  /// Takes the right to work on a run, for as long as the result lives.
  /// - Throws: `.locked` if another process is at work on it.
  public func sitting(on run: Int) throws(StoreError) -> StoreLock {
    do throws(StoreLockError) {
      return try StoreLock.acquire(
        at: paths.temporary.appending("run-\(run).lock"), command: "train run \(run)",
        waitingUpTo: environment.waitInSeconds, time: environment.time)
    } catch {
      throw .lock(error, doing: "work on run \(run)")
    }
  }

  /// Puts bytes on disk in the order that makes them durable, before any row names them.
  ///
  /// The caller holds the write lock.
  func publish(
    _ bytes: [UInt8], kind: StoredObject.Kind, extension fileExtension: String
  ) throws(StoreError) -> StoredObject {
    do throws(FileFault) {
      let object = try ObjectPublisher(root: root, on: environment.fileSystem).publish(
        bytes, fileExtension: fileExtension, temporaryName: environment.freshName())
      return StoredObject(
        hash: object.hash.hexText, kind: kind, fileExtension: fileExtension,
        sizeInBytes: bytes.count, isNew: object.outcome == .written)
    } catch {
      throw .disk(error)
    }
  }

  /// The bytes of an object, checked against their hash.
  func readObject(
    hash: String, extension fileExtension: String, sizeInBytes: Int, neededBy: String
  ) throws(StoreError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileFault) {
      bytes = try environment.fileSystem.read(
        paths.object(hash, extension: fileExtension), limitInBytes: sizeInBytes)
    } catch {
      throw .damagedObject(hash, found: error.message, needed: neededBy)
    }
    let found = ContentHash(of: bytes).hexText
    guard found == hash else {
      throw .damagedObject(
        hash, found: "its bytes have SHA-256 \(found.prefix(12))…", needed: neededBy)
    }
    return bytes
  }
}
