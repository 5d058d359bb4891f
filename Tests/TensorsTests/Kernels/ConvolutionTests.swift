import Tensors
import Testing

/// A convolution and its adjoints as direct sums over all windows, in Double.
private struct DirectConvolution {
  let window: SlidingWindow
  let filters: Int
  let examples: Int

  /// Calls `body` for each product in the sum: output, input and weight element (channel by filter).
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

@Suite("A convolution by matrix products")
struct ConvolutionTests {
  @Test("equals direct sums, forward and both ways back", arguments: WindowCases.all)
  func equalsDirectSums(window: SlidingWindow) {
    for filters in [1, 6] { check(window, filters: filters, examples: 3) }
  }

  @Test("equals direct sums when the windows need more than one block")
  func severalBlocks() {
    let signal = SlidingWindow(
      inputWidth: 300, channels: 15, kernelWidth: 5, outputWidth: 296)
    check(signal, filters: 8, examples: 7)
    let image = SlidingWindow(
      inputHeight: 40, inputWidth: 40, channels: 4, kernelHeight: 3, kernelWidth: 3,
      strideHeight: 2, strideWidth: 2, padTop: 1, padLeft: 1, outputHeight: 20, outputWidth: 20)
    check(image, filters: 5, examples: 6)
    check(
      SlidingWindow(inputWidth: 9, channels: 4, kernelWidth: 1, outputWidth: 9), filters: 3,
      examples: 2)
  }

  private func check(_ window: SlidingWindow, filters: Int, examples: Int) {
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
    let convolution = Convolution<FloatKernels>(window: window, filters: filters)
    var scratch = [Float](repeating: 0, count: convolution.scratchCount(examples: examples))
    var fastZ = dz
    var fastA = dz
    convolution.forward(
      examples: examples, x: x, weights: weights, bias: bias, function: .relu, z: &fastZ,
      a: &fastA, scratch: &scratch)
    KernelTrial.expectClose(fastZ, z.map { Float($0) }, tolerance: 2e-6, "z \(window)")
    #expect(zip(fastZ, fastA).allSatisfy { max($0, 0) == $1 })
    var flipped = weights
    convolution.prepareBackward(weights: weights, into: &flipped)
    var fastDx = x
    convolution.backwardToInput(
      examples: examples, dz: dz, weights: weights, flipped: flipped, dx: &fastDx,
      scratch: &scratch)
    KernelTrial.expectClose(fastDx, dx.map { Float($0) }, tolerance: 3e-6, "dx \(window)")
    var fastDw = weights
    convolution.backwardToWeights(
      examples: examples, x: x, dz: dz, gradient: &fastDw, accumulates: false, scratch: &scratch)
    KernelTrial.expectClose(fastDw, dw.map { Float($0) }, tolerance: 3e-6, "dw \(window)")
    convolution.backwardToWeights(
      examples: examples, x: x, dz: dz, gradient: &fastDw, accumulates: true, scratch: &scratch)
    KernelTrial.expectClose(fastDw, dw.map { Float(2 * $0) }, tolerance: 3e-6, "2dw \(window)")
  }
}
