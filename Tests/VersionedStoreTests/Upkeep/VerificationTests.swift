import Durability
import Foundation
import Randomness
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// A small store with every kind of object: shards, a view, a split, a model.
struct UpkeepFixture {
  let folder: StoreFolder
  let store: Store
  let version: Version
  let run: Run

  init() throws {
    folder = try StoreFolder()
    store = try folder.create()
    let sketches = ["a", "b", "c"].map { name in
      RecordingSketch(name).with { $0.subject = "S-\(name)" }
    }
    version = try store.commit(sketches).version
    let view = try store.makeView(of: version)
    let split = try store.makeSplit(of: view, by: .subject, validation: "S-b", test: "S-c")
    let begun = try store.beginRun(
      RunPlan(study: "classifier", split: split, seed: 1, settings: ["a": "1"], environment: [:]))
    try store.record([MetricPoint("test_score", step: 0, value: 0.5)], of: begun)
    run = try store.finish(
      begun, model: (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 7) }, seconds: 1, stepCount: 2)
  }

  /// The files of all objects.
  func objects() throws -> [FilePath] {
    let files = LocalFileSystem()
    return try files.contents(of: folder.root.appending("objects")).flatMap {
      try files.contents(of: $0)
    }
  }

  /// Puts other bytes in the place of an object, as a failing disk or a person would.
  func replace(_ path: FilePath, by bytes: [UInt8]) throws {
    try? FileManager.default.removeItem(atPath: path.string)
    try Data(bytes).write(to: URL(fileURLWithPath: path.string))
    try LocalFileSystem().setPermissions(.sealed, of: path)
  }
}

@Suite("Verification")
struct VerificationTests {
  @Test("finds nothing in a sound store, at every depth", arguments: VerificationDepth.allCases)
  func soundStore(depth: VerificationDepth) throws {
    let fixture = try UpkeepFixture()
    let report = try fixture.store.verify(depth)
    #expect(report.problems.isEmpty)
    #expect(report.objectCount == (try fixture.objects().count))
    #expect(report.versionCount == 1)
    #expect(report.splitCount == (depth == .full ? 1 : 0))
  }

  @Test(
    "finds every flipped byte of 600 in shards, view, split and model, and names what depends on it"
  )
  func flippedBytes() throws {
    let fixture = try UpkeepFixture()
    let objects = try fixture.objects()
    #expect(objects.count == 4)
    var generator = Seed(5).generator()
    for trial in 0..<600 {
      let path = objects[trial % objects.count]
      let original = try LocalFileSystem().read(path, limitInBytes: 1 << 30)
      var bytes = original
      let position = generator.nextIndex(below: bytes.count)
      bytes[position] ^= UInt8(1 << generator.nextIndex(below: 8))
      try fixture.replace(path, by: bytes)
      let problems = try fixture.store.verify(.standard).problems
      #expect(problems.count == 1, "trial \(trial), byte \(position) of \(path)")
      #expect(problems.first?.kind == .altered)
      #expect(problems.first?.object == path.stem)
      #expect(problems.first?.runs == [fixture.run.number])
      if path.extension == "h5" {
        #expect(problems.first?.versions == [fixture.version.reference])
      }
      try fixture.replace(path, by: original)
    }
    #expect(try fixture.store.verify(.full).problems.isEmpty)
  }

  @Test(
    "finds objects that are missing, cut, grown, writable, or replaced by a link, a folder or a FIFO"
  )
  func replacedObjects() throws {
    let fixture = try UpkeepFixture()
    let path = try #require(try fixture.objects().first)
    let original = try LocalFileSystem().read(path, limitInBytes: 1 << 30)
    func kind(_ change: () throws -> Void) throws -> VerificationProblem.Kind? {
      try? FileManager.default.removeItem(atPath: path.string)
      try change()
      let problems = try fixture.store.verify(.quick).problems
      #expect(problems.count == 1)
      return problems.first?.kind
    }
    #expect(try kind {} == .missing)
    #expect(try kind { try fixture.replace(path, by: Array(original.dropLast())) } == .cut)
    #expect(try kind { try fixture.replace(path, by: original + [0]) } == .grown)
    #expect(
      try kind {
        try FileManager.default.createSymbolicLink(
          atPath: path.string, withDestinationPath: "/etc/os-release")
      } == .replaced)
    #expect(
      try kind {
        try FileManager.default.createDirectory(
          atPath: path.string, withIntermediateDirectories: false)
      } == .replaced)
    #expect(try kind { _ = mkfifo(path.string, 0o600) } == .replaced)
    #expect(
      try kind {
        try fixture.replace(path, by: original)
        try LocalFileSystem().setPermissions([.ownerReadWrite], of: path)
      } == .writable)
  }

  @Test("finds a catalogue that contradicts itself")
  func alteredCatalogue() throws {
    let fixture = try UpkeepFixture()
    try CatalogEdit.run(
      "UPDATE recording SET contentHash = '\(String(repeating: "0", count: 64))' WHERE name = 'a'",
      in: fixture.folder.root)
    let problems = try fixture.store.verify(.full).problems
    #expect(problems.contains { $0.kind == .content && $0.object == "a" })
    try CatalogEdit.run(
      "UPDATE version SET sampleCount = sampleCount + 1", in: fixture.folder.root)
    #expect(
      try fixture.store.verify(.quick).problems.contains {
        $0.kind == .catalogue && $0.versions == [fixture.version.reference]
      })
  }

  @Test(
    "names every damaged row instead of ending",
    arguments: [
      "DELETE FROM recording WHERE name = 'a'",
      "UPDATE version SET recordingCount = 1",
      "UPDATE recording SET rateInHertz = 9e999 WHERE name = 'b'",
      "UPDATE recording SET statistics = '[]' WHERE name = 'b'",
      "DELETE FROM channelSet",
      "UPDATE setting SET value = '2'",
      "UPDATE metric SET last = 0.9",
      "DELETE FROM segment",
    ])
  func damagedRows(sql: String) throws {
    let fixture = try UpkeepFixture()
    try CatalogEdit.run(sql, in: fixture.folder.root)
    let report = try fixture.store.verify(.full)
    #expect(!report.problems.isEmpty)
    #expect(report.problems.contains { $0.runs.contains(fixture.run.number) }, "\(report.problems)")
  }
}
