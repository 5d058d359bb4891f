import NeuralNetworks
import Randomness
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Networks and batches that several tests train.
enum Trial {
  static let cnn: NetworkDescription = [
    .conv1D(filters: 8, kernel: 5, hasBias: false), .batchNormalization, .relu,
    .maxPool1D(kernel: 2), .conv1D(filters: 12, kernel: 3, stride: 2, padding: .same),
    .activation(.silu), .dropout(rate: 0.2), .flatten, .dense(units: 16), .tanh,
    .dense(units: 4),
  ]
  static let input: Shape = [30, 6]

  static func batch(_ count: Int, seed: UInt64) -> (inputs: Tensor<Float>, labels: [Int32]) {
    var generator = Seed(seed).generator()
    let labels = (0..<count).map { _ in Int32(generator.nextIndex(below: 4)) }
    var values: [Float] = []
    for label in labels {
      for time in 0..<30 {
        for channel in 0..<6 {
          let signal = channel == Int(label) ? sin(Double(time) * 0.7) : 0
          values.append(Float(signal + 0.3 * generator.nextNormal()))
        }
      }
    }
    return (Tensor(shape: [count, 30, 6], values: values), labels)
  }

  /// Trains and returns the losses.
  @discardableResult
  static func train(
    _ network: Network<Float>, _ optimizer: Optimizer<Float>, steps: Range<Int>
  ) -> [Double] {
    let loss = SoftmaxCrossEntropy<Float>()
    return steps.map { step in
      // The batch sizes differ, and some are smaller than the capacity.
      let batch = batch(step % 3 == 0 ? 17 : 24, seed: UInt64(step))
      network.forward(batch.inputs, phase: .training(noise: Seed(5).child(step)))
      let value = loss.evaluate(
        logits: network.outputs, labels: batch.labels, gradient: network.outputGradients)
      network.backward()
      optimizer.step(network)
      return value
    }
  }

  static func make(
    threads: Int = 1, capacity: Int = 24, kernels: any Kernels<Float>.Type = FloatKernels.self
  ) throws -> (Network<Float>, Optimizer<Float>) {
    let network = try Network<Float>(
      cnn, inputShape: input, batchCapacity: capacity, team: WorkerTeam(threadCount: threads),
      kernels: kernels)
    network.initializeParameters(seed: Seed(3))
    let optimizer = Optimizer<Float>(
      .adam(
        .cosine(initial: 3e-3, final: 1e-4, over: 200), weightDecay: .l2(factor: 1e-4),
        clipping: .norm(limit: 1)), for: network)
    return (network, optimizer)
  }
}

@Suite("A network")
struct NetworkTests {
  @Test("learns, and 200 steps give the same bits with one, two and three threads")
  func threadsDoNotMatter() throws {
    let (network, optimizer) = try Trial.make()
    let losses = Trial.train(network, optimizer, steps: 0..<200)
    #expect(losses.prefix(5).reduce(0, +) / 5 > 1)
    #expect(losses.suffix(20).reduce(0, +) / 20 < 0.2)
    let bits = network.parameters.values().map(\.bitPattern)
    let statistics = network.statistics.values().map(\.bitPattern)
    for threads in [2, 3] {
      let (other, otherOptimizer) = try Trial.make(threads: threads)
      #expect(Trial.train(other, otherOptimizer, steps: 0..<200) == losses)
      #expect(other.parameters.values().map(\.bitPattern) == bits)
      #expect(other.statistics.values().map(\.bitPattern) == statistics)
    }
  }

  @Test("gives the same bits with a larger capacity")
  func capacityDoesNotMatter() throws {
    let (small, smallOptimizer) = try Trial.make()
    let (large, largeOptimizer) = try Trial.make(capacity: 100)
    let losses = Trial.train(small, smallOptimizer, steps: 0..<10)
    #expect(Trial.train(large, largeOptimizer, steps: 0..<10) == losses)
    #expect(large.parameters.values() == small.parameters.values())
  }

  @Test("computes with fast kernels what it computes with the reference")
  func kernelsAgree() throws {
    let (fast, fastOptimizer) = try Trial.make(threads: 2)
    let (slow, slowOptimizer) = try Trial.make(kernels: ReferenceKernels<Float>.self)
    let fastLosses = Trial.train(fast, fastOptimizer, steps: 0..<6)
    let slowLosses = Trial.train(slow, slowOptimizer, steps: 0..<6)
    for (a, b) in zip(fastLosses, slowLosses) { #expect(abs(a - b) < 1e-4) }
    for (a, b) in zip(fast.gradients.values(), slow.gradients.values()) {
      #expect(abs(a - b) < 1e-4)
    }
  }

  @Test("needs no memory for a training step after the first")
  func noAllocation() async {
    // A process of its own: the counts are of the whole process.
    await #expect(processExitsWith: .success) {
      let (network, optimizer) = try Trial.make(threads: 2)
      let loss = SoftmaxCrossEntropy<Float>()
      let batch = Trial.batch(24, seed: 1)
      func step(_ number: Int) {
        network.forward(batch.inputs, phase: .training(noise: Seed(5).child(number)))
        _ = loss.evaluate(
          logits: network.outputs, labels: batch.labels, gradient: network.outputGradients)
        network.backward([.parameters, .inputs])
        optimizer.step(network)
      }
      for number in 0..<3 { step(number) }
      let objects = AllocationCounter.install()
      for number in 3..<50 { step(number) }
      // Buffers, arrays, closures and boxes are all objects of the runtime.
      precondition(objects.count == 0, "47 steps made \(objects.count) objects.")
      // The counter itself has to work, or the test could not fail.
      let probe = [Int](repeating: 1, count: batch.labels.count)
      precondition(objects.count > 0 && probe.count == 24, "The counter counts nothing.")
    }
  }

  @Test("gives the derivative at any layer, as FG-SSA and Grad-CAM need it")
  func derivativeAtALayer() throws {
    // With one dense layer after the features, the derivative of a logit is that layer's weights.
    let description: NetworkDescription = [
      .conv2D(Conv2D(filters: 3, kernelHeight: 1, kernelWidth: 3)), .relu, .flatten,
      .dense(units: 4),
    ]
    let network = try Network<Float>(description, inputShape: [5, 8, 1], batchCapacity: 6)
    network.initializeParameters(seed: Seed(1))
    network.gradients.fill(with: 42)
    let inputs = Tensor<Float>(
      shape: [6, 5, 8, 1], values: (0..<240).map { Float($0 % 17) / 17 - 0.4 })
    network.forward(inputs, phase: .evaluation)
    let weights = try #require(network.parameter(named: "3.weight"))
    for label in 0..<4 {
      network.outputGradients.fill(with: 0)
      for example in 0..<6 { network.outputGradients[example, label] = 1 }
      network.backward(toOutputOfLayer: 1)
      let derivative = network.gradients(ofLayer: 1).tensor()
      #expect(derivative.shape == [6, 5, 6, 3])
      for example in 0..<6 {
        for element in 0..<90 {
          #expect(derivative.values[example * 90 + element] == weights.values[element * 4 + label])
        }
      }
    }
    // Nothing below the layer was touched, nor the gradient of the parameters.
    #expect(network.gradients.values().allSatisfy { $0 == 42 })
    #expect(network.activations(ofLayer: 1).tensor().values.allSatisfy { $0 >= 0 })
  }

  @Test("composes by hand: an encoder, two heads and a decoder are one function")
  func composition() throws {
    let team = WorkerTeam(threadCount: 2)
    func make(_ layers: NetworkDescription, _ input: Shape, _ seed: UInt64) throws -> Network<
      Double
    > {
      let network = try Network<Double>(layers, inputShape: input, batchCapacity: 4, team: team)
      network.initializeParameters(seed: Seed(seed))
      return network
    }
    let encoder = try make([.dense(units: 6), .tanh], [5], 1)
    let means = try make([.dense(units: 2)], [6], 2)
    let logVariances = try make([.dense(units: 2)], [6], 3)
    let decoder = try make([.dense(units: 6), .tanh, .dense(units: 5)], [2], 4)
    let sampler = GaussianSampler<Double>(shape: [2], batchCapacity: 4)
    let draws = BatchView<Double>(count: 4, shape: [2])
    let error = SquaredError<Double>()
    let divergence = GaussianKL<Double>()
    var generator = Seed(9).generator()
    let x = Tensor<Double>(shape: [4, 5], values: (0..<20).map { _ in generator.nextNormal() })

    func loss() -> Double {
      encoder.forward(x, phase: .evaluation)
      means.forward(encoder.outputs, phase: .evaluation)
      logVariances.forward(encoder.outputs, phase: .evaluation)
      sampler.sample(
        mean: means.outputs, logVariance: logVariances.outputs, seed: Seed(1), into: draws)
      decoder.forward(draws, phase: .evaluation)
      let reconstruction = error.evaluate(
        values: decoder.outputs, targets: encoder.inputs, gradient: decoder.outputGradients)
      decoder.backward([.parameters, .inputs])
      sampler.backward(
        drawGradient: decoder.inputGradients, logVariance: logVariances.outputs,
        meanGradient: means.outputGradients, logVarianceGradient: logVariances.outputGradients)
      let regularizer = divergence.evaluate(
        mean: means.outputs, logVariance: logVariances.outputs,
        meanGradient: means.outputGradients, logVarianceGradient: logVariances.outputGradients,
        weight: 0.1)
      means.backward([.parameters, .inputs])
      logVariances.backward([.parameters, .inputs])
      encoder.outputGradients.assign(means.inputGradients)
      encoder.outputGradients.add(logVariances.inputGradients)
      encoder.backward()
      return reconstruction + 0.1 * regularizer
    }

    for network in [encoder, means, logVariances, decoder] {
      _ = loss()
      let analytic = network.gradients.values()
      network.parameters.withElements {
        GradientCheck.expectAgreement(
          "\(network.inputShape)", values: $0, gradient: analytic, loss: loss)
      }
    }
  }

  @Test("computes the same with merged layers, whose own output stays hidden")
  func mergedLayers() async throws {
    let decoder: NetworkDescription = [
      .dense(units: 96), .reshape(to: [4, 4, 6]), .upsample(factor: 2),
      .conv2D(filters: 20, kernel: 3, padding: .same, hasBias: false), .batchNormalization,
      .relu, .upsample(factor: 2), .conv2D(filters: 3, kernel: 3, padding: .symmetric(1)),
    ]
    func run(_ merging: LayerMerging) throws -> Network<Float> {
      let network = try Network<Float>(
        decoder, inputShape: [5], batchCapacity: 3, merging: merging)
      network.initializeParameters(seed: Seed(1))
      network.forward(
        Tensor(shape: [3, 5], values: (0..<15).map { Float($0) / 7 - 1 }),
        phase: .training(noise: Seed(2)))
      network.outputGradients.assign(network.outputs)
      network.backward([.parameters, .inputs])
      return network
    }
    let (merged, plain) = (try run(.allowed), try run(.never))
    #expect(merged.mergedLayers == (FloatKernels.convolvesDirectly ? [2, 6] : []))
    #expect(plain.mergedLayers.isEmpty)
    #expect(plain.activations(ofLayer: 2).tensor().shape == [3, 8, 8, 6])
    for (a, b) in [
      (merged.outputs.tensor().values, plain.outputs.tensor().values),
      (merged.gradients.values(), plain.gradients.values()),
      (merged.inputGradients.tensor().values, plain.inputGradients.tensor().values),
    ] {
      let scale = b.reduce(0) { max($0, abs($1)) }
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
    }
    await #expect(processExitsWith: .failure) {
      let network = try Network<Float>(
        [.upsample(factor: 2), .conv1D(filters: 1, kernel: 3, padding: .same)],
        inputShape: [4, 1], batchCapacity: 1, kernels: ReferenceKernels<Float>.self)
      _ = network.activations(ofLayer: 0)
    }
  }

  @Test("keeps its averages in the evaluation phase and moves them in training")
  func statistics() throws {
    let (network, _) = try Trial.make()
    let batch = Trial.batch(24, seed: 1)
    let before = network.statistics.values()
    network.forward(batch.inputs, phase: .evaluation)
    #expect(network.statistics.values() == before)
    network.forward(batch.inputs, phase: .training(noise: Seed(1)))
    #expect(network.statistics.values() != before)
    #expect(network.statisticsLayout.entries.map(\.name) == ["1.mean", "1.variance"])
  }

  @Test("drops other elements for another seed and the same for the same")
  func dropoutSeeds() throws {
    let network = try Network<Float>(
      [.dropout(rate: 0.5), .dropout(rate: 0.5)], inputShape: [200], batchCapacity: 3)
    let ones = Tensor<Float>(shape: [3, 200], repeating: 1)
    func draw(_ seed: UInt64) -> [Float] {
      network.forward(ones, phase: .training(noise: Seed(seed)))
      return network.outputs.tensor().values
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
    // Two layers and three examples draw for themselves.
    let first = network.activations(ofLayer: 0).tensor()
    #expect(first.values.contains(2) && first.values.contains(0))
    #expect(network.outputs.tensor().values.contains(4))
    #expect(first.slice(at: 0) != first.slice(at: 1))
    let kept = first.values.map { $0 == 0 ? 0 : 1 }
    #expect(network.outputs.tensor().values.map { $0 == 0 ? 0 : 1 } != kept)
    network.forward(ones, phase: .evaluation)
    #expect(network.outputs.tensor() == ones)
  }

  @Test("takes empty batches and refuses ones beyond its capacity")
  func batchSizes() async throws {
    let (network, optimizer) = try Trial.make()
    network.forward(Tensor(shape: [0, 30, 6], values: []), phase: .evaluation)
    #expect(network.outputs.count == 0)
    network.backward([.parameters, .inputs])
    #expect(network.gradients.values().allSatisfy { $0 == 0 })
    Trial.train(network, optimizer, steps: 0..<1)
    await #expect(processExitsWith: .failure) {
      let network = try Network<Float>([.relu], inputShape: [3], batchCapacity: 2)
      network.forward(Tensor(shape: [3, 3]), phase: .evaluation)
    }
    await #expect(processExitsWith: .failure) {
      let network = try Network<Float>([.relu], inputShape: [3], batchCapacity: 2)
      network.forward(Tensor(shape: [2, 4]), phase: .evaluation)
    }
  }

  @Test("draws its parameters from the seed, block by block", arguments: Initializer.allCases)
  func initialization(initializer: Initializer) throws {
    let network = try Network<Double>(
      [.conv1D(filters: 40, kernel: 5, initializer: initializer)], inputShape: [9, 20],
      batchCapacity: 1)
    network.initializeParameters(seed: Seed(1))
    let first = network.parameters.values()
    network.initializeParameters(seed: Seed(1))
    #expect(network.parameters.values() == first)
    let weights = try #require(network.parameter(named: "0.weight")).values
    let bias = try #require(network.parameter(named: "0.bias")).values
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    let largest = weights.reduce(0) { max($0, abs($1)) }
    let (fanIn, fanOut) = (100.0, 200.0)
    switch initializer {
    case .heNormal: #expect(abs(variance / (2 / fanIn) - 1) < 0.1 && largest > 0.3)
    case .heUniform:
      #expect(abs(variance / (2 / fanIn) - 1) < 0.1 && largest <= (6 / fanIn).squareRoot())
    case .glorotNormal: #expect(abs(variance / (2 / (fanIn + fanOut)) - 1) < 0.1)
    case .glorotUniform:
      #expect(abs(variance / (2 / (fanIn + fanOut)) - 1) < 0.1)
      #expect(largest <= (6 / (fanIn + fanOut)).squareRoot())
    case .torchUniform:
      #expect(abs(variance / (1 / (3 * fanIn)) - 1) < 0.1 && largest <= 0.1)
      #expect(bias.contains { $0 != 0 } && bias.allSatisfy { abs($0) <= 0.1 })
    case .zeros: #expect(largest == 0)
    }
    if initializer != .torchUniform { #expect(bias.allSatisfy { $0 == 0 }) }
  }
}
