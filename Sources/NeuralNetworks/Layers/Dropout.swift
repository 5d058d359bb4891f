import Tensors

/// Sets each element to zero with a given probability while training, and scales up the others.
///
/// Shape: any → the same. No parameters. Which elements go is a function of the phase's seed, the
/// layer's index and the element's place in the batch, so it depends neither on threads nor on the
/// order of layers. In the evaluation phase nothing changes.
public struct Dropout: Hashable, Sendable, Codable {
  /// The probability that an element is dropped.
  public var rate: Double

  /// Describes a dropout.
  public init(rate: Double) {
    self.rate = rate
  }
}

extension Dropout: LayerSettings {
  static var kind: LayerKind { .dropout }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    guard rate >= 0, rate < 1 else {
      throw .number(at: place, name: "rate", found: rate, range: "from 0 to below 1")
    }
    return input
  }
}
