import Batching
import Experiments
import NeuralNetworks
import Randomness
import VersionedStore

/// Runs a network over examples and counts who was taken for whom.
struct ClassifierEvaluator {
  let network: Network<Float>
  let names: [String]

  func evaluate(_ reader: BatchReader) throws -> Evaluation {
    var confusion = ConfusionMatrix(classes: names)
    let loss = SoftmaxCrossEntropy<Float>()
    var lossSum = 0.0
    let plan = BatchPlan(
      part: .test, batchSize: network.batchCapacity, order: .sequential, seed: .init(0))
    let order = EpochOrder(plan, count: reader.count, epoch: 0)
    for index in 0..<order.batchCount {
      let positions = order.batch(index)
      var labels = [Int32](repeating: 0, count: positions.count)
      try network.load(positions, from: reader, labels: &labels)
      network.forward(phase: .evaluation)
      lossSum +=
        loss.evaluate(
          logits: network.outputs, labels: labels, gradient: network.outputGradients)
        * Double(positions.count)
      for (example, label) in labels.enumerated() {
        confusion.add(truth: Int(label), prediction: prediction(example))
      }
    }
    return Evaluation(
      metrics: [
        ("loss", reader.count > 0 ? lossSum / Double(reader.count) : 0),
        ("accuracy", confusion.accuracy), ("macro_f1", confusion.macroF1),
        ("weighted_f1", confusion.weightedF1), ("majority_share", confusion.majorityShare),
      ], confusion: confusion)
  }

  /// How many examples of the current batch have the largest output at their label.
  func hits(_ labels: [Int32]) -> Int {
    labels.indices.reduce(0) { $0 + (prediction($1) == Int(labels[$1]) ? 1 : 0) }
  }

  /// The class with the largest output; of equal ones the first.
  private func prediction(_ example: Int) -> Int {
    let outputs = network.outputs
    var best = 0
    for index in 1..<names.count where outputs[example, index] > outputs[example, best] {
      best = index
    }
    return best
  }
}

extension Network where Scalar == Float {
  /// Fills the inputs with a batch of examples.
  /// - Throws: `.unsuitableData` for readings that are no numbers: a rectifier makes zeros of them,
  ///   so that a network would seem to learn while its first layer is lost.
  func load(
    _ positions: ArraySlice<Int>, from reader: BatchReader, labels: inout [Int32]
  ) throws {
    beginBatch(count: positions.count)
    let isFinite = try inputs.withElements { values in
      try labels.withUnsafeMutableBufferPointer { labels in
        try reader.read(positions, into: values, classes: labels)
      }
      return values.areFinite
    }
    guard isFinite else {
      let view = reader.selection.view.name
      throw ExperimentError.unsuitable(
        view,
        "Could not use '\(view)' for a classifier: it has readings that are missing or not finite. "
          + "Make a view with `--fill linear`, or leave such windows out with `--missing 0`.")
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Whether every element is a finite number.
  var areFinite: Bool {
    // The exponent of infinity and of what is no number is all ones, and only theirs carries into
    // the sign when one is added. Without branches the loop takes eight elements at a time.
    var carries: UInt32 = 0
    for element in self { carries |= (element.bitPattern & 0x7f80_0000) &+ 0x0080_0000 }
    return carries & 0x8000_0000 == 0
  }
}
