public import Tensors

/// The divergence of N(mean, e^logVariance) from N(0, 1): −½ Σ (1 + logVariance − mean² −
/// e^logVariance).
///
/// The regulariser of a variational auto-encoder (Kingma and Welling, ICLR 2014).
public struct GaussianKL<Scalar: TensorScalar>: Sendable {
  /// What the sum over the elements is divided by.
  public let reduction: LossReduction

  /// Makes the loss.
  public init(reduction: LossReduction = .meanOfExamples) {
    self.reduction = reduction
  }

  /// Computes the loss and adds its derivatives to what is there.
  ///
  /// Adding suits its use: the derivatives that come back through the sampler are there already.
  /// - Parameter weight: Multiplies the derivatives (the β of a β-VAE); not the result.
  /// - Returns: The loss in nats.
  /// - Precondition: All batches have the same number of elements.
  public func evaluate(
    mean: BatchView<Scalar>, logVariance: BatchView<Scalar>, meanGradient: BatchView<Scalar>,
    logVarianceGradient: BatchView<Scalar>, weight: Double = 1
  ) -> Double {
    let count = mean.elementCount
    precondition(
      logVariance.elementCount == count && meanGradient.elementCount == count
        && logVarianceGradient.elementCount == count,
      "Means, log-variances and their derivatives have the same shape.")
    let factor = reduction.factor(examples: mean.count, elements: count)
    return factor
      * Scalar.FastKernels.gaussianDivergence(
        count: count, mean: mean.base, logVariance: logVariance.base, factor: weight * factor,
        meanGradient: meanGradient.base, logVarianceGradient: logVarianceGradient.base)
  }
}
