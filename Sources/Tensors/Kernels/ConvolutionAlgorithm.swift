/// A way to compute a convolution and its derivatives, with what it keeps prepared of the weights.
///
/// Preparing happens once for all chunks of a batch, the rest once for each chunk.
package protocol ConvolutionAlgorithm<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar
  associatedtype K: Kernels where K.Scalar == Scalar

  /// The number of channels of the result.
  var filters: Int { get }
  /// The number of results of one example, all filters counted.
  var outputCount: Int { get }
  /// The number of weights.
  var weightCount: Int { get }
  /// How many numbers `prepareForward` writes.
  var forwardCount: Int { get }
  /// How many numbers `prepareBackward` writes.
  var backwardCount: Int { get }
  /// How many numbers of scratch each concurrent call needs for up to `examples` examples.
  func scratchCount(examples: Int) -> Int

  /// Writes what `forward` needs of the weights.
  func prepareForward(
    weights: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>)
  /// Writes `z = bias + x ∗ weights` and `a = f(z)`; `a` may be `z`.
  func forward(
    examples: Int, x: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?, function: ActivationFunction,
    z: UnsafeMutablePointer<Scalar>, a: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>)
  /// Adds the gradient of the weights to `gradient` (or sets it, unless `accumulates`).
  func backwardToWeights(
    examples: Int, x: UnsafePointer<Scalar>, dz: UnsafePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>, accumulates: Bool,
    scratch: UnsafeMutablePointer<Scalar>)
  /// Writes what `backwardToInput` needs of the weights.
  func prepareBackward(
    weights: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>)
  /// Writes the gradient of the input.
  func backwardToInput(
    examples: Int, dz: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>)
}
