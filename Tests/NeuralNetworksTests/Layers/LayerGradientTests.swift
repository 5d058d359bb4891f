import NeuralNetworks
import Randomness
import Tensors
import Testing

/// One network for a gradient check.
struct GradientCase: CustomTestStringConvertible, Sendable {
  let name: String
  let description: NetworkDescription
  let input: Shape
  var count = 3
  var phase = Phase.evaluation
  // Where a function has a kink at zero, a zero input has no derivative to compare with.
  var isSmoothAtZero = true

  var testDescription: String { name }
}

@Suite("Every layer's backward pass is the derivative of its forward pass")
struct LayerGradientTests {
  static let training = Phase.training(noise: Seed(99))

  static let cases: [GradientCase] = {
    var cases = [
      GradientCase(name: "dense", description: [.dense(units: 4)], input: [5]),
      GradientCase(
        name: "dense without bias", description: [.dense(units: 3, hasBias: false)], input: [4]),
      GradientCase(name: "dense 1 to 1", description: [.dense(units: 1)], input: [1]),
      GradientCase(
        name: "dense wide", description: [.dense(units: 30), .dense(units: 2)], input: [40]),
      GradientCase(
        name: "conv1D valid", description: [.conv1D(filters: 3, kernel: 3)], input: [7, 2]),
      GradientCase(
        name: "conv1D same, even window",
        description: [.conv1D(filters: 2, kernel: 4, padding: .same)], input: [6, 3]),
      GradientCase(
        name: "conv1D stride 2, padded",
        description: [.conv1D(filters: 3, kernel: 4, stride: 2, padding: .symmetric(1))],
        input: [9, 2]),
      GradientCase(
        name: "conv1D stride beyond the window",
        description: [.conv1D(filters: 2, kernel: 2, stride: 3)], input: [9, 2]),
      GradientCase(
        name: "conv1D pointwise",
        description: [.conv1D(filters: 4, kernel: 1, hasBias: false)], input: [5, 3]),
      GradientCase(
        name: "conv1D of one sample", description: [.conv1D(filters: 2, kernel: 1)],
        input: [1, 1]),
      GradientCase(
        name: "conv2D valid", description: [.conv2D(filters: 3, kernel: 3)], input: [5, 4, 2]),
      GradientCase(
        name: "conv2D one by three",
        description: [.conv2D(Conv2D(filters: 2, kernelHeight: 1, kernelWidth: 3))],
        input: [3, 6, 1]),
      GradientCase(
        name: "conv2D same", description: [.conv2D(filters: 2, kernel: 3, padding: .same)],
        input: [4, 5, 2]),
      GradientCase(
        name: "conv2D stride 2",
        description: [.conv2D(filters: 2, kernel: 4, stride: 2, padding: .symmetric(1))],
        input: [6, 8, 2]),
      GradientCase(
        name: "conv2D odd stride 2",
        description: [.conv2D(filters: 2, kernel: 3, stride: 2, padding: .symmetric(1))],
        input: [7, 5, 2]),
      GradientCase(
        name: "maxPool1D", description: [.maxPool1D(kernel: 2)], input: [7, 3],
        isSmoothAtZero: false),
      GradientCase(
        name: "maxPool1D overlapping",
        description: [.maxPool1D(kernel: 3, stride: 1, padding: .same)], input: [6, 2],
        isSmoothAtZero: false),
      GradientCase(
        name: "maxPool2D", description: [.maxPool2D(kernel: 3, stride: 2, padding: .symmetric(1))],
        input: [6, 5, 2], isSmoothAtZero: false),
      GradientCase(
        name: "averagePool1D", description: [.averagePool1D(Pool1D(kernel: 3, stride: 2))],
        input: [8, 2]),
      GradientCase(
        name: "averagePool2D, padded",
        description: [.averagePool2D(Pool2D(kernel: 3, stride: 2, padding: .same))],
        input: [5, 6, 2]),
      GradientCase(name: "globalAverage", description: [.globalAverage], input: [3, 4, 2]),
      GradientCase(
        name: "flatten and reshape",
        description: [
          .conv1D(filters: 2, kernel: 2), .flatten, .reshape(to: [2, 4]),
          .conv1D(filters: 3, kernel: 2), .flatten,
        ], input: [5, 2]),
      GradientCase(name: "softmax", description: [.softmax], input: [2, 4]),
      GradientCase(
        name: "batchNormalization, training", description: [.batchNormalization], input: [4, 3],
        phase: training),
      GradientCase(
        name: "batchNormalization, evaluation", description: [.batchNormalization],
        input: [4, 3]),
      GradientCase(
        name: "batchNormalization of images between convolutions",
        description: [
          .conv2D(filters: 3, kernel: 2, hasBias: false), .batchNormalization,
          .activation(.softplus), .conv2D(filters: 2, kernel: 2), .batchNormalization,
        ], input: [4, 4, 2], phase: training),
      GradientCase(
        name: "dropout, training", description: [.dense(units: 6), .dropout(rate: 0.4)],
        input: [5], phase: training),
      GradientCase(
        name: "dropout, evaluation", description: [.dropout(rate: 0.4)], input: [5]),
      GradientCase(name: "upsample", description: [.upsample(factor: 2)], input: [2, 3, 2]),
      GradientCase(
        name: "upsample of a signal", description: [.upsample(factor: 3)], input: [3, 2]),
      GradientCase(
        name: "doubling before a convolution",
        description: [.upsample(factor: 2), .conv2D(filters: 2, kernel: 3, padding: .same)],
        input: [3, 4, 2]),
      GradientCase(
        name: "doubling of a signal before a convolution, after another layer",
        description: [
          .dense(units: 8), .reshape(to: [4, 2]), .upsample(factor: 2),
          .conv1D(filters: 3, kernel: 3, padding: .symmetric(1)), .tanh, .flatten,
        ], input: [3]),
      GradientCase(
        name: "1-D CNN",
        description: [
          .conv1D(filters: 3, kernel: 3), .relu, .maxPool1D(kernel: 2),
          .conv1D(filters: 4, kernel: 2), .tanh, .flatten, .dense(units: 5), .relu,
          .dropout(rate: 0.2), .dense(units: 3),
        ], input: [10, 2], phase: training, isSmoothAtZero: false),
      GradientCase(
        name: "CNN over signals",
        description: [
          .conv2D(Conv2D(filters: 2, kernelHeight: 1, kernelWidth: 3)), .activation(.silu),
          .averagePool2D(Pool2D(kernelHeight: 1, kernelWidth: 2)), .flatten,
          .dense(units: 4), .activation(.gelu), .dense(units: 2),
        ], input: [3, 8, 1]),
    ]
    for function in ActivationFunction.allCases {
      cases.append(
        GradientCase(
          name: "activation \(function)", description: [.activation(function)], input: [7],
          isSmoothAtZero: function.isSmooth))
      cases.append(
        GradientCase(
          name: "activation \(function) after a dense layer",
          description: [.dense(units: 4), .activation(function), .dense(units: 2)], input: [3]))
    }
    return cases
  }()

  @Test("for a batch of random inputs", arguments: cases)
  func randomInputs(_ trial: GradientCase) throws {
    try GradientCheck.check(
      trial.name, trial.description, input: trial.input, count: trial.count, phase: trial.phase)
  }

  @Test("for the kernels that convolve directly and merge layers", arguments: cases)
  func directKernels(_ trial: GradientCase) throws {
    try GradientCheck.check(
      trial.name, trial.description, input: trial.input, count: trial.count, phase: trial.phase,
      kernels: ReferenceKernels<Double>.self)
  }

  @Test("for a single example, and chunks without any", arguments: cases)
  func singleExample(_ trial: GradientCase) throws {
    // A single row has no variance: a batch-normalised output is its shift, whatever comes in.
    let isDegenerate = trial.name == "batchNormalization, training" && trial.input.rank == 1
    try GradientCheck.check(
      trial.name, trial.description, input: trial.input, count: 1, phase: trial.phase,
      chunkCount: 3, checksInputs: !isDegenerate)
  }

  @Test("for an input of zeros", arguments: cases.filter(\.isSmoothAtZero))
  func zeroInput(_ trial: GradientCase) throws {
    // All rows are equal, so batch statistics have no spread; epsilon alone would be measured.
    guard trial.phase == .evaluation else { return }
    let zeros = [Double](repeating: 0, count: trial.count * trial.input.elementCount)
    try GradientCheck.check(
      trial.name, trial.description, input: trial.input, count: trial.count, phase: trial.phase,
      inputs: zeros)
  }

  @Test("adds to an earlier gradient when asked", arguments: cases)
  func accumulation(_ trial: GradientCase) throws {
    let network = try Network<Double>(
      trial.description, inputShape: trial.input, batchCapacity: trial.count)
    network.initializeParameters(seed: Seed(1))
    var generator = Seed(2).generator()
    func pass(_ combination: GradientCombination) {
      network.beginBatch(count: trial.count)
      network.inputs.withElements { for i in $0.indices { $0[i] = generator.nextNormal() } }
      network.forward(phase: trial.phase)
      network.outputGradients.fill(with: 0.5)
      network.backward(combination: combination)
    }
    pass(.replace)
    let first = network.gradients.values()
    pass(.replace)
    let second = network.gradients.values()
    generator = Seed(2).generator()
    pass(.replace)
    pass(.add)
    for (sum, parts) in zip(network.gradients.values(), zip(first, second)) {
      #expect(abs(sum - (parts.0 + parts.1)) <= 1e-12 * max(1, abs(sum)))
    }
  }
}
