internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Every call into the operating system that this module makes about files and processes.
///
/// Signals: a call that a signal interrupted is made again, except `close` (Linux has closed the
/// descriptor by then) and `fsync` (whose failures are never papered over).
enum SystemCalls {
  // MARK: Opening and closing

  /// What an existing file is opened for.
  enum RegularUse {
    case reading, appending
  }

  /// Makes a new file for writing.
  static func create(
    _ path: FilePath, permissions: FilePermissions, action: FileAction
  ) throws(FileFault) -> Descriptor {
    try open(
      path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: permissions.rawValue,
      action: action)
  }

  /// Opens an existing regular file, refusing links and never waiting for a FIFO's other end.
  static func openRegular(
    _ path: FilePath, for use: RegularUse = .reading, action: FileAction
  ) throws(FileFault) -> Descriptor {
    let flags = use == .reading ? O_RDONLY : O_WRONLY | O_APPEND
    var descriptor = try open(
      path, flags: flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode: 0, action: action)
    let status = try facts(of: descriptor.number, path: path, action: action).status
    guard status.kind == .regular else {
      throw FileFault.notRegularFile(status.kind, during: action, at: path)
    }
    descriptor.sizeInBytes = status.sizeInBytes
    return descriptor
  }

  /// Opens a directory, so that it can be synced.
  static func openDirectory(_ path: FilePath, action: FileAction) throws(FileFault) -> Descriptor {
    try open(path, flags: O_RDONLY | O_DIRECTORY, mode: 0, action: action)
  }

  /// Opens the file that a lock is taken on, making it if need be.
  static func openLock(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault) -> Descriptor {
    let descriptor = try open(
      path, flags: O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
      mode: permissions.rawValue, action: .lock)
    let kind = try facts(of: descriptor.number, path: path, action: .lock).status.kind
    guard kind == .regular else {
      throw FileFault.notRegularFile(kind, during: .lock, at: path)
    }
    return descriptor
  }

  private static func open(
    _ path: FilePath, flags: CInt, mode: CModeT, action: FileAction
  ) throws(FileFault) -> Descriptor {
    let number = path.withPlatformString { text in
      retrying { systemOpen(text, flags | O_CLOEXEC, mode) }
    }
    guard number >= 0 else { throw .systemCall(lastError, during: action, at: path) }
    return Descriptor(number: number)
  }

  /// Closes a descriptor that was written to: some file systems report a failed write only here.
  static func close(
    _ descriptor: consuming Descriptor, path: FilePath, action: FileAction
  ) throws(FileFault) {
    guard systemClose(descriptor.take()) == 0 else {
      throw .systemCall(lastError, during: action, at: path)
    }
  }

  /// Closes a descriptor through which nothing was written that still matters.
  static func closeForgetting(_ descriptor: CInt) {
    _ = systemClose(descriptor)
  }

  // MARK: Bytes

  /// Writes all bytes at the descriptor's position, however many calls that takes.
  static func writeAll(
    _ bytes: RawSpan, to descriptor: CInt, path: FilePath
  ) throws(FileFault) {
    try bytes.withUnsafeBytes { (buffer) throws(FileFault) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = retrying { systemWrite(descriptor, rest.baseAddress, rest.count) }
        if count < 0 {
          throw FileFault.systemCall(
            lastError, during: .write, at: path, lengthInBytes: buffer.count,
            freeInBytes: freeSpaceIfKnown(at: path))
        }
        // POSIX allows 0 only for an empty request; without this check the loop would not end.
        guard count > 0 else {
          throw FileFault.cutWrite(
            to: path, foundInBytes: Int64(done), expectedInBytes: Int64(buffer.count))
        }
        done += count
      }
    }
  }

  /// Fills `buffer` from the position `offset`, until it is full or the file ends.
  ///
  /// - Returns: The number of bytes that were there.
  static func readAll(
    from descriptor: CInt, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer,
    path: FilePath
  ) throws(FileFault) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = retrying {
        pread(descriptor, rest.baseAddress, rest.count, off_t(offset + Int64(done)))
      }
      if count < 0 { throw .systemCall(lastError, during: .read, at: path) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// The start of a file whose length is not known beforehand, such as those in `/proc`.
  static func readText(_ path: FilePath, limitInBytes: Int = 4096) throws(FileFault) -> String {
    let descriptor = try openRegular(path, action: .read)
    let number = descriptor.number
    let bytes = try [UInt8](capacity: limitInBytes) { (output) throws(FileFault) in
      try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(FileFault) in
        initialized = try readAll(
          from: number, at: 0, into: UnsafeMutableRawBufferPointer(buffer), path: path)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Waits until the descriptor's file or directory is on the disk. One try only.
  static func sync(
    _ descriptor: CInt, path: FilePath, action: FileAction
  ) throws(FileFault) {
    guard fsync(descriptor) == 0 else { throw .systemCall(lastError, during: action, at: path) }
  }

  /// Cuts a file or fills it up with zeros.
  static func truncate(
    _ descriptor: CInt, toBytes length: Int64, path: FilePath
  ) throws(FileFault) {
    guard retrying({ ftruncate(descriptor, off_t(length)) }) == 0 else {
      throw .systemCall(lastError, during: .write, at: path)
    }
  }

  /// Sets the mode of an open file.
  static func setMode(
    _ permissions: FilePermissions, of descriptor: CInt, path: FilePath
  ) throws(FileFault) {
    guard retrying({ fchmod(descriptor, permissions.rawValue) }) == 0 else {
      throw .systemCall(lastError, during: .setPermissions, at: path)
    }
  }

  // MARK: Names

  /// `renameat2` with `RENAME_NOREPLACE`; `nil` if the file system or the C library lacks it.
  static func renameWithoutReplacing(
    _ source: FilePath, to target: FilePath
  ) throws(FileFault) -> RenameOutcome? {
    guard let call = renameat2Call else { return nil }
    let renameNoReplace: CUnsignedInt = 1
    let result = source.withPlatformString { sourceText in
      target.withPlatformString { targetText in
        call(AT_FDCWD, sourceText, AT_FDCWD, targetText, renameNoReplace)
      }
    }
    if result == 0 { return .renamed }
    switch lastError {
    case .fileExists: return .alreadyExists
    case .invalidArgument, .noFunction, .notSupported, .notSupportedOnSocket: return nil
    case let cause: throw .systemCall(cause, during: .rename, at: target)
    }
  }

  /// Gives a file a second name, unless that is taken.
  static func link(
    _ source: FilePath, as target: FilePath
  ) throws(FileFault) -> RenameOutcome {
    let result = source.withPlatformString { sourceText in
      target.withPlatformString { targetText in systemLink(sourceText, targetText) }
    }
    if result == 0 { return .renamed }
    if lastError == .fileExists { return .alreadyExists }
    throw .systemCall(lastError, during: .rename, at: target)
  }

  /// `rename`, which takes the place of whatever file stands at the target.
  static func replace(_ target: FilePath, with source: FilePath) throws(FileFault) {
    let result = source.withPlatformString { sourceText in
      target.withPlatformString { targetText in systemRename(sourceText, targetText) }
    }
    guard result == 0 else { throw .systemCall(lastError, during: .rename, at: target) }
  }

  /// Removes a name that is not a directory.
  static func unlink(_ path: FilePath) throws(FileFault) {
    guard path.withPlatformString({ systemUnlink($0) }) == 0 else {
      throw .systemCall(lastError, during: .remove, at: path)
    }
  }

  /// Makes a directory.
  static func makeDirectory(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    guard path.withPlatformString({ mkdir($0, permissions.rawValue) }) == 0 else {
      throw .systemCall(lastError, during: .createDirectory, at: path)
    }
  }

  /// The names in a directory except `.` and `..`, sorted by their bytes.
  static func names(in directory: FilePath) throws(FileFault) -> [[CChar]] {
    let descriptor = try openDirectory(directory, action: .list)
    let number = descriptor.take()
    guard let stream = fdopendir(number) else {
      let cause = lastError
      _ = systemClose(number)
      throw .systemCall(cause, during: .list, at: directory)
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while true {
      // readdir reports its end and its failure alike; only errno tells them apart.
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { text in
          Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
        }
      }
      if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
    let cause = lastError
    guard cause.rawValue == 0 else { throw .systemCall(cause, during: .list, at: directory) }
    return names.sorted { left, right in
      left.lexicographicallyPrecedes(right) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
    }
  }

  // MARK: Facts

  /// What stands at a path, links not followed.
  static func facts(at path: FilePath) throws(FileFault) -> SystemFacts {
    var record = stat()
    guard path.withPlatformString({ lstat($0, &record) }) == 0 else {
      throw .systemCall(lastError, during: .examine, at: path)
    }
    return SystemFacts(record)
  }

  /// What a descriptor refers to.
  static func facts(
    of descriptor: CInt, path: FilePath, action: FileAction
  ) throws(FileFault) -> SystemFacts {
    var record = stat()
    guard fstat(descriptor, &record) == 0 else {
      throw .systemCall(lastError, during: action, at: path)
    }
    return SystemFacts(record)
  }

  /// The bytes that a process without special rights may still write on the path's file system.
  static func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64 {
    guard let bytes = freeSpaceIfKnown(at: path) else {
      throw .systemCall(lastError, during: .measureFreeSpace, at: path)
    }
    return bytes
  }

  /// The same, or nothing where a message about another failure can do without it.
  private static func freeSpaceIfKnown(at path: FilePath) -> Int64? {
    var record = statvfs()
    guard path.withPlatformString({ systemStatvfs($0, &record) }) == 0 else { return nil }
    let (blocks, blockSize) = (UInt64(record.f_bavail), UInt64(record.f_frsize))
    let bytes = blocks.multipliedReportingOverflow(by: blockSize)
    return bytes.overflow ? Int64.max : Int64(clamping: bytes.partialValue)
  }

  /// The target of a symbolic link, as text.
  static func linkText(at path: FilePath) throws(FileFault) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = path.withPlatformString { text in
      buffer.withUnsafeMutableBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { systemReadlink(text, $0) }
      }
    }
    guard count >= 0 else { throw .systemCall(lastError, during: .read, at: path) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  // MARK: Locks and maps

  /// Whether a process with this number exists, as far as this process may know.
  static func processExists(_ number: Int32) -> Bool {
    // Signal 0 only asks. A refusal (EPERM) says that there is somebody to refuse for.
    kill(number, 0) == 0 || lastError != .noSuchProcess
  }

  /// The number of the calling process.
  static var ownProcessNumber: Int32 { getpid() }

  /// Tries to take the exclusive lock of an open file, without waiting.
  ///
  /// - Returns: Nothing if it was taken, otherwise what the system answered.
  static func tryLock(_ descriptor: CInt) -> Errno? {
    let result = retrying { flock(descriptor, LOCK_EX | LOCK_NB) }
    return result == 0 ? nil : lastError
  }

  /// Gives a lock back.
  static func unlock(_ descriptor: CInt) {
    // Closing drops the lock as well, unless a child made by fork still has the descriptor.
    _ = flock(descriptor, LOCK_UN)
  }

  /// Makes `count` bytes of an open file visible in memory, read-only.
  static func map(
    _ descriptor: CInt, count: Int, path: FilePath
  ) throws(FileFault) -> UnsafeRawBufferPointer {
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw .systemCall(lastError, during: .map, at: path)
    }
    return UnsafeRawBufferPointer(start: address, count: count)
  }

  /// Takes a mapping back.
  static func unmap(_ bytes: UnsafeRawBufferPointer) {
    // Fails for addresses that were never mapped only, which `map` excludes.
    _ = munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  // MARK: Mechanism

  private static var lastError: Errno { Errno(rawValue: errno) }

  private static func retrying<Count: FixedWidthInteger & SignedInteger>(
    _ call: () -> Count
  ) -> Count {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }

  private typealias Renameat2 =
    @convention(c) (
      CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt
    ) -> CInt

  // Looked up by name because the Glibc module of Swift 6.3 hides it (it needs _GNU_SOURCE).
  private static let renameat2Call: Renameat2? = dlsym(nil, "renameat2").map { address in
    unsafeBitCast(address, to: Renameat2.self)
  }
}

/// What `fstat` and `lstat` say, with what identifies the file itself.
struct SystemFacts {
  let status: FileStatus
  let device: UInt64
  let inode: UInt64

  fileprivate init(_ record: stat) {
    let kind: FileKind =
      switch record.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      case S_IFCHR, S_IFBLK: .device
      default: .unknown
      }
    status = FileStatus(
      kind: kind, sizeInBytes: Int64(record.st_size),
      modifiedInSecondsSince1970: Double(record.st_mtim.tv_sec)
        + Double(record.st_mtim.tv_nsec) * 1e-9,
      permissions: FilePermissions(rawValue: record.st_mode & 0o7777))
    device = UInt64(record.st_dev)
    inode = UInt64(record.st_ino)
  }
}

// Members of `SystemCalls` have the names of the C functions, which hides those inside the type.
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: CInt, _ mode: CModeT) -> CInt {
  open(path, flags, mode)
}
private func systemClose(_ descriptor: CInt) -> CInt { close(descriptor) }
private func systemWrite(
  _ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int { write(descriptor, bytes, count) }
private func systemLink(_ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> CInt {
  link(source, target)
}
private func systemRename(_ source: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> CInt {
  rename(source, target)
}
private func systemUnlink(_ path: UnsafePointer<CChar>) -> CInt { unlink(path) }
private func systemStatvfs(
  _ path: UnsafePointer<CChar>, _ record: inout statvfs
) -> CInt { statvfs(path, &record) }
private func systemReadlink(
  _ path: UnsafePointer<CChar>, _ buffer: UnsafeMutableBufferPointer<CChar>
) -> Int {
  // An empty buffer cannot hold any target.
  guard let start = buffer.baseAddress else { return 0 }
  return readlink(path, start, buffer.count)
}
