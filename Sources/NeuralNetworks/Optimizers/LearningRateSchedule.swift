#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The learning rate as a function of the number of steps taken, so that training can resume
/// anywhere.
public enum LearningRateSchedule: Hashable, Sendable, Codable {
  /// Always the same.
  case constant(rate: Double)
  /// `initial · factor^(step / every)`, the quotient rounded down.
  case steps(initial: Double, factor: Double, every: Int)
  /// From `initial` to `final` along half a cosine in `over` steps, then `final`.
  case cosine(initial: Double, final: Double, over: Int)
  /// `initial · factor^step`.
  case exponential(initial: Double, factor: Double)

  /// The rate of the step that follows `step` earlier ones.
  public func rate(atStep step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .steps(let initial, let factor, let every):
      return initial * pow(factor, Double(step / max(1, every)))
    case .cosine(let initial, let final, let over):
      let progress = min(1, Double(step) / Double(max(1, over)))
      return final + 0.5 * (initial - final) * (1 + cos(Double.pi * progress))
    case .exponential(let initial, let factor):
      return initial * pow(factor, Double(step))
    }
  }
}
