import TestSupport
import Testing

/// Command lines that make no sense, or name what is not there.
@Suite("A request that makes no sense is refused in one sentence, and the store stays as it is")
struct BadRequestTests {
  /// A command line and how it is refused.
  struct Request: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let words: String

    init(_ arguments: String..., status: Int32, words: String) {
      self.arguments = arguments
      self.status = status
      self.words = words
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  private static func setting(_ assignment: String, _ words: String) -> Request {
    Request(
      "train", "classifier", "--split", "people", "--set", assignment, status: 64, words: words)
  }

  private static let known =
    "balanced, batch_size, dropout, epochs, filters, hidden, kernel, learning_rate, model, "
    + "monitor, patience, scaling, weight_decay"

  static let settings = [
    setting(
      "epoch=3",
      "Could not set 'epoch': the study 'classifier' has no such setting. Did you mean 'epochs'? "
        + "It has: \(known)."),
    setting(
      "colour=red",
      "Could not set 'colour': the study 'classifier' has no such setting. It has: \(known)."),
    setting("epochs=x", "Could not set 'epochs' to 'x': expected a number. Give another value."),
    setting(
      "epochs=2.5", "Could not set 'epochs' to '2.5': expected a whole number. Give another value."
    ),
    setting(
      "epochs=0",
      "Could not use the setting 'epochs': expected a number from 1 to 100000. Give another value."
    ),
    setting(
      "model=rnn",
      "Could not set 'model' to 'rnn': the study does not know this value. Give another value."),
    setting(
      "filters=8,b",
      "Could not set 'filters' to '8,b': expected whole numbers such as 32,64. Give another value."
    ),
    setting(
      "balanced=maybe",
      "Could not set 'balanced' to 'maybe': expected true or false. Give another value."),
    setting(
      "epochs",
      "Could not read the setting 'epochs': expected NAME=VALUE, such as "
        + "`--set learning_rate=0.001`."),
  ]

  static let names = [
    Request(
      "train", "classifier", "--split", "poeple", status: 66,
      words: "Could not find split 'poeple'. There are: people."),
    Request(
      "train", "classifier", "--on", "nothing@1", status: 66,
      words: "Could not find dataset 'nothing'. There are: daily."),
    Request(
      "show", "daily@9", status: 66,
      words: "Could not find version 'daily@9'. There are: daily@1."),
    Request(
      "versions", "nothing", status: 66,
      words: "Could not find dataset 'nothing'. There are: daily."),
    Request(
      "evaluate", "7", status: 66, words: "Could not find run '7'. There are: 1 to 1."),
    Request(
      "split", "other", "--view", "nothing", "--by", "subject", status: 66,
      words: "Could not find view 'nothing'. There are: windows."),
    Request(
      "split", "other", "--view", "windows", "--by", "subject", "--validation", "S8", status: 66,
      words: "Could not find subject 'S8'. There are: S1, S2, S3."),
    Request(
      "tag", "daily@1", "7", status: 64,
      words: "Could not tag 'daily@1' as '7': numbers and 'latest' already name versions. Choose a "
        + "name with a letter."),
    Request(
      "show", "a/b@1", status: 64,
      words: "Could not use 'a/b' as a name: a name has 1 to 64 letters, digits, '-', '_' or '.', "
        + "and starts with a letter or digit."),
  ]

  static let requests = [
    Request(
      "train", "classifier", "--resume", "1", status: 64,
      words: "Could not resume run 1: it is finished. Train anew with other settings or another "
        + "seed."),
    Request(
      "view", "other", "--on", "daily@1", "--window", "0", "--stride", "1", status: 64,
      words: "Could not make the view 'other': a window of 0 readings makes no sense. Give a whole "
        + "number from 1 on."),
    Request(
      "view", "other", "--on", "daily@1", "--window", "9", "--stride", "3", "--labels",
      "Locomotion:x", status: 64,
      words: "Could not read the labels 'Locomotion:x': expected a track and whole numbers, such "
        + "as label:1,2,3. Correct '--labels'."),
    Request(
      "view", "other", "--on", "daily@1", "--window", "1801", "--stride", "1", status: 64,
      words: "Could not make the view 'other': no window of 1801 readings fits the rules; the "
        + "longest of 3 recordings has 1800 readings. Choose a shorter window or other labels."),
    Request(
      "split", "other", "--view", "windows", "--by", "time", "--validation", "0.6", "--test",
      "0.6", status: 64,
      words: "Could not split 'windows': 0.6 for validation and 0.6 for test leave nothing to "
        + "train on. Their sum must be below 1."),
    Request(
      "simulate", "opportunity", "logs2", "--minutes", "nan", status: 64,
      words: "Could not simulate logs: nan minutes found, 0.001 to 600 expected. Choose another "
        + "number of minutes."),
    Request(
      "simulate", "opportunity", "a/b/logs", "--minutes", "1", status: 73,
      words: "Could not write 'a/b/logs': its folder does not exist. Make the folder, or choose "
        + "another path."),
    Request(
      "export", "windows", "--format", "csv", "--out", "nowhere/windows.csv", status: 73,
      words: "Could not write 'nowhere/windows.csv': its folder does not exist. Make the folder, "
        + "or choose another path."),
    Request(
      "export", "windows", "--format", "csv", "--out", "logs/S1-ADL1.dat", status: 73,
      words: "Could not write 'logs/S1-ADL1.dat': it exists already. Choose another path, or "
        + "remove what is there."),
    Request(
      "init", status: 73,
      words: "Could not make a store in 'store': there is one already. Use it as it is, or choose "
        + "another folder with `--store`."),
    Request(
      "init", "--store", "logs", status: 73,
      words: "Could not make a store in 'logs': the folder holds other files. Choose a new or "
        + "empty folder with `--store`."),
    Request(
      "datasets", "--store", "elsewhere", status: 66,
      words: "Could not open the store 'elsewhere': there is no catalogue in it. Make a store with "
        + "`signalstore init`, or name another with `--store`."),
  ]

  @Test("All of them, on one store")
  func everyRequest() throws {
    let workspace = try SimulatedStore.trained()
    let before = try workspace.fingerprint()
    for request in Self.settings + Self.names + Self.requests {
      let words = try workspace.refusal(request.arguments, status: request.status)
      #expect(words == request.words, "\(request.testDescription)")
      try workspace.expectStore(before)
    }
    try workspace.expectStore(before)
    #expect(try workspace.answer("query")["count"] == 1)
  }

  /// Command lines that the parser itself refuses: it adds how the command is used.
  static let usage: [(arguments: [String], firstLine: String)] = [
    (
      ["train", "clasifier", "--split", "people"],
      "Error: There is no study 'clasifier'. There are: classifier."
    ),
    (
      ["train", "classifier"],
      "Error: Name what to train on: '--split SPLIT' or '--on DATASET@VERSION'."
    ),
    (
      ["train", "classifier", "--split", "people", "--threads", "0"],
      "Error: '--threads' needs a number from 1 to 1024."
    ),
    (["evaluate", "1", "--threads", "0"], "Error: '--threads' needs a number from 1 to 1024."),
    (
      ["train", "classifier", "--resume", "1", "--seed", "2"],
      "Error: '--resume' goes on with the split, the seed and the settings of the run. Leave "
        + "'--split', '--on', '--seed' and '--set' out, or train anew."
    ),
    (["compare", "1"], "Error: Name at least two runs to compare."),
    (
      ["query", "run = 1", "--sql", "SELECT 1"],
      "Error: Give an expression or '--sql', not both."
    ),
    (
      ["ingest", "opportunity", "logs", "--as", "daily", "--replace"],
      "Error: '--replace' goes with '--append'."
    ),
    (
      ["export", "windows", "--format", "pdf", "--out", "x"],
      "Error: The value 'pdf' is invalid for '--format <format>'. Please provide one of 'h5' and "
        + "'csv'."
    ),
  ]

  @Test("Misused commands say how they are used")
  func misuse() throws {
    let workspace = try Workspace()
    for (arguments, firstLine) in Self.usage {
      let words = try workspace.refusal(arguments, status: 64)
      let lines = words.split(separator: "\n")
      #expect(lines.first.map(String.init) == firstLine)
      #expect(lines.contains { $0.hasPrefix("Usage: signalstore \(arguments[0])") })
    }
  }

  @Test("The largest seed is as good as any other")
  func largestSeed() throws {
    let workspace = try Workspace()
    let answer = try workspace.answer(
      "simulate", "opportunity", "logs", "--subjects", "1", "--runs", "1", "--minutes", "0.01",
      "--seed", "18446744073709551615")
    #expect(answer["seed"] == "18446744073709551615")
  }
}
