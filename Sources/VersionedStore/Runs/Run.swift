/// One training: what it depended on, and how it ended.
public struct Run: Hashable, Sendable {
  /// How a run stands.
  public enum Status: String, Hashable, Sendable, Codable {
    /// A process is, or was, at work on it.
    case running
    /// It has a model.
    case finished
    /// It stopped with an error.
    case failed
    /// It was stopped from outside; its checkpoint is kept.
    case interrupted
  }

  /// The number by which people call it.
  public let number: Int
  /// A random name that no other run has, in any store.
  public let identity: String
  /// The SHA-256 over manifest, model and metrics: equal for trainings that came out equal. Nothing
  /// before the run is finished.
  public let hash: String?
  /// The study.
  public let study: String
  /// How it stands.
  public let status: Status
  /// The dataset version, as a reference that names it for good.
  public let version: String
  /// The SHA-256 of the dataset version.
  public let versionHash: String
  /// The name of the view when the run began.
  public let view: String
  /// The name of the split when the run began.
  public let split: String
  /// The SHA-256 of the split.
  public let splitHash: String
  /// The seed.
  public let seed: UInt64
  /// Everything it depended on, as JSON.
  public let manifest: String
  /// The SHA-256 of the model; nothing before there is one.
  public let modelHash: String?
  /// Why it failed.
  public let message: String?
  /// When it began, in seconds since 1970.
  public let started: Double
  /// When it ended.
  public let finished: Double?
  /// The time spent training, over all sittings.
  public let seconds: Double
  /// How many steps the optimiser took.
  public let stepCount: Int
  package let splitRowID: Int64
}

/// A number that a run was judged by, at a step.
public struct MetricPoint: Hashable, Sendable, Codable {
  /// The name ("val_macro_f1").
  public let name: String
  /// The epoch or step; 0 for what is measured once.
  public let step: Int
  /// The value; finite.
  public let value: Double

  /// Notes a value.
  public init(_ name: String, step: Int, value: Double) {
    self.name = name
    self.step = step
    self.value = value
  }
}

/// What a metric came to over a run.
public struct MetricSummary: Hashable, Sendable, Codable {
  /// The name.
  public let name: String
  /// The value at the last step.
  public let last: Double
  /// The last step.
  public let lastStep: Int
  /// The smallest value, and where it first occurred.
  public let minimum: Double
  /// The step of the smallest value.
  public let minimumStep: Int
  /// The largest value.
  public let maximum: Double
  /// The step of the largest value.
  public let maximumStep: Int
  /// How many values there are.
  public let count: Int
}

/// What a run is told when it begins.
public struct RunPlan: Sendable {
  /// The study.
  public var study: String
  /// The split.
  public var split: Split
  /// The seed of everything random.
  public var seed: UInt64
  /// Every setting by name, defaults included, as JSON scalars or arrays in text form.
  public var settings: [String: String]
  /// Facts beside the settings that the result depended on: code version, threads, libraries.
  public var environment: [String: String]

  /// Puts a plan together.
  public init(
    study: String, split: Split, seed: UInt64, settings: [String: String],
    environment: [String: String]
  ) {
    self.study = study
    self.split = split
    self.seed = seed
    self.settings = settings
    self.environment = environment
  }
}

/// The written-down form of a plan; its text is part of the run's hash.
struct RunManifest: Codable {
  let format: Int
  let study: String
  let dataset: String
  let datasetVersion: Int
  let versionHash: String
  let viewHash: String
  let splitHash: String
  let seed: UInt64
  let settings: [String: String]
  let environment: [String: String]
}
