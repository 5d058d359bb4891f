import Tensors
import Testing

private typealias Reference = ReferenceKernels<Float>

@Suite("Fast element-wise kernels agree with the reference")
struct ElementKernelTests {
  static let counts = [0, 1, 2, 7, 15, 16, 17, 63, 255, 256, 257, 1000]

  /// Numbers of all sizes, and the ends of the range.
  static let arguments: [Float] = {
    var values: [Float] = [0, -0.0, 1e-30, -1e-30, 1e-3, -1e-3, 88, -88, 89, -104, 1e4, -1e4]
    for step in -4000...4000 { values.append(Float(step) / 97) }
    return values
  }()

  @Test("activation functions and their slopes", arguments: ActivationFunction.allCases)
  func activations(function: ActivationFunction) {
    let x = Self.arguments
    let dy = KernelTrial.numbers(x.count, seed: 1)
    var fast = [Float](repeating: 0, count: x.count)
    var slow = fast
    FloatKernels.activate(function, count: x.count, x, into: &fast)
    Reference.activate(function, count: x.count, x, into: &slow)
    for (index, value) in x.enumerated() {
      // Three units in the last place of the result; tails below 1e-36 may end early. GELU's tail
      // is as steep as e^(-x²/2), so a rounding of its argument shows x² times.
      let steepness = function == .gelu ? max(1, value * value) : 1
      let bound = max(3e-7 * steepness * abs(slow[index]), 2e-38, abs(value) * 2e-38)
      #expect(abs(fast[index] - slow[index]) <= bound, "f(\(value))")
    }
    var fastSlope = fast
    var slowSlope = fast
    FloatKernels.activateBackward(
      function, count: x.count, x: x, y: slow, dy: dy, into: &fastSlope)
    Reference.activateBackward(
      function, count: x.count, x: x, y: slow, dy: dy, into: &slowSlope)
    for (index, value) in x.enumerated() {
      // Slopes made of the output lose what the output lost: an absolute bound suits them.
      let bound = 1e-6 * max(1, abs(dy[index]))
      #expect(abs(fastSlope[index] - slowSlope[index]) <= bound, "f'(\(value))")
    }
  }

  @Test("not-a-number stays visible", arguments: [ActivationFunction.tanh, .sigmoid, .softplus])
  func notANumber(function: ActivationFunction) {
    var y: [Float] = [0]
    FloatKernels.activate(function, count: 1, [Float.nan], into: &y)
    #expect(y[0].isNaN)
  }

  @Test("bias with activation, in place and apart", arguments: [1, 3, 32, 1500])
  func biasAndActivation(columns: Int) {
    for rows in [0, 1, 5, 40] {
      for function in [ActivationFunction.linear, .relu, .tanh] {
        let start = KernelTrial.numbers(rows * columns, seed: 2)
        let bias = KernelTrial.numbers(columns, seed: 3)
        var (fastZ, slowZ) = (start, start)
        var fastA = [Float](repeating: 0, count: start.count)
        var slowA = fastA
        FloatKernels.addBiasAndActivate(
          function, rows: rows, columns: columns, bias: bias, to: &fastZ, into: &fastA)
        Reference.addBiasAndActivate(
          function, rows: rows, columns: columns, bias: bias, to: &slowZ, into: &slowA)
        #expect(fastZ == slowZ)
        KernelTrial.expectClose(fastA, slowA, tolerance: 3e-7, "\(function)")
        var inPlace = start
        inPlace.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          FloatKernels.addBiasAndActivate(
            function, rows: rows, columns: columns, bias: bias, to: base, into: base)
        }
        #expect(inPlace == fastA)
      }
    }
  }

  @Test("sums, scaling and clipping", arguments: counts)
  func arithmetic(count: Int) {
    let x = KernelTrial.numbers(count, seed: 5)
    var (fast, slow) = (KernelTrial.numbers(count, seed: 6), KernelTrial.numbers(count, seed: 6))
    FloatKernels.add(count: count, x, to: &fast)
    Reference.add(count: count, x, to: &slow)
    #expect(fast == slow)
    FloatKernels.scale(count: count, by: 0.37, &fast)
    Reference.scale(count: count, by: 0.37, &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-7, "scale")
    FloatKernels.clip(count: count, to: 0.25, &fast)
    Reference.clip(count: count, to: 0.25, &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 2e-7, "clip")
    #expect(fast.allSatisfy { abs($0) <= 0.25 })
    let sums = (
      FloatKernels.sumOfSquares(count: count, x), Reference.sumOfSquares(count: count, x)
    )
    #expect(abs(sums.0 - sums.1) <= 1e-12 * max(1, sums.1))
  }

  @Test("random bits are Philox2x32-10, and dropout is exactly equal", arguments: counts)
  func dropout(count: Int) {
    // Known answers of the Random123 library for its 2x32 generator with ten rounds.
    #expect(CounterBits.pair(key: 0, number: 0) == (0xff1d_ae59, 0x6cd1_0df2))
    let x = KernelTrial.numbers(count, seed: 7)
    for (key, first) in [(UInt64(1), 0), (0xdead_beef_0bad_cafe, 1), (7, 12_345), (7, 1 << 33)] {
      var fast = [Float](repeating: 9, count: count)
      var slow = fast
      FloatKernels.dropOut(
        key: key, first: first, count: count, threshold: 1 << 30, factor: 4.0 / 3, x, into: &fast)
      Reference.dropOut(
        key: key, first: first, count: count, threshold: 1 << 30, factor: 4.0 / 3, x, into: &slow)
      KernelTrial.expectClose(fast, slow, tolerance: 1e-7, "dropout")
      #expect(zip(fast, slow).allSatisfy { ($0 == 0) == ($1 == 0) })
    }
  }

  @Test("dropout drops the asked share of elements, wherever a call begins")
  func dropoutShare() {
    let count = 200_000
    let ones = [Float](repeating: 1, count: count)
    var y = ones
    FloatKernels.dropOut(
      key: 99, first: 0, count: count, threshold: UInt32(0.1 * 0x1p32), factor: 1, ones, into: &y)
    let dropped = Double(y.filter { $0 == 0 }.count) / Double(count)
    #expect(abs(dropped - 0.1) < 5 * (0.09 / Double(count)).squareRoot())
    var part = [Float](repeating: 0, count: 1000)
    FloatKernels.dropOut(
      key: 99, first: 777, count: 1000, threshold: UInt32(0.1 * 0x1p32), factor: 1, ones,
      into: &part)
    #expect(part == Array(y[777..<1777]))
  }

  @Test("normal draws and their way back", arguments: counts)
  func sampling(count: Int) {
    let mean = KernelTrial.numbers(count, seed: 8)
    let logVariance = KernelTrial.numbers(count, seed: 9)
    var results: [[[Float]]] = []
    let zeros = [Float](repeating: 0, count: count)
    for isFast in [true, false] {
      var (noise, z, dMean, dLog) = (zeros, zeros, zeros, zeros)
      if isFast {
        FloatKernels.sampleNormal(
          key: 5, first: 3, count: count, mean: mean, logVariance: logVariance, noise: &noise,
          into: &z)
        FloatKernels.sampleNormalBackward(
          count: count, logVariance: logVariance, noise: noise, dz: mean, meanGradient: &dMean,
          logVarianceGradient: &dLog)
      } else {
        Reference.sampleNormal(
          key: 5, first: 3, count: count, mean: mean, logVariance: logVariance, noise: &noise,
          into: &z)
        Reference.sampleNormalBackward(
          count: count, logVariance: logVariance, noise: noise, dz: mean, meanGradient: &dMean,
          logVarianceGradient: &dLog)
      }
      results.append([noise, z, dMean, dLog])
    }
    for (fast, slow) in zip(results[0], results[1]) {
      KernelTrial.expectClose(fast, slow, tolerance: 3e-7, "sampling")
    }
  }

  @Test("normal draws have mean 0, variance 1 and kurtosis 3")
  func normalMoments() {
    let count = 200_000
    let zeros = [Float](repeating: 0, count: count)
    var (noise, z) = (zeros, zeros)
    FloatKernels.sampleNormal(
      key: 17, first: 0, count: count, mean: zeros, logVariance: zeros, noise: &noise, into: &z)
    #expect(noise == z)
    let n = Double(count)
    let mean = noise.reduce(0) { $0 + Double($1) } / n
    let square = noise.reduce(0) { $0 + Double($1) * Double($1) } / n
    let fourth = noise.reduce(0) { $0 + Double($1 * $1) * Double($1 * $1) } / n
    #expect(abs(mean) < 5 / n.squareRoot())
    #expect(abs(square - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 5 * (96 / n).squareRoot())
  }

  @Test("Adam and momentum steps", arguments: counts)
  func optimizers(count: Int) {
    let gradients = KernelTrial.numbers(count, seed: 10)
    let start = KernelTrial.numbers(count, seed: 11)
    let adam = AdamStep(
      correctedRate: 0.01, beta1: 0.9, beta2: 0.999, inverseRoot: 3, epsilon: 1e-8,
      gradientFactor: 0.7, l2: 0.01, shrink: 0.99)
    var (p, m, v) = (start, start.map { $0 / 10 }, start.map { $0 * $0 })
    var (p2, m2, v2) = (p, m, v)
    FloatKernels.adam(
      adam, count: count, parameters: &p, gradients: gradients, first: &m, second: &v)
    Reference.adam(
      adam, count: count, parameters: &p2, gradients: gradients, first: &m2, second: &v2)
    for (fast, slow) in [(p, p2), (m, m2), (v, v2)] {
      KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "adam")
    }
    for (isNesterov, isFirst) in [(false, false), (true, false), (false, true), (true, true)] {
      let step = MomentumStep(
        rate: 0.1, momentum: 0.9, gradientFactor: 0.5, l2: 0.1, shrink: 0.9,
        isNesterov: isNesterov, isFirst: isFirst)
      FloatKernels.momentum(step, count: count, parameters: &p, gradients: gradients, velocity: &m)
      Reference.momentum(
        step, count: count, parameters: &p2, gradients: gradients, velocity: &m2)
      KernelTrial.expectClose(p, p2, tolerance: 1e-6, "momentum")
      KernelTrial.expectClose(m, m2, tolerance: 1e-6, "velocity")
    }
  }
}
