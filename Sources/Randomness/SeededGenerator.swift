#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A generator of random numbers that can only be made from a `Seed`.
///
/// The algorithm is xoshiro256++ 1.0 (Blackman and Vigna, ACM TOMS 47(4), 2021), its four words
/// filled from the seed by SplitMix64, as its authors recommend.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// Starts the sequence that belongs to `seed`.
  public init(_ seed: Seed) {
    var word = seed.value
    func next() -> UInt64 {
      let mixed = SplitMix.mix(word)
      word = word &+ SplitMix.increment
      return mixed
    }
    state = (next(), next(), next(), next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    func rotated(_ bits: UInt64, by count: UInt64) -> UInt64 {
      (bits << count) | (bits >> (64 - count))
    }
    let result = rotated(state.0 &+ state.3, by: 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A number drawn uniformly from [0, 1), on a grid of 2⁻⁵³.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number drawn uniformly from 0 ..< `count`, without bias.
  ///
  /// Multiply-and-reject (Lemire, ACM TOMACS 29(1), 2019).
  /// - Precondition: `count` is positive.
  public mutating func nextIndex(below count: Int) -> Int {
    precondition(count > 0, "An index can be drawn only below a positive count.")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = next().multipliedFullWidth(by: bound)
      }
    }
    return Int(product.high)
  }

  /// A number drawn from the normal distribution with mean 0 and standard deviation 1.
  ///
  /// Marsaglia's polar method; two numbers are made at a time and the second is kept.
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = 2 * nextUniform() - 1
      let y = 2 * nextUniform() - 1
      let squaredRadius = x * x + y * y
      guard squaredRadius > 0, squaredRadius < 1 else { continue }
      let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
      spareNormal = y * factor
      return x * factor
    }
  }
}
