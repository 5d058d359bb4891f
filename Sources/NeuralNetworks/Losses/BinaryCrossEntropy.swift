public import Tensors

/// The binary cross-entropy of logits with targets from 0 to 1: softplus(x) − x·t.
public struct BinaryCrossEntropy<Scalar: TensorScalar>: Sendable {
  /// What the sum over the elements is divided by.
  public let reduction: LossReduction

  /// Makes the loss.
  public init(reduction: LossReduction = .meanOfElements) {
    self.reduction = reduction
  }

  /// Computes the loss and writes its derivative with respect to the logits.
  ///
  /// - Parameter weight: Multiplies the derivative, for a sum of several losses; not the result.
  /// - Returns: The loss in nats.
  /// - Precondition: All batches have the same number of elements.
  public func evaluate(
    logits: BatchView<Scalar>, targets: BatchView<Scalar>, gradient: BatchView<Scalar>,
    weight: Double = 1
  ) -> Double {
    precondition(
      targets.elementCount == logits.elementCount && gradient.elementCount == logits.elementCount,
      "Logits, targets and the derivative have the same shape.")
    let factor = reduction.factor(examples: logits.count, elements: logits.elementCount)
    return factor
      * Scalar.FastKernels.binaryCrossEntropy(
        count: logits.elementCount, logits: logits.base, targets: targets.base,
        factor: weight * factor, gradient: gradient.base)
  }
}
