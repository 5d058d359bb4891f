import Tensors

/// Repeats every element: nearest-neighbour enlargement by whole factors.
///
/// Shape: input `[batch, height, width, channels]` → `[batch, height·factor, width·factor,
/// channels]`, or `[batch, time, channels]` → `[batch, time·factor, channels]`. No parameters.
public struct Upsample: Hashable, Sendable, Codable {
  /// How often each element is repeated along each axis.
  public var factor: Int

  /// Describes an enlargement, doubling unless told otherwise.
  public init(factor: Int = 2) {
    self.factor = factor
  }
}

extension Upsample: LayerSettings {
  static var kind: LayerKind { .upsample }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    guard input.rank == 2 || input.rank == 3 else {
      throw .rank(
        at: place, found: input, expected: "[time, channels] or [height, width, channels]",
        advice: "Put a reshape layer before it")
    }
    try place.check(factor, "factor")
    return try place.shape(input.lengths.dropLast().map { $0 * factor } + [input[-1]])
  }
}
