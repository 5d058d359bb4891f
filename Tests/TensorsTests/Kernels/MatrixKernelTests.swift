import Tensors
import Testing

private typealias Reference = ReferenceKernels<Float>

@Suite("Fast matrix kernels agree with the reference")
struct MatrixKernelTests {
  static let sizes = [1, 2, 3, 5, 16, 17, 33, 64, 75]

  @Test("products of all small shapes, both transposed or not, set or added", arguments: sizes)
  func products(rows: Int) {
    for columns in Self.sizes {
      for depth in Self.sizes {
        for variant in 0..<8 {
          let product = MatrixProduct(
            rows: rows, columns: columns, depth: depth, transposesFirst: variant & 1 != 0,
            transposesSecond: variant & 2 != 0, accumulates: variant & 4 != 0)
          let a = KernelTrial.numbers(rows * depth, seed: 1)
          let b = KernelTrial.numbers(depth * columns, seed: 2)
          var fast = KernelTrial.numbers(rows * columns, seed: 3)
          var slow = fast
          FloatKernels.multiply(product, a, b, into: &fast)
          Reference.multiply(product, a, b, into: &slow)
          KernelTrial.expectClose(fast, slow, tolerance: 3e-6, "\(product)")
        }
      }
    }
  }

  @Test("products of matrices that lie inside larger ones leave the rest alone")
  func stridedProducts() {
    let product = MatrixProduct(
      rows: 5, columns: 3, depth: 7, firstStride: 11, secondStride: 6, resultStride: 8)
    let a = KernelTrial.numbers(5 * 11, seed: 1)
    let b = KernelTrial.numbers(7 * 6, seed: 2)
    var fast = [Float](repeating: 42, count: 5 * 8)
    var slow = fast
    FloatKernels.multiply(product, a, b, into: &fast)
    Reference.multiply(product, a, b, into: &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "strided")
    for row in 0..<5 { #expect(fast[(row * 8 + 3)..<(row * 8 + 8)].allSatisfy { $0 == 42 }) }
  }

  @Test("products in Double agree to its precision")
  func doubleProducts() {
    for variant in 0..<4 {
      let product = MatrixProduct(
        rows: 13, columns: 9, depth: 21, transposesFirst: variant & 1 != 0,
        transposesSecond: variant & 2 != 0)
      let a = KernelTrial.numbers(13 * 21, seed: 1).map(Double.init)
      let b = KernelTrial.numbers(9 * 21, seed: 2).map(Double.init)
      var fast = [Double](repeating: 0, count: 13 * 9)
      var slow = fast
      DoubleKernels.multiply(product, a, b, into: &fast)
      ReferenceKernels<Double>.multiply(product, a, b, into: &slow)
      for (x, y) in zip(fast, slow) { #expect(abs(x - y) < 1e-13) }
    }
  }

  @Test("a sum of no products is zero, or what was there")
  func emptyDepth() {
    var values: [Float] = [1, 2, 3, 4]
    FloatKernels.multiply(
      MatrixProduct(rows: 2, columns: 2, depth: 0, firstStride: 1, accumulates: true), [0], [0],
      into: &values)
    #expect(values == [1, 2, 3, 4])
    FloatKernels.multiply(
      MatrixProduct(rows: 2, columns: 2, depth: 0, firstStride: 1), [0], [0], into: &values)
    #expect(values == [0, 0, 0, 0])
  }

  @Test("transposition and column sums", arguments: sizes)
  func transposition(rows: Int) {
    for columns in Self.sizes {
      let x = KernelTrial.numbers(rows * columns, seed: 4)
      var fast = [Float](repeating: 0, count: x.count)
      var slow = fast
      FloatKernels.transpose(rows: rows, columns: columns, x, into: &fast)
      Reference.transpose(rows: rows, columns: columns, x, into: &slow)
      #expect(fast == slow)
      var fastSums = [Double](repeating: 1, count: columns)
      var slowSums = fastSums
      FloatKernels.addColumnSums(rows: rows, columns: columns, x, to: &fastSums)
      Reference.addColumnSums(rows: rows, columns: columns, x, to: &slowSums)
      for (a, b) in zip(fastSums, slowSums) { #expect(abs(a - b) < 1e-12) }
    }
  }
}
