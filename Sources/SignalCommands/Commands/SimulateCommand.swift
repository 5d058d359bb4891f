import ArgumentParser
import Durability
import Importers
import Randomness
import SystemPackage

/// `signalstore simulate …`
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Write simulated raw data, always marked as simulated.",
    discussion: "Example: signalstore simulate opportunity logs --subjects 4 --seed 1",
    subcommands: [SimulateOpportunityCommand.self])
}

/// `signalstore simulate opportunity OUT …`
struct SimulateOpportunityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opportunity",
    abstract: "Write logs exactly in the OPPORTUNITY format.",
    discussion: """
      Example: signalstore simulate opportunity logs --subjects 4 --runs 2 --minutes 5 --seed 1
      """)

  @Argument(help: "The folder to write to.") var out: String
  @Option(help: "How many people.") var subjects = 4
  @Option(help: "How many logs of each person.") var runs = 2
  @Option(help: "The length of each log in minutes.") var minutes = 5.0
  @Option(help: "The seed.") var seed: UInt64 = 0
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let began = context.time.monotonicSeconds
    let simulator = try OpportunitySimulator(
      subjects: subjects, runs: runs, minutes: minutes, seed: Seed(seed))
    let files = LocalFileSystem()
    let folder = FilePath(out)
    guard try files.exists(folder.parentFolder) else { throw CommandError.noFolder(for: out) }
    let written = try simulator.write(into: folder, on: files)
    let seconds = context.time.monotonicSeconds - began
    let size = written.reduce(0) { $0 + $1.sizeInBytes }
    let truth = OpportunitySimulator.informativeChannels.map { JSONValue.string($0) }
    context.answer([
      .init("path", .string(out)), .init("simulated", .bool(true)),
      .init("files", .array(written.map { JSONValue.string($0.name) })),
      .init("bytes", .whole(size)), .init("seed", .string(String(seed))),
      .init("informative_channels", .array(truth)),
      .init("seconds", .real(seconds)),
    ]) {
      "Wrote \(written.count) simulated files, "
        + "\(Quantity.bytes(size)), to '\(out)'."
    }
  }
}
