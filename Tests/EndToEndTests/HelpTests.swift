import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  /// The commands that the program names in its own help, and theirs, as far down as it goes.
  private static func commands(
    below command: [String], in workspace: Workspace
  ) throws -> [[String]] {
    let help = try workspace.done(arguments: command + ["--help"])
    var lines = help.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard let heading = lines.firstIndex(of: "SUBCOMMANDS:") else { return [command] }
    lines = lines[(heading + 1)...].prefix { !$0.isEmpty }
    // A name stands after two blanks; what follows it on other lines is indented further.
    let names = lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(!names.isEmpty)
    return try [command] + names.flatMap { try commands(below: command + [$0], in: workspace) }
  }

  @Test("Every command shows an example, on lines that fit a terminal")
  func everyCommand() throws {
    let workspace = try Workspace()
    let commands = try Self.commands(below: [], in: workspace)
    let leaves = Set(commands.map { $0.joined(separator: " ") })
    let expected: Set = [
      "init", "datasets", "versions", "show", "log", "tag", "ingest opportunity",
      "ingest recordings", "simulate opportunity", "view", "split", "train", "evaluate", "query",
      "compare", "export",
    ]
    #expect(expected.isSubset(of: leaves))
    for command in commands {
      let result = try workspace.run(command + ["--help"])
      #expect(result.status == 0 && result.errorOutput.isEmpty, "\(command)")
      let lines = result.outputText.split(separator: "\n")
      let example = (["signalstore"] + command).joined(separator: " ")
      // The usage line stands for no example.
      let examples = lines.filter { $0.contains(example) && !$0.hasPrefix("USAGE") }
      #expect(!examples.isEmpty, "\(command) shows no example")
      // The parser leaves the usage in one line.
      let long = lines.filter { $0.count > 80 && !$0.hasPrefix("USAGE") }
      #expect(long.isEmpty, "\(command)")
    }
  }

  @Test("The release is told")
  func version() throws {
    let result = try Workspace().run(["--version"])
    #expect(result.status == 0)
    #expect(result.outputText.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }

  @Test("A command that does not exist is refused")
  func unknownCommand() throws {
    let words = try Workspace().refusal(["frobnicate"], status: 64)
    #expect(words.contains("frobnicate"))
  }
}
