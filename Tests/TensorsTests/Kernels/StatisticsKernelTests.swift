import Tensors
import Testing

private typealias Reference = ReferenceKernels<Float>

@Suite("Fast normalisation and loss kernels agree with the reference")
struct StatisticsKernelTests {
  @Test("moments, also of numbers with a large mean", arguments: [0, 1, 2, 7, 100])
  func moments(rows: Int) {
    for columns in [1, 3, 16, 33] {
      for offset in [Float(0), 1000] {
        let x = KernelTrial.numbers(rows * columns, seed: 1).map { $0 + offset }
        let zeros = [Double](repeating: -1, count: columns)
        var (fastMean, fastSquares, slowMean, slowSquares) = (zeros, zeros, zeros, zeros)
        FloatKernels.moments(
          rows: rows, columns: columns, x, mean: &fastMean, squares: &fastSquares)
        Reference.moments(
          rows: rows, columns: columns, x, mean: &slowMean, squares: &slowSquares)
        for c in 0..<columns {
          #expect(abs(fastMean[c] - slowMean[c]) <= 1e-12 * max(1, abs(slowMean[c])))
          #expect(abs(fastSquares[c] - slowSquares[c]) <= 1e-10 * max(1, slowSquares[c]))
        }
      }
    }
  }

  @Test("normalisation forward and backward", arguments: [1, 4, 33])
  func normalization(columns: Int) {
    let rows = 9
    let (x, dy) = (
      KernelTrial.numbers(rows * columns, seed: 2), KernelTrial.numbers(rows * columns, seed: 3)
    )
    let (a, b, c, d) = (
      KernelTrial.numbers(columns, seed: 4), KernelTrial.numbers(columns, seed: 5),
      KernelTrial.numbers(columns, seed: 6), KernelTrial.numbers(columns, seed: 7)
    )
    var (fast, slow) = (x, x)
    FloatKernels.normalize(
      rows: rows, columns: columns, x, mean: a, scale: b, shift: c, into: &fast)
    Reference.normalize(
      rows: rows, columns: columns, x, mean: a, scale: b, shift: c, into: &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "normalize")
    FloatKernels.normalizeBackward(
      rows: rows, columns: columns, x: x, dy: dy, mean: a, a: b, b: c, c: d, into: &fast)
    Reference.normalizeBackward(
      rows: rows, columns: columns, x: x, dy: dy, mean: a, a: b, b: c, c: d, into: &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "normalize backward")
    let zeros = [Double](repeating: 0, count: columns)
    var (s1, p1, s2, p2) = (zeros, zeros, zeros, zeros)
    FloatKernels.addNormalizeSums(
      rows: rows, columns: columns, x: x, dy: dy, mean: a, inverseDeviation: b, sums: &s1,
      products: &p1)
    Reference.addNormalizeSums(
      rows: rows, columns: columns, x: x, dy: dy, mean: a, inverseDeviation: b, sums: &s2,
      products: &p2)
    for c in 0..<columns {
      #expect(abs(s1[c] - s2[c]) < 1e-12)
      #expect(abs(p1[c] - p2[c]) < 1e-5)
    }
  }

  @Test("softmax and its way back", arguments: [1, 2, 6, 36, 250])
  func softmax(columns: Int) {
    let x = KernelTrial.numbers(5 * columns, seed: 8, scale: 20)
    let dy = KernelTrial.numbers(5 * columns, seed: 9)
    var (fast, slow) = (x, x)
    FloatKernels.softmax(rows: 5, columns: columns, x, into: &fast)
    Reference.softmax(rows: 5, columns: columns, x, into: &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "softmax")
    var (fastBack, slowBack) = (x, x)
    FloatKernels.softmaxBackward(rows: 5, columns: columns, y: slow, dy: dy, into: &fastBack)
    Reference.softmaxBackward(rows: 5, columns: columns, y: slow, dy: dy, into: &slowBack)
    for (a, b) in zip(fastBack, slowBack) { #expect(abs(a - b) < 2e-7) }
  }

  @Test("softmax cross-entropy with and without weights", arguments: [1, 2, 6, 36])
  func crossEntropy(columns: Int) {
    let logits = KernelTrial.numbers(7 * columns, seed: 10, scale: 5)
    let labels = (0..<7).map { Int32($0 % columns) }
    let weights = KernelTrial.numbers(columns, seed: 11).map { abs($0) }
    var (fast, slow) = (logits, logits)
    for isWeighted in [false, true] {
      let losses = weights.withUnsafeBufferPointer { buffer in
        let pointer = isWeighted ? buffer.baseAddress : nil
        return (
          FloatKernels.softmaxCrossEntropy(
            rows: 7, columns: columns, logits: logits, labels: labels, weights: pointer,
            factor: 0.3, gradient: &fast),
          Reference.softmaxCrossEntropy(
            rows: 7, columns: columns, logits: logits, labels: labels, weights: pointer,
            factor: 0.3, gradient: &slow)
        )
      }
      #expect(abs(losses.0 - losses.1) <= 1e-6 * max(1, losses.1))
      for (a, b) in zip(fast, slow) { #expect(abs(a - b) < 1e-6) }
    }
  }

  @Test("losses that are sums over elements", arguments: ElementKernelTests.counts)
  func elementLosses(count: Int) {
    let x = KernelTrial.numbers(count, seed: 12, scale: 6)
    let t = KernelTrial.numbers(count, seed: 13).map { 1 / (1 + abs($0)) }
    var (fast, slow) = (x, x)
    func compare(_ losses: (Double, Double), _ what: String) {
      #expect(abs(losses.0 - losses.1) <= 1e-6 * max(1, abs(losses.1)), "\(what)")
      KernelTrial.expectClose(fast, slow, tolerance: 1e-6, what)
    }
    compare(
      (
        FloatKernels.binaryCrossEntropy(
          count: count, logits: x, targets: t, factor: 0.5, gradient: &fast),
        Reference.binaryCrossEntropy(
          count: count, logits: x, targets: t, factor: 0.5, gradient: &slow)
      ), "binary cross-entropy")
    compare(
      (
        FloatKernels.squaredError(
          count: count, values: x, targets: t, factor: 0.5, gradient: &fast),
        Reference.squaredError(count: count, values: x, targets: t, factor: 0.5, gradient: &slow)
      ), "squared error")
    let logVariance = KernelTrial.numbers(count, seed: 14)
    var (fastLog, slowLog) = (x, x)
    compare(
      (
        FloatKernels.gaussianDivergence(
          count: count, mean: x, logVariance: logVariance, factor: 0.5, meanGradient: &fast,
          logVarianceGradient: &fastLog),
        Reference.gaussianDivergence(
          count: count, mean: x, logVariance: logVariance, factor: 0.5, meanGradient: &slow,
          logVarianceGradient: &slowLog)
      ), "divergence")
    KernelTrial.expectClose(fastLog, slowLog, tolerance: 1e-6, "divergence, log-variance")
  }
}
