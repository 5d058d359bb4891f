import Randomness

/// How the weights of a layer are drawn before training.
///
/// The fan-in is the number of inputs that one output sees, the fan-out the number of outputs that
/// one input reaches.
public enum Initializer: String, Hashable, Sendable, Codable, CaseIterable {
  /// Normal with variance 2 / fan-in (He et al., ICCV 2015), zero biases.
  case heNormal
  /// Uniform with variance 2 / fan-in, zero biases.
  case heUniform
  /// Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio, AISTATS 2010), zero biases.
  case glorotNormal
  /// Uniform with variance 2 / (fan-in + fan-out), zero biases.
  case glorotUniform
  /// Uniform in ±1 / √fan-in for weights and biases: what PyTorch does unless told otherwise.
  case torchUniform
  /// Zeros.
  case zeros

  /// Draws the weights.
  func weights(count: Int, fanIn: Int, fanOut: Int, seed: Seed) -> [Double] {
    var generator = seed.generator()
    let inputs = Double(max(1, fanIn))
    let both = Double(max(1, fanIn + fanOut))
    switch self {
    case .heNormal:
      let deviation = (2 / inputs).squareRoot()
      return (0..<count).map { _ in deviation * generator.nextNormal() }
    case .heUniform:
      return Self.uniform(count, bound: (6 / inputs).squareRoot(), &generator)
    case .glorotNormal:
      let deviation = (2 / both).squareRoot()
      return (0..<count).map { _ in deviation * generator.nextNormal() }
    case .glorotUniform:
      return Self.uniform(count, bound: (6 / both).squareRoot(), &generator)
    case .torchUniform:
      return Self.uniform(count, bound: 1 / inputs.squareRoot(), &generator)
    case .zeros:
      return [Double](repeating: 0, count: count)
    }
  }

  /// Draws the biases.
  func biases(count: Int, fanIn: Int, seed: Seed) -> [Double] {
    guard self == .torchUniform else { return [Double](repeating: 0, count: count) }
    var generator = seed.generator()
    return Self.uniform(count, bound: 1 / Double(max(1, fanIn)).squareRoot(), &generator)
  }

  private static func uniform(
    _ count: Int, bound: Double, _ generator: inout SeededGenerator
  ) -> [Double] {
    (0..<count).map { _ in bound * (2 * generator.nextUniform() - 1) }
  }
}
