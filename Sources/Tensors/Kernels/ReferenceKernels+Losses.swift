#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ReferenceKernels {
  /// The sum over the rows of −weight · ln softmax(row)[label].
  public static func softmaxCrossEntropy(
    rows: Int, columns: Int, logits: Source, labels: UnsafePointer<Int32>, weights: Source?,
    factor: Double, gradient: Target
  ) -> Double {
    var total = 0.0
    for row in 0..<rows {
      let label = Int(labels[row])
      let weight = weights.map { $0[label].asDouble } ?? 1
      let logSum = logOfExponentialSum(columns, logits + row * columns)
      total += weight * (logSum - logits[row * columns + label].asDouble)
      for column in 0..<columns {
        let share = exp(logits[row * columns + column].asDouble - logSum)
        let slope = factor * weight * (share - (column == label ? 1 : 0))
        gradient[row * columns + column] = Scalar(slope)
      }
    }
    return total
  }

  /// The sum of the binary cross-entropies of logits.
  public static func binaryCrossEntropy(
    count: Int, logits: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    var total = 0.0
    for i in 0..<count {
      let x = logits[i].asDouble
      let target = targets[i].asDouble
      total += ActivationFunction.softplus.value(at: x) - x * target
      gradient[i] = Scalar(factor * (ActivationFunction.sigmoid.value(at: x) - target))
    }
    return total
  }

  /// The sum of the squared differences.
  public static func squaredError(
    count: Int, values: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    var total = 0.0
    for i in 0..<count {
      let difference = values[i].asDouble - targets[i].asDouble
      total += difference * difference
      gradient[i] = Scalar(2 * factor * difference)
    }
    return total
  }

  /// The sum of the divergences of N(mean, e^logVariance) from N(0, 1).
  public static func gaussianDivergence(
    count: Int, mean: Source, logVariance: Source, factor: Double, meanGradient: Target,
    logVarianceGradient: Target
  ) -> Double {
    var total = 0.0
    for i in 0..<count {
      let m = mean[i].asDouble
      let v = logVariance[i].asDouble
      total += 0.5 * (m * m + expm1(v) - v)
      meanGradient[i] += Scalar(factor * m)
      logVarianceGradient[i] += Scalar(0.5 * factor * expm1(v))
    }
    return total
  }

  /// Each row of `y` is the softmax of the row of `x`.
  public static func softmax(rows: Int, columns: Int, _ x: Source, into y: Target) {
    for row in 0..<rows {
      let logSum = logOfExponentialSum(columns, x + row * columns)
      for i in row * columns..<(row + 1) * columns { y[i] = Scalar(exp(x[i].asDouble - logSum)) }
    }
  }

  /// `dx = y · (dy − ⟨dy, y⟩)` row by row.
  public static func softmaxBackward(
    rows: Int, columns: Int, y: Source, dy: Source, into dx: Target
  ) {
    for row in 0..<rows {
      let places = row * columns..<(row + 1) * columns
      let mean = places.reduce(0.0) { $0 + y[$1].asDouble * dy[$1].asDouble }
      for i in places { dx[i] = Scalar(y[i].asDouble * (dy[i].asDouble - mean)) }
    }
  }

  private static func logOfExponentialSum(_ count: Int, _ x: Source) -> Double {
    var largest = -Double.infinity
    for i in 0..<count { largest = max(largest, x[i].asDouble) }
    var sum = 0.0
    for i in 0..<count { sum += exp(x[i].asDouble - largest) }
    return largest + log(sum)
  }
}
