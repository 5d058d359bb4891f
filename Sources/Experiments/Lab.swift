import Batching
public import Durability
public import Randomness
public import VersionedStore

/// Where trainings happen: it begins runs, keeps what they record, and ends them.
public struct Lab {
  private let store: Store
  private let time: any TimeSource
  private let threadCount: Int
  private let environment: [String: String]
  private let isInterrupted: @Sendable () -> Bool
  private let report: (RunRecorder.EpochReport) -> Void

  /// Sets up a lab.
  /// - Parameters:
  ///   - environment: facts that results depend on beside data, settings and seed, such as the
  ///     release of the code; written into every run.
  ///   - isInterrupted: asked after each epoch whether to stop.
  ///   - report: told after each epoch how it went.
  public init(
    store: Store, time: any TimeSource, threadCount: Int, environment: [String: String],
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping (RunRecorder.EpochReport) -> Void = { _ in }
  ) {
    self.store = store
    self.time = time
    self.threadCount = threadCount
    self.environment = environment
    self.isInterrupted = isInterrupted
    self.report = report
  }

  /// Trains a model and records the run.
  ///
  /// Durability: when this returns, run, metrics and model survive power loss. When it throws, the
  /// run is recorded as failed or interrupted, with its newest checkpoint.
  public func train<Study: Recipe>(
    _ study: Study.Type, settings: Study.Settings, on split: Split, seed: Seed
  ) throws -> Run {
    let run = try store.beginRun(
      RunPlan(
        study: Study.studyName, split: split, seed: seed.value, settings: settings.texts,
        environment: environment))
    let sitting = try store.sitting(on: run.number)
    defer { sitting.release() }
    return try work(Study(settings), on: run, split: split, from: nil)
  }

  /// Goes on with a run that did not finish.
  /// - Throws: `.badSetting` if the run is of another study.
  public func resume<Study: Recipe>(_ study: Study.Type, run number: Int) throws -> Run {
    let present = try store.run(number)
    guard present.study == Study.studyName else {
      throw ExperimentError.setting(
        "--resume", "run \(number) belongs to the study '\(present.study)'. Name that study.")
    }
    let settings = try Study.Settings.reading(
      try store.settings(of: present), study: Study.studyName)
    let split = try store.split(of: present)
    // A finished run is refused below; nothing has to be locked for that.
    let sitting = present.status == .finished ? nil : try store.sitting(on: number)
    defer { sitting?.release() }
    let (run, checkpoint) = try store.resume(number)
    return try work(Study(settings), on: run, split: split, from: checkpoint)
  }

  private func work(
    _ recipe: some Recipe, on run: Run, split: Split, from checkpoint: Store.Checkpoint?
  ) throws -> Run {
    let recorder = RunRecorder(
      run: run, store: store, time: time, threadCount: threadCount, isInterrupted: isInterrupted,
      report: report)
    do {
      let model = try recipe.train(
        on: split, in: store, seed: Seed(run.seed), from: checkpoint, recording: recorder)
      let seconds = recorder.seconds
      try judge(recipe, model: model.bytes, split: split, recorder: recorder)
      try recorder.flush()
      return try store.finish(
        run, model: model.bytes, seconds: seconds, stepCount: model.stepCount)
    } catch let error as ExperimentError where error.code == .interrupted {
      stop(run, as: .interrupted, message: error.message)
      throw error
    } catch {
      stop(run, as: .failed, message: "\(error)")
      throw error
    }
  }

  private func stop(_ run: Run, as status: Run.Status, message: String) {
    do {
      try store.stop(run, as: status, message: message)
    } catch {
      // On a full disk not even this can be written. What ended the run is what people must learn,
      // not that it could not be noted; the run stays "running" and can be resumed as well.
    }
  }

  /// Judges a finished model on validation and test, once.
  private func judge(
    _ recipe: some Recipe, model: [UInt8], split: Split, recorder: RunRecorder
  ) throws {
    for part in [SplitPart.validation, .test] where split.counts[part] > 0 {
      let evaluation = try recipe.evaluate(
        model: model, on: try ExampleSelection(part, of: split, in: store), in: store,
        threadCount: threadCount)
      // Validation values of every epoch are there already; those of the chosen model stand apart.
      let prefix = part == .validation ? "best_val" : part.metricPrefix
      for metric in evaluation.metrics {
        recorder.record("\(prefix)_\(metric.name)", step: 0, metric.value)
      }
      if let confusion = evaluation.confusion {
        try recorder.record(document: confusion, named: "confusion_\(part.metricPrefix)")
      }
    }
  }
}
