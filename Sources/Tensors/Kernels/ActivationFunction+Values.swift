#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ActivationFunction {
  /// f(x).
  public func value(at x: Double) -> Double {
    switch self {
    case .linear: x
    case .relu: x > 0 ? x : 0
    case .tanh: Self.hyperbolicTangent(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: (x > 0 ? x : 0) + log1p(exp(-abs(x)))
    case .silu: x / (1 + exp(-x))
    case .gelu: x * Self.normalProbability(x)
    }
  }

  /// f′(x); 0 for the rectifier at 0.
  public func slope(at x: Double) -> Double {
    switch self {
    case .linear: return 1
    case .relu: return x > 0 ? 1 : 0
    case .tanh:
      let y = Self.hyperbolicTangent(x)
      return 1 - y * y
    case .sigmoid:
      let y = 1 / (1 + exp(-x))
      return y * (1 - y)
    case .softplus: return 1 / (1 + exp(-x))
    case .silu:
      let y = 1 / (1 + exp(-x))
      return y * (1 + x * (1 - y))
    case .gelu: return Self.normalProbability(x) + x * Self.normalDensity(x)
    }
  }

  /// f″(x); 0 for the piecewise linear functions, whose curvature sits in a kink.
  public func curvature(at x: Double) -> Double {
    switch self {
    case .linear, .relu: return 0
    case .tanh:
      let y = Self.hyperbolicTangent(x)
      return -2 * y * (1 - y * y)
    case .sigmoid:
      let y = 1 / (1 + exp(-x))
      return y * (1 - y) * (1 - 2 * y)
    case .softplus:
      let y = 1 / (1 + exp(-x))
      return y * (1 - y)
    case .silu:
      let y = 1 / (1 + exp(-x))
      return y * (1 - y) * (2 + x * (1 - 2 * y))
    case .gelu: return (2 - x * x) * Self.normalDensity(x)
    }
  }

  /// Whether the function has two continuous derivatives everywhere.
  public var isSmooth: Bool { self != .relu }

  // The name `tanh` inside this type is the case.
  private static func hyperbolicTangent(_ x: Double) -> Double {
    let t = expm1(2 * min(abs(x), 20))
    return x < 0 ? -t / (t + 2) : t / (t + 2)
  }

  private static func normalProbability(_ x: Double) -> Double {
    0.5 * erfc(-x * 0.5.squareRoot())
  }

  private static func normalDensity(_ x: Double) -> Double {
    exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  }
}
