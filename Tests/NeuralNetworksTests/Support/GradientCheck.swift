import NeuralNetworks
import Randomness
import Tensors
import Testing

/// Compares every element of an analytic gradient with central differences, in Double.
struct GradientCheck {
  /// The step of the differences. Two central differences, of one and two steps, are combined so
  /// that the error is of the fourth order: truncation and rounding are both far below the
  /// tolerance.
  static let step = 1e-3
  static let tolerance = 1e-6

  /// Checks the gradients of a loss that is a function of numbers in memory.
  ///
  /// - Parameters:
  ///   - values: The numbers; they are moved one by one and put back.
  ///   - gradient: The analytic gradient at these numbers.
  ///   - loss: Computes the loss for the numbers as they are.
  static func expectAgreement(
    _ what: String, values: UnsafeMutableBufferPointer<Double>, gradient: [Double],
    loss: () -> Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == gradient.count, "\(what)", sourceLocation: sourceLocation)
    let largest = gradient.reduce(1e-3) { max($0, abs($1)) }
    for index in values.indices {
      let value = values[index]
      func moved(by offset: Double) -> Double {
        values[index] = value + offset
        return loss()
      }
      let near = moved(by: step) - moved(by: -step)
      let far = moved(by: 2 * step) - moved(by: -2 * step)
      values[index] = value
      let difference = (8 * near - far) / (12 * step)
      let error = abs(difference - gradient[index])
      let bound = tolerance * max(largest, abs(difference))
      if !(error <= bound) {
        Issue.record(
          "\(what): element \(index) is \(gradient[index]), central difference \(difference).",
          sourceLocation: sourceLocation)
        return
      }
    }
  }

  /// Checks a network's gradient with respect to all parameters and all inputs, for the loss `Σ wᵢ
  /// yᵢ²`.
  static func check(
    _ name: String, _ description: NetworkDescription, input: Shape, count: Int, phase: Phase,
    inputs: [Double]? = nil, chunkCount: Int = 2, checksInputs: Bool = true,
    kernels: any Kernels<Double>.Type = DoubleKernels.self,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let network = try Network<Double>(
      description, inputShape: input, batchCapacity: count + 1, chunkCount: chunkCount,
      kernels: kernels)
    network.initializeParameters(seed: Seed(11))
    var generator = Seed(12).generator()
    // Constants such as batch normalisation's scale of one would hide errors.
    network.parameters.withElements { elements in
      for index in elements.indices { elements[index] += 0.3 * generator.nextNormal() }
    }
    let statistics = network.statistics.values().map { $0 + 0.5 * generator.nextUniform() }
    let start = inputs ?? (0..<count * input.elementCount).map { _ in generator.nextNormal() }
    network.beginBatch(count: count)
    network.inputs.assign(start)
    let weights = (0..<count * network.outputShape.elementCount).map { _ in generator.nextNormal() }

    func loss() -> Double {
      network.statistics.assign(statistics)
      network.forward(phase: phase)
      return network.outputs.withElements { outputs in
        zip(outputs, weights).reduce(0) { $0 + 0.5 * $1.1 * $1.0 * $1.0 }
      }
    }

    _ = loss()
    let outputs = network.outputs.tensor().values
    network.outputGradients.assign(zip(outputs, weights).map { $0 * $1 })
    network.backward([.parameters, .inputs])
    let parameterGradient = network.gradients.values()
    let inputGradient = network.inputGradients.tensor().values
    network.parameters.withElements { elements in
      expectAgreement(
        "\(name), parameters", values: elements, gradient: parameterGradient, loss: loss,
        sourceLocation: sourceLocation)
    }
    guard checksInputs else { return }
    network.inputs.withElements { elements in
      expectAgreement(
        "\(name), inputs", values: elements, gradient: inputGradient, loss: loss,
        sourceLocation: sourceLocation)
    }
  }
}
