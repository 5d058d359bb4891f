/// A dense array of numbers with a shape: row-major, the last axis fastest.
///
/// A tensor is a value: copies are independent (and share memory until one is changed).
public struct Tensor<Scalar: TensorScalar>: Hashable, Sendable {
  /// The length of each axis.
  public let shape: Shape

  /// The elements in memory order.
  ///
  /// - Precondition: A new value has as many elements as the shape.
  public var values: [Scalar] {
    didSet {
      precondition(
        values.count == shape.elementCount,
        "The number of values has to equal the number of elements of the shape.")
    }
  }

  /// Makes a tensor from its elements in memory order.
  /// - Precondition: There are as many values as the shape has elements.
  public init(shape: Shape, values: [Scalar]) {
    precondition(
      values.count == shape.elementCount,
      "The number of values has to equal the number of elements of the shape.")
    self.shape = shape
    self.values = values
  }

  /// Makes a tensor whose elements are all equal.
  public init(shape: Shape, repeating value: Scalar = 0) {
    self.shape = shape
    values = [Scalar](repeating: value, count: shape.elementCount)
  }

  /// The element at a position, one index for each axis.
  /// - Precondition: Every index lies inside its axis.
  public subscript(_ indices: Int...) -> Scalar {
    get { values[offset(of: indices)] }
    set { values[offset(of: indices)] = newValue }
  }

  /// The same elements in memory order under another shape.
  /// - Precondition: Both shapes have the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor {
    Tensor(shape: shape, values: values)
  }

  /// The elements at one position of the first axis.
  /// - Precondition: The tensor has an axis and the position lies inside it.
  public func slice(at position: Int) -> Tensor {
    precondition(
      shape.rank > 0 && position >= 0 && position < shape[0],
      "A slice is taken at a position inside the first axis.")
    let inner = Shape(Array(shape.lengths.dropFirst()))
    let start = position * inner.elementCount
    return Tensor(shape: inner, values: Array(values[start..<start + inner.elementCount]))
  }

  /// The same numbers in another precision, rounded to nearest.
  public func converted<Other: TensorScalar>(to type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(shape: shape, values: values.map { Other($0.asDouble) })
  }

  /// The same numbers with the axes in another order: axis `i` of the result is axis `order[i]`.
  /// - Precondition: `order` names every axis once.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(0..<shape.rank), "An order of axes has to name every axis once.")
    let result = Shape(order.map { shape[$0] })
    let strides = shape.strides
    let steps = order.map { strides[$0] }
    var index = [Int](repeating: 0, count: shape.rank)
    var source = 0
    var permuted: [Scalar] = []
    permuted.reserveCapacity(values.count)
    for _ in 0..<result.elementCount {
      permuted.append(values[source])
      var axis = shape.rank - 1
      while axis >= 0 {
        index[axis] += 1
        source += steps[axis]
        if index[axis] < result[axis] { break }
        source -= index[axis] * steps[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return Tensor(shape: result, values: permuted)
  }

  private func offset(of indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "An element needs one index for each axis.")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition(
        index >= 0 && index < shape[axis], "An index has to lie inside its axis.")
      offset = offset * shape[axis] + index
    }
    return offset
  }
}
