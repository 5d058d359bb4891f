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
  func load(
    _ positions: ArraySlice<Int>, from reader: BatchReader, labels: inout [Int32]
  ) throws(StoreError) {
    beginBatch(count: positions.count)
    try inputs.withElements { (values) throws(StoreError) in
      try labels.withUnsafeMutableBufferPointer { (labels) throws(StoreError) in
        try reader.read(positions, into: values, classes: labels)
      }
    }
  }
}
