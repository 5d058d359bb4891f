public import Tensors

/// A network as a value: its layers in order, with their settings and without numbers.
///
/// Two descriptions are equal when they describe the same function of their parameters, so a
/// description can be hashed into a run's identity, stored as JSON and compared.
public struct NetworkDescription: Hashable, Sendable, Codable, ExpressibleByArrayLiteral {
  /// The layers from input to output.
  public var layers: [Layer]

  /// Describes a network.
  public init(_ layers: [Layer]) {
    self.layers = layers
  }

  /// Describes a network by a list of layers.
  public init(arrayLiteral layers: Layer...) {
    self.layers = layers
  }

  /// The shape of one example before the first layer and after each layer.
  ///
  /// - Returns: One more shape than there are layers.
  /// - Throws: `ShapeMismatch` naming the first layer that does not fit.
  public func shapes(for input: Shape) throws(ShapeMismatch) -> [Shape] {
    guard !layers.isEmpty else { throw .noLayers() }
    guard input.lengths.allSatisfy({ $0 > 0 }) else { throw .emptyInput(input) }
    guard input.elementCount <= 1 << 31 else { throw .inputTooLarge(input) }
    var shapes = [input]
    for (index, layer) in layers.enumerated() {
      shapes.append(try layer.outputShape(for: shapes[index], at: index))
    }
    return shapes
  }

  /// The number of parameters that the network learns for an input of this shape.
  /// - Throws: `ShapeMismatch` naming the first layer that does not fit.
  public func parameterCount(for input: Shape) throws(ShapeMismatch) -> Int {
    let shapes = try shapes(for: input)
    return zip(layers, shapes).reduce(0) { sum, pair in
      sum + pair.0.parameters(for: pair.1).reduce(0) { $0 + $1.shape.elementCount }
    }
  }
}
