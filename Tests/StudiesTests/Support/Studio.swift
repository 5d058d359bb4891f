import Experiments
import Randomness
import Signals
import StoreSupport
import Studies
import Synchronization
import TestSupport
import VersionedStore

/// A store with waves of six people, and labs on it.
struct Studio {
  let folder: StoreFolder
  let store: Store
  let version: Version

  /// Publishes the waves of people "A" to "F".
  init(_ waves: Waves = Waves()) throws {
    folder = try StoreFolder()
    store = try folder.create()
    var staged = try store.stage(try DatasetName("waves"), kind: "recordings")
    for subject in ["A", "B", "C", "D", "E", "F"] {
      try staged.append(waves.recording(of: subject))
    }
    version = try staged.commit(
      because: "a test", ingestion: IngestionRecord(reader: "recordings")
    ).version
  }

  /// Windows of 20 readings side by side: each holds one activity.
  func view(
    _ name: String = "windows", window: Int = 20, channels: [String]? = nil,
    codes: [Int32]? = nil, labelled: Bool = true, fill: MissingValuePolicy.Fill = .linear
  ) throws -> View {
    try store.view(
      try DatasetName(name), of: version,
      framing: Framing(
        lengthInSamples: window, strideInSamples: window, channels: channels,
        labelRule: labelled ? LabelRule(track: "activity", codes: codes) : nil,
        missingValues: MissingValuePolicy(fill: fill))
    ).view
  }

  /// People A to D train, E validates, F tests.
  func split(_ view: View) throws -> Split {
    try store.makeSplit(of: view, by: .subject, validation: "E", test: "F")
  }

  /// A lab that stops after some epochs of each sitting, where a number is given.
  func lab(threads: Int = 1, stoppingAfter epochs: Int? = nil) -> Lab {
    let count = EpochCount()
    return Lab(
      store: store, time: FixedTimeSource(), threadCount: threads, environment: [:],
      isInterrupted: { epochs.map { count.next() >= $0 } ?? false })
  }

  /// A small network that learns waves in a few epochs.
  static func settings(_ model: ClassifierSettings.Model = .cnn) -> ClassifierSettings {
    var settings = ClassifierSettings()
    settings.model = model
    settings.filters = [6]
    settings.hidden = [12]
    settings.batchSize = 16
    settings.learningRate = 0.01
    settings.epochs = 5
    settings.patience = 0
    return settings
  }

  /// Trains.
  func train(
    _ settings: ClassifierSettings, on split: Split? = nil, seed: UInt64 = 1, threads: Int = 1
  ) throws -> Run {
    try lab(threads: threads).train(
      Classifier.self, settings: settings, on: try split ?? self.split(view()), seed: Seed(seed))
  }

  /// The last value of a metric.
  func metric(_ name: String, of run: Run) throws -> Double? {
    try store.metrics(of: run).first { $0.name == name }?.last
  }
}

/// Counts the epochs of a sitting.
private final class EpochCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
