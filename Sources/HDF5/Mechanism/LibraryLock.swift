#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The one lock around libhdf5.
///
/// libhdf5 keeps process-wide state, and even its thread-safe build makes only single calls atomic, so
/// a whole sequence (open, check, read) holds this lock. It is recursive because sequences are built
/// from smaller ones, and because a `deinit` that closes a handle may run in the middle of one.
///
/// `@unchecked Sendable`: the mutex is a heap address that never changes, and `depth` is touched only
/// while the mutex is held.
final class LibraryLock: @unchecked Sendable {
  static let shared = LibraryLock()

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var depth = 0

  private init() {
    mutex = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    // The constant is an Int32 in one C library and an enumeration case in another.
    pthread_mutexattr_settype(&attributes, numericCast(PTHREAD_MUTEX_RECURSIVE))
    let status = pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
    precondition(status == 0, "The lock around libhdf5 could not be made: status \(status).")
  }

  /// Runs `body` while no other thread is inside libhdf5.
  func withLock<Result, Fault: Error>(
    _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    let status = pthread_mutex_lock(mutex)
    precondition(status == 0, "The lock around libhdf5 could not be taken: status \(status).")
    depth += 1
    defer {
      depth -= 1
      pthread_mutex_unlock(mutex)
    }
    // Error printing is a setting of the thread, and threads come and go: set it at each entry.
    if depth == 1 { Calls.silenceThisThread() }
    return try body()
  }
}

/// Runs `body` under the library lock.
func locked<Result>(_ body: () throws(H5.Failure) -> Result) throws(H5.Failure) -> Result {
  try LibraryLock.shared.withLock(body)
}

/// Runs calls under the library lock, and explains a failed one by what was being done to what.
func library<Result>(
  _ action: String, _ subject: @autoclosure () -> String,
  _ body: () throws(CallFault) -> Result
) throws(H5.Failure) -> Result {
  do throws(CallFault) {
    return try LibraryLock.shared.withLock(body)
  } catch {
    throw .library(action, subject(), error)
  }
}
