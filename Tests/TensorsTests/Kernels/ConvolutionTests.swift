import Tensors
import Testing

/// A convolution and its adjoints as direct sums over all windows, in Double.
private struct DirectConvolution {
  let window: SlidingWindow
  let filters: Int
  let examples: Int

  /// Calls `body` for each product in the sum: output, input and weight element (channel by
  /// filter).
  func forEachProduct(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
    let w = window
    for example in 0..<examples {
      for oy in 0..<w.outputHeight {
        for ox in 0..<w.outputWidth {
          let output = ((example * w.outputHeight + oy) * w.outputWidth + ox) * filters
          for ky in 0..<w.kernelHeight {
            for kx in 0..<w.kernelWidth {
              let y = oy * w.strideHeight - w.padTop + ky
              let x = ox * w.strideWidth - w.padLeft + kx
              guard y >= 0, y < w.inputHeight, x >= 0, x < w.inputWidth else { continue }
              let input = ((example * w.inputHeight + y) * w.inputWidth + x) * w.channels
              let weight = (ky * w.kernelWidth + kx) * w.channels * filters
              for c in 0..<w.channels {
                for f in 0..<filters { body(output + f, input + c, weight + c * filters + f) }
              }
            }
          }
        }
      }
    }
  }
}

/// Numbers in memory that kernels may read a vector beyond.
private func buffer<Scalar: TensorScalar>(
  _ values: [Float], _ type: Scalar.Type
) -> AlignedBuffer<Scalar> {
  let buffer = AlignedBuffer<Scalar>(count: values.count)
  buffer.assign(values.map { Scalar($0) })
  return buffer
}

/// Runs an algorithm on the numbers of a trial and gives back what it computed.
private struct AlgorithmRun<Algorithm: ConvolutionAlgorithm> {
  typealias Scalar = Algorithm.Scalar
  let z: [Float]
  let a: [Float]
  let dx: [Float]
  let dw: [Float]
  let dwTwice: [Float]

  init(
    _ algorithm: Algorithm, examples: Int, x: [Float], weights: [Float], bias: [Float],
    dz: [Float]
  ) {
    let (input, slopes) = (buffer(x, Scalar.self), buffer(dz, Scalar.self))
    let (matrix, offsets) = (buffer(weights, Scalar.self), buffer(bias, Scalar.self))
    // Old numbers in the results must not show.
    let (output, active) = (buffer(dz, Scalar.self), buffer(dz, Scalar.self))
    let (inputGradient, gradient) = (buffer(x, Scalar.self), buffer(weights, Scalar.self))
    let scratch = AlignedBuffer<Scalar>(count: algorithm.scratchCount(examples: examples))
    let forward = AlignedBuffer<Scalar>(count: algorithm.forwardCount)
    let backward = AlignedBuffer<Scalar>(count: algorithm.backwardCount)
    algorithm.prepareForward(weights: matrix.base, into: forward.base)
    algorithm.forward(
      examples: examples, x: input.base, weights: matrix.base, prepared: forward.base,
      bias: offsets.base, function: .relu, z: output.base, a: active.base, scratch: scratch.base)
    algorithm.prepareBackward(weights: matrix.base, into: backward.base)
    algorithm.backwardToInput(
      examples: examples, dz: slopes.base, weights: matrix.base, prepared: backward.base,
      dx: inputGradient.base, scratch: scratch.base)
    func floats(_ buffer: AlignedBuffer<Scalar>) -> [Float] {
      buffer.values().map { Float($0.asDouble) }
    }
    (z, a, dx) = (floats(output), floats(active), floats(inputGradient))
    algorithm.backwardToWeights(
      examples: examples, x: input.base, dz: slopes.base, gradient: gradient.base,
      accumulates: false, scratch: scratch.base)
    dw = floats(gradient)
    algorithm.backwardToWeights(
      examples: examples, x: input.base, dz: slopes.base, gradient: gradient.base,
      accumulates: true, scratch: scratch.base)
    dwTwice = floats(gradient)
  }
}

@Suite("A convolution")
struct ConvolutionTests {
  @Test("equals direct sums, forward and both ways back", arguments: WindowCases.all)
  func equalsDirectSums(window: SlidingWindow) {
    for filters in [1, 6, 16, 20] {
      check(Convolution<FloatKernels>.self, window, filters: filters, examples: 3)
    }
    check(Convolution<DoubleKernels>.self, window, filters: 5, examples: 2)
    check(Convolution<ReferenceKernels<Double>>.self, window, filters: 3, examples: 2)
  }

  static let largeWindows = [
    SlidingWindow(inputWidth: 300, channels: 15, kernelWidth: 5, outputWidth: 296),
    SlidingWindow(
      inputHeight: 40, inputWidth: 40, channels: 4, kernelHeight: 3, kernelWidth: 3,
      strideHeight: 2, strideWidth: 2, padTop: 1, padLeft: 1, outputHeight: 20, outputWidth: 20),
    SlidingWindow(
      inputHeight: 40, inputWidth: 40, channels: 16, kernelHeight: 4, kernelWidth: 4,
      strideHeight: 2, strideWidth: 2, padTop: 1, padLeft: 1, outputHeight: 20, outputWidth: 20),
    SlidingWindow(
      inputHeight: 100, inputWidth: 90, channels: 16, kernelHeight: 3, kernelWidth: 3, padTop: 1,
      padLeft: 1, outputHeight: 100, outputWidth: 90),
    SlidingWindow(inputWidth: 9, channels: 4, kernelWidth: 1, outputWidth: 9),
  ]

  @Test(
    "equals direct sums when it takes more than one block, group or band", arguments: largeWindows)
  func severalBlocks(window: SlidingWindow) {
    for filters in [3, 40] {
      check(Convolution<FloatKernels>.self, window, filters: filters, examples: 5)
    }
    check(Convolution<DoubleKernels>.self, window, filters: 5, examples: 5)
  }

  private func check<K: Kernels>(
    _ type: Convolution<K>.Type, _ window: SlidingWindow, filters: Int, examples: Int
  ) {
    let direct = DirectConvolution(window: window, filters: filters, examples: examples)
    let outputs = examples * window.positionCount * filters
    let x = KernelTrial.numbers(examples * window.inputCount, seed: 1)
    let weights = KernelTrial.numbers(window.windowCount * filters, seed: 2)
    let bias = KernelTrial.numbers(filters, seed: 3)
    let dz = KernelTrial.numbers(outputs, seed: 4)
    var z = (0..<outputs).map { Double(bias[$0 % filters]) }
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: weights.count)
    direct.forEachProduct { output, input, weight in
      z[output] += Double(x[input]) * Double(weights[weight])
      dx[input] += Double(dz[output]) * Double(weights[weight])
      dw[weight] += Double(dz[output]) * Double(x[input])
    }
    let run = AlgorithmRun(
      Convolution<K>(window: window, filters: filters), examples: examples, x: x,
      weights: weights, bias: bias, dz: dz)
    let what = "\(K.self), \(filters) filters, \(window)"
    KernelTrial.expectClose(run.z, z.map { Float($0) }, tolerance: 3e-6, "z \(what)")
    #expect(zip(run.z, run.a).allSatisfy { max($0, 0) == $1 }, "a \(what)")
    KernelTrial.expectClose(run.dx, dx.map { Float($0) }, tolerance: 3e-6, "dx \(what)")
    KernelTrial.expectClose(run.dw, dw.map { Float($0) }, tolerance: 1e-5, "dw \(what)")
    KernelTrial.expectClose(
      run.dwTwice, dw.map { Float(2 * $0) }, tolerance: 1e-5, "2 dw \(what)")
  }

  @Test("in every machine code that this CPU runs equals the reference")
  func machineCodes() {
    for var window in WindowCases.all where window.padTop == 0 && window.padLeft == 0 {
      window.outputHeight = (window.inputHeight - window.kernelHeight) / window.strideHeight + 1
      for filters in [1, 7, 16, 33, 70] {
        let gap = OutputPlacement(window, filters: filters)
        let spread = OutputPlacement(
          step: 2 * gap.step, pitch: 2 * gap.pitch + 3, imageCount: 3 * gap.imageCount + 100)
        for placement in [gap, spread] {
          compare(window, filters: filters, placement: placement)
        }
      }
    }
  }

  private func compare(_ window: SlidingWindow, filters: Int, placement: OutputPlacement) {
    let examples = 2
    let images = buffer(KernelTrial.numbers(examples * window.inputCount, seed: 1), Float.self)
    let weights = buffer(KernelTrial.numbers(window.windowCount * filters, seed: 2), Float.self)
    let bias = buffer(KernelTrial.numbers(filters, seed: 3), Float.self)
    let start = KernelTrial.numbers(examples * placement.imageCount, seed: 4)
    let expected = buffer(start, Float.self)
    ReferenceKernels<Float>.convolve(
      window, filters: filters, examples: examples, images.base, weights: weights.base,
      bias: bias.base, placement: placement, into: expected.base)
    for code in FloatKernels.machineCodes {
      let found = buffer(start, Float.self)
      FloatKernels.convolve(
        window, filters: filters, examples: examples, images.base, weights: weights.base,
        bias: bias.base, placement: placement, into: found.base, by: code)
      KernelTrial.expectClose(
        found.values(), expected.values(), tolerance: 3e-6, "code \(code) \(window)")
      for isTransposed in [false, true] {
        let (sums, oracle) = (
          buffer(weights.values(), Float.self), buffer(weights.values(), Float.self)
        )
        FloatKernels.convolveToWeights(
          window, filters: filters, examples: examples, images.base, dz: expected.base,
          placement: placement, isTransposed: isTransposed, accumulates: true, into: sums.base,
          by: code)
        ReferenceKernels<Float>.convolveToWeights(
          window, filters: filters, examples: examples, images.base, dz: expected.base,
          placement: placement, isTransposed: isTransposed, accumulates: true, into: oracle.base)
        KernelTrial.expectClose(
          sums.values(), oracle.values(), tolerance: 5e-6, "weights, code \(code) \(window)")
      }
    }
  }

  @Test(
    "of a doubled image by four small ones equals doubling and convolving", arguments: [1, 3, 16],
    [1, 5, 20])
  func doubled(channels: Int, filters: Int) {
    for (height, width) in [(1, 1), (1, 5), (2, 3), (7, 7), (14, 6)] {
      for isFlat in [false, true] where !isFlat || height == 1 {
        let window = SlidingWindow(
          inputHeight: isFlat ? 1 : 2 * height, inputWidth: 2 * width, channels: channels,
          kernelHeight: isFlat ? 1 : 3, kernelWidth: 3, padTop: isFlat ? 0 : 1, padLeft: 1,
          outputHeight: isFlat ? 1 : 2 * height, outputWidth: 2 * width)
        #expect(DoubledConvolution<FloatKernels>.applies(to: window))
        compareDoubled(FloatKernels.self, window, isFlat, filters: filters, tolerance: 5e-6)
        compareDoubled(
          ReferenceKernels<Double>.self, window, isFlat, filters: filters, tolerance: 3e-7)
      }
    }
  }

  private func compareDoubled<K: Kernels>(
    _ kernels: K.Type, _ window: SlidingWindow, _ isFlat: Bool, filters: Int, tolerance: Double
  ) {
    let examples = 3
    let (height, width) = (isFlat ? 1 : window.inputHeight / 2, window.inputWidth / 2)
    let small = KernelTrial.numbers(examples * height * width * window.channels, seed: 1)
    let weights = KernelTrial.numbers(window.windowCount * filters, seed: 2)
    let bias = KernelTrial.numbers(filters, seed: 3)
    let dz = KernelTrial.numbers(examples * window.positionCount * filters, seed: 4)
    var large = [Float](repeating: 0, count: examples * window.inputCount)
    ReferenceKernels<Float>.upsample(
      examples: examples, height: height, width: width, channels: window.channels,
      factorHeight: isFlat ? 1 : 2, factorWidth: 2, small, into: &large)
    let plain = AlgorithmRun(
      Convolution<ReferenceKernels<Double>>(window: window, filters: filters),
      examples: examples, x: large, weights: weights, bias: bias, dz: dz)
    let doubled = AlgorithmRun(
      DoubledConvolution<K>(window: window, filters: filters), examples: examples, x: small,
      weights: weights, bias: bias, dz: dz)
    var smallGradient = small
    ReferenceKernels<Float>.upsampleBackward(
      examples: examples, height: height, width: width, channels: window.channels,
      factorHeight: isFlat ? 1 : 2, factorWidth: 2, dy: plain.dx, into: &smallGradient)
    KernelTrial.expectClose(doubled.z, plain.z, tolerance: tolerance, "z \(window)")
    KernelTrial.expectClose(doubled.a, plain.a, tolerance: tolerance, "a \(window)")
    KernelTrial.expectClose(doubled.dx, smallGradient, tolerance: tolerance, "dx \(window)")
    KernelTrial.expectClose(doubled.dw, plain.dw, tolerance: tolerance, "dw \(window)")
    KernelTrial.expectClose(doubled.dwTwice, plain.dwTwice, tolerance: tolerance, "2 dw \(window)")
  }

  @Test("is not taken for a doubled one when its window or padding differs")
  func doubledConditions() {
    let fitting = SlidingWindow(
      inputHeight: 4, inputWidth: 6, channels: 1, kernelHeight: 3, kernelWidth: 3, padTop: 1,
      padLeft: 1, outputHeight: 4, outputWidth: 6)
    var others = [SlidingWindow](repeating: fitting, count: 5)
    others[0].padLeft = 0
    others[1].kernelHeight = 5
    others[2].strideWidth = 2
    others[3].outputHeight = 2
    others[4].inputWidth = 5
    for other in others { #expect(!DoubledConvolution<FloatKernels>.applies(to: other)) }
    #expect(DoubledConvolution<ReferenceKernels<Float>>.applies(to: fitting))
    #expect(!DoubledConvolution<DoubleKernels>.applies(to: fitting))
  }

  @Test("with few filters takes several windows as one")
  func widening() {
    func positions(filters: Int, kernel: Int, stride: Int = 1) -> Int {
      let window = SlidingWindow(
        inputWidth: 60, channels: 4, kernelWidth: kernel, strideWidth: stride,
        outputWidth: (60 - kernel) / stride + 1)
      return WindowWidening(
        window, filters: filters, placement: OutputPlacement(window, filters: filters)
      ).positions
    }
    #expect(positions(filters: 1, kernel: 9) == 8)
    #expect(positions(filters: 8, kernel: 9) == 2)
    #expect(positions(filters: 16, kernel: 9) == 1)
    #expect(positions(filters: 64, kernel: 3) == 1)
    #expect(positions(filters: 8, kernel: 2, stride: 2) == 1)
  }
}
