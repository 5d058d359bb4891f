public import Signals
public import VersionedStore

/// The shift and scale of every channel, fitted on the training part alone.
public struct Normalization: Hashable, Sendable, Codable {
  /// What is subtracted from each channel.
  public let means: [Float]
  /// What each channel is then multiplied by.
  public let factors: [Float]

  /// Takes numbers that were fitted before.
  /// - Precondition: both have one entry for each channel.
  public init(means: [Float], factors: [Float]) {
    precondition(means.count == factors.count, "Each channel has one mean and one factor.")
    self.means = means
    self.factors = factors
  }

  /// Fits a scaling to the given examples: those of the training part.
  ///
  /// A reading counts once for each window that holds it. A constant channel is shifted, not
  /// scaled; readings that are kept missing are left out.
  public static func fit(
    _ scaling: Scaling, examples: [Int], reader: ExampleReader
  ) throws(StoreError) -> Normalization {
    let width = reader.view.channels.count
    guard scaling == .standard else {
      return Normalization(
        means: [Float](repeating: 0, count: width), factors: [Float](repeating: 1, count: width))
    }
    var statistics = [ChannelStatistics](repeating: ChannelStatistics(), count: width)
    var values = [Float](repeating: 0, count: reader.exampleLength)
    for example in examples {
      try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
        try reader.read(example, into: target)
      }
      for (position, value) in values.enumerated() {
        statistics[position % width].add(Double(value))
      }
    }
    return Normalization(
      means: statistics.map { Float($0.mean) },
      factors: statistics.map { statistics in
        let deviation = statistics.standardDeviation
        // A spread below the rounding of the mean is a constant channel.
        return deviation > 1e-6 * abs(statistics.mean) && deviation > 0 ? Float(1 / deviation) : 1
      })
  }

  /// Shifts and scales readings in place; shape `[…, channel]`, last axis fastest.
  public func apply(to values: UnsafeMutableBufferPointer<Float>) {
    let width = means.count
    var position = 0
    while position < values.count {
      for channel in 0..<width {
        values[position + channel] =
          (values[position + channel] - means[channel]) * factors[channel]
      }
      position += width
    }
  }
}
