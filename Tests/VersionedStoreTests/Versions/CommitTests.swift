import Durability
import Foundation
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("A committed version")
struct CommitTests {
  private static func sketches(_ names: String...) -> [RecordingSketch] {
    names.map { RecordingSketch($0) }
  }

  /// The shard files of a store with their content.
  private static func objects(of root: FilePath) throws -> [String: DiskSnapshot.Entry] {
    try DiskSnapshot(of: root).entries.filter { $0.key.hasSuffix(".h5") }
  }

  @Test("tells what it holds")
  func summary() throws {
    let store = try StoreFolder().create()
    let outcome = try store.commit([
      RecordingSketch("b").with { $0.missingEvery = 7 },
      RecordingSketch("a").with { ($0.subject, $0.session, $0.sampleCount) = (nil, "m", 31) },
    ])
    let version = outcome.version
    #expect(outcome.isNew && outcome.shardsWritten == 1 && outcome.shardsReused == 0)
    #expect(outcome.sameContent.isEmpty)
    #expect(version.reference == "daily@1" && version.parent == nil && version.tags.isEmpty)
    #expect(version.kind == "recordings" && version.because == "a test")
    #expect(version.recordingCount == 2 && version.sampleCount == 131)
    #expect(version.created == 1_767_225_600)
    let shards = try store.shards(of: version)
    #expect(shards.map(\.recordingCount) == [2])
    #expect(version.sizeInBytes == shards[0].sizeInBytes)
    let recordings = try store.recordings(of: version)
    #expect(recordings.map(\.name) == ["a", "b"])
    #expect(recordings.map(\.subject) == [nil, "S1"] && recordings.map(\.session) == ["m", nil])
    #expect(recordings.map(\.sampleCount) == [31, 100] && recordings[0].startTimeInSeconds == 5)
    #expect(recordings[0].rate.hertz == 10 && recordings[0].valueType == "float32")
    #expect(recordings.allSatisfy { $0.isSimulated && $0.place == "" })
    #expect(recordings[1].channels == RecordingSketch.usualChannels)
    #expect(recordings[1].statistics.map(\.missingCount).reduce(0, +) == 43)
    #expect(recordings[0].source.name == "a.csv" && recordings[0].source.sizeInBytes > 0)
    #expect(recordings[0].labels.map(\.track) == ["activity"])
    #expect(recordings[0].labels[0].counts == [0: 20, 1: 11])
    #expect(recordings[0].labels[0].vocabulary == RecordingSketch.usualVocabulary)
    #expect(try store.ingestion(of: version) == IngestionRecord(reader: "recordings"))
    let dataset = try #require(try store.datasets().first)
    #expect(dataset.name == "daily" && dataset.kind == "recordings")
    #expect(dataset.versionCount == 1 && dataset.latest == 1)
    #expect(dataset.sizeInBytes == version.sizeInBytes)
  }

  @Test("is not followed by another one when the same sources come again, in any order")
  func sameAgain() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let first = try store.commit(Self.sketches("a", "b", "c"))
    let before = try Self.objects(of: folder.root)
    let again = try folder.open().commit(Self.sketches("c", "a", "b"))
    #expect(again.isNew == false && again.version == first.version)
    #expect(again.shardsWritten == 0 && again.shardsReused == 1)
    #expect(try store.versions(of: try DatasetName("daily")) == [first.version])
    #expect(try Self.objects(of: folder.root) == before)
  }

  @Test("has the same ids in stores at different places, made at other times, in other steps")
  func equalIDs() throws {
    let first = try StoreFolder(named: "here").create()
    let second = try StoreFolder(named: "somewhere else").create(
      time: FixedTimeSource(secondsSince1970: 1_800_000_000))
    let one = try first.commit(Self.sketches("a", "b", "c")).version
    try second.commit(Self.sketches("x"), to: "other")
    try second.commit(Self.sketches("c"))
    let other = try second.commit(Self.sketches("b", "a"), mode: .appending).version
    #expect(one.hash == other.hash)
    #expect(
      try first.recordings(of: one).map(\.hash) == second.recordings(of: other).map(\.hash))
    #expect(
      try first.recordings(of: one).map(\.contentHash)
        == second.recordings(of: other).map(\.contentHash))
    let views = try [first.makeView(of: one), second.makeView(of: other)]
    // A view names its version by number too, and that differs here.
    #expect(views[0].hash != views[1].hash)
  }

  @Test("has shards of the same bytes wherever and whenever it is made from the same sources")
  func equalBytes() throws {
    let folders = try (0..<2).map { try StoreFolder(named: "store \($0)") }
    for (number, folder) in folders.enumerated() {
      let store = try folder.create(
        time: FixedTimeSource(secondsSince1970: Double(number) * 1e9))
      let version = try store.commit(Self.sketches("a", "b")).version
      let view = try store.makeView(of: version)
      _ = try store.makeSplit(of: view, by: .time, test: "0.2")
    }
    let objects = try folders.map { try Self.objects(of: $0.root) }
    #expect(objects[0] == objects[1])
    #expect(objects[0].count == 3)
  }

  @Test("writes only what is new when recordings are appended")
  func append() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let first = try store.commit(Self.sketches("a", "b"))
    let before = try Self.objects(of: folder.root)
    let second = try store.commit(Self.sketches("c"), mode: .appending)
    #expect(second.isNew && second.version.number == 2 && second.version.parent == 1)
    #expect(second.shardsWritten == 1 && second.shardsReused == first.shardsWritten)
    #expect(try store.recordings(of: second.version).map(\.name) == ["a", "b", "c"])
    let after = try Self.objects(of: folder.root)
    #expect(after.count == before.count + 1)
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    // The first version is what it was.
    #expect(try store.version(try VersionReference("daily@1")) == first.version)
    #expect(try store.recordings(of: first.version).map(\.name) == ["a", "b"])
  }

  @Test("that appends what is there already is no new version")
  func appendSame() throws {
    let store = try StoreFolder().create()
    let first = try store.commit(Self.sketches("a", "b"))
    let again = try store.commit(Self.sketches("b"), mode: .appending)
    #expect(!again.isNew && again.version == first.version)
  }

  @Test("cannot change a recording by appending it")
  func changedRecording() throws {
    let store = try StoreFolder().create()
    try store.commit(Self.sketches("a", "b"))
    expectStoreError(
      .contract,
      saying: "Could not append recording 'b': 'daily@1' holds it with other content. Pass "
        + "`--replace`, or ingest all sources without `--append`."
    ) { try store.commit([RecordingSketch("b", seed: 99)], mode: .appending) }
    #expect(try store.versions(of: try DatasetName("daily")).count == 1)
  }

  @Test("takes the changed recording and keeps the others when it replaces")
  func replace() throws {
    let store = try StoreFolder().create()
    let first = try store.commit(Self.sketches("a", "b", "c"))
    let second = try store.commit([RecordingSketch("b", seed: 99)], mode: .replacing)
    #expect(second.isNew && second.shardsWritten == 1 && second.shardsReused == 1)
    let before = try store.recordings(of: first.version).map(\.hash)
    let after = try store.recordings(of: second.version).map(\.hash)
    #expect(before[0] == after[0] && before[1] != after[1] && before[2] == after[2])
    #expect(
      try bits(store.readings(of: second.version, recording: 1))
        == bits(RecordingSketch("b", seed: 99).values.map { Float($0) }))
  }

  @Test("holds exactly the given sources when it is not appended")
  func exactly() throws {
    let store = try StoreFolder().create()
    try store.commit(Self.sketches("a", "b"))
    let second = try store.commit(Self.sketches("b", "c"))
    #expect(second.isNew && second.version.parent == 1)
    #expect(try store.recordings(of: second.version).map(\.name) == ["b", "c"])
  }

  @Test("that goes back to an earlier content has its hash, a number of its own, and no new shard")
  func revert() throws {
    let store = try StoreFolder().create()
    let first = try store.commit(Self.sketches("a", "b"))
    try store.commit(Self.sketches("a"))
    let third = try store.commit(Self.sketches("a", "b"))
    #expect(third.isNew && third.version.number == 3 && third.version.parent == 2)
    #expect(third.version.hash == first.version.hash && third.shardsWritten == 0)
  }

  @Test("shares the shards of another dataset that holds the same recordings")
  func sharedBetweenDatasets() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let first = try store.commit(Self.sketches("a", "b"), to: "one")
    let other = try store.commit(Self.sketches("a", "b"), to: "two")
    #expect(other.isNew && other.version.number == 1)
    #expect(other.shardsWritten == 0 && other.shardsReused == 1)
    #expect(other.version.hash == first.version.hash)
    #expect(try Self.objects(of: folder.root).count == 1)
    #expect(try store.datasets().map(\.name) == ["one", "two"])
  }

  @Test("depends on everything that a recording says, not only on its readings")
  func everythingCounts() throws {
    let store = try StoreFolder().create()
    let base = RecordingSketch("a")
    let variants: [RecordingSketch] = [
      base, base.with { $0.subject = "S2" }, base.with { $0.subject = nil },
      base.with { $0.session = "morning" }, base.with { $0.rateInHertz = 20 },
      base.with { $0.runLength = 10 }, base.with { $0.runLength = nil },
      base.with { $0.channels[0].unit = "m/s^2" }, base.with { $0.channels[1].sensor = "" },
      base.with { $0.channels[2].name = "gyro" }, base.with { $0.hasTimes = true },
      base.with { $0.isDouble = true }, base.with { $0.missingEvery = 50 },
    ]
    var hashes: Set<String> = []
    for variant in variants {
      hashes.insert(try store.commit([variant]).version.hash)
    }
    #expect(hashes.count == variants.count)
  }

  @Test("is refused for another kind of recordings")
  func wrongKind() throws {
    let store = try StoreFolder().create()
    try store.commit(Self.sketches("a"))
    expectStoreError(
      .contract,
      saying:
        "Could not add pictures to 'daily': the dataset holds recordings. Ingest under another "
        + "name with `--as`."
    ) { _ = try store.stage(try DatasetName("daily"), kind: "pictures") }
    // The lock went with the refusal.
    try store.commit(Self.sketches("b"))
  }

  @Test("is refused without recordings")
  func nothing() throws {
    let store = try StoreFolder().create()
    expectStoreError(
      .badRequest,
      saying:
        "Could not make a version of 'daily': nothing was ingested. Name at least one readable "
        + "source."
    ) { try store.commit([]) }
    #expect(try store.datasets().isEmpty)
  }

  @Test("is refused when two sources give one name")
  func duplicateNames() throws {
    let store = try StoreFolder().create()
    expectStoreError(
      .contract,
      saying:
        "Could not add recording 'a' to 'daily': two sources give that name. Rename one source, "
        + "or ingest them as two datasets."
    ) { try store.commit([RecordingSketch("a"), RecordingSketch("a", seed: 5)]) }
    #expect(try store.datasets().isEmpty)
  }

  @Test("reports recordings that hold the same readings under several names")
  func sameContent() throws {
    let store = try StoreFolder().create()
    let outcome = try store.commit([
      RecordingSketch("c", seed: 1), RecordingSketch("a", seed: 1), RecordingSketch("b", seed: 2),
    ])
    #expect(outcome.sameContent == [["a", "c"]])
  }

  @Test("leaves nothing behind that a reader can see when it is forgotten")
  func forgotten() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    func begin() throws {
      var staged = try store.stage(try DatasetName("daily"), kind: "recordings")
      try staged.append(try RecordingSketch("a").recording)
    }
    try begin()
    #expect(try store.datasets().isEmpty)
    try store.commit(Self.sketches("b"))
    #expect(try store.versions(of: try DatasetName("daily")).map(\.number) == [1])
  }

  @Test("is refused when the dataset was made anew while it was staged")
  func madeAnew() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    try store.commit(Self.sketches("a"))
    var staged = try store.stage(
      try DatasetName("daily"), kind: "recordings", mode: .appending)
    try staged.append(try RecordingSketch("b").recording)
    try editCatalogue(of: folder.root, "UPDATE dataset SET lineage = 'another one'")
    do {
      _ = try staged.commit(because: "", ingestion: IngestionRecord(reader: "recordings"))
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.code == .conflict)
      #expect(
        error.message
          == "Could not publish a version of 'daily': the dataset was removed or made anew meanwhile. "
          + "Start again.")
    }
    #expect(try store.versions(of: try DatasetName("daily")).count == 1)
  }

  @Test("keeps the order of its numbers when the clock goes back")
  func clock() throws {
    let time = FixedTimeSource()
    let store = try StoreFolder().create(time: time)
    try store.commit(Self.sketches("a"))
    time.setCalendar(toSecondsSince1970: 1000)
    try store.commit(Self.sketches("b"))
    #expect(try store.versions(of: try DatasetName("daily")).map(\.number) == [2, 1])
    #expect(try store.version(try VersionReference("daily")).number == 2)
  }
}

@Suite("A recording that no store could find its way in")
struct RecordingContractTests {
  private static func refuse(
    _ expected: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout RecordingSketch) -> Void
  ) throws {
    let store = try StoreFolder().create()
    expectStoreError(.contract, saying: expected, sourceLocation: sourceLocation) {
      try store.commit([RecordingSketch("a").with(change)])
    }
    #expect(try store.datasets().isEmpty, sourceLocation: sourceLocation)
  }

  @Test("is refused: no readings")
  func empty() throws {
    try Self.refuse("Could not add recording 'a' to 'daily': it has no readings. Leave it out.") {
      $0.sampleCount = 0
    }
  }

  @Test("is refused: no name")
  func noName() throws {
    try Self.refuse(
      "Could not add recording '.csv' to 'daily': it has no name. Give it one with a mapping file."
    ) { $0.name = "" }
  }

  @Test("is refused: two channels of one name")
  func channels() throws {
    try Self.refuse(
      "Could not add recording 'a' to 'daily': two channels are named 'acc-y'. Give each channel a "
        + "name of its own."
    ) { $0.channels[2].name = "acc-y" }
  }

  private static func refuseTracks(_ names: [String], _ expected: String) throws {
    let series = try RecordingSketch("a").recording.series
    let recording = Recording(
      source: try RecordingSketch("a").recording.source, name: "a",
      series: TimeSeries(
        channels: series.channels, rate: series.rate, values: series.values,
        labels: names.map {
          LabelTrack(name: $0, codes: series.labels[0].codes, vocabulary: Vocabulary([]))
        }))
    let store = try StoreFolder().create()
    expectStoreError(.contract, saying: expected) {
      var staged = try store.stage(try DatasetName("daily"), kind: "recordings")
      try staged.append(recording)
    }
  }

  @Test("is refused: two label tracks of one name")
  func tracks() throws {
    try Self.refuseTracks(
      ["t", "t"],
      "Could not add recording 'a' to 'daily': two label tracks are named 't'. Give each track a name "
        + "of its own.")
  }

  @Test(
    "is refused: a label track whose name leads elsewhere", arguments: ["", ".", "..", "a/b", "/"])
  func trackNames(name: String) throws {
    try Self.refuseTracks(
      [name],
      "Could not add recording 'a' to 'daily': a label track is named '\(name)'. Use a name without "
        + "'/' and zero bytes.")
  }

  @Test("is refused: times that are no numbers")
  func start() throws {
    let sketch = try RecordingSketch("a").recording
    let recording = Recording(
      source: sketch.source, name: "a",
      series: TimeSeries(
        channels: sketch.series.channels, rate: sketch.series.rate, startTimeInSeconds: .nan,
        values: sketch.series.values))
    let store = try StoreFolder().create()
    expectStoreError(.badRequest) {
      var staged = try store.stage(try DatasetName("daily"), kind: "recordings")
      try staged.append(recording)
    }
  }
}
