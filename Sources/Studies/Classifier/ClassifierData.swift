import Batching
import Experiments
import Signals
import VersionedStore

/// The three parts of a split as a classifier sees them, scaled by the training part.
struct ClassifierData {
  let split: Split
  let codes: [Int32]
  let names: [String]
  let training: BatchReader
  let validation: BatchReader

  /// What is written down about the data of a run.
  struct Summary: Encodable {
    let classes: [String]
    let channels: [String]
    let trainingExamples: [Int]
    let validationExamples: [Int]
    let means: [Float]
    let factors: [Float]
  }

  init(_ split: Split, in store: Store, scaling: Scaling) throws {
    self.split = split
    let view = split.view
    guard view.labels.count > 1 else {
      throw ExperimentError.unsuitable(
        view.name,
        "Could not train a classifier on '\(view.name)': its examples have "
          + "\(view.labels.count == 1 ? "one label only" : "no labels"). Make a view with "
          + "`--labels TRACK`.")
    }
    guard split.counts.validation > 0 else {
      throw ExperimentError.unsuitable(
        split.name,
        "Could not train a classifier on '\(split.name)': it has no validation part, by "
          + "which the epoch is chosen. Make a split with `--validation`.")
    }
    codes = view.labels.map(\.code)
    names = view.labels.map(\.name)
    let reader = try ExampleReader(view, in: store)
    let examples = try ExampleSelection(.training, of: split, in: store)
    let normalization = try Normalization.fit(
      scaling, examples: examples.examples, reader: reader)
    training = BatchReader(examples, reading: reader, codes: codes, normalization: normalization)
    validation = BatchReader(
      try ExampleSelection(.validation, of: split, in: store), reading: reader, codes: codes,
      normalization: normalization)
  }

  var summary: Summary {
    Summary(
      classes: names, channels: split.view.channels.map(\.name),
      trainingExamples: counts(training), validationExamples: counts(validation),
      means: training.normalization.means, factors: training.normalization.factors)
  }

  /// Weights that make the classes count as if they were equally frequent in the training part;
  /// their mean over the examples is 1.
  var balancedWeights: [Float] {
    let counts = counts(training)
    return counts.map { $0 > 0 ? Float(training.count) / Float(names.count * $0) : 0 }
  }

  private func counts(_ reader: BatchReader) -> [Int] {
    var counts = [Int](repeating: 0, count: names.count)
    for index in reader.classes { counts[Int(index)] += 1 }
    return counts
  }
}
