import Durability
import SystemPackage
import TestSupport
import Testing

@Suite("A process's identity", .timeLimit(.minutes(1)))
struct ProcessIdentityTests {
  /// What Python reads about a process; the fields are counted from the end, which no name reaches.
  private func identity(of number: Int32) throws -> ProcessIdentity {
    let mine = try ProcessIdentity.current()
    let script = """
      import sys
      print(open(f'/proc/{sys.argv[1]}/stat').read().rsplit(')', 1)[1].split()[19])
      """
    let ticks = try PythonPeer.run(script: script, arguments: ["\(number)"])
    return ProcessIdentity(
      number: number, bootID: mine.bootID,
      startTicks: try #require(UInt64(ticks.dropLast())), numberSpace: mine.numberSpace)
  }

  @Test("of the caller is alive and the same every time")
  func ownIsAlive() throws {
    let mine = try ProcessIdentity.current()
    #expect(try mine.liveness() == .alive)
    #expect(try mine.isAlive())
    #expect(try ProcessIdentity.current() == mine)
    #expect(mine.bootID.count == 36)
    #expect(mine.numberSpace.hasPrefix("pid:["))
  }

  @Test("is another one after the boot, the start or the namespace changed")
  func changesMatter() throws {
    let mine = try ProcessIdentity.current()
    func changed(
      boot: String? = nil, ticks: UInt64? = nil, space: String? = nil
    ) -> ProcessIdentity {
      ProcessIdentity(
        number: mine.number, bootID: boot ?? mine.bootID, startTicks: ticks ?? mine.startTicks,
        numberSpace: space ?? mine.numberSpace)
    }
    #expect(try changed(boot: "earlier").liveness() == .dead)
    // The number is in use again.
    #expect(try changed(ticks: mine.startTicks + 1).liveness() == .dead)
    #expect(try !changed(ticks: mine.startTicks + 1).isAlive())
    // Another container: its leases count until they expire.
    #expect(try changed(space: "pid:[1]").liveness() == .unknown)
    #expect(try changed(space: "pid:[1]").isAlive())
    let unused = ProcessIdentity(
      number: Int32.max, bootID: mine.bootID, startTicks: 1, numberSpace: mine.numberSpace)
    #expect(try unused.liveness() == .dead)
  }

  @Test(
    "of a child is alive, also while stopped, and dead once it is killed",
    .enabled(if: PythonPeer.has("sys"), "needs python3"))
  func childLivesAndDies() throws {
    let child = try ChildProcess("sleep", ["60"])
    let identity = try identity(of: child.number)
    #expect(try identity.liveness() == .alive)
    child.send(.stop)
    #expect(try identity.liveness() == .alive)
    child.send(.kill)
    _ = try child.waitUntilExit()
    #expect(try identity.liveness() == .dead)
  }

  @Test(
    "is read right although the program's name looks like the fields after it",
    .enabled(if: PythonPeer.has("sys"), "needs python3"))
  func hostileNames() throws {
    let folder = try TemporaryDirectory()
    let program = folder.appending("x) Z 1 (y")
    let copied = try ChildProcess.run(
      "sh", ["-c", "cp \"$(command -v sleep)\" \"$1\"", "sh", program.string])
    try #require(copied.status == 0, "\(copied.errorText)")
    let child = try ChildProcess(program.string, ["60"])
    // `env` becomes the program a moment after it was started.
    let time = SystemTimeSource()
    let end = time.monotonicSeconds + 10
    let name = FilePath("/proc/\(child.number)/comm")
    while try String(decoding: readAll(name), as: UTF8.self) != "x) Z 1 (y\n",
      time.monotonicSeconds < end
    {
      time.sleep(seconds: 0.01)
    }
    #expect(try String(decoding: readAll(name), as: UTF8.self) == "x) Z 1 (y\n")
    #expect(try identity(of: child.number).liveness() == .alive)
    child.send(.kill)
  }

  /// Files in /proc report a length of 0, so that they are read by another program.
  private func readAll(_ path: FilePath) throws -> [UInt8] {
    try ChildProcess.run("cat", [path.string]).output
  }
}
