/// A rate found in measured times.
struct TimeGrid {
  /// Readings per second.
  let rateInHertz: Double
  /// Whether every time lies within a twentieth of a step of its place on the grid, so that the
  /// first time and the rate say everything.
  let isRegular: Bool

  private static let toleranceInSteps = 0.05

  /// Finds the rate of times that never fall; nothing for less than two different ones.
  ///
  /// The step is the mean of those steps that lie within half of the median: rounding of clocks
  /// averages out, and gaps do not count. A rate within a thousandth of a whole number is taken for
  /// it.
  init?(_ times: [Double]) {
    guard times.count > 1 else { return nil }
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    let median = steps.sorted()[steps.count / 2]
    let usual = steps.filter { $0 > 0.5 * median && $0 < 1.5 * median }
    guard !usual.isEmpty, median > 0 else { return nil }
    var rate = Double(usual.count) / usual.reduce(0, +)
    if rate >= 1, (rate - rate.rounded()).magnitude < 1e-3 * rate { rate = rate.rounded() }
    guard rate.isFinite, rate > 0 else { return nil }
    rateInHertz = rate
    isRegular = Self.isRegular(times, rateInHertz: rate)
  }

  /// Whether times are those of a rate, within a twentieth of a step.
  static func isRegular(_ times: [Double], rateInHertz rate: Double) -> Bool {
    guard let first = times.first else { return true }
    return times.indices.allSatisfy { index in
      (times[index] - first - Double(index) / rate).magnitude * rate <= toleranceInSteps
    }
  }

  /// The index of the first time that lies before the one above it.
  static func firstFall(in times: [Double]) -> Int? {
    times.indices.dropFirst().first { times[$0] < times[$0 - 1] }
  }
}
