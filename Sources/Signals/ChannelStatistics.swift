/// What one channel of some readings looks like; sums, so that parts can be added up.
public struct ChannelStatistics: Hashable, Sendable, Codable {
  /// How many readings there are, missing ones included.
  public private(set) var count = 0
  /// How many of them are NaN.
  public private(set) var missingCount = 0
  /// How many are infinite; they are left out of the sums.
  public private(set) var infiniteCount = 0
  /// The smallest finite reading; zero where there is none.
  public private(set) var minimum = 0.0
  /// The largest finite reading; zero where there is none.
  public private(set) var maximum = 0.0
  /// The mean of the finite readings.
  public private(set) var mean = 0.0
  /// The sum of squared distances of the finite readings from their mean; the largest finite number
  /// where it would be larger, because JSON has no infinity.
  public private(set) var squaredDeviations = 0.0

  /// Statistics of nothing.
  public init() {}

  /// How many readings are finite.
  public var finiteCount: Int { count - missingCount - infiniteCount }

  /// The standard deviation of the finite readings (divided by their number, not one less).
  public var standardDeviation: Double {
    finiteCount > 0 ? (squaredDeviations / Double(finiteCount)).squareRoot() : 0
  }

  /// The share of readings that are missing, between 0 and 1.
  public var missingFraction: Double {
    count > 0 ? Double(missingCount) / Double(count) : 0
  }

  /// Takes one reading in (Welford's update, Technometrics 4(3), 1962).
  public mutating func add(_ value: Double) {
    count += 1
    if value.isNaN {
      missingCount += 1
      return
    }
    if value.isInfinite {
      infiniteCount += 1
      return
    }
    let finite = finiteCount
    minimum = finite == 1 ? value : min(minimum, value)
    maximum = finite == 1 ? value : max(maximum, value)
    let distance = Self.saturated(value - mean)
    mean += distance / Double(finite)
    squaredDeviations = Self.saturated(squaredDeviations + distance * (value - mean))
  }

  private static func saturated(_ value: Double) -> Double {
    min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  /// Takes in the statistics of further readings (Chan, Golub and LeVeque's pairwise rule, 1979).
  public mutating func add(_ other: ChannelStatistics) {
    let ownFinite = Double(finiteCount)
    let otherFinite = Double(other.finiteCount)
    if other.finiteCount > 0 {
      minimum = finiteCount == 0 ? other.minimum : min(minimum, other.minimum)
      maximum = finiteCount == 0 ? other.maximum : max(maximum, other.maximum)
      let distance = Self.saturated(other.mean - mean)
      let total = ownFinite + otherFinite
      mean += distance * (otherFinite / total)
      // Multiplied in this order, nothing of no weight becomes infinite on the way.
      squaredDeviations = Self.saturated(
        squaredDeviations + other.squaredDeviations
          + distance * (ownFinite * otherFinite / total) * distance)
    }
    count += other.count
    missingCount += other.missingCount
    infiniteCount += other.infiniteCount
  }
}

extension TimeSeries {
  /// The statistics of every channel, in channel order.
  public func channelStatistics() -> [ChannelStatistics] {
    var statistics = [ChannelStatistics](repeating: ChannelStatistics(), count: channels.count)
    func take<Scalar: BinaryFloatingPoint>(_ values: [Scalar]) {
      var channel = 0
      for value in values {
        statistics[channel].add(Double(value))
        channel += 1
        if channel == statistics.count { channel = 0 }
      }
    }
    switch values {
    case .float32(let values): take(values)
    case .float64(let values): take(values)
    }
    return statistics
  }
}
