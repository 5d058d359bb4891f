public import Tensors

/// The same elements in memory order under another shape.
///
/// Shape: input `[batch, …]` → `[batch] + shape`. No parameters, no cost.
public struct Reshape: Hashable, Sendable, Codable {
  /// The new shape of one example.
  public var shape: Shape

  /// Describes a new shape.
  public init(to shape: Shape) {
    self.shape = shape
  }
}

extension Reshape: LayerSettings {
  static var kind: LayerKind { .reshape }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    guard input.elementCount == shape.elementCount else {
      throw .reshape(at: place, found: input, expected: shape)
    }
    return shape
  }
}
