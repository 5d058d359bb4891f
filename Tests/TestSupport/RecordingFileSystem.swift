public import Durability
internal import Synchronization
public import SystemPackage

/// Passes every call on and keeps a list of the changes that succeeded.
public final class RecordingFileSystem: FileSystem {
  private let base: any FileSystem
  private let recorded = Mutex<[FileOperation]>([])

  /// Records what is done to `base`.
  public init(_ base: any FileSystem = LocalFileSystem()) {
    self.base = base
  }

  /// The changes so far, in order.
  public var operations: [FileOperation] { recorded.withLock { $0 } }

  private func record(_ operation: FileOperation) {
    recorded.withLock { $0.append(operation) }
  }

  /// Writes and records.
  public func write(
    _ bytes: RawSpan, toNew path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    try base.write(bytes, toNew: path, permissions: permissions)
    record(.write(path, bytes: copy(bytes), permissions: permissions))
  }

  /// Adds and records.
  public func append(_ bytes: RawSpan, to path: FilePath) throws(FileFault) {
    try base.append(bytes, to: path)
    record(.append(path, bytes: copy(bytes)))
  }

  /// Syncs and records.
  public func sync(_ path: FilePath) throws(FileFault) {
    try base.sync(path)
    record(.sync(path))
  }

  /// Renames, and records it if the name was free.
  public func rename(
    _ source: FilePath, toNew target: FilePath
  ) throws(FileFault) -> RenameOutcome {
    let outcome = try base.rename(source, toNew: target)
    if outcome == .renamed { record(.rename(source, to: target)) }
    return outcome
  }

  /// Replaces and records.
  public func replace(_ target: FilePath, with source: FilePath) throws(FileFault) {
    try base.replace(target, with: source)
    record(.replace(target, with: source))
  }

  /// Syncs and records.
  public func syncDirectory(_ path: FilePath) throws(FileFault) {
    try base.syncDirectory(path)
    record(.syncDirectory(path))
  }

  /// Makes the directory and records it.
  public func createDirectory(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    try base.createDirectory(path, permissions: permissions)
    record(.createDirectory(path, permissions: permissions))
  }

  /// Removes and records.
  public func remove(_ path: FilePath) throws(FileFault) {
    try base.remove(path)
    record(.remove(path))
  }

  /// Sets the mode and records it.
  public func setPermissions(
    _ permissions: FilePermissions, of path: FilePath
  ) throws(FileFault) {
    try base.setPermissions(permissions, of: path)
    record(.setPermissions(path, permissions: permissions))
  }

  /// Passes on; reading changes nothing.
  public func contents(of directory: FilePath) throws(FileFault) -> [FilePath] {
    try base.contents(of: directory)
  }

  /// Passes on; reading changes nothing.
  public func status(of path: FilePath) throws(FileFault) -> FileStatus {
    try base.status(of: path)
  }

  /// Passes on; reading changes nothing.
  public func read(_ path: FilePath, limitInBytes: Int) throws(FileFault) -> [UInt8] {
    try base.read(path, limitInBytes: limitInBytes)
  }

  /// Passes on; reading changes nothing.
  public func read(_ range: Range<Int64>, of path: FilePath) throws(FileFault) -> [UInt8] {
    try base.read(range, of: path)
  }

  /// Passes on; reading changes nothing.
  public func readBlocks(
    of path: FilePath, lengthInBytes: Int,
    _ receive: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault) {
    try base.readBlocks(of: path, lengthInBytes: lengthInBytes, receive)
  }

  /// Passes on; asking changes nothing.
  public func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64 {
    try base.freeSpaceInBytes(at: path)
  }
}

/// The bytes of a span as an array of their own.
func copy(_ bytes: RawSpan) -> [UInt8] {
  bytes.withUnsafeBytes { Array($0) }
}
