internal import COpenBLAS

/// Dense linear algebra in double precision, by LAPACK.
///
/// Matrices are `[rows, columns]`. Results are those of OpenBLAS on one thread.
public enum LinearAlgebra {
  /// The eigenvalues of a symmetric matrix, in ascending order.
  ///
  /// Only the lower triangle is read. Complexity: O(n³).
  /// - Throws: `LinearAlgebraError` when the matrix is not square or not finite.
  public static func symmetricEigenvalues(
    of matrix: Tensor<Double>
  ) throws(LinearAlgebraError) -> [Double] {
    try symmetricEigen(matrix, subject: "the eigenvalues", range: nil, wantsVectors: false).values
  }

  /// The largest eigenvalues of a symmetric matrix, in ascending order, with their eigenvectors.
  ///
  /// Only the lower triangle is read. Complexity: O(n³).
  /// - Parameter count: How many; all when it is missing.
  /// - Returns: The eigenvalues, and a matrix `[count, n]` whose rows are orthonormal eigenvectors.
  /// - Throws: `LinearAlgebraError` when the matrix is not square or not finite.
  /// - Precondition: `count` is from 1 to n.
  public static func symmetricEigenvectors(
    of matrix: Tensor<Double>, count: Int? = nil
  ) throws(LinearAlgebraError) -> (values: [Double], vectors: Tensor<Double>) {
    let subject = "the eigenvectors"
    let n = try order(of: matrix, subject)
    guard let count else {
      return try symmetricEigen(matrix, subject: subject, range: nil, wantsVectors: true)
    }
    precondition(count >= 1 && count <= n, "A matrix of order n has 1 to n eigenvalues to give.")
    return try symmetricEigen(
      matrix, subject: subject, range: n - count + 1...n, wantsVectors: true)
  }

  /// The eigenvalues of any square matrix, in the order of LAPACK; complex ones come in pairs.
  ///
  /// Complexity: O(n³).
  /// - Throws: `LinearAlgebraError` when the matrix is not square, not finite, or the iteration
  ///   fails.
  public static func eigenvalues(
    of matrix: Tensor<Double>
  ) throws(LinearAlgebraError) -> [(real: Double, imaginary: Double)] {
    let subject = "the eigenvalues"
    let n = try order(of: matrix, subject)
    guard n > 0 else { return [] }
    BLAS.prepare()
    // The transposed matrix, which is what LAPACK sees in row-major memory, has the same
    // eigenvalues.
    var a = matrix.values
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    var (order, one) = (Int32(n), Int32(1))
    var status = Int32(0)
    runWithWorkspace { work, size in
      dgeev_(
        "N", "N", &order, &a, &order, &real, &imaginary, nil, &one, nil, &one, work, size, &status)
    }
    guard status == 0 else { throw .noConvergence(subject, status: Int(status)) }
    return zip(real, imaginary).map { ($0, $1) }
  }

  /// The singular values of a matrix, in descending order, with the singular vectors.
  ///
  /// `matrix = left · diagonal(values) · right`. Complexity: O(m n min(m, n)).
  /// - Returns: `left` is `[m, k]`, `right` is `[k, n]`, k the smaller of m and n.
  /// - Throws: `LinearAlgebraError` when it is no matrix, not finite, or the iteration fails.
  public static func singularValues(
    of matrix: Tensor<Double>
  ) throws(LinearAlgebraError) -> (left: Tensor<Double>, values: [Double], right: Tensor<Double>) {
    let subject = "the singular values"
    try check(matrix, subject)
    let (m, n) = (matrix.shape[0], matrix.shape[1])
    let k = min(m, n)
    var left = [Double](repeating: 0, count: m * k)
    var right = [Double](repeating: 0, count: k * n)
    var values = [Double](repeating: 0, count: k)
    if k > 0 {
      BLAS.prepare()
      // LAPACK sees the transposed matrix, so left and right change places.
      var a = matrix.values
      var (rows, columns, rank) = (Int32(n), Int32(m), Int32(k))
      var integers = [Int32](repeating: 0, count: 8 * k)
      var status = Int32(0)
      runWithWorkspace { work, size in
        dgesdd_(
          "S", &rows, &columns, &a, &rows, &values, &right, &rows, &left, &rank, work, size,
          &integers, &status)
      }
      guard status == 0 else { throw .noConvergence(subject, status: Int(status)) }
    }
    return (
      Tensor(shape: [m, k], values: left), values, Tensor(shape: [k, n], values: right)
    )
  }

  /// The shortest of the vectors that come nearest to solving `matrix · x = rightSide`.
  ///
  /// Complexity: O(m n²).
  /// - Parameters:
  ///   - matrix: `[m, n]`.
  ///   - rightSide: `[m, k]`, one problem for each column.
  ///   - tolerance: Singular values below this share of the largest count as zero.
  /// - Returns: The solutions `[n, k]`, and the number of singular values above the tolerance.
  /// - Throws: `LinearAlgebraError` when shapes do not fit, numbers are not finite, or the
  ///   iteration fails.
  public static func leastSquares(
    _ matrix: Tensor<Double>, _ rightSide: Tensor<Double>, tolerance: Double = 1e-12
  ) throws(LinearAlgebraError) -> (solution: Tensor<Double>, rank: Int) {
    let subject = "the least squares"
    try check(matrix, subject)
    try check(rightSide, subject)
    let (m, n, k) = (matrix.shape[0], matrix.shape[1], rightSide.shape[1])
    guard rightSide.shape[0] == m else {
      throw .shape(subject, found: rightSide.shape, expected: "[\(m), any]")
    }
    guard m > 0, n > 0, k > 0 else { return (Tensor(shape: [n, k]), 0) }
    BLAS.prepare()
    var a = matrix.permuted([1, 0]).values
    let longer = max(m, n)
    var b = [Double](repeating: 0, count: longer * k)
    for column in 0..<k {
      for row in 0..<m { b[column * longer + row] = rightSide[row, column] }
    }
    var (rows, columns, problems) = (Int32(m), Int32(n), Int32(k))
    var (length, rank, status) = (Int32(longer), Int32(0), Int32(0))
    var singular = [Double](repeating: 0, count: min(m, n))
    var limit = tolerance
    // The integer workspace: 3 · min · levels + 11 · min, levels below 32.
    var integers = [Int32](repeating: 0, count: 128 * min(m, n) + 64)
    runWithWorkspace { work, size in
      dgelsd_(
        &rows, &columns, &problems, &a, &rows, &b, &length, &singular, &limit, &rank, work, size,
        &integers, &status)
    }
    guard status == 0 else { throw .noConvergence(subject, status: Int(status)) }
    var solution = Tensor<Double>(shape: [n, k])
    for column in 0..<k {
      for row in 0..<n { solution[row, column] = b[column * longer + row] }
    }
    return (solution, Int(rank))
  }

  /// Solves `matrix · x = rightSide` for a symmetric positive definite matrix (Cholesky).
  ///
  /// Only the lower triangle is read. Complexity: O(n³).
  /// - Parameters:
  ///   - matrix: `[n, n]`.
  ///   - rightSide: `[n, k]`, one problem for each column.
  /// - Returns: The solutions `[n, k]`.
  /// - Throws: `LinearAlgebraError`, `.notPositiveDefinite` when it is not.
  public static func solvePositiveDefinite(
    _ matrix: Tensor<Double>, _ rightSide: Tensor<Double>
  ) throws(LinearAlgebraError) -> Tensor<Double> {
    let subject = "the solution"
    let n = try order(of: matrix, subject)
    try check(rightSide, subject)
    guard rightSide.shape[0] == n else {
      throw .shape(subject, found: rightSide.shape, expected: "[\(n), any]")
    }
    let k = rightSide.shape[1]
    guard n > 0, k > 0 else { return rightSide }
    BLAS.prepare()
    var a = matrix.values
    var b = rightSide.permuted([1, 0]).values
    var (order, problems, status) = (Int32(n), Int32(k), Int32(0))
    // The lower triangle in row-major memory is LAPACK's upper one.
    dposv_("U", &order, &problems, &a, &order, &b, &order, &status)
    guard status == 0 else { throw .notPositiveDefinite(subject, order: Int(status)) }
    return Tensor(shape: [k, n], values: b).permuted([1, 0])
  }

  /// The product of two matrices, `[m, k]` and `[k, n]`.
  /// - Throws: `LinearAlgebraError` when the shapes do not fit.
  public static func product(
    _ first: Tensor<Double>, _ second: Tensor<Double>
  ) throws(LinearAlgebraError) -> Tensor<Double> {
    let subject = "the product"
    guard first.shape.rank == 2 else {
      throw .shape(subject, found: first.shape, expected: "[rows, columns]")
    }
    guard second.shape.rank == 2, second.shape[0] == first.shape[1] else {
      throw .shape(subject, found: second.shape, expected: "[\(first.shape[1]), any]")
    }
    let (m, k, n) = (first.shape[0], first.shape[1], second.shape[1])
    var values = [Double](repeating: 0, count: m * n)
    if k > 0 {
      DoubleKernels.multiply(
        MatrixProduct(rows: m, columns: n, depth: k), first.values, second.values, into: &values)
    }
    return Tensor(shape: [m, n], values: values)
  }

  private static func symmetricEigen(
    _ matrix: Tensor<Double>, subject: String, range: ClosedRange<Int>?, wantsVectors: Bool
  ) throws(LinearAlgebraError) -> (values: [Double], vectors: Tensor<Double>) {
    let n = try order(of: matrix, subject)
    let count = range?.count ?? n
    var values = [Double](repeating: 0, count: n)
    var vectors = [Double](repeating: 0, count: wantsVectors ? count * n : 1)
    if n > 0 {
      BLAS.prepare()
      var a = matrix.values
      var support = [Int32](repeating: 0, count: 2 * max(1, count))
      var integers = [Int32](repeating: 0, count: 10 * n)
      var (order, found, status) = (Int32(n), Int32(0), Int32(0))
      var (first, last) = (Int32(range?.lowerBound ?? 1), Int32(range?.upperBound ?? n))
      var (low, high, accuracy, integerCount) = (0.0, 0.0, 0.0, Int32(10 * n))
      runWithWorkspace { work, size in
        dsyevr_(
          wantsVectors ? "V" : "N", range == nil ? "A" : "I", "U", &order, &a, &order, &low, &high,
          &first, &last, &accuracy, &found, &values, &vectors, &order, &support, work, size,
          &integers, &integerCount, &status)
      }
      guard status == 0, Int(found) == count else {
        throw .noConvergence(subject, status: Int(status))
      }
    }
    let rows = wantsVectors ? count : 0
    return (
      Array(values[..<count]),
      Tensor(shape: [rows, n], values: Array(vectors[..<(rows * n)]))
    )
  }

  /// Asks a LAPACK routine how much workspace it wants, and then runs it with that much.
  private static func runWithWorkspace(
    _ routine: (UnsafeMutablePointer<Double>, UnsafePointer<Int32>) -> Void
  ) {
    var wanted = 0.0
    var size = Int32(-1)
    routine(&wanted, &size)
    size = Int32(max(1, wanted))
    var work = [Double](repeating: 0, count: Int(size))
    routine(&work, &size)
  }

  private static func check(
    _ matrix: Tensor<Double>, _ subject: String
  ) throws(LinearAlgebraError) {
    guard matrix.shape.rank == 2 else {
      throw .shape(subject, found: matrix.shape, expected: "[rows, columns]")
    }
    guard matrix.values.allSatisfy({ $0.isFinite }) else { throw .notFinite(subject) }
  }

  private static func order(
    of matrix: Tensor<Double>, _ subject: String
  ) throws(LinearAlgebraError) -> Int {
    guard matrix.shape.rank == 2, matrix.shape[0] == matrix.shape[1] else {
      throw .shape(subject, found: matrix.shape, expected: "square")
    }
    try check(matrix, subject)
    return matrix.shape[0]
  }
}
