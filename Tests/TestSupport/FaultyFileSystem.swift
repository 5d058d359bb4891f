public import Durability
internal import Synchronization
public import SystemPackage

/// Passes every call on, except that the n-th one meets a fault.
///
/// Calls of every kind count, reads included, so that no place is left out. The trace names them.
public final class FaultyFileSystem: FileSystem {
  private struct State {
    var trace: [String] = []
    var hasFailed = false
  }

  private let base: any FileSystem
  private let failingCall: Int?
  private let fault: InjectedFault
  private let state = Mutex(State())

  /// Meets `fault` in the call number `failingCall`, counted from 1, or never for `nil`.
  public init(
    _ base: any FileSystem = LocalFileSystem(), failingCall: Int?, with fault: InjectedFault
  ) {
    self.base = base
    self.failingCall = failingCall
    self.fault = fault
  }

  /// The number of calls so far, those after a crash included.
  public var callCount: Int { state.withLock { $0.trace.count } }

  /// The calls so far: what was done to which name.
  public var trace: [String] { state.withLock { $0.trace } }

  /// Whether the fault has been met.
  public var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// Runs `attempt` with the 1st, the 2nd, the 3rd … call failing, until it gets through without
  /// meeting the fault.
  ///
  /// `attempt` starts from fresh ground each time, runs the operation on the file system it is
  /// given, and checks what became of everything.
  /// - Returns: The number of calls that were made to fail.
  @discardableResult
  public static func failingEachCall(
    on base: any FileSystem = LocalFileSystem(), with fault: InjectedFault,
    _ attempt: (FaultyFileSystem) throws -> Void
  ) throws -> Int {
    var failingCall = 1
    while true {
      let fileSystem = FaultyFileSystem(base, failingCall: failingCall, with: fault)
      try attempt(fileSystem)
      if !fileSystem.hasFailed { return failingCall - 1 }
      failingCall += 1
    }
  }

  /// Counts a call and says whether it is the one that fails; throws if the process has ended.
  private func isFailing(_ action: FileAction, _ path: FilePath) throws(FileFault) -> Bool {
    let (isThisOne, hasEnded) = state.withLock { state in
      let hasEnded = state.hasFailed && fault.endsTheProcess
      let name = path.lastComponent?.string ?? path.string
      state.trace.append("\(action.rawValue) \(name)\(hasEnded ? " (after the end)" : "")")
      let isThisOne = state.trace.count == failingCall
      if isThisOne { state.hasFailed = true }
      return (isThisOne, hasEnded)
    }
    if hasEnded { throw .systemCall(.ioError, during: action, at: path) }
    return isThisOne
  }

  private func answer(_ action: FileAction, _ path: FilePath) -> FileFault {
    let cause: Errno =
      switch fault {
      case .fullDisk, .cutWrite: .noSpace
      case .inputOutput, .inputOutputAfterwards, .crash, .crashInTheMiddle: .ioError
      case .tooManyOpenFiles: .tooManyOpenFiles
      }
    return .systemCall(cause, during: action, at: path)
  }

  /// Runs a call that is done or not done, nothing between.
  private func run<Result>(
    _ action: FileAction, _ path: FilePath, _ call: () throws(FileFault) -> Result
  ) throws(FileFault) -> Result {
    guard try isFailing(action, path) else { return try call() }
    switch fault {
    case .inputOutputAfterwards, .crashInTheMiddle:
      // Done, or refused for a reason of its own: nobody hears about either.
      do throws(FileFault) { _ = try call() } catch {}
    case .fullDisk, .cutWrite, .inputOutput, .tooManyOpenFiles, .crash: break
    }
    throw answer(action, path)
  }

  /// Runs a call that can be done in part.
  private func runWrite(
    _ bytes: RawSpan, _ path: FilePath, _ call: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault) {
    guard try isFailing(.write, path) else { return try call(bytes) }
    switch fault {
    case .cutWrite, .crashInTheMiddle: try call(bytes.extracting(first: bytes.byteCount / 2))
    case .inputOutputAfterwards: try call(bytes)
    case .fullDisk, .inputOutput, .tooManyOpenFiles, .crash: break
    }
    throw answer(.write, path)
  }

  /// Writes unless this is the call that fails.
  public func write(
    _ bytes: RawSpan, toNew path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    try runWrite(bytes, path) { part throws(FileFault) in
      try base.write(part, toNew: path, permissions: permissions)
    }
  }

  /// Adds unless this is the call that fails.
  public func append(_ bytes: RawSpan, to path: FilePath) throws(FileFault) {
    try runWrite(bytes, path) { part throws(FileFault) in try base.append(part, to: path) }
  }

  /// Syncs unless this is the call that fails.
  public func sync(_ path: FilePath) throws(FileFault) {
    try run(.sync, path) { () throws(FileFault) in try base.sync(path) }
  }

  /// Renames unless this is the call that fails.
  public func rename(
    _ source: FilePath, toNew target: FilePath
  ) throws(FileFault) -> RenameOutcome {
    try run(.rename, target) { () throws(FileFault) in try base.rename(source, toNew: target) }
  }

  /// Replaces unless this is the call that fails.
  public func replace(_ target: FilePath, with source: FilePath) throws(FileFault) {
    try run(.rename, target) { () throws(FileFault) in try base.replace(target, with: source) }
  }

  /// Syncs unless this is the call that fails.
  public func syncDirectory(_ path: FilePath) throws(FileFault) {
    try run(.syncDirectory, path) { () throws(FileFault) in try base.syncDirectory(path) }
  }

  /// Makes the directory unless this is the call that fails.
  public func createDirectory(
    _ path: FilePath, permissions: FilePermissions
  ) throws(FileFault) {
    try run(.createDirectory, path) { () throws(FileFault) in
      try base.createDirectory(path, permissions: permissions)
    }
  }

  /// Removes unless this is the call that fails.
  public func remove(_ path: FilePath) throws(FileFault) {
    try run(.remove, path) { () throws(FileFault) in try base.remove(path) }
  }

  /// Sets the mode unless this is the call that fails.
  public func setPermissions(
    _ permissions: FilePermissions, of path: FilePath
  ) throws(FileFault) {
    try run(.setPermissions, path) { () throws(FileFault) in
      try base.setPermissions(permissions, of: path)
    }
  }

  /// Lists unless this is the call that fails.
  public func contents(of directory: FilePath) throws(FileFault) -> [FilePath] {
    try run(.list, directory) { () throws(FileFault) in try base.contents(of: directory) }
  }

  /// Looks unless this is the call that fails.
  public func status(of path: FilePath) throws(FileFault) -> FileStatus {
    try run(.examine, path) { () throws(FileFault) in try base.status(of: path) }
  }

  /// Reads unless this is the call that fails.
  public func read(_ path: FilePath, limitInBytes: Int) throws(FileFault) -> [UInt8] {
    try run(.read, path) { () throws(FileFault) in
      try base.read(path, limitInBytes: limitInBytes)
    }
  }

  /// Reads unless this is the call that fails.
  public func read(_ range: Range<Int64>, of path: FilePath) throws(FileFault) -> [UInt8] {
    try run(.read, path) { () throws(FileFault) in try base.read(range, of: path) }
  }

  /// Reads unless this is the call that fails.
  public func readBlocks(
    of path: FilePath, lengthInBytes: Int,
    _ receive: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault) {
    try run(.read, path) { () throws(FileFault) in
      try base.readBlocks(of: path, lengthInBytes: lengthInBytes, receive)
    }
  }

  /// Measures unless this is the call that fails.
  public func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64 {
    try run(.measureFreeSpace, path) { () throws(FileFault) in
      try base.freeSpaceInBytes(at: path)
    }
  }
}
