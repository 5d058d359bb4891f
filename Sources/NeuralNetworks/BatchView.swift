public import Tensors

/// A window on a network's memory: one array for each example of the current batch.
///
/// Shape: `[count] + shape`. A view is a reference: it shows what the next pass writes, and writing
/// through it changes what the next pass reads. Views never allocate.
public struct BatchView<Scalar: TensorScalar> {
  /// The number of examples in the current batch.
  public let count: Int
  /// The shape of one example.
  public let shape: Shape

  package let buffer: AlignedBuffer<Scalar>
  private let kernels: any Kernels<Scalar>.Type

  package init(
    _ buffer: AlignedBuffer<Scalar>, shape: Shape, count: Int,
    kernels: any Kernels<Scalar>.Type = Scalar.FastKernels.self
  ) {
    self.buffer = buffer
    self.shape = shape
    self.count = count
    self.kernels = kernels
  }

  /// Makes a batch with memory of its own, for values that no network holds.
  public init(count: Int, shape: Shape) {
    self.init(
      AlignedBuffer(count: count * shape.elementCount), shape: shape, count: count)
  }

  /// The number of elements of the current batch.
  public var elementCount: Int { count * shape.elementCount }

  /// The first element.
  package var base: UnsafeMutablePointer<Scalar> { buffer.base }

  /// An element of an example, in memory order.
  /// - Precondition: Both positions lie inside the batch.
  public subscript(_ example: Int, _ element: Int) -> Scalar {
    get { buffer[position(example, element)] }
    nonmutating set { buffer[position(example, element)] = newValue }
  }

  /// Calls `body` with all elements of the batch in place; they must not be kept after it returns.
  public func withElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeMutableBufferPointer(start: buffer.base, count: elementCount))
  }

  /// A copy of the batch: `[count] + shape`.
  public func tensor() -> Tensor<Scalar> {
    let values = withElements { Array($0) }
    return Tensor(shape: shape.batched(count), values: values)
  }

  /// Sets all elements of the batch.
  public func fill(with value: Scalar) {
    buffer.base.update(repeating: value, count: elementCount)
  }

  /// Copies the elements of another batch of the same size.
  /// - Precondition: Both have the same number of elements.
  public func assign(_ other: BatchView<Scalar>) {
    precondition(
      other.elementCount == elementCount, "Both batches need the same number of elements.")
    buffer.base.update(from: other.buffer.base, count: elementCount)
  }

  /// Copies values in memory order.
  /// - Precondition: There are as many values as the batch has elements.
  public func assign(_ values: [Scalar]) {
    precondition(values.count == elementCount, "The batch needs one value for each element.")
    values.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      buffer.base.update(from: first, count: source.count)
    }
  }

  /// Adds the elements of another batch of the same size.
  /// - Precondition: Both have the same number of elements.
  public func add(_ other: BatchView<Scalar>) {
    precondition(
      other.elementCount == elementCount, "Both batches need the same number of elements.")
    kernels.add(count: elementCount, other.buffer.base, to: buffer.base)
  }

  /// Multiplies all elements.
  public func scale(by factor: Double) {
    kernels.scale(count: elementCount, by: factor, buffer.base)
  }

  private func position(_ example: Int, _ element: Int) -> Int {
    precondition(
      example >= 0 && example < count && element >= 0 && element < shape.elementCount,
      "The position lies outside the batch.")
    return example * shape.elementCount + element
  }
}
