public import Testing

/// How far two arrays of numbers are apart, and where most.
public struct Closeness<Scalar: BinaryFloatingPoint & Sendable>: Sendable, CustomStringConvertible {
  /// Whether the arrays have the same length and every pair is within the tolerance.
  public let isClose: Bool
  /// What to say about it: the worst place and its two values, or the two lengths.
  public let description: String
  /// The place that exceeds its tolerance most, or comes nearest to it; `nil` for empty arrays.
  public let worstIndex: Int?
  /// There, the difference divided by the tolerance; infinite if one of the two is not a number.
  public let worstRatio: Scalar

  /// Compares two arrays.
  ///
  /// A pair is close if `|actual − expected| ≤ absolute + relative · |expected|`, as in NumPy's
  /// `allclose`. Two NaNs are close to each other, as are two equal infinities.
  public init(
    of actual: [Scalar], to expected: [Scalar], relative: Scalar, absolute: Scalar = 0
  ) {
    guard actual.count == expected.count else {
      isClose = false
      worstIndex = nil
      worstRatio = .infinity
      description = "\(actual.count) values found, \(expected.count) are expected"
      return
    }
    var worst: (index: Int, ratio: Scalar)?
    for index in actual.indices {
      let ratio = Self.ratio(
        actual[index], expected[index], relative: relative, absolute: absolute)
      if ratio > (worst?.ratio ?? -1) { worst = (index, ratio) }
    }
    worstIndex = worst?.index
    worstRatio = worst?.ratio ?? 0
    isClose = worstRatio <= 1
    description =
      worst.map { worst in
        "worst at index \(worst.index) of \(actual.count): \(actual[worst.index]) found, "
          + "\(expected[worst.index]) expected, \(worst.ratio) times the tolerance"
      } ?? "both are empty"
  }

  private static func ratio(
    _ actual: Scalar, _ expected: Scalar, relative: Scalar, absolute: Scalar
  ) -> Scalar {
    if actual == expected || (actual.isNaN && expected.isNaN) { return 0 }
    guard actual.isFinite, expected.isFinite else { return .infinity }
    let tolerance = absolute + relative * expected.magnitude
    return tolerance == 0 ? .infinity : (actual - expected).magnitude / tolerance
  }
}

/// Expects two arrays to be close, and reports the worst place if they are not.
///
/// - Parameters:
///   - actual: What was computed.
///   - expected: What it should be.
///   - relative: The tolerance as a part of each expected value.
///   - absolute: The tolerance that is added to it.
///   - sourceLocation: The calling line.
/// - Returns: Whether they are close.
@discardableResult
public func expectClose<Scalar: BinaryFloatingPoint & Sendable>(
  _ actual: [Scalar], _ expected: [Scalar], relative: Scalar, absolute: Scalar = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  let closeness = Closeness(of: actual, to: expected, relative: relative, absolute: absolute)
  if !closeness.isClose {
    Issue.record("\(closeness.description)", sourceLocation: sourceLocation)
  }
  return closeness.isClose
}
