import Tensors

/// Normalisation of each channel over the batch and all positions (Ioffe and Szegedy, ICML 2015).
///
/// Shape: input `[batch, …, channels]` → the same. Parameters: `weight [channels]` (scale, starts
/// at 1), `bias [channels]` (shift, starts at 0). Statistics: `mean [channels]`, `variance
/// [channels]`, running averages that only a forward pass in the training phase moves, and that the
/// evaluation phase uses.
public struct BatchNormalization: Hashable, Sendable, Codable {
  /// How much of each batch goes into the running averages.
  public var momentum: Double
  /// Added to the variance.
  public var epsilon: Double

  /// Describes a normalisation; the defaults are PyTorch's.
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5) {
    self.momentum = momentum
    self.epsilon = epsilon
  }
}

extension BatchNormalization: LayerSettings {
  static var kind: LayerKind { .batchNormalization }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    guard input.rank > 0 else {
      throw .rank(
        at: place, found: input, expected: "[…, channels]", advice: "Put a reshape layer before it")
    }
    guard epsilon > 0 else {
      throw .number(at: place, name: "epsilon", found: epsilon, range: "above 0")
    }
    guard momentum >= 0, momentum <= 1 else {
      throw .number(at: place, name: "momentum", found: momentum, range: "from 0 to 1")
    }
    return input
  }

  func parameters(for input: Shape) -> [ParameterPlan] {
    [
      ParameterPlan(name: "weight", shape: [input[-1]], start: .constant(1)),
      ParameterPlan(name: "bias", shape: [input[-1]], start: .constant(0)),
    ]
  }

  func statistics(for input: Shape) -> [ParameterPlan] {
    [
      ParameterPlan(name: "mean", shape: [input[-1]], start: .constant(0)),
      ParameterPlan(name: "variance", shape: [input[-1]], start: .constant(1)),
    ]
  }
}
