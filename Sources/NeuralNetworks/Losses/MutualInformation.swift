public import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The negative mutual information between two soft classifications of the same examples (IIC).
///
/// With `P = Σ pₙ qₙᵀ`, made symmetric and divided by its sum, its entries at least `floor`, and
/// `r` its row sums: `L = Σ P·(λ ln rᵢ + λ ln rⱼ − ln P)`. For λ = 1 that is minus the mutual
/// information in nats. Source: Ji, Henriques, Vedaldi, "Invariant Information Clustering", ICCV
/// 2019.
public final class MutualInformation<Scalar: TensorScalar> {
  /// The weight λ of the entropies.
  public let entropyWeight: Double
  /// The smallest joint probability, which keeps the logarithm finite.
  public let floor: Double

  private let classes: Int
  private let joint: AlignedBuffer<Scalar>
  private let slopes: AlignedBuffer<Double>
  private let marginals: AlignedBuffer<Double>

  /// Makes the loss for a number of classes.
  /// - Precondition: There is at least one class, and the floor is positive.
  public init(classes: Int, entropyWeight: Double = 1, floor: Double = 1e-8) {
    precondition(classes > 0, "A classification has at least one class.")
    precondition(floor > 0, "The smallest joint probability has to be above zero.")
    self.classes = classes
    self.entropyWeight = entropyWeight
    self.floor = floor
    joint = AlignedBuffer(count: classes * classes)
    slopes = AlignedBuffer(count: classes * classes)
    marginals = AlignedBuffer(count: classes)
  }

  /// Computes the loss and writes its derivatives with respect to both classifications.
  ///
  /// Shape: all batches are `[count, classes]`; the rows of `first` and `second` are probabilities.
  /// - Parameter weight: Multiplies the derivatives (one over the number of heads); not the result.
  /// - Returns: The loss in nats, not below −ln `classes` but for the floor; 0 for an empty batch.
  public func evaluate(
    first: BatchView<Scalar>, second: BatchView<Scalar>, firstGradient: BatchView<Scalar>,
    secondGradient: BatchView<Scalar>, weight: Double = 1
  ) -> Double {
    let size = first.elementCount
    precondition(
      first.shape.elementCount == classes && second.elementCount == size
        && firstGradient.elementCount == size && secondGradient.elementCount == size,
      "Both classifications and their derivatives have the shape [count, classes].")
    guard first.count > 0 else { return 0 }
    let jointProduct = MatrixProduct(
      rows: classes, columns: classes, depth: first.count, transposesFirst: true)
    Scalar.FastKernels.multiply(jointProduct, first.base, second.base, into: joint.base)
    let loss = differentiateJoint(weight: weight)
    // The joint is linear in each classification: dL/dpₙ = G qₙ and dL/dqₙ = G pₙ, G symmetric.
    let back = MatrixProduct(rows: first.count, columns: classes, depth: classes)
    Scalar.FastKernels.multiply(back, second.base, joint.base, into: firstGradient.base)
    Scalar.FastKernels.multiply(back, first.base, joint.base, into: secondGradient.base)
    return loss
  }

  /// Replaces the sums in `joint` by the derivative of the loss with respect to them.
  private func differentiateJoint(weight: Double) -> Double {
    let probability = slopes.base
    var total = 0.0
    for i in 0..<classes {
      for j in 0..<classes {
        let sum: Double =
          joint.base[i * classes + j].asDouble + joint.base[j * classes + i].asDouble
        probability[i * classes + j] = 0.5 * sum
        total += 0.5 * sum
      }
    }
    marginals.fill(with: 0)
    for i in 0..<classes {
      for j in 0..<classes {
        let share = probability[i * classes + j] / total
        probability[i * classes + j] = share
        marginals.base[i] += max(share, floor)
      }
    }
    var loss = 0.0
    var mean = 0.0
    for i in 0..<classes {
      for j in 0..<classes {
        let share = probability[i * classes + j]
        let kept = max(share, floor)
        let entropies = entropyWeight * (log(marginals.base[i]) + log(marginals.base[j]))
        loss += kept * (entropies - log(kept))
        // An entry at the floor is a constant. The 2λ comes from the entry's part in both
        // marginals.
        let slope = share < floor ? 0 : entropies - log(kept) + 2 * entropyWeight - 1
        probability[i * classes + j] = slope
        mean += share * slope
      }
    }
    for i in 0..<classes * classes {
      joint.base[i] = Scalar(weight * (probability[i] - mean) / total)
    }
    return loss
  }
}
