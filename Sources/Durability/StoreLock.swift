internal import Synchronization
public import SystemPackage

/// The right to write to a store, held by one owner on one machine at a time.
///
/// The lock is `flock` on a file. It belongs to the open file: two owners inside one process
/// exclude each other as two processes do. The kernel drops it when its owner ends, however that
/// happens, so there is nothing to take over; a stopped owner keeps it. The file's text only
/// tells the others whom they wait for; it decides nothing.
public final class StoreLock: Sendable {
  /// Who holds this lock: the process that took it.
  public let holder: LockHolder

  private let descriptor: Atomic<CInt>

  private init(_ descriptor: consuming Descriptor, holder: LockHolder) {
    self.holder = holder
    self.descriptor = Atomic(descriptor.take())
  }

  deinit {
    release()
  }

  /// Takes the lock, waiting for another owner to let go of it.
  ///
  /// - Parameters:
  ///   - path: The lock file; it is made if it is missing, and never removed.
  ///   - command: What the owner is about to do, in a few words, for those who wait.
  ///   - seconds: How long to wait; 0 for a single try.
  ///   - time: The clock that is waited by.
  /// - Throws: `.held` when the time is up, with the holder if its record can be read;
  ///   `.unsupported` on file systems without such locks; `.file` for what else the disk does.
  public static func acquire(
    at path: FilePath, command: String, waitingUpTo seconds: Double, time: any TimeSource
  ) throws(StoreLockError) -> StoreLock {
    try acquire(
      at: path, command: command, waitingUpTo: seconds, time: time,
      tryLock: SystemCalls.tryLock)
  }

  /// The same with another way to ask the system, for what this machine's disks never answer.
  package static func acquire(
    at path: FilePath, command: String, waitingUpTo seconds: Double, time: any TimeSource,
    tryLock: (CInt) -> Errno?
  ) throws(StoreLockError) -> StoreLock {
    let deadline = time.monotonicSeconds + seconds
    var pauseInSeconds = 0.01
    while true {
      if let lock = try attempt(at: path, command: command, time: time, tryLock: tryLock) {
        return lock
      }
      let leftInSeconds = deadline - time.monotonicSeconds
      guard leftInSeconds > 0 else { throw held(path) }
      time.sleep(seconds: min(pauseInSeconds, leftInSeconds))
      pauseInSeconds = min(2 * pauseInSeconds, 0.5)
    }
  }

  /// Lets the next one in; does nothing the second time.
  ///
  /// Call it where the work ends: a class instance may otherwise live shorter or longer than it
  /// looks.
  public func release() {
    let number = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
    guard number >= 0 else { return }
    SystemCalls.unlock(number)
    _ = Descriptor(number: number)
  }

  /// One try; `nil` if somebody else has the lock.
  private static func attempt(
    at path: FilePath, command: String, time: any TimeSource, tryLock: (CInt) -> Errno?
  ) throws(StoreLockError) -> StoreLock? {
    do throws(FileFault) {
      guard let descriptor = try lockedFile(at: path, tryLock: tryLock) else { return nil }
      let holder = LockHolder(
        process: try ProcessIdentity.current(), sinceInSecondsSince1970: time.secondsSince1970,
        command: command)
      try write(holder, to: descriptor.number, path: path)
      return StoreLock(descriptor, holder: holder)
    } catch {
      if let answer = error.cause, isRefusalToLock(answer) {
        throw .unsupported(path, answer: answer)
      }
      throw .file(error)
    }
  }

  /// Opens and locks the file; `nil` if somebody else has the lock.
  private static func lockedFile(
    at path: FilePath, tryLock: (CInt) -> Errno?
  ) throws(FileFault) -> Descriptor? {
    while true {
      let descriptor = try SystemCalls.openLock(path, permissions: .lockFile)
      switch tryLock(descriptor.number) {
      case nil: break
      case .wouldBlock?: return nil
      case let answer?: throw .systemCall(answer, during: .lock, at: path)
      }
      // Goes round again only if somebody removed the file between the two lines above.
      if try isStill(descriptor.number, at: path) { return descriptor }
    }
  }

  /// Whether the locked file is the one that others will find under the path. Somebody may have
  /// removed it meanwhile; a lock on a file without a name would exclude nobody.
  private static func isStill(_ descriptor: CInt, at path: FilePath) throws(FileFault) -> Bool {
    let opened = try SystemCalls.facts(of: descriptor, path: path, action: .lock)
    do throws(FileFault) {
      let named = try SystemCalls.facts(at: path)
      return opened.device == named.device && opened.inode == named.inode
    } catch {
      guard error.code == .notFound else { throw error }
      return false
    }
  }

  private static func write(
    _ holder: LockHolder, to descriptor: CInt, path: FilePath
  ) throws(FileFault) {
    do throws(FileFault) {
      try SystemCalls.writeAll(holder.record.span.bytes, to: descriptor, path: path)
      try SystemCalls.truncate(descriptor, toBytes: Int64(LockHolder.lengthInBytes), path: path)
    } catch {
      // The lock itself is held. On a full disk it must be granted all the same, because the
      // command that makes room needs it; others are then told "another process".
      guard error.code == .noSpace else { throw error }
    }
  }

  /// The error for those who waited in vain, naming the holder if the record can be trusted.
  private static func held(_ path: FilePath) -> StoreLockError {
    do throws(FileFault) {
      let text = try SystemCalls.readText(path, limitInBytes: LockHolder.lengthInBytes)
      guard let holder = LockHolder(record: text), try holder.process.isAlive() else {
        // The record of a former holder: the present one has not written its own yet.
        return .held(path, by: nil)
      }
      return .held(path, by: holder, isStopped: try holder.process.isStopped())
    } catch {
      // That the lock is held is certain and is what matters; by whom could not be read.
      return .held(path, by: nil)
    }
  }

  /// NFS without a lock service answers ENOLCK, 9p and others EOPNOTSUPP, and some drivers let the
  /// kernel's own ENOTSUPP (524) through.
  private static func isRefusalToLock(_ answer: Errno) -> Bool {
    [.noLocks, .notSupported, .notSupportedOnSocket, .noFunction, Errno(rawValue: 524)]
      .contains(answer)
  }
}

extension FilePermissions {
  /// The mode of the lock file: its text is for everyone, the lock for those who may write.
  fileprivate static var lockFile: FilePermissions { [.ownerReadWrite, .groupRead, .otherRead] }
}
