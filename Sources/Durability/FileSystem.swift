public import SystemPackage

/// The only door to the disk: everything that SignalStore creates, renames, syncs or removes goes
/// through a value of this type, so that tests can fail any single call or cut the power after it.
///
/// The calls are small on purpose. Each one is a step that a crash can fall before or after;
/// `ObjectPublisher` puts them in the one order that survives it.
///
/// Links: the last component of a path is never followed where a regular file is expected, and a
/// FIFO or a device is refused without waiting for it.
public protocol FileSystem: Sendable {
  /// Writes `bytes` to a file that must not exist yet.
  ///
  /// Durability: nothing is promised before `sync(_:)`; when it throws, a cut file may remain.
  /// - Parameters:
  ///   - bytes: The whole content of the file.
  ///   - path: Where the file is made.
  ///   - permissions: The mode of the new file, less the process's mask.
  /// - Throws: `.alreadyExists` if the path is taken (that file is left alone), `.noSpace` and the
  ///   other codes of `FileFault`.
  func write(
    _ bytes: RawSpan, toNew path: FilePath, permissions: FilePermissions
  ) throws(FileFault)

  /// Adds `bytes` at the end of a regular file that exists.
  ///
  /// Durability: nothing is promised before `sync(_:)`; when it throws, part of the bytes may have
  /// been added.
  func append(_ bytes: RawSpan, to path: FilePath) throws(FileFault)

  /// Waits until the content, length and mode of a regular file are on the disk.
  ///
  /// Durability: the file's *name* is not covered; that is `syncDirectory(_:)`. When it throws, the
  /// file must be treated as lost and written anew: a second sync may report success although the
  /// bytes are gone, so no implementation repeats one.
  func sync(_ path: FilePath) throws(FileFault)

  /// Gives a file a new name, unless that name is taken.
  ///
  /// Durability: the new name survives a power cut only after `syncDirectory(_:)`.
  /// - Returns: `.alreadyExists` if `target` was taken; then nothing has changed.
  func rename(
    _ source: FilePath, toNew target: FilePath
  ) throws(FileFault) -> RenameOutcome

  /// Puts a file in the place of another one, atomically, whether or not the place is taken.
  ///
  /// Durability: as for `rename(_:toNew:)`. Not for sealed objects, which are never replaced.
  func replace(_ target: FilePath, with source: FilePath) throws(FileFault)

  /// Waits until the names in a directory are on the disk.
  func syncDirectory(_ path: FilePath) throws(FileFault)

  /// Makes a directory whose parent exists.
  ///
  /// Durability: it survives a power cut only after `syncDirectory(_:)` of its parent.
  /// - Throws: `.alreadyExists` if the path is taken, whatever by.
  func createDirectory(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault)

  /// Removes a name that is not a directory.
  func remove(_ path: FilePath) throws(FileFault)

  /// Sets the mode of a regular file, exactly (the process's mask does not apply).
  func setPermissions(
    _ permissions: FilePermissions, of path: FilePath
  ) throws(FileFault)

  /// The paths of all names in a directory except `.` and `..`, sorted by their bytes.
  func contents(of directory: FilePath) throws(FileFault) -> [FilePath]

  /// What stands at a path; a link is reported, not followed.
  func status(of path: FilePath) throws(FileFault) -> FileStatus

  /// The whole content of a regular file.
  ///
  /// - Throws: `.tooLarge` before anything is read if the file is longer than `limitInBytes`,
  ///   `.notRegularFile` for links, directories, FIFOs and devices.
  func read(_ path: FilePath, limitInBytes: Int) throws(FileFault) -> [UInt8]

  /// The bytes of a regular file at the positions in `range`.
  ///
  /// - Throws: `.shortRead` if the file ends before the range does.
  func read(_ range: Range<Int64>, of path: FilePath) throws(FileFault) -> [UInt8]

  /// Hands over the content of a regular file piece by piece, in order, without holding it all.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - lengthInBytes: The length of every piece but the last.
  ///   - receive: Called with each piece; what it throws ends the reading.
  /// - Throws: `.shortRead` if the file ends before the length it had when it was opened.
  func readBlocks(
    of path: FilePath, lengthInBytes: Int,
    _ receive: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault)

  /// The bytes that a process without special rights may still write near `path`.
  func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64
}

/// What became of a rename that must not overwrite.
public enum RenameOutcome: Hashable, Sendable {
  /// The file has its new name.
  case renamed
  /// The new name was taken; nothing has changed.
  case alreadyExists
}

extension FileSystem {
  /// Writes an array of bytes to a file that must not exist yet.
  public func write(
    _ bytes: [UInt8], toNew path: FilePath, permissions: FilePermissions = .newFile
  ) throws(FileFault) {
    try write(bytes.span.bytes, toNew: path, permissions: permissions)
  }

  /// Adds an array of bytes at the end of a regular file that exists.
  public func append(_ bytes: [UInt8], to path: FilePath) throws(FileFault) {
    try append(bytes.span.bytes, to: path)
  }

  /// Makes a directory that its owner writes and others may look into.
  public func createDirectory(_ path: FilePath) throws(FileFault) {
    try createDirectory(path, permissions: .newDirectory)
  }

  /// Whether anything, a dangling link included, stands at `path`.
  public func exists(_ path: FilePath) throws(FileFault) -> Bool {
    do throws(FileFault) {
      _ = try status(of: path)
      return true
    } catch let fault {
      guard fault.code == .notFound else { throw fault }
      return false
    }
  }
}

extension FilePermissions {
  /// The mode of a file that is still being written: its owner's alone.
  public static var newFile: FilePermissions { [.ownerReadWrite] }

  /// The mode of a sealed file: everyone may read it, nobody may write it.
  public static var sealed: FilePermissions { [.ownerRead, .groupRead, .otherRead] }

  /// The mode of a directory that its owner writes and others may look into.
  public static var newDirectory: FilePermissions {
    [
      .ownerReadWriteExecute, .groupRead, .groupExecute, .otherRead, .otherExecute,
    ]
  }
}
