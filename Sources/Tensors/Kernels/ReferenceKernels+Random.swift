#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ReferenceKernels {
  /// Keeps element `i` times `factor` where its random bits are at least `threshold`, else zero.
  public static func dropOut(
    key: UInt64, first: Int, count: Int, threshold: UInt32, factor: Double, _ x: Source,
    into y: Target
  ) {
    for i in 0..<count {
      let bits = CounterBits.word(key: key, element: UInt64(first + i))
      y[i] = bits >= threshold ? Scalar(x[i].asDouble * factor) : 0
    }
  }

  /// `z = mean + e^(logVariance / 2) · noise` by Box and Muller's transformation.
  public static func sampleNormal(
    key: UInt64, first: Int, count: Int, mean: Source, logVariance: Source, noise: Target,
    into z: Target
  ) {
    for i in 0..<count {
      let (even, odd) = CounterBits.pair(key: key, number: UInt64(first + i))
      let radius = (-2 * log((Double(even) + 0.5) * 0x1p-32)).squareRoot()
      noise[i] = Scalar(radius * cos(2 * Double.pi * (Double(odd) * 0x1p-32)))
      let deviation: Double = exp(0.5 * logVariance[i].asDouble)
      z[i] = Scalar(mean[i].asDouble + deviation * noise[i].asDouble)
    }
  }

  /// `dmean += dz`, `dlogVariance += dz · noise · e^(logVariance / 2) / 2`.
  public static func sampleNormalBackward(
    count: Int, logVariance: Source, noise: Source, dz: Source, meanGradient: Target,
    logVarianceGradient: Target
  ) {
    for i in 0..<count {
      let deviation: Double = exp(0.5 * logVariance[i].asDouble)
      meanGradient[i] += dz[i]
      let slope: Double = 0.5 * dz[i].asDouble * noise[i].asDouble
      logVarianceGradient[i] += Scalar(slope * deviation)
    }
  }
}

/// Random bits that are a function of a key and an element's number: Philox2x32, ten rounds.
///
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. The words
/// of elements 2n and 2n + 1 come from counter n.
package enum CounterBits {
  /// The two words of a counter.
  package static func pair(key: UInt64, number: UInt64) -> (even: UInt32, odd: UInt32) {
    var low = UInt32(truncatingIfNeeded: number)
    var high = UInt32(truncatingIfNeeded: key >> 32) ^ UInt32(truncatingIfNeeded: number >> 32)
    var roundKey = UInt32(truncatingIfNeeded: key)
    for _ in 0..<10 {
      let product = low.multipliedFullWidth(by: 0xD256_D193)
      (low, high) = (product.high ^ roundKey ^ high, product.low)
      roundKey &+= 0x9E37_79B9
    }
    return (low, high)
  }

  /// The word of an element.
  package static func word(key: UInt64, element: UInt64) -> UInt32 {
    let words = pair(key: key, number: element >> 1)
    return element & 1 == 0 ? words.even : words.odd
  }
}
