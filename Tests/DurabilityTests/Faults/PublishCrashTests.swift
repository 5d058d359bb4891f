import Durability
import Randomness
import SystemPackage
import TestSupport
import Testing

/// Some way to publish bytes below a root under a temporary name.
private typealias Publish =
  @Sendable ([UInt8], FilePath, String, any FileSystem) throws(FileFault) -> Void

@Suite("Publishing when the power fails")
struct PublishCrashTests {
  // Longer than a page, so that it can be torn in several ways.
  private static let bytes = (0..<9_000).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 >> 8 + 1) }
  private static let older: [UInt8] = [7, 7, 7]

  private static let correct: Publish = { bytes, root, temporaryName, disk throws(FileFault) in
    _ = try ObjectPublisher(root: root, on: disk)
      .publish(bytes, fileExtension: "h5", temporaryName: temporaryName)
  }

  private static func omitting(_ omission: OmittingFileSystem.Omission) -> Publish {
    { bytes, root, temporaryName, disk throws(FileFault) in
      try correct(bytes, root, temporaryName, OmittingFileSystem(disk, omitting: omission))
    }
  }

  private static func misordered(_ publisher: MisorderedPublisher) -> Publish {
    { bytes, root, temporaryName, disk throws(FileFault) in
      try publisher.publish(bytes, root: root, temporaryName: temporaryName, on: disk)
    }
  }

  @Test("leaves the object absent or whole, whole once it was said, and the older one untouched")
  func onePublication() throws {
    let outcome = try Self.cutPowerEverywhere(Self.correct, killedAtCall: nil)
    #expect(outcome.violations == [])
    // Seven changes and the state before them; far more states than changes.
    #expect(outcome.stateCount > 40)
  }

  @Test("still does after an earlier process was killed in any of its calls", arguments: 1...7)
  func afterAKill(killedAtCall: Int) throws {
    let outcome = try Self.cutPowerEverywhere(Self.correct, killedAtCall: killedAtCall)
    #expect(outcome.violations == [])
    #expect(outcome.stateCount > 5)
  }

  @Test(
    "is caught by these tests when one line of the publisher is missing",
    arguments: OmittingFileSystem.Omission.allCases)
  func omissionIsCaught(omission: OmittingFileSystem.Omission) throws {
    let outcome = try Self.cutPowerEverywhere(Self.omitting(omission), killedAtCall: nil)
    #expect(!outcome.violations.isEmpty, "a publisher that \(omission.rawValue)")
  }

  @Test(
    "is caught by these tests when the order of the publisher is wrong",
    arguments: MisorderedPublisher.allCases)
  func misorderIsCaught(publisher: MisorderedPublisher) throws {
    let kills = [nil] + (1...9).map(Optional.some)
    let isCaught = try kills.contains { killedAtCall in
      let outcome = try Self.cutPowerEverywhere(
        Self.misordered(publisher), killedAtCall: killedAtCall)
      return !outcome.violations.isEmpty
    }
    #expect(isCaught, "a publisher that \(publisher.rawValue)")
  }

  /// Publishes (after another process that was killed at some call, if asked for), cuts the power
  /// after each change and in every way the model allows, and checks what is found.
  private static func cutPowerEverywhere(
    _ publish: Publish, killedAtCall: Int?
  ) throws -> (violations: [String], stateCount: Int) {
    let root = try TemporaryDirectory(on: .memory)
    let setUp = ObjectPublisher(root: root.path, on: LocalFileSystem())
    try setUp.createFolders()
    _ = try setUp.publish(older, fileExtension: "h5", temporaryName: "older")
    let before = try DiskSnapshot(of: root.path)

    let recorder = RecordingFileSystem()
    if let killedAtCall {
      let killed = FaultyFileSystem(recorder, failingCall: killedAtCall, with: .crashInTheMiddle)
      do throws(FileFault) {
        try publish(bytes, root.path, "killed", killed)
      } catch {
        // The process is gone; nobody sees its error.
      }
    }
    try publish(bytes, root.path, "mine", recorder)

    let crashes = CrashStates(of: recorder.operations, below: root.path, before: before)
    var violations: [String] = []
    var stateCount = 0
    for count in 0...recorder.operations.count {
      let isPromised = count == recorder.operations.count
      for state in crashes.states(afterOperations: count) {
        stateCount += 1
        for violation in try faultsFound(in: state, before: before, isPromised: isPromised) {
          violations.append("after \(recorder.operations.prefix(count)): \(violation)")
        }
      }
    }
    return (violations, stateCount)
  }

  /// Opens a state as the next process finds it, and says what is wrong with it.
  private static func faultsFound(
    in state: DiskSnapshot, before: DiskSnapshot, isPromised: Bool
  ) throws -> [String] {
    var violations: [String] = []
    let root = try state.materialised()
    let disk = LocalFileSystem()
    let publisher = ObjectPublisher(root: root.path, on: disk)
    for (path, entry) in before.entries where state.entries[path] != entry {
      violations.append("\(path) was there before and is not what it was")
    }
    for folder in try disk.contents(of: publisher.objectFolder) {
      for path in try disk.contents(of: folder) {
        let hash = try ContentHash(ofFile: path, on: disk)
        if path.stem != hash.hexText { violations.append("\(path) is not whole") }
        if try disk.status(of: path).permissions != .sealed {
          violations.append("\(path) is not sealed")
        }
      }
    }
    let target = publisher.path(of: ContentHash(of: bytes), fileExtension: "h5")
    if try isPromised && !disk.exists(target) {
      violations.append("the object was promised and is absent")
    }
    // A damaged object has been reported above and is in the way, rightly.
    if violations.isEmpty {
      let recovered = try publisher.publish(bytes, fileExtension: "h5", temporaryName: "recovery")
      if try disk.read(recovered.path, limitInBytes: bytes.count) != bytes {
        violations.append("the object cannot be published again")
      }
    }
    return violations
  }
}
