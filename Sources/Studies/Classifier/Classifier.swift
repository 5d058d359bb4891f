public import Batching
public import Experiments
import NeuralNetworks
public import Randomness
import Signals
import Tensors
public import VersionedStore

/// The study `classifier`: a plain CNN or MLP on any labelled view; every study's baseline.
///
/// Softmax cross-entropy, Adam with decoupled weight decay; the network of the epoch that did best
/// on the validation part is kept.
public struct Classifier: Recipe {
  /// "classifier"
  public static let studyName = "classifier"
  private let settings: ClassifierSettings

  /// Takes settings that were validated.
  public init(_ settings: ClassifierSettings) {
    self.settings = settings
  }

  /// Trains a network.
  public func train(
    on split: Split, in store: Store, seed: Seed, from checkpoint: Store.Checkpoint?,
    recording recorder: RunRecorder
  ) throws -> TrainedModel {
    let data = try ClassifierData(split, in: store, scaling: settings.scaling)
    try recorder.record(document: data.summary, named: "data")
    let training = try ClassifierTraining(
      settings, data: data, seed: seed, threadCount: recorder.threadCount,
      from: try checkpoint.map { try ClassifierCheckpoint(reading: $0.bytes) })
    return try training.run(recording: recorder)
  }

  /// Judges a network: loss, accuracy, macro-F1, weighted F1, and the share of the most frequent
  /// class as the score to beat.
  public func evaluate(
    model bytes: [UInt8], on selection: ExampleSelection, in store: Store, threadCount: Int
  ) throws -> Evaluation {
    let (model, _) = try ClassifierModel.reading(bytes)
    let view = selection.view
    guard view.channels.map(\.name) == model.channels else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not evaluate on '\(view.name)': its channels are not those that the model "
          + "was trained on (\(model.channels.joined(separator: ", "))).")
    }
    let expected = Array(model.network.inputShape.lengths)
    guard expected == [view.framing.lengthInSamples, view.channels.count] else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not evaluate on '\(view.name)': its examples are "
          + "\(view.framing.lengthInSamples) readings long, the model takes \(expected[0]).")
    }
    guard !selection.examples.isEmpty else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not evaluate on '\(view.name)': no example of it is in that part. Choose "
          + "another part (`--part`), or make a split that has one.")
    }
    guard view.rate.hertz == model.rateInHertz, view.channels.map(\.unit) == model.units else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not evaluate on '\(view.name)': it has \(view.rate.hertz) Hz and the units "
          + "\(view.channels.map(\.unit)), the model was trained on \(model.rateInHertz) Hz and "
          + "\(model.units). Convert the recordings first.")
    }
    for label in view.labels {
      guard let index = model.codes.firstIndex(of: label.code) else { continue }
      guard model.names[index] == label.name else {
        throw ExperimentError.unsuitable(
          view.name,
          "Could not evaluate on '\(view.name)': label \(label.code) means "
            + "'\(label.name)' there, the model knows it as '\(model.names[index])'. Ingest with one "
            + "vocabulary.")
      }
    }
    let reader = BatchReader(
      selection, reading: try ExampleReader(view, in: store), codes: model.codes,
      normalization: model.normalization)
    guard !reader.classes.contains(-1) else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not evaluate on '\(view.name)': it has examples without one of the labels "
          + "that the model knows (\(model.names.joined(separator: ", "))).")
    }
    let network = try Network<Float>(
      restoring: model.network, batchCapacity: 256, team: WorkerTeam(threadCount: threadCount))
    return try ClassifierEvaluator(network: network, names: model.names).evaluate(reader)
  }
}
