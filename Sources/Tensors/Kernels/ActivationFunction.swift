/// A function that is applied to every element.
///
/// The raw values are those of the constants in `CKernels.h`.
public enum ActivationFunction: Int32, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// x.
  case linear = 0
  /// max(x, 0); its slope at 0 is taken as 0.
  case relu = 1
  /// The hyperbolic tangent.
  case tanh = 2
  /// 1 / (1 + e⁻ˣ).
  case sigmoid = 3
  /// ln(1 + eˣ).
  case softplus = 4
  /// x · sigmoid(x), also called swish.
  case silu = 5
  /// x · Φ(x), with the exact normal distribution function Φ (by erf, not its tanh approximation).
  case gelu = 6

  /// The name in descriptions and files: "relu", "tanh", ….
  public var description: String {
    switch self {
    case .linear: "linear"
    case .relu: "relu"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .softplus: "softplus"
    case .silu: "silu"
    case .gelu: "gelu"
    }
  }
}

extension ActivationFunction: Codable {
  /// Reads the name of a function.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let function = Self.allCases.first(where: { $0.description == name }) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "There is no activation function '\(name)'.")
    }
    self = function
  }

  /// Writes the name of the function.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
