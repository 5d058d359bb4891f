import StoreSupport
import Testing
import VersionedStore

@Suite("A tag")
struct TagTests {
  @Test("names a version until it is moved to another one")
  func moved() throws {
    let store = try StoreFolder().create()
    let first = try store.commit([RecordingSketch("a")]).version
    let second = try store.commit([RecordingSketch("b")]).version
    let name = try DatasetName("paper")
    #expect(try store.tag(first, as: name) == nil)
    #expect(try store.version(try VersionReference("daily@paper")).number == 1)
    #expect(try store.tag(second, as: name) == 1)
    #expect(try store.tag(second, as: name) == 2)
    #expect(try store.version(try VersionReference("daily@paper")).number == 2)
    #expect(try store.tag(second, as: try DatasetName("best")) == nil)
    #expect(
      try store.versions(of: first.dataset).map(\.tags) == [["best", "paper"], []])
  }

  @Test("belongs to one dataset")
  func perDataset() throws {
    let store = try StoreFolder().create()
    let one = try store.commit([RecordingSketch("a")], to: "one").version
    let two = try store.commit([RecordingSketch("a")], to: "two").version
    let name = try DatasetName("paper")
    #expect(try store.tag(one, as: name) == nil)
    #expect(try store.tag(two, as: name) == nil)
    #expect(try store.version(try VersionReference("one@paper")).dataset.text == "one")
    #expect(try store.version(try VersionReference("two@paper")).dataset.text == "two")
  }

  @Test(
    "is no number and not 'latest', which name versions already", arguments: ["7", "007", "latest"])
  func reserved(text: String) throws {
    let store = try StoreFolder().create()
    let version = try store.commit([RecordingSketch("a")]).version
    expectStoreError(
      .badRequest,
      saying: "Could not tag 'daily@1' as '\(text)': numbers and 'latest' already name versions. "
        + "Choose a name with a letter."
    ) { _ = try store.tag(version, as: try DatasetName(text)) }
  }

  @Test("does not change the version's hash, nor does the version change with it")
  func hash() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([RecordingSketch("a")]).version
    _ = try store.tag(version, as: try DatasetName("paper"))
    let tagged = try store.version(try VersionReference("daily@1"))
    #expect(tagged.hash == version.hash && tagged.tags == ["paper"])
    #expect(try store.commit([RecordingSketch("a")]).isNew == false)
  }
}

@Suite("Something that is not there")
struct UnknownNameTests {
  @Test("is answered by what there is")
  func unknown() throws {
    let store = try StoreFolder().create()
    func sentence(_ body: () throws -> Void) -> String? {
      expectStoreError(.notFound) { try body() }?.message
    }
    #expect(
      sentence { _ = try store.version(try VersionReference("daily")) }
        == "Could not find dataset 'daily'. There is none yet.")
    let version = try store.commit([RecordingSketch("a")]).version
    _ = try store.tag(version, as: try DatasetName("paper"))
    #expect(
      sentence { _ = try store.versions(of: try DatasetName("dayly")) }
        == "Could not find dataset 'dayly'. There are: daily.")
    #expect(
      sentence { _ = try store.version(try VersionReference("daily@3")) }
        == "Could not find version 'daily@3'. There are: daily@1, daily@paper.")
    #expect(
      sentence { _ = try store.view(named: try DatasetName("windows")) }
        == "Could not find view 'windows'. There is none yet.")
    let view = try store.makeView(of: version)
    #expect(
      sentence { _ = try store.split(named: try DatasetName("parts")) }
        == "Could not find split 'parts'. There is none yet.")
    #expect(
      sentence { _ = try store.makeSplit(of: view, by: .subject, test: "S9") }
        == "Could not find subject 'S9'. There are: S1.")
    #expect(sentence { _ = try store.run(4) } == "Could not find run '4'. There is none yet.")
    _ = try store.beginRun(
      RunPlan(
        study: "s", split: try store.makeSplit(of: view, by: .time, test: "0.2"), seed: 1,
        settings: [:], environment: [:]))
    #expect(sentence { _ = try store.run(4) } == "Could not find run '4'. There are: 1 to 1.")
  }
}
