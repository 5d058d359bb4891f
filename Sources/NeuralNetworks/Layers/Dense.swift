import Tensors

/// A dense layer: every output is a weighted sum of every input.
///
/// Shape: input `[batch, inputs]` → output `[batch, units]`.
/// Parameters: `weight [inputs, units]`, `bias [units]`.
public struct Dense: Hashable, Sendable, Codable {
  /// The number of outputs.
  public var units: Int
  /// Whether a bias is added.
  public var hasBias: Bool
  /// How the parameters are drawn.
  public var initializer: Initializer

  /// Describes a dense layer.
  public init(units: Int, hasBias: Bool = true, initializer: Initializer = .torchUniform) {
    self.units = units
    self.hasBias = hasBias
    self.initializer = initializer
  }
}

extension Dense: LayerSettings {
  static var kind: LayerKind { .dense }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    guard input.rank == 1 else {
      throw .rank(
        at: place, found: input, expected: "[features]", advice: "Put a flatten layer before it")
    }
    try place.check(units, "units")
    _ = try place.shape([input[0], units])
    return [units]
  }

  func parameters(for input: Shape) -> [ParameterPlan] {
    var plans = [
      ParameterPlan.weight(
        shape: [input[0], units], fanIn: input[0], fanOut: units, initializer: initializer)
    ]
    if hasBias {
      plans.append(.bias(count: units, fanIn: input[0], initializer: initializer))
    }
    return plans
  }
}
