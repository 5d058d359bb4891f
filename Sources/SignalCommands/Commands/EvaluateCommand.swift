import ArgumentParser
import Batching
import Experiments
import Foundation
import Studies
import VersionedStore

/// `signalstore evaluate RUN`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Judge a recorded model again, or on other data.",
    discussion: """
      Without --on, the test part of the run's own split. With --on, all examples that the run's
      framing cuts from that version.
      Example: signalstore evaluate 3 --on hapt@2
      """)

  @Argument(help: ArgumentHelp("The number of the run.", valueName: "run")) var number: Int
  @Option(
    help: ArgumentHelp("Another dataset version.", valueName: "dataset@version")) var on: String?
  @Option(help: "The part of the run's split: training, validation or test.")
  var part: SplitPart = .test
  @Option(help: "How many threads to use; results do not depend on it.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("'--threads' needs a number from 1 to 1024.")
    }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: on == nil ? .reading : .writing)
    let run = try store.run(number)
    let trained = try store.split(of: run)
    let selection: ExampleSelection
    var shared: [String] = []
    if let on {
      let version = try store.version(try VersionReference(on))
      let view = try store.view(like: trained.view, of: version)
      selection = ExampleSelection(allOf: view)
      shared = try store.recordings(of: view, usedBy: .training, of: trained)
    } else {
      selection = try ExampleSelection(part, of: trained, in: store)
    }
    let evaluation = try StudyCatalog.evaluate(
      run, on: selection, in: store, threadCount: threads)
    let version = selection.view.version.reference
    let examples = selection.examples.count
    if !shared.isEmpty {
      context.talk.warn(
        "\(shared.count) recordings of '\(version)' were in the training part of run "
          + "\(run.number); these numbers are no test.")
    }
    let partValue: JSONValue = on == nil ? .string(part.rawValue) : .null
    let values: [JSONValue.Member] = evaluation.metrics.map {
      JSONValue.Member($0.name, JSONValue.real($0.value))
    }
    let partWord = on == nil ? "\(part.rawValue) " : ""
    var members: [JSONValue.Member] = [
      .init("run", .whole(run.number)), .init("study", .string(run.study)),
      .init("dataset_version", .string(version)),
      .init("part", partValue), .init("examples", .whole(examples)),
      .init("shared_recordings", .whole(shared.count)),
      .init("metrics", .object(values)),
    ]
    if let confusion = evaluation.confusion {
      members.append(.init("confusion", try JSONValue(encoding: confusion)))
    }
    context.answer(members) {
      "Run \(run.number) on \(examples) \(partWord)examples of "
        + "\(version):\n"
        + context.talk.table(
          ["metric", ">value"],
          evaluation.metrics.map { [$0.name, Quantity.number($0.value)] })
    }
  }
}
