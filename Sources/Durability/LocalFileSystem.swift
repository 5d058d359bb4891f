public import SystemPackage

/// The file system of this machine.
///
/// Every method is a short sequence of system calls; all of them are in `SystemCalls`. Nothing is
/// remembered between calls.
public struct LocalFileSystem: FileSystem {
  private let renamesAtomically: Bool

  /// Refers to the machine's file system.
  public init() {
    renamesAtomically = true
  }

  /// Refers to the machine's file system, taking the fallback of old file systems (link, then
  /// unlink) where `renamesAtomically` is false.
  package init(renamesAtomically: Bool) {
    self.renamesAtomically = renamesAtomically
  }

  /// Writes `bytes` to a file that must not exist yet; see `FileSystem`.
  public func write(
    _ bytes: RawSpan, toNew path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    let descriptor = try SystemCalls.create(path, permissions: permissions, action: .write)
    try SystemCalls.writeAll(bytes, to: descriptor.number, path: path)
    let found = try SystemCalls.facts(of: descriptor.number, path: path, action: .write).status
    guard found.sizeInBytes == Int64(bytes.byteCount) else {
      throw .cutWrite(
        to: path, foundInBytes: found.sizeInBytes, expectedInBytes: Int64(bytes.byteCount))
    }
    try SystemCalls.close(descriptor, path: path, action: .write)
  }

  /// Adds `bytes` at the end of a regular file that exists; see `FileSystem`.
  public func append(_ bytes: RawSpan, to path: FilePath) throws(FileFault) {
    let descriptor = try SystemCalls.openRegular(path, for: .appending, action: .write)
    let expected = descriptor.sizeInBytes + Int64(bytes.byteCount)
    try SystemCalls.writeAll(bytes, to: descriptor.number, path: path)
    let found = try SystemCalls.facts(of: descriptor.number, path: path, action: .write).status
    guard found.sizeInBytes == expected else {
      throw .cutWrite(to: path, foundInBytes: found.sizeInBytes, expectedInBytes: expected)
    }
    try SystemCalls.close(descriptor, path: path, action: .write)
  }

  /// Waits until the content, length and mode of a regular file are on the disk.
  ///
  /// The descriptor is a new one, not the one that wrote. That loses no failure: since Linux 4.17
  /// a write-back error that nobody has seen is reported to the next `fsync` of any descriptor of
  /// the file (kernel documentation, `Documentation/core-api/errseq.rst`).
  public func sync(_ path: FilePath) throws(FileFault) {
    let descriptor = try SystemCalls.openRegular(path, action: .sync)
    try SystemCalls.sync(descriptor.number, path: path, action: .sync)
  }

  /// Gives a file a new name, unless that name is taken.
  public func rename(
    _ source: FilePath, toNew target: FilePath
  ) throws(FileFault) -> RenameOutcome {
    if renamesAtomically,
      let outcome = try SystemCalls.renameWithoutReplacing(source, to: target)
    {
      return outcome
    }
    // Both names exist for a moment. A crash there leaves the temporary one, never a cut target.
    let outcome = try SystemCalls.link(source, as: target)
    if outcome == .renamed { try SystemCalls.unlink(source) }
    return outcome
  }

  /// Puts a file in the place of another one, atomically.
  public func replace(_ target: FilePath, with source: FilePath) throws(FileFault) {
    try SystemCalls.replace(target, with: source)
  }

  /// Waits until the names in a directory are on the disk.
  public func syncDirectory(_ path: FilePath) throws(FileFault) {
    let descriptor = try SystemCalls.openDirectory(path, action: .syncDirectory)
    try SystemCalls.sync(descriptor.number, path: path, action: .syncDirectory)
  }

  /// Makes a directory whose parent exists.
  public func createDirectory(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    try SystemCalls.makeDirectory(path, permissions: permissions)
  }

  /// Removes a name that is not a directory.
  public func remove(_ path: FilePath) throws(FileFault) {
    try SystemCalls.unlink(path)
  }

  /// Sets the mode of a regular file, exactly.
  public func setPermissions(
    _ permissions: FilePermissions, of path: FilePath
  ) throws(FileFault) {
    let descriptor = try SystemCalls.openRegular(path, action: .setPermissions)
    try SystemCalls.setMode(permissions, of: descriptor.number, path: path)
  }

  /// The paths of all names in a directory, sorted by their bytes.
  public func contents(of directory: FilePath) throws(FileFault) -> [FilePath] {
    try SystemCalls.names(in: directory).map { name in
      directory.appending(FilePath(platformString: name).components)
    }
  }

  /// What stands at a path; a link is reported, not followed.
  public func status(of path: FilePath) throws(FileFault) -> FileStatus {
    try SystemCalls.facts(at: path).status
  }

  /// The whole content of a regular file.
  public func read(_ path: FilePath, limitInBytes: Int) throws(FileFault) -> [UInt8] {
    let descriptor = try SystemCalls.openRegular(path, action: .read)
    let size = descriptor.sizeInBytes
    guard size <= Int64(limitInBytes) else {
      throw .tooLarge(path, sizeInBytes: size, limitInBytes: limitInBytes)
    }
    return try Self.read(0..<size, from: descriptor, path: path)
  }

  /// The bytes of a regular file at the positions in `range`.
  public func read(_ range: Range<Int64>, of path: FilePath) throws(FileFault) -> [UInt8] {
    let descriptor = try SystemCalls.openRegular(path, action: .read)
    guard range.lowerBound >= 0, range.upperBound <= descriptor.sizeInBytes else {
      throw .shortRead(of: path, endsAtByte: descriptor.sizeInBytes, wanted: range)
    }
    return try Self.read(range, from: descriptor, path: path)
  }

  /// Hands over the content of a regular file piece by piece, in order.
  public func readBlocks(
    of path: FilePath, lengthInBytes: Int,
    _ receive: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault) {
    precondition(lengthInBytes > 0, "A block must hold at least one byte.")
    let descriptor = try SystemCalls.openRegular(path, action: .read)
    let size = descriptor.sizeInBytes
    var position: Int64 = 0
    while position < size {
      let next = min(size, position + Int64(lengthInBytes))
      let block = try Self.read(position..<next, from: descriptor, path: path)
      try receive(block.span.bytes)
      position = next
    }
  }

  /// The bytes that a process without special rights may still write near `path`.
  public func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64 {
    try SystemCalls.freeSpaceInBytes(at: path)
  }

  private static func read(
    _ range: Range<Int64>, from descriptor: borrowing Descriptor, path: FilePath
  ) throws(FileFault) -> [UInt8] {
    let number = descriptor.number
    let bytes = try [UInt8](capacity: range.count) { (output) throws(FileFault) in
      try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(FileFault) in
        initialized = try SystemCalls.readAll(
          from: number, at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer),
          path: path)
      }
    }
    guard bytes.count == range.count else {
      throw .shortRead(
        of: path, endsAtByte: range.lowerBound + Int64(bytes.count), wanted: range)
    }
    return bytes
  }
}
