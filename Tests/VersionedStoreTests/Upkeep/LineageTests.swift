import Signals
import StoreSupport
import Testing
import VersionedStore

@Suite("Lineage")
struct LineageTests {
  @Test("leads from a metric to the raw files and seconds that it was judged on")
  func trace() throws {
    let fixture = try UpkeepFixture()
    let lineage = try fixture.store.trace(fixture.run, metric: "test_score")
    #expect(lineage.metric?.last == 0.5)
    #expect(lineage.split.certificate.clean)
    #expect(lineage.split.view.version.hash == fixture.version.hash)
    #expect(lineage.stretches.map(\.recording) == ["c"], "the test part is subject S-c alone")
    let stretch = try #require(lineage.stretches.first)
    #expect(stretch.part == .test)
    #expect(stretch.source == (try RecordingSketch("c").recording.source))
    // 100 readings at 10 Hz; windows of 10 readings, labels in runs of 20: every window is pure.
    #expect(stretch.examples == 10)
    #expect(stretch.fromSeconds == 0)
    #expect(stretch.toSeconds == 10)
    #expect(stretch.shards.count == 1)
    let whole = try fixture.store.trace(fixture.run, metric: nil)
    #expect(Set(whole.stretches.map(\.recording)) == ["a", "b", "c"])
    expectStoreError(.notFound) { _ = try fixture.store.trace(fixture.run, metric: "nothing") }
  }

  @Test("leads from a raw file to every version, run and metric, by name and by hash")
  func impact() throws {
    let fixture = try UpkeepFixture()
    let later = try fixture.store.commit([RecordingSketch("d")], mode: .appending).version
    let source = try RecordingSketch("a").recording.source
    for word in [source.name, source.sha256, String(source.sha256.prefix(12))] {
      let impact = try fixture.store.impact(of: word)
      #expect(impact.source == source.sha256)
      #expect(impact.versions == [fixture.version.reference, later.reference])
      #expect(impact.runs.map(\.number) == [fixture.run.number])
      #expect(impact.metrics[fixture.run.number]?.map(\.name) == ["test_score"])
    }
    #expect(try fixture.store.impact(of: "d.csv").runs.isEmpty)
    expectStoreError(.notFound) { _ = try fixture.store.impact(of: "nowhere.csv") }
  }

  @Test("differences between versions are exact")
  func difference() throws {
    let fixture = try UpkeepFixture()
    let later = try fixture.store.commit(
      [RecordingSketch("d"), RecordingSketch("a", seed: 99).with { $0.subject = "S-a" }],
      mode: .replacing
    ).version
    let difference = try fixture.store.difference(from: fixture.version, to: later)
    #expect(difference.added == ["d"])
    #expect(difference.removed.isEmpty)
    #expect(difference.changed == ["a"])
    #expect(difference.schema.isEmpty)
    #expect(difference.labels.map(\.code) == [0, 1, 2])
    #expect(difference.labels.allSatisfy { $0.after > $0.before })
    #expect(difference.statistics.map(\.name) == ["acc-x", "acc-y", "gyro-z"])
    #expect(try fixture.store.difference(from: later, to: later).isEmpty)
  }
}
