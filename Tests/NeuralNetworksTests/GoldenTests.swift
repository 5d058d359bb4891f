import NeuralNetworks
import Randomness
import Tensors
import Testing

@Suite("Layers, losses and optimisers give the numbers that NumPy gives")
struct GoldenTests {
  let golden: GoldenFile

  init() throws {
    golden = try GoldenFile.load()
  }

  /// Compares all elements, relative to the largest.
  private func expectClose<Scalar: TensorScalar>(
    _ found: [Scalar], _ expected: [Double], _ tolerance: Double, _ what: String
  ) {
    #expect(found.count == expected.count, "\(what)")
    let scale = expected.reduce(1) { max($0, abs($1)) }
    for (index, (a, b)) in zip(found, expected).enumerated()
    where !(abs(a.asDouble - b) <= tolerance * scale) {
      Issue.record("\(what): element \(index) is \(a), NumPy has \(b).")
      return
    }
  }

  private func checkLayers<Scalar: TensorScalar>(_ type: Scalar.Type, tolerance: Double) throws {
    for trial in golden.layers {
      let input = Shape(Array(trial.input.shape.lengths.dropFirst()))
      let network = try Network<Scalar>(
        trial.layers, inputShape: input, batchCapacity: trial.input.shape[0])
      for (name, value) in trial.parameters {
        try network.setParameter(named: name, to: value.tensor.converted(to: type))
      }
      for (name, value) in trial.statistics {
        let entry = try #require(network.statisticsLayout[name])
        for (index, number) in zip(entry.range, value.values) {
          network.statistics[index] = Scalar(number)
        }
      }
      let phase = trial.phase == "training" ? Phase.training(noise: Seed(0)) : .evaluation
      network.forward(trial.input.tensor.converted(to: type), phase: phase)
      #expect(network.outputs.tensor().shape == trial.output.shape, "\(trial.name)")
      expectClose(network.outputs.tensor().values, trial.output.values, tolerance, trial.name)
      network.outputGradients.assign(trial.outputGradient.tensor.converted(to: type).values)
      network.backward([.parameters, .inputs])
      expectClose(
        network.inputGradients.tensor().values, trial.inputGradient.values, tolerance,
        "\(trial.name), input")
      #expect(Set(network.parameterLayout.entries.map(\.name)) == Set(trial.gradients.keys))
      for (name, value) in trial.gradients {
        let gradient = try #require(network.gradient(named: name))
        #expect(gradient.shape == value.shape)
        expectClose(gradient.values, value.values, tolerance, "\(trial.name), \(name)")
      }
      for (name, value) in trial.statisticsAfter {
        let statistic = try #require(network.statistic(named: name))
        expectClose(statistic.values, value.values, tolerance, "\(trial.name), \(name)")
      }
    }
  }

  @Test("layers in Double")
  func layersInDouble() throws {
    #expect(golden.layers.count == 34)
    try checkLayers(Double.self, tolerance: 1e-13)
  }

  @Test("layers in Float")
  func layersInFloat() throws {
    try checkLayers(Float.self, tolerance: 3e-6)
  }

  @Test("dropout's bits and the sampler's normal numbers")
  func bits() throws {
    let key = try #require(UInt64(golden.bits.key))
    for (index, word) in golden.bits.words.enumerated() {
      #expect(CounterBits.word(key: key, element: UInt64(index)) == word)
    }
    let count = golden.bits.normals.count
    let zeros = BatchView<Double>(count: 1, shape: [count])
    let draws = BatchView<Double>(count: 1, shape: [count])
    GaussianSampler<Double>(shape: [count], batchCapacity: 1)
      .sample(mean: zeros, logVariance: zeros, seed: Seed(key), into: draws)
    expectClose(draws.tensor().values, golden.bits.normals, 1e-13, "normals")
  }

  private func checkLosses<Scalar: TensorScalar>(_ type: Scalar.Type, tolerance: Double) {
    for trial in golden.losses {
      let inputs = trial.inputs.map { numbers in
        let batch = BatchView<Scalar>(
          count: numbers.shape[0], shape: Shape(Array(numbers.shape.lengths.dropFirst())))
        batch.assign(numbers.tensor.converted(to: type).values)
        return batch
      }
      let gradients = trial.gradients.map { _ in
        BatchView<Scalar>(count: inputs[0].count, shape: inputs[0].shape)
      }
      let value = evaluate(trial, inputs, gradients)
      #expect(abs(value - trial.value) <= tolerance * max(1, abs(trial.value)), "\(trial.name)")
      for (found, expected) in zip(gradients, trial.gradients) {
        expectClose(found.tensor().values, expected.values, tolerance, trial.name)
      }
    }
  }

  private func evaluate<Scalar: TensorScalar>(
    _ trial: GoldenFile.LossCase, _ inputs: [BatchView<Scalar>], _ gradients: [BatchView<Scalar>]
  ) -> Double {
    switch trial.name {
    case "binaryCrossEntropy":
      return BinaryCrossEntropy(reduction: .meanOfExamples).evaluate(
        logits: inputs[0], targets: inputs[1], gradient: gradients[0])
    case "squaredError":
      return SquaredError().evaluate(
        values: inputs[0], targets: inputs[1], gradient: gradients[0])
    case "gaussianKL":
      return GaussianKL().evaluate(
        mean: inputs[0], logVariance: inputs[1], meanGradient: gradients[0],
        logVarianceGradient: gradients[1])
    case "mutualInformation":
      return MutualInformation(
        classes: inputs[0].shape.elementCount, entropyWeight: trial.weights[0]
      ).evaluate(
        first: inputs[0], second: inputs[1], firstGradient: gradients[0],
        secondGradient: gradients[1])
    default:
      let weights = trial.weights.isEmpty ? nil : trial.weights.map { Scalar($0) }
      return SoftmaxCrossEntropy(classWeights: weights).evaluate(
        logits: inputs[0], labels: trial.labels, gradient: gradients[0])
    }
  }

  @Test("losses in Double and Float")
  func losses() {
    #expect(golden.losses.count == 8)
    checkLosses(Double.self, tolerance: 1e-12)
    checkLosses(Float.self, tolerance: 1e-5)
  }

  private func checkOptimizers<Scalar: TensorScalar>(
    _ type: Scalar.Type, tolerance: Double
  ) throws {
    let count = golden.optimizers.start.values.count
    for trial in golden.optimizers.trajectories {
      // A dense layer from `count` inputs to one output has just these parameters.
      let network = try Network<Scalar>(
        [.dense(units: 1, hasBias: false)], inputShape: [count], batchCapacity: 1)
      network.parameters.assign(golden.optimizers.start.values.map { Scalar($0) })
      let optimizer = Optimizer(trial.settings.optimizer, for: network)
      for (gradient, step) in zip(golden.optimizers.gradients, trial.steps) {
        network.gradients.assign(gradient.values.map { Scalar($0) })
        optimizer.step(network)
        expectClose(network.parameters.values(), step.values, tolerance, trial.name)
      }
      #expect(optimizer.stepCount == 5)
    }
  }

  @Test("optimisers, their schedules, decays and clipping")
  func optimizers() throws {
    #expect(golden.optimizers.trajectories.count == 12)
    try checkOptimizers(Double.self, tolerance: 1e-12)
    try checkOptimizers(Float.self, tolerance: 2e-6)
  }
}
