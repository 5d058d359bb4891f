import Durability
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Runs every command of the built program and holds its answer against the schema.
@Suite("schemas/cli-output.schema.json")
struct CommandAnswerTests {
  /// The program, built into the folder of this test executable.
  private static func program() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return FilePath(tests).removingLastComponent().appending("signalstore").string
  }

  private static func run(
    _ arguments: [String], in folder: FilePath
  ) throws -> ChildProcess.Result {
    try ChildProcess.run(
      try program(), arguments, environment: ["SIGNALSTORE_PATH": "store"], workingDirectory: folder
    )
  }

  /// The names of all commands that the program has.
  private static func commands() throws -> Set<String> {
    let folder = try TemporaryDirectory()
    let result = try run(["--experimental-dump-help"], in: folder.path)
    let root = try JSON(result.outputText)["command"]
    let names = (root?["subcommands"]?.elements ?? []).compactMap { $0["commandName"]?.text }
    return Set(names).subtracting(["help"])
  }

  /// The command lines, in an order in which each finds what it needs; `…` is a folder of logs.
  private static let commandLines = [
    [
      "simulate", "opportunity", "logs", "--subjects", "3", "--runs", "1", "--minutes", "1",
      "--seed", "1",
    ],
    ["init"], ["datasets"],
    [
      "ingest", "opportunity", "logs/S1-ADL1.dat", "logs/S2-ADL1.dat", "--as", "daily", "--because",
      "why",
    ],
    ["ingest", "opportunity", "logs", "--as", "daily", "--append"],
    ["ingest", "opportunity", "logs", "--as", "daily", "--append"],
    ["datasets"], ["versions", "daily"], ["tag", "daily@1", "first"], ["tag", "daily@2", "first"],
    ["log", "daily"], ["show", "daily@first"], ["diff", "daily@1", "daily@2"],
    [
      "view", "windows", "--on", "daily@2", "--window", "30", "--stride", "30", "--labels",
      "Locomotion",
      "--channels", "*BACK acc*",
    ],
    [
      "view", "windows", "--on", "daily@2", "--window", "30", "--stride", "30", "--labels",
      "Locomotion",
      "--channels", "*BACK acc*",
    ],
    ["view", "plain", "--on", "daily@2", "--window", "60", "--stride", "60"],
    [
      "split", "people", "--view", "windows", "--by", "subject", "--validation", "S2", "--test",
      "S3",
    ],
    ["split", "later", "--view", "windows", "--by", "time", "--test", "0.3", "--gap", "1"],
    ["train", "classifier", "--split", "people", "--set", "epochs=1", "--seed", "1"],
    ["train", "classifier", "--split", "people", "--set", "epochs=1", "--seed", "2"],
    ["evaluate", "1"], ["evaluate", "1", "--on", "daily@1"], ["compare", "1", "2"],
    ["query", "dataset = daily"], ["query", "--count"],
    [
      "query", "--sql", "SELECT dataset, count(*) AS n, NULL AS missing FROM runs GROUP BY dataset",
    ],
    ["trace", "1"], ["trace", "1", "--metric", "test_macro_f1"], ["impact", "S1-ADL1.dat"],
    ["export", "windows", "--split", "people", "--format", "h5", "--out", "windows.h5"],
    ["export", "daily@1", "--format", "csv", "--out", "daily.csv"],
    ["collect", "--dry-run"], ["collect", "--older-than", "0"], ["verify", "--quick"],
    ["verify", "--full"],
  ]

  @Test("describes every answer of every command, key by key")
  func answers() throws {
    let schema = try JSONSchema(document: "cli-output.schema.json")
    let commands = schema.definitions.filter {
      $0.value["description"]?.text?.hasPrefix("`signalstore ") == true
    }
    #expect(try Set(commands.keys) == Self.commands())
    let folder = try TemporaryDirectory(on: .memory)
    var unseen = Self.described(commands)
    for line in Self.commandLines {
      let result = try Self.run(line + ["--json"], in: folder.path)
      #expect(result.status == 0, "\(line): \(result.errorText)")
      guard result.status == 0 else { continue }
      let answer = try JSON(result.outputText)
      #expect(schema.problems(of: answer, definition: line[0]) == [], "\(line)")
      for name in answer.members.keys { unseen.remove("\(line[0]) \(name)") }
    }
    // A key that no command line above brings out is not known to be right.
    #expect(unseen.isEmpty, "\(unseen.sorted())")
  }

  @Test("describes what verify says when it found something")
  func problems() throws {
    let schema = try JSONSchema(document: "cli-output.schema.json")
    let folder = try TemporaryDirectory(on: .memory)
    for line in Self.commandLines.prefix(4) {
      #expect(try Self.run(line, in: folder.path).status == 0)
    }
    let objects = folder.appending("store/objects")
    let names = try FileManager.default.subpathsOfDirectory(atPath: objects.string)
    let shard = try #require(names.first { $0.hasSuffix(".h5") })
    let path = objects.appending(shard)
    var bytes = try LocalFileSystem().read(path, limitInBytes: 1 << 30)
    bytes[bytes.count / 2] ^= 1
    try LocalFileSystem().remove(path)
    try LocalFileSystem().write(bytes, toNew: path)
    let result = try Self.run(["verify", "--json"], in: folder.path)
    #expect(result.status == 1)
    let answer = try JSON(result.outputText)
    #expect(schema.problems(of: answer, definition: "verify") == [])
    #expect(answer["ok"] == .flag(false) && answer["problems"]?.elements.isEmpty == false)
  }

  private static func described(_ commands: [String: JSON]) -> Set<String> {
    Set(
      commands.flatMap { command, schema in
        (schema["properties"]?.members.keys.map { "\(command) \($0)" } ?? [])
      })
  }
}
