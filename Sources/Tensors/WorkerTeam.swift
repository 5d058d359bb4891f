internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Work that falls into numbered parts, which may run on different threads at once.
package protocol PartedWork: AnyObject {
  /// Does one part. Parts must not write to the same memory.
  func perform(part: Int)
}

/// A fixed number of threads that share the parts of one piece of work.
///
/// The caller is one of them. Between two pieces of work the others spin for some microseconds, so
/// that a training step does not pay for waking them, and then sleep, so that an idle team costs
/// nothing. Which thread does a part never changes what the part computes, so results do not
/// depend on the number of threads.
public final class WorkerTeam: Sendable {
  /// The number of threads, the caller included.
  public let threadCount: Int

  private let board: Board
  private let threads: [pthread_t]

  /// Starts a team.
  ///
  /// A system that refuses a thread gets a smaller team, which computes the same.
  /// - Precondition: `threadCount` is positive.
  public init(threadCount: Int) {
    precondition(threadCount > 0, "A team has at least the calling thread.")
    let board = Board()
    var threads: [pthread_t] = []
    for _ in 1..<threadCount {
      guard let thread = Board.startThread(number: threads.count + 1, on: board) else { break }
      threads.append(thread)
    }
    board.memberCount = threads.count + 1
    self.board = board
    self.threads = threads
    self.threadCount = threads.count + 1
  }

  deinit {
    board.dismiss()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Does all parts of `work` and returns when the last is done.
  ///
  /// Part `p` is done by thread `p mod threadCount`, so that successive pieces of work on the same
  /// parts find their memory in the same core's cache. A team that is busy with a call from another
  /// thread lets this one do its parts alone.
  package func run(_ work: any PartedWork, parts: Int) {
    guard parts > 1, threadCount > 1, board.isFree.exchange(false, ordering: .acquiring) else {
      for part in 0..<parts { work.perform(part: part) }
      return
    }
    board.post(work, parts: parts)
    for part in stride(from: 0, to: parts, by: threadCount) { work.perform(part: part) }
    board.waitForOthers()
    board.isFree.store(true, ordering: .releasing)
  }
}

/// What the threads of a team share: the work at hand, and how they wait for each other.
///
/// Unchecked because the plain fields are written by the caller before it raises `round`, and read
/// by the others after they have seen that.
private final class Board: @unchecked Sendable {
  let isFree = Atomic<Bool>(true)
  var memberCount = 1

  private let round = Atomic<Int>(0)
  private let remaining = Atomic<Int>(0)
  private let sleeperCount = Atomic<Int>(0)
  private let isCallerAsleep = Atomic<Bool>(false)
  private var work: (any PartedWork)?
  private var parts = 0
  private var isDismissed = false
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let workPosted: UnsafeMutablePointer<pthread_cond_t>
  private let workDone: UnsafeMutablePointer<pthread_cond_t>

  /// About fifty microseconds: longer than the gaps inside a training step.
  private static let spinCount = 3000

  init() {
    mutex = .allocate(capacity: 1)
    workPosted = .allocate(capacity: 1)
    workDone = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(workPosted, nil)
    pthread_cond_init(workDone, nil)
  }

  deinit {
    pthread_cond_destroy(workDone)
    pthread_cond_destroy(workPosted)
    pthread_mutex_destroy(mutex)
    workDone.deallocate()
    workPosted.deallocate()
    mutex.deallocate()
  }

  static func startThread(number: Int, on board: Board) -> pthread_t? {
    let start = Unmanaged.passRetained(ThreadStart(board: board, number: number))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, start.toOpaque())
      guard status == 0, let thread else {
        start.release()
        return nil
      }
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, start.toOpaque())
      guard status == 0 else {
        start.release()
        return nil
      }
    #endif
    return thread
  }

  func post(_ work: any PartedWork, parts: Int) {
    self.work = work
    self.parts = parts
    remaining.store(memberCount - 1, ordering: .relaxed)
    raiseRound()
  }

  func dismiss() {
    isDismissed = true
    raiseRound()
  }

  func waitForOthers() {
    var spins = 0
    while remaining.load(ordering: .acquiring) > 0 {
      if spins < Self.spinCount {
        ck_pause()
        spins += 1
        continue
      }
      pthread_mutex_lock(mutex)
      isCallerAsleep.store(true, ordering: .sequentiallyConsistent)
      while remaining.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_cond_wait(workDone, mutex)
      }
      isCallerAsleep.store(false, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
    }
    work = nil
  }

  func serve(number: Int) {
    var seen = 0
    while true {
      waitForRound(after: seen)
      seen += 1
      if isDismissed { return }
      for part in stride(from: number, to: parts, by: memberCount) { work?.perform(part: part) }
      let left = remaining.subtract(1, ordering: .sequentiallyConsistent).newValue
      if left == 0, isCallerAsleep.load(ordering: .sequentiallyConsistent) {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(workDone)
        pthread_mutex_unlock(mutex)
      }
    }
  }

  // A sleeper announces itself and looks at the round again while it holds the mutex; the caller
  // raises the round and then looks for sleepers. Whichever comes second sees the other.
  private func raiseRound() {
    round.add(1, ordering: .sequentiallyConsistent)
    guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(workPosted)
    pthread_mutex_unlock(mutex)
  }

  private func waitForRound(after seen: Int) {
    for _ in 0..<Self.spinCount {
      if round.load(ordering: .acquiring) > seen { return }
      ck_pause()
    }
    pthread_mutex_lock(mutex)
    sleeperCount.add(1, ordering: .sequentiallyConsistent)
    while round.load(ordering: .sequentiallyConsistent) <= seen {
      pthread_cond_wait(workPosted, mutex)
    }
    sleeperCount.subtract(1, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }
}

private final class ThreadStart {
  let board: Board
  let number: Int

  init(board: Board, number: Int) {
    self.board = board
    self.number = number
  }

  func run() {
    board.serve(number: number)
  }
}
