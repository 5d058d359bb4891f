internal import Randomness

/// Noise that is the same, bit by bit, on every machine: only whole numbers, sums and products.
///
/// The sum of four uniform 16-bit numbers, scaled to variance 1 (Irwin and Hall): bell-shaped, with
/// tails cut at 3.46 standard deviations, at the price of one random word.
struct SimulatedNoise {
  private var random: SeededGenerator

  init(seed: Seed) {
    random = seed.generator()
  }

  // Four uniform numbers on 0...65535 have the mean 131070 and the variance 4·(65536² - 1) / 12.
  private static let mean = 131_070.0
  private static let inverseDeviation = 1 / 37_837.227_227_2

  /// A number with mean 0 and standard deviation 1.
  @inline(__always)
  mutating func next() -> Double {
    let word = random.next()
    let sum = (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48)
    return (Double(sum) - Self.mean) * Self.inverseDeviation
  }

  /// Whether something of the given probability happens.
  @inline(__always)
  mutating func happens(_ probability: Double) -> Bool {
    random.nextUniform() < probability
  }

  /// A whole number from a range.
  mutating func whole(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.nextIndex(below: range.count)
  }

  /// The sine of a full turn times `turns`, by its series: the C library's may differ between
  /// machines in the last bit, and files must not.
  static func sine(ofTurns turns: Double) -> Double {
    let whole = turns - turns.rounded(.down)
    // Folded into a quarter turn on each side of 0, where nine powers leave less than 4e-6.
    var x = whole > 0.75 ? whole - 1 : whole > 0.25 ? 0.5 - whole : whole
    x *= 2 * Double.pi
    let square = x * x
    return x * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72))))
  }
}
