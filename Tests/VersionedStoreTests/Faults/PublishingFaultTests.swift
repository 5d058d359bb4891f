import Durability
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// The n-th call to the disk fails, n = 1, 2, … until none does.
///
/// SQLite does its own reading and writing, not through `FileSystem`; that a transaction of the
/// catalogue is whole or absent is SQLite's promise, which it tests itself. What is tested here is all
/// that happens before the transaction: nothing of it can be seen, whatever fails.
@Suite("Publishing on a disk that fails")
struct PublishingFaultTests {
  @Test(
    "leaves old or new and nothing between, touches nothing else, says so, and can be repeated",
    arguments: PublishingTrial.all, InjectedFault.allCases)
  func everyCall(trial: PublishingTrial, fault: InjectedFault) throws {
    let before = try trial.ground()
    let old = try CatalogDump.lines(of: before)
    let new = try Self.dump(after: trial, on: before)
    #expect(old != new)
    var attempts = 0
    let failedCalls = try FaultyFileSystem.failingEachCall(with: fault) { fileSystem in
      attempts += 1
      let folder = StoreFolder(try before.materialised())
      var failure: (any Error)?
      do {
        let store = try folder.open(on: fileSystem)
        try trial.publish(store)
      } catch {
        failure = error
      }
      let lastCall = fileSystem.trace.last ?? "no call"
      #expect(
        (failure == nil) == !fileSystem.hasFailed,
        "\(lastCall) failed: \(String(describing: failure))")
      if let failure { Self.expectReport(failure, of: fault, at: lastCall) }
      let found = try CatalogDump.lines(of: folder.root)
      #expect(found == (failure == nil ? new : old), "\(lastCall)")
      try Self.expectIntact(folder.root, before: before, at: lastCall)
      // The next process does the same without a fault.
      if failure != nil {
        try trial.publish(try folder.open())
        #expect(try CatalogDump.lines(of: folder.root) == new, "again after \(lastCall)")
        try Self.expectIntact(folder.root, before: before, at: "again after \(lastCall)")
      }
    }
    // Open, write, set the mode, sync, make the folder, rename, sync two folders.
    #expect(failedCalls >= 8 && attempts == failedCalls + 1)
  }

  @Test("makes a store or none, and the next call makes it", arguments: InjectedFault.allCases)
  func create(fault: InjectedFault) throws {
    let failedCalls = try FaultyFileSystem.failingEachCall(with: fault) { fileSystem in
      let folder = try StoreFolder()
      var isMade = false
      do throws(StoreError) {
        _ = try Store.create(at: folder.root, environment: Self.environment(fileSystem))
        isMade = true
      } catch {
        let lastCall = fileSystem.trace.last ?? "no call"
        Self.expectReport(error, of: fault, at: lastCall)
      }
      #expect(isMade == !fileSystem.hasFailed)
      do {
        _ = try folder.create()
        #expect(!isMade)
      } catch let error as StoreError where error.code == .alreadyExists {
        // It is there: said so, or made before the last call, which makes it durable, failed.
      }
      try folder.open().commit([RecordingSketch("a")])
    }
    #expect(failedCalls >= 8)
  }

  private static func environment(_ fileSystem: FaultyFileSystem) throws(StoreError)
    -> StoreEnvironment
  {
    do {
      return try .forTests(on: fileSystem)
    } catch {
      preconditionFailure("A process can tell who it is.")
    }
  }

  private static func dump(
    after trial: PublishingTrial, on snapshot: DiskSnapshot
  ) throws -> [String] {
    let folder = StoreFolder(try snapshot.materialised())
    try trial.publish(try folder.open())
    return try CatalogDump.lines(of: folder.root)
  }

  /// The failure comes with a code that fits and a whole sentence, and names what the fault was about.
  private static func expectReport(_ failure: any Error, of fault: InjectedFault, at call: String) {
    guard let error = failure as? StoreError else {
      Issue.record("\(failure) was thrown at \(call), a store error is expected")
      return
    }
    let isFull = fault == .fullDisk || fault == .cutWrite
    // A read that fails is a damaged object as far as the reader can tell.
    let isRead = call.hasPrefix("read")
    #expect(isRead || error.code == (isFull ? .noSpace : .storage), "\(call): \(error)")
    #expect(error.message.hasPrefix("Could not ") && error.message.hasSuffix("."))
  }

  /// What was published before is there to the byte, and what was added is whole.
  private static func expectIntact(_ root: FilePath, before: DiskSnapshot, at call: String) throws {
    let after = try DiskSnapshot(of: root)
    for (path, entry) in before.objects where after.entries[path] != entry {
      Issue.record("\(path) changed at \(call)")
    }
    #expect(after.damagedObjects == [], "\(call)")
  }
}
