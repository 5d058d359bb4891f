import Batching
import Experiments
import Randomness
import Testing
import VersionedStore

/// A study without a model: it does what its settings say, so that tests see what a lab makes of it.
struct RehearsedStudy: Recipe {
  struct Settings: StudySettings {
    /// What happens after the last epoch, or in the middle.
    enum Ending: String, Codable, Hashable, Sendable {
      case finish
      /// Throws an error of its own after the first epoch.
      case fail
      /// Throws an experiment's error in the second epoch, with values recorded but not written.
      case diverge
      /// Fails where the finished model is judged.
      case misjudge
    }

    var epochs = 3
    var ending = Ending.finish

    func validate() throws(ExperimentError) {}
  }

  /// An error that no floor knows.
  struct OddError: Error, CustomStringConvertible {
    let description = "the sky fell"
  }

  static let studyName = "rehearsal"
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func train(
    on split: Split, in store: Store, seed: Seed, from checkpoint: Store.Checkpoint?,
    recording recorder: RunRecorder
  ) throws -> TrainedModel {
    let first = checkpoint.map { $0.epoch + 1 } ?? 1
    if let checkpoint { #expect(checkpoint.bytes == Self.state(afterEpoch: checkpoint.epoch)) }
    for epoch in stride(from: first, through: settings.epochs, by: 1) {
      recorder.record("loss", step: epoch, Self.loss(seed, epoch: epoch))
      recorder.record("rate", step: epoch, 1 / Double(epoch))
      // Nothing of an epoch is in the catalogue before the epoch is complete.
      let written = try store.metrics(of: recorder.run).first { $0.name == "loss" }
      #expect((written?.lastStep ?? 0) == epoch - 1)
      if settings.ending == .diverge, epoch == 2 {
        throw ExperimentError.diverged(epoch: epoch, loss: .nan)
      }
      try recorder.endEpoch(epoch, of: settings.epochs, stepCount: 10 * epoch) {
        Self.state(afterEpoch: epoch)
      }
      let after = try #require(try store.metrics(of: recorder.run).first { $0.name == "loss" })
      #expect(after.lastStep == epoch && after.last == Self.loss(seed, epoch: epoch))
      if settings.ending == .fail { throw OddError() }
    }
    recorder.record("epochs", step: 0, Double(settings.epochs))
    return TrainedModel(
      bytes: Array("model of \(seed) after \(settings.epochs)".utf8),
      stepCount: 10 * settings.epochs)
  }

  func evaluate(
    model: [UInt8], on selection: ExampleSelection, in store: Store, threadCount: Int
  ) throws -> Evaluation {
    if settings.ending == .misjudge {
      throw ExperimentError.unsuitable(
        selection.view.name, "Could not judge '\(selection.view.name)'.")
    }
    var confusion = ConfusionMatrix(classes: ["rest", "walk"])
    for _ in selection.examples { confusion.add(truth: 0, prediction: 0) }
    return Evaluation(
      metrics: [("score", Double(selection.examples.count))], confusion: confusion)
  }

  static func loss(_ seed: Seed, epoch: Int) -> Double {
    var generator = seed.child("loss").child(epoch).generator()
    return generator.nextUniform()
  }

  static func state(afterEpoch epoch: Int) -> [UInt8] {
    Array("state after \(epoch)".utf8)
  }
}
