import Durability
import Foundation
import Randomness
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite("A faulty file system")
struct FaultyFileSystemTests {
  @Test(
    "fails the call it was told to, in the way it was told to", arguments: InjectedFault.allCases)
  func failsTheRightCall(fault: InjectedFault) throws {
    let root = try TemporaryDirectory()
    let fileSystem = FaultyFileSystem(failingCall: 2, with: fault)
    try fileSystem.write([1, 2, 3, 4], toNew: root.appending("a"))
    #expect(!fileSystem.hasFailed)
    let reported = expectFault(
      fault == .fullDisk || fault == .cutWrite
        ? .noSpace : fault == .tooManyOpenFiles ? .tooManyOpenFiles : .inputOutput
    ) { () throws(FileFault) in
      try fileSystem.write([1, 2, 3, 4], toNew: root.appending("b"))
    }
    #expect(reported?.subject == root.appending("b"))
    #expect(fileSystem.hasFailed)
    let left: [UInt8]? =
      switch fault {
      case .cutWrite, .crashInTheMiddle: [1, 2]
      case .inputOutputAfterwards: [1, 2, 3, 4]
      default: nil
      }
    #expect(try DiskSnapshot(of: root.path).bytes(at: "b") == left)
    // A later call works, unless the process has ended.
    do throws(FileFault) {
      try fileSystem.remove(root.appending("a"))
      #expect(!fault.endsTheProcess)
    } catch {
      #expect(fault.endsTheProcess)
    }
    #expect(fileSystem.callCount == 3)
    #expect(fileSystem.trace.prefix(2) == ["write a", "write b"])
  }

  @Test("stops failing each call in turn when there is none left")
  func failsEachCall() throws {
    var attempts = 0
    let count = try FaultyFileSystem.failingEachCall(with: .inputOutput) { fileSystem in
      attempts += 1
      let root = try TemporaryDirectory()
      do throws(FileFault) {
        for name in ["a", "b", "c"] { try fileSystem.write([1], toNew: root.appending(name)) }
      } catch {
        #expect(error.code == .inputOutput)
      }
      #expect(try DiskSnapshot(of: root.path).entries.count == min(attempts - 1, 3))
    }
    #expect(count == 3)
    #expect(attempts == 4)
  }

  @Test("is watched by a recorder that keeps what succeeded, with its bytes")
  func recorderKeepsSuccesses() throws {
    let root = try TemporaryDirectory()
    let recorder = RecordingFileSystem()
    let (a, b) = (root.appending("a"), root.appending("b"))
    try recorder.write([1, 2], toNew: a)
    try recorder.append([3], to: a)
    try recorder.write([4], toNew: b)
    #expect(try recorder.rename(a, toNew: b) == .alreadyExists)
    expectFault(.alreadyExists) { () throws(FileFault) in try recorder.write([5], toNew: a) }
    try recorder.replace(b, with: a)
    #expect(
      recorder.operations == [
        .write(a, bytes: [1, 2], permissions: .newFile), .append(a, bytes: [3]),
        .write(b, bytes: [4], permissions: .newFile), .replace(b, with: a),
      ])
    #expect(recorder.operations.first?.description == "write a (2 bytes)")
  }
}

@Suite("Seeded cases")
struct SeededCasesTests {
  @Test("cover all small sizes")
  func sizes() {
    #expect(SeededCases.sizes(axisCount: 0, upTo: 3) == [[]])
    #expect(SeededCases.sizes(axisCount: 2, upTo: 1) == [[0, 0], [0, 1], [1, 0], [1, 1]])
    #expect(Set(SeededCases.sizes(axisCount: 3, upTo: 3)).count == 64)
  }

  @Test(
    "run the fixed ones, then the random ones, the same each time",
    .enabled(if: ProcessInfo.processInfo.environment["SEED"] == nil, "SEED replays one case only"))
  func order() {
    func run() -> [Int] {
      var seen: [Int] = []
      SeededCases.check([-1, -2], randomCount: 20) {
        $0.nextIndex(below: 1000)
      } _: { one in
        seen.append(one)
      }
      return seen
    }
    let first = run()
    #expect(first.prefix(2) == [-1, -2])
    #expect(first.count == 22)
    #expect(first == run())
    #expect(Set(first).count > 15)
  }

  @Test(
    "fail when an expectation fails or an error is thrown, and name the seed",
    .enabled(if: ProcessInfo.processInfo.environment["SEED"] == nil, "SEED replays one case only"))
  func failuresAreReported() {
    struct Odd: Error {}
    let found = Mutex<[String]>([])
    withKnownIssue {
      SeededCases.check(randomCount: 3) {
        $0.nextIndex(below: 1000)
      } _: { one in
        #expect(one < 0)
      }
      SeededCases.check([5], randomCount: 1) {
        $0.nextIndex(below: 1000)
      } _: { _ in
        throw Odd()
      }
    } matching: { issue in
      found.withLock { $0.append(issue.description + issue.comments.map(\.rawValue).joined()) }
      return true
    }
    let words = found.withLock { $0 }
    // Three failed expectations, two errors, and the words to each of the five.
    #expect(words.count == 10)
    #expect(words.filter { $0.contains("SEED=\(Seed(0).child(0)) replays") }.count == 2)
    #expect(words.filter { $0.contains("SEED=\(Seed(0).child(2)) replays") }.count == 1)
    #expect(words.filter { $0.contains("Case 0: 5") }.count == 1)
  }
}

@Suite("Closeness")
struct ClosenessTests {
  @Test("finds the worst place")
  func worstPlace() {
    let closeness = Closeness(
      of: [1, 2.1, 3, 4.1], to: [1, 2, 3, 4], relative: 0.01, absolute: 0.005)
    #expect(!closeness.isClose)
    #expect(closeness.worstIndex == 1)
    #expect(abs(closeness.worstRatio - 4) < 1e-9)
    #expect(closeness.description.hasPrefix("worst at index 1 of 4: 2.1 found, 2.0 expected"))
    #expect(Closeness(of: [1, 2.1], to: [1, 2], relative: 0.06).isClose)
    #expect(!Closeness(of: [1, 2.1], to: [1, 2], relative: 0.04).isClose)
  }

  @Test("knows what is never close")
  func specialValues() {
    func isClose(_ actual: [Double], _ expected: [Double]) -> Bool {
      Closeness(of: actual, to: expected, relative: 1, absolute: 1).isClose
    }
    #expect(isClose([], []))
    #expect(isClose([.nan, .infinity, -.infinity], [.nan, .infinity, -.infinity]))
    #expect(!isClose([.nan], [0]))
    #expect(!isClose([0], [.nan]))
    #expect(!isClose([.infinity], [-.infinity]))
    #expect(!isClose([1e300], [.infinity]))
    #expect(!isClose([1], [1, 1]))
    #expect(Closeness<Float>(of: [0], to: [-0.0], relative: 0).isClose)
    #expect(!Closeness<Float>(of: [1e-30], to: [0], relative: 1).isClose)
  }

  @Test("is an issue when it is missed")
  func issue() {
    withKnownIssue { expectClose([1.0], [2.0], relative: 0.1) }
    #expect(expectClose([1.0], [1.05], relative: 0.1))
  }
}

@Suite("Other programs", .timeLimit(.minutes(1)))
struct ChildProcessTests {
  @Test("give back their status and all they wrote, however much")
  func output() throws {
    let result = try ChildProcess.run(
      "sh", ["-c", "head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2; exit 3"])
    #expect(result.status == 3)
    #expect(!result.wasSignalled)
    #expect(result.output.count == 3_000_000)
    #expect(result.errorOutput.count == 2_000_000)
    let variable = try ChildProcess.run("sh", ["-c", "echo $WORD"], environment: ["WORD": "w"])
    #expect(variable.outputText == "w\n")
  }

  @Test("are killed when they take too long or are forgotten")
  func timeout() throws {
    let slow = try ChildProcess("sleep", ["60"])
    #expect(throws: ChildProcess.TimeoutError.self) {
      try slow.waitUntilExit(atMostSeconds: 0.05)
    }
    #expect(try slow.waitUntilExit(atMostSeconds: 30).wasSignalled)
    var forgotten: ChildProcess? = try ChildProcess("sleep", ["60"])
    let number = try #require(forgotten?.number)
    forgotten = nil
    #expect(try !LocalFileSystem().exists(FilePath("/proc/\(number)")))
  }

  @Test("can be waited for by what they write")
  func waitForOutput() throws {
    let child = try ChildProcess("sh", ["-c", "echo one; sleep 0.05; echo two"])
    try child.wait(forOutput: "two")
    #expect(try child.waitUntilExit().outputText == "one\ntwo\n")
    #expect(throws: ChildProcess.TimeoutError.self) {
      try ChildProcess("echo", ["x"]).wait(forOutput: "y", atMostSeconds: 5)
    }
  }

  @Test("include Python, where it is installed", .enabled(if: PythonPeer.has("sys")))
  func python() throws {
    let text = try PythonPeer.run(
      script: "import sys; print(sys.argv[1] * 2)", arguments: ["ab"])
    #expect(text == "abab\n")
    #expect(throws: PythonPeer.ScriptError.self) { try PythonPeer.run(script: "1/0") }
    #expect(!PythonPeer.has("no_such_module"))
    #expect(!PythonPeer.has("sys", "no_such_module"))
  }
}

@Suite("Recorded outputs and folders")
struct RecordedOutputTests {
  @Test(
    "are compared to the byte, and missed when absent",
    .enabled(
      if: ProcessInfo.processInfo.environment["RECORD_OUTPUTS"] == nil, "records nothing itself"))
  func compares() throws {
    let root = try TemporaryDirectory()
    let disk = LocalFileSystem()
    let testFile = root.appending("Tests.swift").string
    func issues(_ text: String) throws -> [String] {
      let found = Mutex<[String]>([])
      try withKnownIssue(isIntermittent: true) {
        try RecordedOutput.expect(text, matches: "a.txt", testFile: testFile)
      } matching: { issue in
        found.withLock { $0 += issue.comments.map(\.rawValue) }
        return true
      }
      return found.withLock { $0 }
    }
    #expect(try issues("x") == ["'Recorded/a.txt' does not exist; RECORD_OUTPUTS=1 writes it"])
    try disk.createDirectory(root.appending("Recorded"))
    try disk.write(Array("one\né\n".utf8), toNew: root.appending("Recorded/a.txt"))
    #expect(try issues("one\né\n") == [])
    #expect(
      try issues("one\ne\u{301}\n")
        == ["'Recorded/a.txt' differs: line 2 is 'e\u{301}', 'é' is expected"])
    #expect(
      try issues("one\n") == ["'Recorded/a.txt' differs: line 2 is '', 'é' is expected"])
    #expect(
      try issues("one\né\n\n")
        == ["'Recorded/a.txt' differs: line 4 is '', '(the end)' is expected"])
  }

  @Test("stand in a folder that is removed with its object")
  func temporaryDirectory() throws {
    var folder: TemporaryDirectory? = try TemporaryDirectory()
    let path = try #require(folder?.path)
    try LocalFileSystem().write([1], toNew: path.appending("a"), permissions: .sealed)
    #expect(try TemporaryDirectory().path != path)
    folder = nil
    #expect(try !LocalFileSystem().exists(path))
  }

  @Test("of the real data stand where the package or a variable says")
  func realData() throws {
    #expect(try LocalFileSystem().exists(RealData.packageRoot.appending("Tests")))
    if let folder = RealData.folder {
      #expect(try LocalFileSystem().contents(of: folder).isEmpty == false)
    }
  }
}
