import TestSupport
import Testing

@Suite("A training that was stopped goes on with the same digits")
struct StoppedTrainingTests {
  private static let training = [
    "train", "classifier", "--split", "people", "--set", "epochs=40", "--set", "patience=0",
    "--set", "filters=8", "--seed", "5",
  ]

  /// What must not depend on how often a training was stopped.
  private static func digits(_ answer: JSON) -> [JSON] {
    [answer["run_id"], answer["metrics"], answer["split_id"], answer["seed"]]
  }

  private func status(of run: Int, in workspace: Workspace) throws -> JSON {
    try workspace.answer("query", "run = \(run)", "--columns", "run,status")["rows"][0]["status"]
  }

  @Test("Control-C: status 130, the run is marked, and it goes on as if there had been no stop")
  func interrupted() throws {
    let workspace = try SimulatedStore.split()
    let whole = try JSON(document: workspace.run(Self.training + ["--json"]).output)
    let process = try workspace.startJoined(Self.training)
    try process.wait(forOutput: "epoch 2 of at most 40")
    process.send(.interrupt)
    let result = try process.waitUntilExit()
    #expect(result.status == 130 && !result.wasSignalled)
    let words = result.outputText
    #expect(words.contains("Stopping after this epoch; press Ctrl-C again to stop at once.\n"))
    let last = try #require(words.split(separator: "\n").last)
    let start = "Stopped run 2 after epoch "
    let end = ", as asked; its checkpoint is kept. Go on with `--resume 2`."
    try #require(last.hasPrefix(start) && last.hasSuffix(end), "\(last)")
    let epoch = try #require(Int(last.dropFirst(start.count).dropLast(end.count)))
    #expect((2..<40).contains(epoch))
    #expect(try status(of: 2, in: workspace) == "interrupted")
    // There is no model yet, and that is said.
    let refusal = try workspace.refusal(["evaluate", "2"], status: 64)
    #expect(
      refusal == "Could not read the model of run 2: the run is interrupted, not finished. Resume "
        + "it with `--resume 2`.")
    let resumed = try workspace.answer("train", "classifier", "--resume", "2")
    #expect(resumed["run"] == 2)
    #expect(Self.digits(resumed) == Self.digits(whole))
    #expect(try status(of: 2, in: workspace) == "finished")
    // Every epoch is there once.
    let epochs = try workspace.answer(
      "query", "--sql", "SELECT run, count FROM metrics WHERE name = 'val_loss' ORDER BY run")
    #expect(epochs["rows"].elements.map(\.["count"]) == [40, 40])
  }

  @Test("A kill in the middle: the run can be taken up, with the same digits")
  func killed() throws {
    let workspace = try SimulatedStore.split()
    let whole = try JSON(document: workspace.run(Self.training + ["--json"]).output)
    let process = try workspace.startJoined(Self.training)
    try process.wait(forOutput: "epoch 3 of at most 40")
    process.send(.kill)
    let result = try process.waitUntilExit()
    #expect(result.wasSignalled && result.status == 9)
    #expect(try status(of: 2, in: workspace) == "running")
    let resumed = try workspace.answer("train", "classifier", "--resume", "2")
    #expect(Self.digits(resumed) == Self.digits(whole))
    #expect(try status(of: 2, in: workspace) == "finished")
  }

  @Test("A run that somebody works on is not taken up by a second process")
  func twoSittings() throws {
    let workspace = try SimulatedStore.split()
    let process = try workspace.startJoined(Self.training)
    try process.wait(forOutput: "epoch 1 of at most 40")
    let words = try workspace.refusal(["train", "classifier", "--resume", "1"], status: 75)
    let expected =
      "Could not work on run 1: process \(process.number) has been writing since "
    #expect(words.hasPrefix(expected), "\(words)")
    // The first goes on undisturbed.
    #expect(try process.waitUntilExit().status == 0)
    #expect(try status(of: 1, in: workspace) == "finished")
  }

  @Test("The same seed twice gives the same digits, with any number of threads")
  func sameSeed() throws {
    let workspace = try SimulatedStore.split()
    let arguments = [
      "train", "classifier", "--split", "people", "--set", "epochs=3", "--set", "filters=8",
      "--seed", "9", "--json",
    ]
    let answers = try ["1", "2", "3"].map { threads in
      try JSON(document: workspace.run(arguments + ["--threads", threads]).output)
    }
    #expect(Self.digits(answers[1]) == Self.digits(answers[0]))
    #expect(Self.digits(answers[2]) == Self.digits(answers[0]))
    expectHash(answers[0]["run_id"])
    let other = try JSON(
      document: workspace.run(arguments.map { $0 == "9" ? "10" : $0 }).output)
    #expect(other["run_id"] != answers[0]["run_id"])
    #expect(other["metrics"]["train_loss"] != answers[0]["metrics"]["train_loss"])
  }
}
