public import Batching
public import Randomness
public import VersionedStore

/// The code of a study: how a model is trained on a split, and how it is judged.
///
/// `init` only stores the settings, so that runs can be hashed, repeated, swept and compared.
public protocol Recipe: Sendable {
  /// Its settings.
  associatedtype Settings: StudySettings
  /// The word after `signalstore train`.
  static var studyName: String { get }

  /// Takes settings that were validated.
  init(_ settings: Settings)

  /// Trains from the beginning, or from a checkpoint of the same run.
  ///
  /// Values of metrics and checkpoints go to `recorder`; nothing else is written.
  /// - Throws: `ExperimentError`, or `StoreError` if the data or the disk fails.
  func train(
    on split: Split, in store: Store, seed: Seed, from checkpoint: Store.Checkpoint?,
    recording recorder: RunRecorder
  ) throws -> TrainedModel

  /// Judges a model on chosen examples.
  /// - Throws: `ExperimentError` if the examples do not fit the model.
  func evaluate(
    model: [UInt8], on selection: ExampleSelection, in store: Store, threadCount: Int
  ) throws -> Evaluation
}

/// A model that is ready to be published.
public struct TrainedModel: Sendable {
  /// The safetensors bytes.
  public let bytes: [UInt8]
  /// How many steps the optimiser took.
  public let stepCount: Int

  /// Wraps the outcome of a training.
  public init(bytes: [UInt8], stepCount: Int) {
    self.bytes = bytes
    self.stepCount = stepCount
  }
}

/// How a model did on a part of a split.
public struct Evaluation: Sendable {
  /// The numbers, by name, without the name of the part.
  public let metrics: [(name: String, value: Double)]
  /// Who was taken for whom, for studies with classes.
  public let confusion: ConfusionMatrix?

  /// Puts an evaluation together.
  public init(metrics: [(name: String, value: Double)], confusion: ConfusionMatrix? = nil) {
    self.metrics = metrics
    self.confusion = confusion
  }
}

extension SplitPart {
  /// How the part is called in the name of a metric.
  public var metricPrefix: String {
    switch self {
    case .training: "train"
    case .validation: "val"
    case .test: "test"
    }
  }
}
