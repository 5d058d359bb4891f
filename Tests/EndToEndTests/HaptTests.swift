import SystemPackage
import TestSupport
import Testing

/// The store that all tests on HAPT share: they run one after the other.
private struct HaptStore {
  let workspace: Workspace
  let first: JSON
  let second: JSON

  /// The recordings, where they are.
  static let folder: FilePath? = {
    guard let folder = RealData.folder?.appending("hapt") else { return nil }
    do {
      let marker = try ChildProcess.run("test", ["-f", folder.appending("user20.h5").string])
      return marker.status == 0 ? folder : nil
    } catch {
      return nil
    }
  }()

  static let shared = Result { try HaptStore() }

  /// The file of a person.
  static func file(_ person: Int, in folder: FilePath) -> String {
    folder.appending(person < 10 ? "user0\(person).h5" : "user\(person).h5").string
  }

  /// Ingests 16 people, then the other 4.
  init() throws {
    let folder = try #require(Self.folder)
    workspace = try Workspace()
    let ingest = ["ingest", "recordings"]
    func files(_ people: ClosedRange<Int>) -> [String] { people.map { Self.file($0, in: folder) } }
    first = try JSON(
      document: Array(
        workspace.done(arguments: ingest + files(1...16) + ["--as", "hapt", "--json"]).utf8))
    second = try JSON(
      document: Array(
        workspace.done(
          arguments: ingest + files(17...20) + [
            "--as", "hapt", "--append", "--because", "the other four", "--json",
          ]
        ).utf8))
  }

  /// Makes the view and the split of a version, if they are not there yet.
  func split(_ name: String, version: Int, validation: String, test: String) throws -> JSON {
    try workspace.done(
      "view", "windows\(version)", "--on", "hapt@\(version)", "--window", "128", "--stride", "64",
      "--labels", "label:1,2,3,4,5,6", "--quiet")
    return try workspace.answer(
      "split", name, "--view", "windows\(version)", "--by", "subject", "--validation", validation,
      "--test", test)
  }
}

@Suite(
  "On the recordings of 20 people with a phone (HAPT)", .serialized, .tags(.data),
  .enabled(
    if: HaptStore.folder != nil,
    "needs HAPT: name the folder above hapt/user01.h5 in SIGNALSTORE_REALDATA"))
struct HaptTests {
  private let store: HaptStore
  private var workspace: Workspace { store.workspace }

  init() throws {
    store = try HaptStore.shared.get()
  }

  @Test("16 people, then 4 more: the second version writes only what is new")
  func append() throws {
    #expect(store.first["version"] == 1 && store.second["version"] == 2)
    #expect(store.first["recordings"] == 33 && store.first["rows"] == 572_597)
    #expect(store.second["recordings"] == 41 && store.second["rows"] == 730_484)
    #expect(store.first["shards_reused"] == 0)
    #expect(store.second["shards_reused"] == store.first["shards_written"])
    let shown = try workspace.answer("show", "hapt@2")
    #expect(
      shown["shards"].elements.count
        == Int(store.second["shards_reused"].number + store.second["shards_written"].number))
    #expect(shown["subjects"].elements.count == 20 && shown["rates"] == [50])
    #expect(shown["channels"].elements.map(\.["unit"]).prefix(4) == ["g", "g", "g", "rad/s"])
    let rows = shown["labels"].elements.map(\.["rows"])
    #expect(
      rows == [
        207794, 81348, 76651, 70006, 77954, 86584, 84770, 6874, 5304, 8188, 7565, 10286, 7160,
      ])
  }

  @Test("The same again makes no version and says so; all at once is the same version")
  func again() throws {
    let folder = try #require(HaptStore.folder)
    let before = try workspace.fingerprint()
    let people = (17...20).map { HaptStore.file($0, in: folder) }
    let words = try workspace.done(
      arguments: ["ingest", "recordings"] + people + ["--as", "hapt", "--append"])
    #expect(
      words.hasPrefix(
        "Nothing changed: hapt@2 already holds exactly this; read 8 recordings, 157887 readings "))
    let whole = try workspace.answer("ingest", "recordings", folder.string, "--as", "hapt")
    #expect(whole["new"] == false && whole["version"] == 2 && whole["shards_written"] == 0)
    #expect(whole["version_id"] == store.second["version_id"])
    // Notes for people lie beside the recordings.
    #expect(whole["skipped"].elements.map(\.["source"]) == ["README.md"])
    try workspace.expectStore(before)
    #expect(try workspace.answer("versions", "hapt")["versions"].elements.count == 2)
  }

  @Test("Windows of 128 every 64, of one activity: 6,326")
  func windows() throws {
    let view = try workspace.answer(
      "view", "windows2", "--on", "hapt@2", "--window", "128", "--stride", "64", "--labels",
      "label:1,2,3,4,5,6")
    #expect(view["examples"] == 6326 && view["shape"] == [6326, 128, 6])
    #expect(
      view["labels"].elements.map(\.["examples"]) == [1101, 961, 842, 1053, 1198, 1171])
    #expect(view["labels"][1]["name"] == "WALKING_UPSTAIRS")
    let split = try store.split(
      "people", version: 2, validation: "13,14,15,16", test: "17,18,19,20")
    #expect(split["counts"]["training"] == 3610)
    #expect(split["counts"]["validation"] == 1295 && split["counts"]["test"] == 1421)
    #expect(split["certificate"]["clean"] == true)
    #expect(split["certificate"]["shared_subjects"] == [])
  }

  @Test("Leaky splits are refused with the seconds that would be shared")
  func leaks() throws {
    _ = try store.split("people", version: 2, validation: "13,14,15,16", test: "17,18,19,20")
    // Person 10 has three recordings with 17,777 readings at 50 Hz.
    let recordings = try workspace.answer(
      "query", "--sql",
      "SELECT sum(samples) AS samples FROM recordings WHERE dataset = 'hapt' AND version = 2 "
        + "AND subject = '10'")
    let seconds = Int((recordings["rows"][0]["samples"].number / 50).rounded())
    #expect(seconds > 300)
    try workspace.expectRefusal(
      "split", "bad", "--view", "windows2", "--by", "subject", "--validation", "9,10", "--test",
      "10,11", status: 65,
      words: "Could not certify the split: subject '10' has \(seconds) s in both validation and "
        + "test. Name each subject for one part only.")
    let before = try workspace.fingerprint()
    let words = try workspace.refusal(
      [
        "split", "bad", "--view", "windows2", "--by", "time", "--validation", "0.2", "--test",
        "0.2",
      ], status: 65)
    try expectWords(
      words,
      like:
        #"Could not certify the split: recording '[^']+' has 1\.3 s in both [a-z]+ and [a-z]+; "#
        + #"[0-9.]+ s are shared in all\. Split by subject, or leave a gap of 2\.6 s "#
        + #"\(`--gap 2\.56`\)\."#)
    try workspace.expectStore(before)
  }

  @Test("Runs on two versions are found and compared", .tags(.slow))
  func twoVersions() throws {
    _ = try store.split("early", version: 1, validation: "13,14", test: "15,16")
    _ = try store.split("late", version: 2, validation: "13,14,15,16", test: "17,18,19,20")
    let runs = try ["early", "late"].map { split in
      try workspace.answer(
        "train", "classifier", "--split", split, "--set", "epochs=2", "--seed", "1")
    }
    #expect(runs.map { $0["dataset_version"] } == ["hapt@1", "hapt@2"])
    for run in runs { #expect(run["metrics"]["test_macro_f1"].number > 0.8) }
    let numbers = runs.map { String(Int($0["run"].number)) }
    let found = try workspace.answer(
      "query",
      "dataset = hapt and metric.test_macro_f1 > 0.8 and run in (\(numbers[0]), "
        + "\(numbers[1]))")
    expectKeys(PromisedKeys.query, in: found)
    #expect(found["count"] == 2)
    #expect(found["rows"].elements.map(\.["dataset"]) == ["hapt", "hapt"])
    #expect(Set(found["rows"].elements.map(\.["version"])) == [1, 2])
    let comparison = try workspace.answer("compare", numbers[0], numbers[1])
    expectKeys(PromisedKeys.compare, in: comparison)
    let data = comparison["differences"].elements.first { $0["name"] == "dataset version" }
    #expect(data?["values"] == ["hapt@1", "hapt@2"])
    // The recordings of people 17 to 20, and nothing else, came in.
    let change = comparison["data"][0]
    #expect(change["added"].elements.count == 8)
    #expect(change["removed"] == [] && change["changed"] == [] && change["schema"] == [])
    #expect(change["labels"].elements.first?["before"].number ?? 0 > 0)
    #expect(change["statistics"].elements.count == 6)
    // What was recorded is what the model does.
    for (run, number) in zip(runs, numbers) {
      let evaluation = try workspace.answer("evaluate", number)
      for name in evaluation["metrics"].names {
        #expect(evaluation["metrics"][name] == run["metrics"]["test_\(name)"], "\(name)")
      }
    }
    // On the people that came later, the model of version 1 is judged fairly: no shared recording
    // is only true of them, and the answer counts the others.
    let later = try workspace.answer("evaluate", numbers[0], "--on", "hapt@2")
    #expect(later["examples"] == 6326 && later["shared_recordings"].number == 25)
  }

  @Test(
    "With the default settings, macro-F1 on unseen people is at least 0.94, twice the same",
    .tags(.slow))
  func score() throws {
    _ = try store.split("people", version: 2, validation: "13,14,15,16", test: "17,18,19,20")
    let runs = try (0..<2).map { _ in
      try workspace.answer("train", "classifier", "--split", "people", "--seed", "1")
    }
    #expect(runs[0]["metrics"]["test_macro_f1"].number >= 0.94)
    #expect(runs[0]["metrics"] == runs[1]["metrics"])
    #expect(runs[0]["run_id"] == runs[1]["run_id"])
    #expect(runs[0]["run"] != runs[1]["run"])
    expectHash(runs[0]["run_id"])
  }
}
