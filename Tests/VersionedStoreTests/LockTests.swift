import Durability
import Foundation
import StoreSupport
import Synchronization
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("A second writer")
struct LockTests {
  private static func expected(_ action: String) throws -> String {
    "Could not \(action): process \(try ProcessIdentity.current().number) has been writing since "
      + "2026-01-01T00:00:00Z. Wait, or pass `--wait 60`."
  }

  @Test("is told who writes, also when both are handles of one process, and can go on afterwards")
  func twoHandles() throws {
    let folder = try StoreFolder()
    let first = try folder.create()
    let version = try first.commit([RecordingSketch("0")]).version
    let view = try first.makeView(of: version)
    let second = try folder.open()
    var staged = try first.stage(try DatasetName("daily"), kind: "recordings", mode: .appending)
    try staged.append(try RecordingSketch("a").recording)
    expectStoreError(.locked, saying: try Self.expected("stage 'daily'")) {
      _ = try second.stage(try DatasetName("daily"), kind: "recordings")
    }
    expectStoreError(.locked, saying: try Self.expected("stage 'other'")) {
      try second.commit([RecordingSketch("x")], to: "other")
    }
    expectStoreError(.locked, saying: try Self.expected("publish the view 'other'")) {
      _ = try second.makeView("other", of: version, window: 5)
    }
    expectStoreError(.locked, saying: try Self.expected("publish the split 'parts'")) {
      _ = try second.makeSplit(of: view, by: .time, test: "0.2")
    }
    // Reading, and naming what is there already, goes on all the while.
    #expect(try second.datasets().count == 1)
    #expect(
      try second.view(try DatasetName("alias"), of: version, framing: view.framing).cache.word
        == "hit")
    _ = try second.tag(version, as: try DatasetName("paper"))
    _ = try staged.commit(because: "", ingestion: IngestionRecord(reader: "recordings"))
    #expect(try second.commit([RecordingSketch("b")], mode: .appending).version.number == 3)
  }

  @Test("waits as long as it was told to")
  func waiting() throws {
    let folder = try StoreFolder()
    let first = try folder.create()
    let staged = try first.stage(try DatasetName("daily"), kind: "recordings")
    let time = FixedTimeSource()
    let second = try folder.open(time: time, waitInSeconds: 60)
    let start = time.monotonicSeconds
    expectStoreError(.locked) { try second.commit([RecordingSketch("a")], to: "other") }
    #expect(abs(time.monotonicSeconds - start - 60) < 1e-6)
    withExtendedLifetime(staged) {}
  }

  @Test("gets in as soon as the first one is done")
  func handOver() async throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let second = try folder.open(time: SystemTimeSource(), waitInSeconds: 60)
    let holder = Mutex<Bool>(true)
    let began = Mutex(false)
    async let first: Void = {
      let staged = try store.stage(try DatasetName("daily"), kind: "recordings")
      began.withLock { $0 = true }
      while holder.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
      _ = consume staged
    }()
    while !began.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    async let other = Task.detached { try second.commit([RecordingSketch("a")]) }.value
    try await Task.sleep(for: .milliseconds(50))
    holder.withLock { $0 = false }
    try await first
    #expect(try await other.version.number == 1)
  }

  @Test("that has a finished model waits for minutes rather than lose it")
  func patience() throws {
    let ground = try RunGround()
    let time = FixedTimeSource()
    let second = try ground.folder.open(time: time)
    let run = try second.beginRun(ground.plan())
    let staged = try ground.store.stage(try DatasetName("daily"), kind: "recordings")
    let start = time.monotonicSeconds
    expectStoreError(.locked, saying: try Self.expected("publish the model of run 1")) {
      _ = try second.finish(run, model: [1], seconds: 0, stepCount: 0)
    }
    #expect(time.monotonicSeconds - start >= 600)
    withExtendedLifetime(staged) {}
  }

  @Test("of one run is told who is at work on it, and others may work on other runs")
  func sitting() throws {
    let ground = try RunGround()
    let other = try ground.folder.open()
    let held = try ground.store.sitting(on: 1)
    expectStoreError(.locked, saying: try Self.expected("work on run 1")) {
      _ = try other.sitting(on: 1)
    }
    try other.sitting(on: 2).release()
    // Publishing goes on beside it.
    try other.commit([RecordingSketch("c")], mode: .appending)
    held.release()
    try other.sitting(on: 1).release()
  }

  @Test("that is another process is named, and a dead one is not waited for")
  func otherProcess() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    try store.commit([RecordingSketch("0")], to: "other")
    // Another process that takes the lock as `flock` does, without writing a record of ours.
    let process = try ChildProcess(
      "python3",
      [
        "-c",
        """
        import fcntl, sys, time
        file = open(sys.argv[1], "r+")
        fcntl.flock(file, fcntl.LOCK_EX)
        print("locked", flush=True)
        time.sleep(60)
        """, folder.root.appending("store.lock").string,
      ])
    try process.wait(forOutput: "locked", atMostSeconds: 20)
    let error = expectStoreError(.locked) { try store.commit([RecordingSketch("a")]) }
    #expect(
      error?.message.hasPrefix("Could not stage 'daily'") == true, "\(String(describing: error))")
    process.send(.kill)
    _ = try process.waitUntilExit()
    #expect(try store.commit([RecordingSketch("a")]).isNew)
  }
}
