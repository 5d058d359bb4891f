import Dispatch
import Durability
import Synchronization
import SystemPackage
import TestSupport
import Testing

private let needsPython = "needs python3 as the other process"

@Suite("A store's lock", .timeLimit(.minutes(2)))
struct StoreLockTests {
  private let folder: TemporaryDirectory
  private var path: FilePath { folder.appending("store.lock") }

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func acquire(
    waitingUpTo seconds: Double = 0, time: any TimeSource = SystemTimeSource()
  ) throws(StoreLockError) -> StoreLock {
    try StoreLock.acquire(
      at: path, command: "signalstore ingest", waitingUpTo: seconds, time: time)
  }

  @discardableResult
  private func expectError(
    _ code: StoreLockError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws(StoreLockError) -> Void
  ) -> StoreLockError? {
    do throws(StoreLockError) {
      try body()
      Issue.record("nothing was thrown, \(code) is expected", sourceLocation: sourceLocation)
      return nil
    } catch {
      #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
      return error
    }
  }

  @Test("excludes a second owner inside the same process, until it is released")
  func excludesWithinAProcess() throws {
    let time = FixedTimeSource(secondsSince1970: 1_772_619_243.5)
    let first = try acquire(time: time)
    #expect(first.holder.process == (try ProcessIdentity.current()))
    #expect(first.holder.command == "signalstore ingest")
    #expect(first.holder.sinceInSecondsSince1970 == 1_772_619_243.5)
    let error = expectError(.held) { () throws(StoreLockError) in _ = try acquire() }
    #expect(error?.holder == first.holder)
    #expect(
      error?.message
        == "Could not lock '\(path)': process \(first.holder.process.number) has been writing "
        + "since 2026-03-04T10:14:03Z. Wait, or pass `--wait 60`.")
    first.release()
    let second = try acquire()
    first.release()
    expectError(.held) { () throws(StoreLockError) in _ = try acquire() }
    second.release()
  }

  @Test("is released when its owner is forgotten")
  func releasesWhenForgotten() throws {
    do {
      let lock = try acquire()
      expectError(.held) { () throws(StoreLockError) in _ = try acquire() }
      withExtendedLifetime(lock) {}
    }
    try acquire().release()
  }

  @Test("is waited for with growing pauses, and no longer than asked")
  func waitsAsAsked() throws {
    let holder = try acquire()
    for wait in [0, 0.005, 0.1, 1, 60] {
      let time = FixedTimeSource()
      let start = time.monotonicSeconds
      expectError(.held) { () throws(StoreLockError) in
        _ = try acquire(waitingUpTo: wait, time: time)
      }
      #expect(abs(time.monotonicSeconds - start - wait) < 1e-9)
      #expect(time.sleeps.allSatisfy { $0 <= 0.5 })
      #expect(time.sleeps.count < 135)
    }
    holder.release()
  }

  @Test("serialises many owners")
  func serialises() throws {
    let counter = folder.appending("counter")
    let disk = LocalFileSystem()
    try disk.write([0, 0], toNew: counter)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<20 {
        do {
          let lock = try acquire(waitingUpTo: 60)
          // Read, then write: not atomic without the lock.
          var bytes = try disk.read(counter, limitInBytes: 2)
          let value = Int(bytes[0]) + 256 * Int(bytes[1]) + 1
          bytes = [UInt8(value % 256), UInt8(value / 256)]
          try disk.remove(counter)
          try disk.write(bytes, toNew: counter)
          lock.release()
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try disk.read(counter, limitInBytes: 2) == [160, 0])
  }

  @Test("follows the file's name: a lock on a removed file excludes nobody")
  func followsTheName() throws {
    let orphan = try acquire()
    try LocalFileSystem().remove(path)
    let lock = try acquire()
    expectError(.held) { () throws(StoreLockError) in _ = try acquire() }
    orphan.release()
    expectError(.held) { () throws(StoreLockError) in _ = try acquire() }
    lock.release()
  }

  @Test("is refused on links, folders and FIFOs, without waiting")
  func refusesOtherKinds() throws {
    try makeLink(path, to: "elsewhere")
    expectError(.file) { () throws(StoreLockError) in _ = try acquire() }
    #expect(try !LocalFileSystem().exists(folder.appending("elsewhere")))
    try LocalFileSystem().remove(path)
    try makeFIFO(path)
    let error = expectError(.file) { () throws(StoreLockError) in _ = try acquire() }
    #expect(error?.cause?.code == .notRegularFile)
    try LocalFileSystem().remove(path)
    try LocalFileSystem().createDirectory(path)
    expectError(.file) { () throws(StoreLockError) in _ = try acquire() }
  }

  @Test("reports a missing folder with the fault beneath")
  func reportsMissingFolders() {
    let error = expectError(.file) { () throws(StoreLockError) in
      _ = try StoreLock.acquire(
        at: "/nowhere/store.lock", command: "", waitingUpTo: 0, time: SystemTimeSource())
    }
    #expect(error?.cause?.code == .notFound)
    #expect(error?.message == error?.cause?.message)
  }

  @Test(
    "is refused at once on file systems that have no locks",
    arguments: [Errno.noLocks, .notSupportedOnSocket, Errno(rawValue: 524), .noFunction])
  func refusesFileSystemsWithoutLocks(answer: Errno) {
    let time = FixedTimeSource()
    let error = expectError(.unsupported) { () throws(StoreLockError) in
      _ = try StoreLock.acquire(
        at: path, command: "", waitingUpTo: 60, time: time, tryLock: { _ in answer })
    }
    #expect(time.sleeps == [])
    #expect(error?.cause?.cause == answer)
    #expect(
      error?.message
        == "Could not lock '\(path)': its file system has no locks between processes "
        + "(errno \(answer.rawValue)). Keep the store on a local disk.")
  }

  @Test("does not believe a record that is not one, or whose process is gone")
  func ignoresOldRecords() throws {
    let mine = try ProcessIdentity.current()
    let dead = LockHolder(
      process: ProcessIdentity(
        number: mine.number, bootID: "an earlier boot", startTicks: 1,
        numberSpace: mine.numberSpace),
      sinceInSecondsSince1970: 5, command: "x")
    for record in [[], [0xff, 0x00], Array("process 1".utf8), dead.record] {
      let lock = try acquire()
      // Put the record back in place of the right one, as if its owner had not written it yet.
      try LocalFileSystem().remove(path)
      try LocalFileSystem().write(record, toNew: path)
      let error = expectError(.held) { () throws(StoreLockError) in
        _ = try StoreLock.acquire(
          at: path, command: "", waitingUpTo: 0, time: SystemTimeSource(),
          tryLock: { _ in .wouldBlock })
      }
      #expect(error?.holder == nil)
      #expect(
        error?.message
          == "Could not lock '\(path)': another process is writing. Wait, or pass `--wait 60`.")
      lock.release()
    }
  }

  @Test("says when the one who has it is stopped")
  func stoppedSentence() throws {
    let holder = LockHolder(
      process: ProcessIdentity(number: 42, bootID: "b", startTicks: 1, numberSpace: "n"),
      sinceInSecondsSince1970: 0, command: "c")
    #expect(
      StoreLockError.held("/s/store.lock", by: holder, isStopped: true).message
        == "Could not lock '/s/store.lock': process 42 (stopped) has been writing since "
        + "1970-01-01T00:00:00Z. Let it continue (kill -CONT), or end it.")
  }
}

@Suite(
  "A store's lock between processes", .timeLimit(.minutes(2)),
  .enabled(if: PythonPeer.has("fcntl"), Comment(rawValue: needsPython)))
struct StoreLockProcessTests {
  private let folder: TemporaryDirectory
  private var path: FilePath { folder.appending("store.lock") }

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func acquire(waitingUpTo seconds: Double) throws(StoreLockError) -> StoreLock {
    try StoreLock.acquire(
      at: path, command: "test", waitingUpTo: seconds, time: SystemTimeSource())
  }

  /// Another program that takes the lock, writes its record, and keeps the lock for a while.
  private func startHolder(seconds: Double = 60) throws -> ChildProcess {
    let script = """
      import fcntl, os, sys, time
      lock = open(sys.argv[1], 'a+')
      fcntl.flock(lock, fcntl.LOCK_EX)
      stat = open('/proc/self/stat').read().rsplit(')', 1)[1].split()
      lock.truncate(0)
      lock.write(f'''process {os.getpid()}
      boot {open('/proc/sys/kernel/random/boot_id').read().strip()}
      start {stat[19]}
      space {os.readlink('/proc/self/ns/pid')}
      since 1772619243.5
      command other program
      '''.replace('\\n      ', '\\n'))
      lock.flush()
      print('held', flush=True)
      time.sleep(float(sys.argv[2]))
      """
    let child = try ChildProcess("python3", ["-c", script, path.string, "\(seconds)"])
    try child.wait(forOutput: "held")
    return child
  }

  private func expectHeld(by child: ChildProcess, isStopped: Bool) {
    do throws(StoreLockError) {
      try acquire(waitingUpTo: 0.05).release()
      Issue.record("the lock was granted although process \(child.number) has it")
    } catch {
      #expect(error.code == .held)
      #expect(error.holder?.process.number == child.number)
      #expect(error.holder?.command == "other program")
      let state = isStopped ? " (stopped)" : ""
      #expect(
        error.message.contains(
          "process \(child.number)\(state) has been writing since 2026-03-04T10:14:03Z"))
    }
  }

  @Test("names the other process, and is free as soon as that is killed")
  func freeAfterKill() throws {
    let child = try startHolder()
    expectHeld(by: child, isStopped: false)
    child.send(.kill)
    let result = try child.waitUntilExit()
    #expect(result.wasSignalled)
    // The record of the dead one is still there; it decides nothing.
    #expect(try LocalFileSystem().status(of: path).sizeInBytes > 0)
    let lock = try acquire(waitingUpTo: 0)
    #expect(lock.holder.process == (try ProcessIdentity.current()))
    lock.release()
  }

  @Test("is not taken from a process that is stopped")
  func heldWhileStopped() throws {
    let child = try startHolder()
    child.send(.stop)
    // Stopping is not instant.
    let time = SystemTimeSource()
    let end = time.monotonicSeconds + 10
    while try !stateOf(child).contains("T"), time.monotonicSeconds < end {
      time.sleep(seconds: 0.01)
    }
    expectHeld(by: child, isStopped: true)
    child.send(.resume)
    child.send(.kill)
    _ = try child.waitUntilExit()
    try acquire(waitingUpTo: 0).release()
  }

  private func stateOf(_ child: ChildProcess) throws -> String {
    try ChildProcess.run("ps", ["-o", "state=", "-p", "\(child.number)"]).outputText
  }

  @Test("is granted while waiting, once the other process ends")
  func grantedWhileWaiting() throws {
    let child = try startHolder(seconds: 0.3)
    let lock = try acquire(waitingUpTo: 30)
    #expect(try child.waitUntilExit().status == 0)
    lock.release()
  }

  @Test("that we hold keeps other programs out, and is not inherited by those we start")
  func keepsOthersOut() throws {
    let script = """
      import fcntl, sys
      try:
          fcntl.flock(open(sys.argv[1], 'a+'), fcntl.LOCK_EX | fcntl.LOCK_NB)
          print('granted')
      except BlockingIOError:
          print('refused')
      """
    let lock = try acquire(waitingUpTo: 0)
    // Started while the lock is held: had it inherited the file, it would keep the lock.
    let bystander = try ChildProcess("sleep", ["60"])
    #expect(try PythonPeer.run(script: script, arguments: [path.string]) == "refused\n")
    let record = String(
      decoding: try LocalFileSystem().read(path, limitInBytes: 1 << 16), as: UTF8.self)
    #expect(record.utf8.count == LockHolder.lengthInBytes)
    #expect(LockHolder(record: record) == lock.holder)
    lock.release()
    #expect(try PythonPeer.run(script: script, arguments: [path.string]) == "granted\n")
    bystander.send(.kill)
  }
}
