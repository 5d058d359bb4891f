public import SystemPackage

/// A sealed object that is on the disk.
public struct PublishedObject: Hashable, Sendable {
  /// Whether the object was there before.
  public enum Outcome: Hashable, Sendable {
    /// The bytes were written by this call.
    case written
    /// An object with the same bytes was there; nothing was added.
    case alreadyPresent
  }

  /// The SHA-256 of the bytes, from which the object's name is made.
  public let hash: ContentHash
  /// The length of the object.
  public let sizeInBytes: Int64
  /// Where it stands.
  public let path: FilePath
  /// Whether it was there before.
  public let outcome: Outcome
}

/// Puts bytes under `<root>/objects/ab/<hash>.<extension>`, completely or not at all.
///
/// The order of the calls is the promise: write a temporary file → make it read-only → sync it →
/// give it its name unless that is taken → sync the folders that hold the name. A crash before the
/// naming leaves a file in `tmp`; a crash after it leaves a whole object that no catalogue row
/// mentions. Both are swept up later, neither is ever read.
///
/// One writer at a time: the caller holds the `StoreLock`.
public struct ObjectPublisher: Sendable {
  /// The folder of the store.
  public let root: FilePath
  private let fileSystem: any FileSystem

  /// Publishes below `root` through `fileSystem`.
  public init(root: FilePath, on fileSystem: any FileSystem) {
    self.root = root
    self.fileSystem = fileSystem
  }

  /// Where unfinished files stand.
  public var temporaryFolder: FilePath { root.appending("tmp") }

  /// Where sealed objects stand, in one folder for each first byte of their hashes.
  public var objectFolder: FilePath { root.appending("objects") }

  /// Where the object with this hash stands, if it exists.
  ///
  /// - Precondition: `fileExtension` consists of 1 to 16 lower-case letters and digits.
  public func path(of hash: ContentHash, fileExtension: String) -> FilePath {
    precondition(
      (1...16).contains(fileExtension.utf8.count)
        && fileExtension.utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }, "An object's extension must be 1 to 16 lower-case letters and digits.")
    let name = hash.hexText
    return objectFolder.appending(String(name.prefix(2))).appending("\(name).\(fileExtension)")
  }

  /// Makes the folders for temporary files and for objects where they are missing.
  ///
  /// Durability: when this returns, both survive a power cut if `root` does.
  public func createFolders() throws(FileFault) {
    try createFolderIfMissing(temporaryFolder)
    try createFolderIfMissing(objectFolder)
    try fileSystem.syncDirectory(root)
  }

  /// Publishes an array of bytes; see the other method of this name.
  public func publish(
    _ bytes: [UInt8], fileExtension: String, temporaryName: String
  ) throws(FileFault) -> PublishedObject {
    try publish(
      bytes.span.bytes, fileExtension: fileExtension, temporaryName: temporaryName)
  }

  /// Publishes bytes under the name of their hash.
  ///
  /// Durability: when this returns, the object survives power loss. When it throws, the object is
  /// absent, or whole without being promised; the temporary file is gone, or the fault's
  /// `duringCleanup` says why it is still there.
  /// - Parameters:
  ///   - bytes: The whole object.
  ///   - fileExtension: What its name ends in: 1 to 16 lower-case letters and digits.
  ///   - temporaryName: A file name that nobody else uses at the same time, for instance made of
  ///     the process's number and a counter. There is no randomness inside.
  /// - Throws: `.alreadyExists` if the temporary name is taken (that file is left alone),
  ///   `.damaged` if the object's place holds other bytes, and the codes of a failing disk.
  /// - Precondition: `temporaryName` is one ordinary path component.
  public func publish(
    _ bytes: RawSpan, fileExtension: String, temporaryName: String
  ) throws(FileFault) -> PublishedObject {
    precondition(
      FilePath.Component(temporaryName)?.kind == .regular,
      "A temporary name must be one ordinary path component.")
    let hash = ContentHash(of: bytes)
    let target = path(of: hash, fileExtension: fileExtension)
    let temporary = temporaryFolder.appending(temporaryName)

    try writeTemporary(temporary, bytes: bytes)
    let outcome = try place(temporary, at: target, hash: hash)
    if outcome == .alreadyPresent {
      try fileSystem.remove(temporary)
      // Its writer synced it before naming it, but a person may have copied it here.
      try fileSystem.sync(target)
    }
    try syncFolders(of: target, outcome: outcome)
    return PublishedObject(
      hash: hash, sizeInBytes: Int64(bytes.byteCount), path: target, outcome: outcome)
  }

  private func writeTemporary(_ temporary: FilePath, bytes: RawSpan) throws(FileFault) {
    do throws(FileFault) {
      try fileSystem.write(bytes, toNew: temporary, permissions: .newFile)
      // Before the sync, so that the sync covers the mode as well: after a power cut a sealed
      // file must not be found writable.
      try fileSystem.setPermissions(.sealed, of: temporary)
      try fileSystem.sync(temporary)
    } catch {
      // A name that was taken belongs to somebody else.
      if error.code == .alreadyExists { throw error }
      throw removing(temporary, after: error)
    }
  }

  private func place(
    _ temporary: FilePath, at target: FilePath, hash: ContentHash
  ) throws(FileFault) -> PublishedObject.Outcome {
    do throws(FileFault) {
      try createFolderIfMissing(target.removingLastComponent())
      switch try fileSystem.rename(temporary, toNew: target) {
      case .renamed:
        return .written
      case .alreadyExists:
        let found = try ContentHash(ofFile: target, on: fileSystem)
        guard found == hash else { throw .damaged(target, found: found, expected: hash) }
        return .alreadyPresent
      }
    } catch {
      throw removing(temporary, after: error)
    }
  }

  private func syncFolders(
    of target: FilePath, outcome: PublishedObject.Outcome
  ) throws(FileFault) {
    do throws(FileFault) {
      try fileSystem.syncDirectory(target.removingLastComponent())
      // Always, not only after making the folder: an earlier process may have made it and died
      // before this line. Syncing a directory that has not changed costs next to nothing.
      try fileSystem.syncDirectory(objectFolder)
    } catch {
      // Quarantine: left in place, the next publication would find the object, sync again, and
      // could be told that all is well (a second sync may lie). An older object is not ours.
      throw outcome == .written ? removing(target, after: error) : error
    }
  }

  private func createFolderIfMissing(_ folder: FilePath) throws(FileFault) {
    do throws(FileFault) {
      try fileSystem.createDirectory(folder)
    } catch {
      guard error.code == .alreadyExists else { throw error }
      // A link here could lead out of the store.
      let kind = try fileSystem.status(of: folder).kind
      guard kind == .directory else {
        throw .notDirectory(kind, during: .createDirectory, at: folder)
      }
    }
  }

  /// Cleans up after a fault, and returns the fault with what the cleaning met.
  private func removing(_ path: FilePath, after fault: FileFault) -> FileFault {
    do throws(FileFault) {
      try fileSystem.remove(path)
      return fault
    } catch {
      return error.code == .notFound ? fault : fault.adding(duringCleanup: error)
    }
  }
}
