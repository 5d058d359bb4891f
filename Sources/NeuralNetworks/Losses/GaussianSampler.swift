public import Randomness
public import Tensors

/// Draws from N(mean, e^logVariance) so that gradients pass: z = mean + noise · e^(logVariance /
/// 2).
///
/// The middle of a variational auto-encoder (Kingma and Welling, ICLR 2014). The noise is a
/// function of the seed and the element's place in the batch, and is kept for the way back.
public final class GaussianSampler<Scalar: TensorScalar> {
  private let noise: AlignedBuffer<Scalar>

  /// Sets aside memory for up to `batchCapacity` examples of `shape`.
  public init(shape: Shape, batchCapacity: Int) {
    noise = AlignedBuffer(count: shape.elementCount * max(0, batchCapacity))
  }

  /// Writes a draw for every element.
  /// - Precondition: All batches have the same number of elements, at most the capacity.
  public func sample(
    mean: BatchView<Scalar>, logVariance: BatchView<Scalar>, seed: Seed,
    into draws: BatchView<Scalar>
  ) {
    checkSizes(mean, logVariance, draws)
    Scalar.FastKernels.sampleNormal(
      key: seed.value, first: 0, count: mean.elementCount, mean: mean.base,
      logVariance: logVariance.base, noise: noise.base, into: draws.base)
  }

  /// Writes the derivatives with respect to means and log-variances of the last draw.
  /// - Precondition: All batches have the same number of elements as in the last draw.
  public func backward(
    drawGradient: BatchView<Scalar>, logVariance: BatchView<Scalar>,
    meanGradient: BatchView<Scalar>, logVarianceGradient: BatchView<Scalar>
  ) {
    checkSizes(drawGradient, logVariance, meanGradient)
    checkSizes(drawGradient, logVariance, logVarianceGradient)
    meanGradient.fill(with: 0)
    logVarianceGradient.fill(with: 0)
    Scalar.FastKernels.sampleNormalBackward(
      count: drawGradient.elementCount, logVariance: logVariance.base, noise: noise.base,
      dz: drawGradient.base, meanGradient: meanGradient.base,
      logVarianceGradient: logVarianceGradient.base)
  }

  private func checkSizes(
    _ first: BatchView<Scalar>, _ second: BatchView<Scalar>, _ third: BatchView<Scalar>
  ) {
    precondition(
      first.elementCount == second.elementCount && first.elementCount == third.elementCount
        && first.elementCount <= noise.count,
      "Means, log-variances and draws have the same shape, within the sampler's capacity.")
  }
}
