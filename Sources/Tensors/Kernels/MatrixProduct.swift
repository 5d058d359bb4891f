/// How two row-major matrices in memory are multiplied: `C = A·B`, or `C = C + A·B`.
///
/// `A` is `rows × depth` after its optional transposition, `B` is `depth × columns`, `C` is
/// `rows × columns`. A stride is the distance between the rows of a matrix as it lies in memory.
public struct MatrixProduct: Hashable, Sendable {
  /// The number of rows of the result.
  public var rows: Int
  /// The number of columns of the result.
  public var columns: Int
  /// The length of the sums.
  public var depth: Int
  /// The first factor lies in memory as `depth × rows`.
  public var transposesFirst: Bool
  /// The second factor lies in memory as `columns × depth`.
  public var transposesSecond: Bool
  /// The distance between the rows of the first factor in memory.
  public var firstStride: Int
  /// The distance between the rows of the second factor in memory.
  public var secondStride: Int
  /// The distance between the rows of the result.
  public var resultStride: Int
  /// Whether the product is added to what the result holds.
  public var accumulates: Bool

  /// Describes a product; a stride that is not given is that of a matrix without gaps.
  public init(
    rows: Int, columns: Int, depth: Int, transposesFirst: Bool = false,
    transposesSecond: Bool = false, firstStride: Int? = nil, secondStride: Int? = nil,
    resultStride: Int? = nil, accumulates: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.transposesFirst = transposesFirst
    self.transposesSecond = transposesSecond
    self.firstStride = firstStride ?? (transposesFirst ? rows : depth)
    self.secondStride = secondStride ?? (transposesSecond ? depth : columns)
    self.resultStride = resultStride ?? columns
    self.accumulates = accumulates
  }
}
