public import Tensors

/// The squared difference between values and targets.
public struct SquaredError<Scalar: TensorScalar>: Sendable {
  /// What the sum over the elements is divided by.
  public let reduction: LossReduction

  /// Makes the loss.
  public init(reduction: LossReduction = .meanOfElements) {
    self.reduction = reduction
  }

  /// Computes the loss and writes its derivative with respect to the values.
  ///
  /// - Parameter weight: Multiplies the derivative, for a sum of several losses; not the result.
  /// - Returns: The loss in the square of the values' unit.
  /// - Precondition: All batches have the same number of elements.
  public func evaluate(
    values: BatchView<Scalar>, targets: BatchView<Scalar>, gradient: BatchView<Scalar>,
    weight: Double = 1
  ) -> Double {
    precondition(
      targets.elementCount == values.elementCount && gradient.elementCount == values.elementCount,
      "Values, targets and the derivative have the same shape.")
    let factor = reduction.factor(examples: values.count, elements: values.elementCount)
    return factor
      * Scalar.FastKernels.squaredError(
        count: values.elementCount, values: values.base, targets: targets.base,
        factor: weight * factor, gradient: gradient.base)
  }
}
