public import Tensors

/// The cross-entropy of the softmax of logits with the true class: −ln softmax(logits)[label].
///
/// The loss of a batch is the mean over its examples, weighted by the weight of the true class when
/// there are class weights (divided by the sum of those weights, as in PyTorch).
public struct SoftmaxCrossEntropy<Scalar: TensorScalar>: Sendable {
  /// The weight of each class, or nothing.
  public let classWeights: [Scalar]?

  /// Makes the loss.
  public init(classWeights: [Scalar]? = nil) {
    self.classWeights = classWeights
  }

  /// Computes the loss and writes its derivative with respect to the logits.
  ///
  /// Shape: `logits` and `gradient` are `[count, classes]`, `labels` has `count` class numbers.
  /// - Parameter weight: Multiplies the derivative, for a sum of several losses; not the result.
  /// - Returns: The loss in nats; 0 for an empty batch or one whose classes all weigh nothing.
  /// - Precondition: Every label is a class number; there is one label for each example.
  public func evaluate(
    logits: BatchView<Scalar>, labels: [Int32], gradient: BatchView<Scalar>, weight: Double = 1
  ) -> Double {
    let classes = logits.shape.elementCount
    precondition(labels.count == logits.count, "There has to be one label for each example.")
    precondition(
      gradient.elementCount == logits.elementCount, "The derivative has the shape of the logits.")
    precondition(
      classWeights.map { $0.count == classes } ?? true,
      "There has to be one weight for each class.")
    var total = 0.0
    for label in labels {
      precondition(label >= 0 && label < classes, "A label has to be a class number.")
      total += classWeights.map { $0[Int(label)].asDouble } ?? 1
    }
    guard total > 0 else {
      gradient.fill(with: 0)
      return 0
    }
    // An empty array has no address: no weights.
    let sum = (classWeights ?? []).withUnsafeBufferPointer { weights in
      labels.withUnsafeBufferPointer { labels in
        labels.baseAddress.map { first in
          Scalar.FastKernels.softmaxCrossEntropy(
            rows: logits.count, columns: classes, logits: logits.base, labels: first,
            weights: weights.isEmpty ? nil : weights.baseAddress, factor: weight / total,
            gradient: gradient.base)
        }
      }
    }
    return (sum ?? 0) / total
  }
}
