import Foundation
import Randomness
import Tensors
import Testing

@Suite("Linear algebra")
struct LinearAlgebraTests {
  private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor<Double> {
    var generator = Seed(seed).generator()
    return Tensor(
      shape: [rows, columns], values: (0..<rows * columns).map { _ in generator.nextNormal() })
  }

  private func symmetric(_ n: Int, seed: UInt64) throws -> Tensor<Double> {
    let a = random(n, n, seed: seed)
    var sum = a
    for i in 0..<n { for j in 0..<n { sum[i, j] = a[i, j] + a[j, i] } }
    return sum
  }

  private func largest(_ a: Tensor<Double>, minus b: Tensor<Double>) -> Double {
    #expect(a.shape == b.shape)
    return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(
    "gives the eigenvalues of the second difference, 2 − 2 cos(kπ / (n + 1))",
    arguments: [1, 2, 7, 40])
  func secondDifference(n: Int) throws {
    var matrix = Tensor<Double>(shape: [n, n])
    for i in 0..<n {
      matrix[i, i] = 2
      if i > 0 { matrix[i, i - 1] = -1 }
      // The upper triangle is not read.
      if i + 1 < n { matrix[i, i + 1] = 99 }
    }
    let values = try LinearAlgebra.symmetricEigenvalues(of: matrix)
    for (k, value) in values.enumerated() {
      #expect(abs(value - (2 - 2 * cos(Double(k + 1) * .pi / Double(n + 1)))) < 1e-13)
    }
  }

  @Test(
    "gives eigenvectors that are orthonormal and stretched by their eigenvalues",
    arguments: [1, 5, 33])
  func eigenvectors(n: Int) throws {
    let matrix = try symmetric(n, seed: 1)
    let all = try LinearAlgebra.symmetricEigenvectors(of: matrix)
    let plain = try LinearAlgebra.symmetricEigenvalues(of: matrix)
    #expect(zip(all.values, plain).allSatisfy { abs($0 - $1) < 1e-11 })
    let stretched = try LinearAlgebra.product(all.vectors, matrix)
    for i in 0..<n {
      for j in 0..<n {
        #expect(abs(stretched[i, j] - all.values[i] * all.vectors[i, j]) < 1e-11)
      }
    }
    let gram = try LinearAlgebra.product(all.vectors, all.vectors.permuted([1, 0]))
    for i in 0..<n { for j in 0..<n { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
    let some = try LinearAlgebra.symmetricEigenvectors(of: matrix, count: min(3, n))
    #expect(some.vectors.shape == [min(3, n), n])
    #expect(zip(some.values, all.values.suffix(3)).allSatisfy { abs($0 - $1) < 1e-11 })
  }

  @Test("gives the complex eigenvalues of a rotation and the roots of a polynomial")
  func generalEigenvalues() throws {
    let turn = Tensor<Double>(shape: [2, 2], values: [0.6, -0.8, 0.8, 0.6])
    let pair = try LinearAlgebra.eigenvalues(of: turn)
    #expect(pair.allSatisfy { abs($0.real - 0.6) < 1e-14 && abs(abs($0.imaginary) - 0.8) < 1e-14 })
    #expect(pair[0].imaginary == -pair[1].imaginary)
    // The companion matrix of (x − 1)(x − 2)(x − 3)(x + 4).
    let companion = Tensor<Double>(
      shape: [4, 4], values: [2, 13, -38, 24, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    let roots = try LinearAlgebra.eigenvalues(of: companion).map(\.real).sorted()
    for (root, expected) in zip(roots, [-4.0, 1, 2, 3]) { #expect(abs(root - expected) < 1e-12) }
  }

  @Test(
    "puts a matrix together again from its singular values",
    arguments: [(1, 1), (5, 3), (3, 5), (20, 20), (4, 0)])
  func singularValues(rows: Int, columns: Int) throws {
    let matrix = random(rows, columns, seed: 2)
    let parts = try LinearAlgebra.singularValues(of: matrix)
    let k = min(rows, columns)
    #expect(parts.left.shape == [rows, k] && parts.right.shape == [k, columns])
    #expect(parts.values == parts.values.sorted(by: >) && parts.values.allSatisfy { $0 >= 0 })
    var scaled = parts.right
    for i in 0..<k { for j in 0..<columns { scaled[i, j] *= parts.values[i] } }
    let rebuilt = try LinearAlgebra.product(parts.left, scaled)
    #expect(largest(rebuilt, minus: matrix) < 1e-12)
    let gram = try LinearAlgebra.product(parts.left.permuted([1, 0]), parts.left)
    for i in 0..<k { for j in 0..<k { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
  }

  @Test("least squares leaves a rest that is orthogonal to the matrix, and is shortest where free")
  func leastSquares() throws {
    let (tall, right) = (random(30, 4, seed: 3), random(30, 2, seed: 4))
    let fit = try LinearAlgebra.leastSquares(tall, right)
    #expect(fit.rank == 4 && fit.solution.shape == [4, 2])
    let reached = try LinearAlgebra.product(tall, fit.solution)
    var rest = right
    for i in rest.values.indices { rest.values[i] -= reached.values[i] }
    let projected = try LinearAlgebra.product(tall.permuted([1, 0]), rest)
    #expect(projected.values.allSatisfy { abs($0) < 1e-12 })
    // x + y = 2 is solved shortest by (1, 1); a doubled row lowers the rank.
    let free = Tensor<Double>(shape: [2, 2], values: [1, 1, 2, 2])
    let short = try LinearAlgebra.leastSquares(free, Tensor(shape: [2, 1], values: [2, 4]))
    #expect(short.rank == 1)
    #expect(short.solution.values.allSatisfy { abs($0 - 1) < 1e-14 })
  }

  @Test("solves positive definite systems and refuses others")
  func positiveDefinite() throws {
    let a = random(12, 6, seed: 5)
    let matrix = try LinearAlgebra.product(a.permuted([1, 0]), a)
    let x = random(6, 3, seed: 6)
    let found = try LinearAlgebra.solvePositiveDefinite(
      matrix, try LinearAlgebra.product(matrix, x))
    #expect(largest(found, minus: x) < 1e-11)
    let error = #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.solvePositiveDefinite(
        Tensor(shape: [2, 2], values: [1, 0, 0, -1]), Tensor(shape: [2, 1]))
    }
    #expect(
      error?.message
        == "Could not compute the solution: the leading part of order 2 of the matrix is "
        + "not positive definite, it has to be. Add a positive number to the diagonal, or use least "
        + "squares.")
  }

  @Test("refuses matrices that do not fit with a sentence")
  func refusals() throws {
    let wide = Tensor<Double>(shape: [2, 3])
    let square = #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.symmetricEigenvalues(of: wide)
    }
    #expect(
      square?.message
        == "Could not compute the eigenvalues: a matrix has the shape [2, 3], it has to "
        + "be square. Give a matrix of that shape.")
    let infinite = #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.singularValues(of: Tensor(shape: [1, 1], values: [.nan]))
    }
    #expect(
      infinite?.message
        == "Could not compute the singular values: a matrix has elements that are not "
        + "finite, all have to be. Look for overflow or missing values in what it was made from.")
    #expect(throws: LinearAlgebraError.self) { try LinearAlgebra.product(wide, wide) }
    #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.leastSquares(wide, Tensor(shape: [3, 1]))
    }
    #expect(throws: LinearAlgebraError.self) {
      try LinearAlgebra.eigenvalues(of: Tensor(shape: [4]))
    }
    #expect(try LinearAlgebra.symmetricEigenvalues(of: Tensor(shape: [0, 0])).isEmpty)
  }
}
