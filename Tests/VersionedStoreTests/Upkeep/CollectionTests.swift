import Durability
import Foundation
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("Collection")
struct CollectionTests {
  private func orphan(in fixture: UpkeepFixture, age: Double) throws -> FilePath {
    let bytes = Array("an object that no row names".utf8)
    let object = try ObjectPublisher(root: fixture.folder.root, on: LocalFileSystem()).publish(
      bytes, fileExtension: "h5", temporaryName: "orphan")
    let moment = Date(timeIntervalSince1970: FixedTimeSource().secondsSince1970 - age)
    try FileManager.default.setAttributes(
      [.modificationDate: moment], ofItemAtPath: object.path.string)
    return object.path
  }

  @Test("removes objects that no row names, and only those")
  func orphans() throws {
    let fixture = try UpkeepFixture()
    let before = Set(try fixture.objects())
    let path = try orphan(in: fixture, age: 7200)
    let dry = try fixture.store.collect(isDryRun: true, ageGuardInSeconds: 3600)
    #expect(dry.removed == [path.lastComponent?.string])
    #expect(try LocalFileSystem().exists(path), "a dry run removes nothing")
    let report = try fixture.store.collect(isDryRun: false, ageGuardInSeconds: 3600)
    #expect(report.removed == dry.removed)
    #expect(report.removedInBytes == dry.removedInBytes)
    #expect(Set(try fixture.objects()) == before)
    #expect(try fixture.store.verify(.full).problems.isEmpty)
  }

  @Test("leaves young files alone and says so")
  func ageGuard() throws {
    let fixture = try UpkeepFixture()
    let path = try orphan(in: fixture, age: 60)
    let report = try fixture.store.collect(isDryRun: false, ageGuardInSeconds: 3600)
    #expect(report.removed.isEmpty)
    #expect(report.kept.map(\.file) == [path.lastComponent?.string])
    #expect(report.kept.map(\.reason) == ["only 60.0 s old"])
    #expect(try LocalFileSystem().exists(path))
  }

  @Test("removes checkpoints that newer ones replaced, and keeps the newest")
  func checkpoints() throws {
    let fixture = try UpkeepFixture()
    let split = try fixture.store.split(of: fixture.run)
    let run = try fixture.store.beginRun(
      RunPlan(study: "classifier", split: split, seed: 2, settings: [:], environment: [:]))
    for epoch in 1...3 {
      try fixture.store.checkpoint(
        Array("state \(epoch)".utf8), epoch: epoch, metrics: [], seconds: 1, stepCount: epoch,
        of: run)
    }
    // The files are as old as the machine's clock says; the store's clock stands in the past.
    let report = try fixture.store.collect(isDryRun: false, ageGuardInSeconds: -.infinity)
    #expect(report.removed.count == 2)
    #expect(try fixture.store.resume(run.number).checkpoint?.bytes == Array("state 3".utf8))
    #expect(try fixture.store.verify(.full).problems.isEmpty)
  }

  @Test("waits for no writer: it is refused while one is at work")
  func lockedStore() throws {
    let fixture = try UpkeepFixture()
    let staged = try fixture.store.stage(try DatasetName("other"), kind: "recordings")
    expectStoreError(.locked) {
      _ = try fixture.store.collect(isDryRun: false, ageGuardInSeconds: 0)
    }
    _ = consume staged
    _ = try fixture.store.collect(isDryRun: false, ageGuardInSeconds: 0)
  }

  @Test(
    "fails at the n-th call without losing anything that is named",
    arguments: InjectedFault.allCases)
  func faults(fault: InjectedFault) throws {
    let fixture = try UpkeepFixture()
    let named = Set(try fixture.objects())
    _ = try orphan(in: fixture, age: 7200)
    _ = try FaultyFileSystem.failingEachCall(with: fault) { fileSystem in
      do {
        let store = try fixture.folder.open(on: fileSystem)
        _ = try store.collect(isDryRun: false, ageGuardInSeconds: 3600)
        #expect(!fileSystem.hasFailed, "a fault was not reported")
      } catch {
        #expect(fileSystem.hasFailed, "\(error)")
      }
      let left = Set(try fixture.objects())
      #expect(named.isSubset(of: left))
    }
    let left = Set(try fixture.objects())
    #expect(left == named, "the orphan went at last")
    #expect(try fixture.store.verify(.full).problems.isEmpty)
  }
}
