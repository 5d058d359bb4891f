import TestSupport
import Testing

/// The road of the README, walked through the program alone, on logs that it simulates itself.
@Suite("From simulated logs to compared runs")
struct RoadTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("Every step answers with the promised members and the next step can use them")
  func theWholeRoad() throws {
    try simulate()
    let first = try ingest()
    let firstView = try view(of: "daily@1", examples: 3)
    let firstSplit = try split(firstView)
    let firstRun = try train(on: "daily@1", number: 1)
    try askFor(firstRun)
    let second = try append(after: first)
    let secondView = try viewAgain(earlier: firstView)
    let secondSplit = try split(secondView)
    #expect(secondSplit["split_id"] != firstSplit["split_id"])
    let secondRun = try train(on: "daily@2", number: 2)
    #expect(secondRun["run_id"] != firstRun["run_id"])
    try compare(firstRun, secondRun)
    try lookBack(first, second)
    try evaluate(secondRun)
  }

  private func simulate() throws {
    let answer = try workspace.answer(
      "simulate", "opportunity", "logs", "--subjects", "3", "--runs", "1", "--minutes", "1",
      "--seed", "1")
    #expect(answer["simulated"] == true)
    #expect(
      answer["files"] == [
        "column_names.txt", "label_legend.txt", "S1-ADL1.dat", "S2-ADL1.dat", "S3-ADL1.dat",
        "SIMULATED.txt",
      ])
    #expect(answer["seed"] == "1")
    // The same people as before and one more: the seed of a person is its own.
    try workspace.done(
      "simulate", "opportunity", "more", "--subjects", "4", "--runs", "1", "--minutes", "1",
      "--seed", "1", "--quiet")
    #expect(try workspace.bytes(of: "more/S1-ADL1.dat") == workspace.bytes(of: "logs/S1-ADL1.dat"))
  }

  private func ingest() throws -> JSON {
    let made = try workspace.answer("init")
    expectKeys(PromisedKeys.initialize, in: made)
    #expect(made["format"] == 1)
    let answer = try workspace.answer(
      "ingest", "opportunity", "logs", "--as", "daily", "--because", "first recordings")
    expectKeys(PromisedKeys.ingest, in: answer)
    #expect(answer["store"] == "store")
    #expect(answer["dataset"] == "daily" && answer["version"] == 1)
    #expect(answer["recordings"] == 3 && answer["rows"] == 5400)
    #expect(answer["shards_written"].number >= 1 && answer["shards_reused"] == 0)
    #expect(answer["skipped"] == [] && answer["warnings"] == [])
    expectHash(answer["version_id"])
    let before = try workspace.fingerprint()
    let again = try workspace.answer("ingest", "opportunity", "logs", "--as", "daily")
    #expect(again["new"] == false && again["version"] == 1 && again["shards_written"] == 0)
    #expect(again["version_id"] == answer["version_id"])
    try workspace.expectStore(before)
    let words = try workspace.done("ingest", "opportunity", "logs", "--as", "daily")
    #expect(words.hasPrefix("Nothing changed: daily@1 already holds exactly this; "))
    return answer
  }

  private func view(of version: String, examples subjects: Int) throws -> JSON {
    let answer = try workspace.answer(
      "view", "windows", "--on", version, "--window", "30", "--stride", "15", "--channels",
      SimulatedStore.channels, "--labels", "Locomotion")
    expectKeys(PromisedKeys.view, in: answer)
    #expect(answer["cache"] == "miss" && answer["because"].text?.isEmpty == false)
    #expect(answer["shape"] == .list([answer["examples"], 30, 18]))
    #expect(answer["dataset_version"] == .text(version))
    expectHash(answer["view_id"])
    let counted = answer["labels"].elements.reduce(0) { $0 + $1["examples"].number }
    #expect(counted == answer["examples"].number && counted > 100)
    let again = try workspace.answer(
      "view", "windows", "--on", version, "--window", "30", "--stride", "15", "--channels",
      SimulatedStore.channels, "--labels", "Locomotion")
    #expect(again["cache"] == "hit")
    #expect(again["because"] == "version, framing and code are the same")
    #expect(again["view_id"] == answer["view_id"])
    return answer
  }

  private func split(_ view: JSON) throws -> JSON {
    let answer = try workspace.answer(
      "split", "people", "--view", "windows", "--by", "subject", "--validation", "S2", "--test",
      "S3")
    expectKeys(PromisedKeys.split, in: answer)
    expectKeys(PromisedKeys.certificate, in: answer["certificate"])
    expectHash(answer["split_id"])
    let counts = answer["counts"]
    let total = ["training", "validation", "test", "unused"].reduce(0) { $0 + counts[$1].number }
    #expect(total == view["examples"].number)
    let certificate = answer["certificate"]
    #expect(certificate["clean"] == true)
    #expect(certificate["shared_subjects"] == [] && certificate["shared_seconds"] == 0)
    return answer
  }

  private func train(on version: String, number: Int) throws -> JSON {
    let answer = try workspace.answer(
      "train", "classifier", "--split", "people", "--set", "epochs=3", "--set", "filters=8",
      "--seed", "1")
    expectKeys(PromisedKeys.train, in: answer)
    #expect(answer["run"].number == Double(number))
    #expect(answer["study"] == "classifier" && answer["dataset_version"] == .text(version))
    #expect(answer["seed"] == "1" && answer["steps_per_second"].number > 0)
    expectHash(answer["run_id"])
    let metrics = answer["metrics"]
    let expected = [
      "train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_macro_f1", "best_epoch",
      "test_loss", "test_accuracy", "test_macro_f1",
    ]
    for name in expected { #expect(metrics[name].number.isFinite, "\(name)") }
    return answer
  }

  private func askFor(_ run: JSON) throws {
    let answer = try workspace.answer(
      "query", "dataset = daily and metric.test_macro_f1 >= 0", "--columns",
      "run,dataset,version,metric.test_macro_f1")
    expectKeys(PromisedKeys.query, in: answer)
    #expect(answer["count"] == 1)
    let row = answer["rows"][0]
    #expect(row["run"] == 1 && row["dataset"] == "daily" && row["version"] == 1)
    #expect(row["metric.test_macro_f1"] == run["metrics"]["test_macro_f1"])
  }

  private func append(after first: JSON) throws -> JSON {
    let answer = try workspace.answer(
      "ingest", "opportunity", "more/S4-ADL1.dat", "--as", "daily", "--append", "--because",
      "one more person")
    expectKeys(PromisedKeys.ingest, in: answer)
    #expect(answer["version"] == 2 && answer["recordings"] == 4 && answer["rows"] == 7200)
    #expect(answer["shards_reused"] == first["shards_written"])
    #expect(answer["shards_written"] == 1)
    return answer
  }

  private func viewAgain(earlier: JSON) throws -> JSON {
    let answer = try workspace.answer(
      "view", "windows", "--on", "daily@latest", "--window", "30", "--stride", "15", "--channels",
      SimulatedStore.channels, "--labels", "Locomotion")
    #expect(answer["cache"] == "miss")
    #expect(answer["because"] == "the version is daily@2, it was daily@1")
    #expect(answer["dataset_version"] == "daily@2")
    #expect(answer["examples"].number > earlier["examples"].number)
    return answer
  }

  private func compare(_ first: JSON, _ second: JSON) throws {
    let answer = try workspace.answer("compare", "1", "2")
    expectKeys(PromisedKeys.compare, in: answer)
    #expect(answer["runs"].elements.map(\.["run"]) == [1, 2])
    #expect(answer["runs"].elements.map(\.["run_id"]) == [first["run_id"], second["run_id"]])
    let data = answer["differences"].elements.first { $0["name"] == "dataset version" }
    #expect(data?["values"] == ["daily@1", "daily@2"])
    #expect(!answer["differences"].elements.contains { $0["what"] == "setting" })
    #expect(answer["data"][0]["added"] == ["S4-ADL1"])
    #expect(answer["data"][0]["removed"] == [] && answer["data"][0]["changed"] == [])
    let words = try workspace.done("compare", "1", "2")
    #expect(words.contains("From daily@1 to daily@2:\n  added: S4-ADL1\n"))
  }

  private func lookBack(_ first: JSON, _ second: JSON) throws {
    let datasets = try workspace.answer("datasets")
    expectKeys(PromisedKeys.datasets, in: datasets)
    expectKeys(PromisedKeys.dataset, in: datasets["datasets"][0])
    #expect(datasets["datasets"][0]["latest"] == 2)
    let versions = try workspace.answer("versions", "daily")
    expectKeys(PromisedKeys.versions, in: versions)
    for version in versions["versions"].elements { expectKeys(PromisedKeys.version, in: version) }
    #expect(versions["versions"].elements.map(\.["version"]) == [2, 1])
    #expect(
      versions["versions"].elements.map(\.["version_id"])
        == [second["version_id"], first["version_id"]])
    #expect(versions["versions"].elements.map(\.["parent"]) == [1, nil])
    let log = try workspace.answer("log", "daily")
    #expect(log["versions"].elements.map(\.["because"]) == ["one more person", "first recordings"])
    #expect(try workspace.answer("tag", "daily@1", "paper")["before"] == nil)
    #expect(try workspace.answer("tag", "daily@2", "paper")["before"] == 1)
    let shown = try workspace.answer("show", "daily@paper")
    expectKeys(PromisedKeys.show, in: shown)
    #expect(shown["version"] == 2 && shown["tags"] == ["paper"] && shown["simulated"] == true)
    #expect(shown["channels"].elements.count == 242 && shown["sources"].elements.count == 4)
    #expect(shown["subjects"] == ["S1", "S2", "S3", "S4"] && shown["rates"] == [30])
    let readings = shown["labels"].elements.filter { $0["track"] == "Locomotion" }
      .reduce(0) { $0 + $1["rows"].number }
    #expect(readings == 7200)
  }

  private func evaluate(_ run: JSON) throws {
    let answer = try workspace.answer("evaluate", "2")
    expectKeys(PromisedKeys.evaluate, in: answer)
    for name in answer["metrics"].names {
      #expect(answer["metrics"][name] == run["metrics"]["test_\(name)"], "\(name)")
    }
    #expect(answer["metrics"].names.contains("macro_f1"))
    // On all of version 1 the training part is among the examples, and that is said.
    let everywhere = try workspace.run(["evaluate", "2", "--on", "daily@1", "--json"])
    #expect(everywhere.status == 0)
    #expect(
      everywhere.errorText.contains(
        "Warning: 1 recordings of 'daily@1' were in the training part of run 2; these numbers are "
          + "no test.\n"))
    #expect(try JSON(document: everywhere.output)["shared_recordings"] == 1)
  }
}
