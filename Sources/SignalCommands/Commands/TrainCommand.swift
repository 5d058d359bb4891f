import ArgumentParser
import Dispatch
import Experiments
import Foundation
import Randomness
import Studies
import Synchronization
import VersionedStore

/// `signalstore train STUDY --split SPLIT …`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a study on a split and record the run.",
    discussion: """
      Ctrl-C stops after the current epoch and keeps a checkpoint; --resume goes on with the same
      digits as if nothing had happened.
      Example: signalstore train classifier --split people --set model=cnn --set epochs=20 --seed 1
      """)

  @Argument(help: ArgumentHelp("The study: \(StudyCatalog.names.joined(separator: ", ")).")) var study:
    String
  @Option(help: "The split.") var split: String?
  @Option(
    help: ArgumentHelp(
      "A dataset version: its newest split is used.", valueName: "dataset@version"))
  var on: String?
  @Option(help: ArgumentHelp("A setting of the study.", valueName: "name=value"))
  var set: [String] = []
  @Option(help: "The seed of everything random.") var seed: UInt64 = 0
  @Option(help: ArgumentHelp("Go on with a run that did not finish.", valueName: "run"))
  var resume: Int?
  @Option(help: "How many threads to use; results do not depend on it.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard StudyCatalog.names.contains(study) else {
      throw ValidationError(
        "There is no study '\(study)'. There are: \(StudyCatalog.names.joined(separator: ", ")).")
    }
    guard threads > 0 else { throw ValidationError("'--threads' needs a positive number.") }
    guard resume != nil || split != nil || on != nil else {
      throw ValidationError("Name what to train on: '--split SPLIT' or '--on DATASET@VERSION'.")
    }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let stop = StopSignal()
    let meter = context.meter("train \(study)", total: nil, unit: .items("epochs"))
    let lab = Lab(
      store: store, time: context.time, threadCount: threads,
      environment: ["release": SignalTool.release], isInterrupted: { stop.wasAsked },
      report: { report in
        let shown = report.metrics.filter { $0.name.hasPrefix("val_") || $0.name == "train_loss" }
        meter.total = report.epochLimit
        meter.note = shown.map { "\($0.name) \(Quantity.number($0.value))" }.joined(separator: ", ")
        meter.advance(to: report.epoch)
      })
    let run: Run
    if let resume {
      run = try StudyCatalog.resume(study, run: resume, in: lab)
    } else {
      run = try StudyCatalog.train(
        study, settings: set, on: try chosenSplit(store), seed: Seed(seed), in: lab)
    }
    meter.finish()
    try answer(run, store: store, context: context)
  }

  private func chosenSplit(_ store: Store) throws -> Split {
    if let split { return try store.split(named: try DatasetName(split)) }
    let version = try store.version(try VersionReference(on ?? ""))
    guard let newest = try store.newestSplit(of: version) else {
      throw CommandError(
        status: .noInput,
        message: "Could not train on '\(version.reference)': it has no split. Make one with "
          + "`signalstore view` and `signalstore split`.")
    }
    return newest
  }

  private func answer(_ run: Run, store: Store, context: CommandContext) throws {
    let metrics = try store.metrics(of: run)
    let stepsPerSecond = run.seconds > 0 ? Double(run.stepCount) / run.seconds : 0
    context.answer([
      ("run", .integer(run.number)), ("run_id", run.hash.map { .string($0) } ?? .null),
      ("study", .string(run.study)), ("dataset_version", .string(run.version)),
      ("split", .string(run.split)), ("split_id", .string(run.splitHash)),
      ("seed", .string(String(run.seed))),
      ("metrics", .object(metrics.map { ($0.name, .real($0.last)) })),
      ("seconds", .real(run.seconds)), ("steps_per_second", .real(stepsPerSecond)),
    ]) {
      let chosen = metrics.filter {
        $0.name.hasPrefix("test_") || $0.name.hasPrefix("best_") || $0.count == 1
      }
      return "Run \(run.number) of '\(run.study)' on \(run.version), split '\(run.split)', seed "
        + "\(run.seed): \(run.stepCount) steps in \(Quantity.seconds(run.seconds)).\n"
        + context.talk.table(
          ["metric", ">value"], chosen.map { [$0.name, Quantity.number($0.last)] })
    }
  }
}

/// Ctrl-C and `kill` as a wish to stop after the current epoch; a second one ends the process.
final class StopSignal: Sendable {
  private let count = Atomic<Int>(0)
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "stop signals")
    let count = Mutex<Int>(0)
    _ = count
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if self.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 {
          exit(ExitStatus.interrupted.rawValue)
        }
        Talk.complain("Stopping after this epoch; press Ctrl-C again to stop at once.")
      }
      source.resume()
    }
  }

  /// Whether someone asked.
  var wasAsked: Bool { count.load(ordering: .relaxed) > 0 }
}
