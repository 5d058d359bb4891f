import ArgumentParser
import Experiments
import Foundation
import Randomness
import Studies
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

  @Argument(help: ArgumentHelp("The study: \(StudyCatalog.names.joined(separator: ", "))."))
  var study: String
  @Option(help: "The split.") var split: String?
  @Option(
    help: ArgumentHelp(
      "A dataset version: its newest split is used.", valueName: "dataset@version"))
  var on: String?
  @Option(help: ArgumentHelp("A setting of the study.", valueName: "name=value"))
  var set: [String] = []
  @Option(help: "The seed of everything random (default: 0).") var seed: UInt64?
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
    guard (1...1024).contains(threads) else {
      throw ValidationError("'--threads' needs a number from 1 to 1024.")
    }
    if resume != nil, split != nil || on != nil || seed != nil || !set.isEmpty {
      throw ValidationError(
        "'--resume' goes on with the split, the seed and the settings of the run. Leave '--split', "
          + "'--on', '--seed' and '--set' out, or train anew.")
    }
    guard split == nil || on == nil else {
      throw ValidationError(
        "Name what to train on once: '--split SPLIT' or '--on DATASET@VERSION'.")
    }
    guard resume != nil || split != nil || on != nil else {
      throw ValidationError("Name what to train on: '--split SPLIT' or '--on DATASET@VERSION'.")
    }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let stop = StopSignal()
    let progress = TrainingProgress(context: context, study: study)
    let lab = Lab(
      store: store, time: context.time, threadCount: threads,
      environment: ["release": SignalTool.release], isInterrupted: stop.wasAsked,
      report: progress.show)
    let run: Run
    if let resume {
      run = try StudyCatalog.resume(study, run: resume, in: lab)
    } else {
      run = try StudyCatalog.train(
        study, settings: set, on: try chosenSplit(store), seed: Seed(seed ?? 0), in: lab)
    }
    progress.finish()
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
    let hash: JSONValue = if let hash = run.hash { .string(hash) } else { .null }
    let values: [JSONValue.Member] = metrics.map {
      JSONValue.Member($0.name, JSONValue.real($0.last))
    }
    context.answer([
      .init("run", .whole(run.number)), .init("run_id", hash),
      .init("study", .string(run.study)), .init("dataset_version", .string(run.version)),
      .init("split", .string(run.split)), .init("split_id", .string(run.splitHash)),
      .init("seed", .string(String(run.seed))),
      .init("metrics", .object(values)),
      .init("seconds", .real(run.seconds)), .init("steps_per_second", .real(stepsPerSecond)),
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

/// Shows the epochs of a training: a meter on a terminal, a line for each epoch elsewhere.
final class TrainingProgress {
  private let context: CommandContext
  private let study: String
  private var meter: Meter?

  init(context: CommandContext, study: String) {
    self.context = context
    self.study = study
  }

  func show(_ report: RunRecorder.EpochReport) {
    guard context.talk.errorIsTerminal else {
      let shown = ["train_loss", "val_loss", "val_macro_f1"].compactMap { name in
        report.metrics.first { $0.name == name }.map { "\(name) \(Quantity.number($0.value))" }
      }
      context.talk.note(
        "epoch \(report.epoch) of at most \(report.epochLimit): \(shown.joined(separator: ", "))")
      return
    }
    if meter == nil {
      meter = context.meter("train \(study)", total: report.epochLimit, unit: .count("epoch"))
    }
    meter?.advance(to: report.epoch)
  }

  func finish() {
    meter?.finish()
  }
}
