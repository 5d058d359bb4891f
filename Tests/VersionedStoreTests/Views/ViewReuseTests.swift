import Durability
import Foundation
import Signals
import StoreSupport
import Synchronization
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// A clock that does something the first time it is asked: what another process did just then.
private final class MeddlingClock: TimeSource {
  private let meddle: Mutex<(() throws -> Void)?>
  private let base = FixedTimeSource()

  init(_ meddle: sending @escaping () throws -> Void) {
    self.meddle = Mutex(meddle)
  }

  var secondsSince1970: Double { base.secondsSince1970 }
  var monotonicSeconds: Double {
    let action = meddle.withLock { action in
      defer { action = nil }
      return action
    }
    do { try action?() } catch { Issue.record(error) }
    return base.monotonicSeconds
  }
  func sleep(seconds: Double) { base.sleep(seconds: seconds) }
}

@Suite("A view that was computed before")
struct ViewReuseTests {
  private static let framing = Framing(
    lengthInSamples: 10, strideInSamples: 10, labelRule: LabelRule(track: "activity"))

  private static func changed(_ change: (inout Framing) -> Void) -> Framing {
    var framing = Self.framing
    change(&framing)
    return framing
  }

  @Test("is reused, and says why")
  func hit() throws {
    let folder = try StoreFolder()
    let version = try folder.create().commit([RecordingSketch("a")]).version
    let name = try DatasetName("v")
    let (first, decision) = try folder.open().view(name, of: version, framing: Self.framing)
    #expect(decision == .miss(because: "no view has this name yet"))
    let objects = try DiskSnapshot(of: folder.root.appending("objects"))
    let (second, again) = try folder.open().view(name, of: version, framing: Self.framing)
    #expect(again == .hit(because: "version, framing and code are the same"))
    #expect(again.word == "hit" && decision.word == "miss")
    #expect(first.hash == second.hash && first.exampleCount == second.exampleCount)
    #expect(try DiskSnapshot(of: folder.root.appending("objects")) == objects)
  }

  @Test("is reused under another name, also when the channels were given by patterns")
  func otherName() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([RecordingSketch("a")]).version
    let (first, _) = try store.view(try DatasetName("v"), of: version, framing: Self.framing)
    let (second, decision) = try store.view(
      try DatasetName("w"), of: version,
      framing: Self.changed { $0.channels = ["acc-*", "gyro-z"] })
    #expect(
      decision
        == .hit(
          because: "version, framing and code are the same as in an earlier view; the name 'w' now "
            + "means that one"))
    #expect(second.hash == first.hash && second.name == "w")
    #expect(try store.view(named: try DatasetName("v")).name == "v")
  }

  @Test("is computed anew when something changed, and the first thing said is what")
  func misses() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([
      RecordingSketch("a").with { $0.missingEvery = 50 }
    ]).version
    let name = try DatasetName("v")
    func expectMiss(
      _ reason: String, of version: Version = version, _ framing: Framing,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      _ = try store.view(name, of: version, framing: Self.framing)
      let (_, decision) = try store.view(name, of: version, framing: framing)
      #expect(decision == .miss(because: reason), sourceLocation: sourceLocation)
    }
    try expectMiss("the window is 5, it was 10", Self.changed { $0.lengthInSamples = 5 })
    try expectMiss("the stride is 3, it was 10", Self.changed { $0.strideInSamples = 3 })
    try expectMiss("the channels differ", Self.changed { $0.channels = ["acc-*"] })
    try expectMiss(
      "the label track is none, it was activity; the label rule is none, it was pure",
      Self.changed { $0.labelRule = nil })
    try expectMiss(
      "the label rule is majority, it was pure",
      Self.changed { $0.labelRule?.agreement = .majority })
    try expectMiss(
      "the list of labels is 0,1, it was all", Self.changed { $0.labelRule?.codes = [0, 1] })
    try expectMiss(
      "the largest missing share is 0.5, it was 1.0",
      Self.changed { $0.missingValues.maximumMissingFraction = 0.5 })
    try expectMiss(
      "the fill is zero, it was linear", Self.changed { $0.missingValues.fill = .zero })
    try expectMiss(
      "the window is 7, it was 10; the fill is keep, it was linear",
      Self.changed {
        $0.lengthInSamples = 7
        $0.missingValues.fill = .keep
      })
    _ = try store.view(name, of: version, framing: Self.framing)
    let second = try store.commit([RecordingSketch("b")], mode: .appending).version
    let (_, decision) = try store.view(name, of: second, framing: Self.framing)
    #expect(decision == .miss(because: "the version is daily@2, it was daily@1"))
    // Going back is a hit: nothing that was computed is forgotten.
    let (_, back) = try store.view(name, of: version, framing: Self.framing)
    #expect(back.word == "hit")
  }

  @Test("by other code is computed anew, and says so")
  func otherCode() throws {
    let folder = try StoreFolder()
    let version = try folder.create().commit([RecordingSketch("a")]).version
    let name = try DatasetName("v")
    _ = try folder.open().view(name, of: version, framing: Self.framing)
    // What a store looks like whose view was cut by an earlier release.
    try editCatalogue(
      of: folder.root,
      "UPDATE view SET codeVersion = 0, hash = '\(String(repeating: "0", count: 64))'")
    let (_, decision) = try folder.open().view(name, of: version, framing: Self.framing)
    #expect(decision == .miss(because: "the cutting code is at 1, it was at 0"))
  }

  @Test("by another process in the meantime is taken over")
  func race() throws {
    let folder = try StoreFolder()
    let version = try folder.create().commit([RecordingSketch("a")]).version
    let name = try DatasetName("v")
    let other = try folder.open()
    let meddler = MeddlingClock { _ = try other.view(name, of: version, framing: Self.framing) }
    let (view, decision) = try folder.open(time: meddler).view(
      name, of: version, framing: Self.framing)
    #expect(decision == .hit(because: "another process has just computed it"))
    #expect(try other.view(named: name).hash == view.hash)
  }

  @Test("keeps its examples when its name moves on; splits of it stay what they were")
  func moved() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([RecordingSketch("a")]).version
    let first = try store.makeView("v", of: version)
    let split = try store.makeSplit("s", of: first, by: .time, test: "0.3")
    _ = try store.makeView("v", of: version, window: 5)
    let kept = try store.split(named: try DatasetName("s"))
    #expect(kept.hash == split.hash && kept.view.hash == first.hash)
    #expect(kept.view.framing.lengthInSamples == 10)
    #expect(try store.examples(of: kept.view).count == first.exampleCount)
  }
}
