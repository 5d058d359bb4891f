import Randomness
import Tensors

/// What every layer can say about itself before it runs.
protocol LayerSettings: Hashable, Sendable, Codable {
  /// The name of the layer in descriptions, files and errors.
  static var kind: LayerKind { get }
  /// The shape of one example after the layer.
  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape
  /// The numbers that the layer learns, in the order of the parameter buffer.
  func parameters(for input: Shape) -> [ParameterPlan]
  /// The numbers that the layer keeps track of without learning them.
  func statistics(for input: Shape) -> [ParameterPlan]
}

extension LayerSettings {
  func parameters(for input: Shape) -> [ParameterPlan] { [] }
  func statistics(for input: Shape) -> [ParameterPlan] { [] }
}

/// Where in a network a layer stands, for error sentences and the checks that every layer shares.
struct LayerPlace: Hashable, Sendable {
  var index: Int
  var kind: LayerKind

  // Descriptions come from files too: these limits keep every product of lengths within 64 bits.
  private static let largestSetting = 1 << 20
  private static let largestCount = 1 << 31

  /// Checks a setting that counts something.
  func check(_ value: Int, _ name: String, least: Int = 1) throws(ShapeMismatch) {
    guard value >= least, value <= Self.largestSetting else {
      throw .count(at: self, name: name, found: value, range: least...Self.largestSetting)
    }
  }

  /// Makes a shape of an output or a parameter, unless it is absurdly large.
  func shape(_ lengths: [Int]) throws(ShapeMismatch) -> Shape {
    guard let shape = Shape(checking: lengths), shape.elementCount <= Self.largestCount else {
      throw .size(at: self, lengths: lengths, limit: Self.largestCount)
    }
    return shape
  }
}

/// A block of parameters that a layer asks for.
struct ParameterPlan: Hashable, Sendable {
  enum Start: Hashable, Sendable {
    case constant(Double)
    case weights(Initializer, fanIn: Int, fanOut: Int)
    case biases(Initializer, fanIn: Int)
  }

  var name: String
  var shape: Shape
  var start: Start

  static func weight(
    shape: Shape, fanIn: Int, fanOut: Int, initializer: Initializer
  ) -> ParameterPlan {
    ParameterPlan(
      name: "weight", shape: shape, start: .weights(initializer, fanIn: fanIn, fanOut: fanOut))
  }

  static func bias(count: Int, fanIn: Int, initializer: Initializer) -> ParameterPlan {
    ParameterPlan(name: "bias", shape: [count], start: .biases(initializer, fanIn: fanIn))
  }

  static func convolution(
    kernel: [Int], channels: Int, filters: Int, hasBias: Bool, initializer: Initializer
  ) -> [ParameterPlan] {
    let places = kernel.reduce(1, *)
    let weight = ParameterPlan.weight(
      shape: Shape(kernel + [channels, filters]), fanIn: places * channels,
      fanOut: places * filters, initializer: initializer)
    guard hasBias else { return [weight] }
    return [weight, .bias(count: filters, fanIn: places * channels, initializer: initializer)]
  }

  /// The numbers that training starts from.
  func initialValues(seed: Seed) -> [Double] {
    let count = shape.elementCount
    switch start {
    case .constant(let value):
      return [Double](repeating: value, count: count)
    case .weights(let initializer, let fanIn, let fanOut):
      return initializer.weights(count: count, fanIn: fanIn, fanOut: fanOut, seed: seed)
    case .biases(let initializer, let fanIn):
      return initializer.biases(count: count, fanIn: fanIn, seed: seed)
    }
  }
}
