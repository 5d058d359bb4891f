/// The lengths of the axes of a dense array, in order; the last axis is the fastest in memory.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The length of each axis.
  public let lengths: [Int]

  /// The number of elements: the product of the lengths, 1 when there is no axis.
  public let elementCount: Int

  /// Makes a shape from the lengths of its axes.
  /// - Precondition: No length is negative, and the number of elements fits in an `Int`.
  public init(_ lengths: [Int]) {
    var product = 1
    for length in lengths {
      precondition(length >= 0, "The length of an axis cannot be negative.")
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      precondition(!overflow, "The number of elements of a shape has to fit in 64 bits.")
      product = next
    }
    self.lengths = lengths
    elementCount = product
  }

  /// Makes a shape from a list such as `[64, 100, 15]`.
  public init(arrayLiteral lengths: Int...) {
    self.init(lengths)
  }

  /// Makes a shape, or nothing when a length is negative or the number of elements is too large.
  public init?(checking lengths: [Int]) {
    var product = 1
    for length in lengths {
      guard length >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      product = next
    }
    self.lengths = lengths
    elementCount = product
  }

  /// The number of axes.
  public var rank: Int { lengths.count }

  /// The length of an axis; negative positions count from the end.
  public subscript(_ axis: Int) -> Int {
    lengths[axis < 0 ? lengths.count + axis : axis]
  }

  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: lengths.count)
    for axis in lengths.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * lengths[axis + 1]
    }
    return strides
  }

  /// The shape with one more axis in front, for a batch of arrays of this shape.
  public func batched(_ count: Int) -> Shape {
    Shape([count] + lengths)
  }

  /// The shape as it is written in code: "[64, 100, 15]".
  public var description: String {
    "[" + lengths.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape: Codable {
  /// Reads the list of lengths.
  public init(from decoder: any Decoder) throws {
    let lengths = try decoder.singleValueContainer().decode([Int].self)
    guard let shape = Shape(checking: lengths) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "The shape \(lengths) has a negative or an overlong axis."))
    }
    self = shape
  }

  /// Writes the list of lengths.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(lengths)
  }
}
