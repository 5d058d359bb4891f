/// Memory for a fixed count of numbers, aligned to 64 bytes (a cache line, the widest vector).
///
/// Behind the last number lie 64 more bytes that nobody uses, so that kernels may read whole
/// vectors. Owns its memory and frees it with its last reference. The contents are mutable through
/// every reference, so a buffer belongs to one network and is not `Sendable`.
public final class AlignedBuffer<Scalar: TensorScalar> {
  /// The number of elements.
  public let count: Int

  /// The first element. Kernels and the networks of this package write through it.
  package let base: UnsafeMutablePointer<Scalar>

  /// Makes a buffer of zeros.
  /// - Precondition: `count` is not negative.
  public init(count: Int) {
    precondition(count >= 0, "A buffer cannot have a negative number of elements.")
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Scalar>.stride + Self.slackInBytes, alignment: 64)
    base = bytes.initializeMemory(as: Scalar.self, repeating: 0, count: count)
    self.count = count
    let slack = bytes + count * MemoryLayout<Scalar>.stride
    slack.initializeMemory(as: UInt8.self, repeating: 0, count: Self.slackInBytes)
  }

  private static var slackInBytes: Int { 64 }

  deinit {
    UnsafeMutableRawPointer(base).deallocate()
  }

  /// The element at a position.
  /// - Precondition: The position lies inside the buffer.
  public subscript(_ index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "The position lies outside the buffer.")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "The position lies outside the buffer.")
      base[index] = newValue
    }
  }

  /// Calls `body` with the elements in place; they must not be kept after it returns.
  public func withElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// Sets every element to `value`.
  public func fill(with value: Scalar) {
    base.update(repeating: value, count: count)
  }

  /// A copy of the elements.
  public func values() -> [Scalar] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }

  /// Replaces all elements.
  /// - Precondition: There are exactly `count` values.
  public func assign(_ values: [Scalar]) {
    precondition(
      values.count == count, "The number of values has to equal the size of the buffer.")
    values.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      base.update(from: first, count: count)
    }
  }
}
