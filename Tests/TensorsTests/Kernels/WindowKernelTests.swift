import Randomness
import Tensors
import Testing

private typealias Reference = ReferenceKernels<Float>

/// Windows of all kinds: exhaustive over small settings, then random ones.
enum WindowCases {
  static let all: [SlidingWindow] = {
    var windows: [SlidingWindow] = []
    for size in [1, 2, 5, 8] {
      for kernel in 1...3 {
        for stride in 1...3 {
          for pad in 0..<kernel where size + 2 * pad >= kernel {
            let count = (size + 2 * pad - kernel) / stride + 1
            windows.append(
              SlidingWindow(
                inputWidth: size, channels: 3, kernelWidth: kernel, strideWidth: stride,
                padLeft: pad, outputWidth: count))
          }
        }
      }
    }
    var generator = Seed(2024).generator()
    while windows.count < 200 {
      let window = random(&generator)
      if window.outputHeight > 0, window.outputWidth > 0 { windows.append(window) }
    }
    return windows
  }()

  static func random(_ generator: inout SeededGenerator) -> SlidingWindow {
    func pick(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + generator.nextIndex(below: range.count)
    }
    let (kernelHeight, kernelWidth) = (pick(1...4), pick(1...5))
    let (strideHeight, strideWidth) = (pick(1...3), pick(1...3))
    let (padTop, padLeft) = (pick(0...kernelHeight - 1), pick(0...kernelWidth - 1))
    let (height, width) = (pick(1...9), pick(1...9))
    let rows = height + 2 * padTop - kernelHeight
    let columns = width + 2 * padLeft - kernelWidth
    return SlidingWindow(
      inputHeight: height, inputWidth: width, channels: pick(1...20), kernelHeight: kernelHeight,
      kernelWidth: kernelWidth, strideHeight: strideHeight, strideWidth: strideWidth,
      padTop: padTop, padLeft: padLeft, outputHeight: rows < 0 ? 0 : rows / strideHeight + 1,
      outputWidth: columns < 0 ? 0 : columns / strideWidth + 1)
  }
}

@Suite("Fast window kernels agree with the reference")
struct WindowKernelTests {
  let examples = 3

  @Test("gathering, scattering and pooling", arguments: WindowCases.all)
  func windows(window: SlidingWindow) {
    let images = KernelTrial.numbers(examples * window.inputCount, seed: 1)
    let rows = examples * window.positionCount
    // A range that starts in the middle, as the blocks of a convolution do.
    for range in [0..<rows, rows / 3..<rows, rows / 2..<rows / 2] {
      var fast = [Float](repeating: 7, count: range.count * window.windowCount)
      var slow = fast
      FloatKernels.gatherWindows(window, rows: range, of: images, into: &fast)
      Reference.gatherWindows(window, rows: range, of: images, into: &slow)
      #expect(fast == slow)
      var (fastImages, slowImages) = (images, images)
      FloatKernels.scatterWindows(window, rows: range, of: fast, into: &fastImages)
      Reference.scatterWindows(window, rows: range, of: fast, into: &slowImages)
      KernelTrial.expectClose(fastImages, slowImages, tolerance: 1e-6, "scatter")
    }
    pooling(window, images)
  }

  private func pooling(_ window: SlidingWindow, _ images: [Float]) {
    let outputs = examples * window.positionCount * window.channels
    let dy = KernelTrial.numbers(outputs, seed: 2)
    var (fast, slow) = (
      [Float](repeating: 7, count: outputs), [Float](repeating: 8, count: outputs)
    )
    var (fastTaps, slowTaps) = (
      [UInt16](repeating: 9, count: outputs), [UInt16](repeating: 8, count: outputs)
    )
    var (fastBack, slowBack) = (images, images)
    FloatKernels.maxPool(window, examples: examples, images, into: &fast, taps: &fastTaps)
    Reference.maxPool(window, examples: examples, images, into: &slow, taps: &slowTaps)
    #expect(fast == slow && fastTaps == slowTaps)
    FloatKernels.maxPoolBackward(
      window, examples: examples, taps: fastTaps, dy: dy, into: &fastBack)
    Reference.maxPoolBackward(
      window, examples: examples, taps: fastTaps, dy: dy, into: &slowBack)
    KernelTrial.expectClose(fastBack, slowBack, tolerance: 1e-6, "max pool backward")
    FloatKernels.averagePool(window, examples: examples, images, into: &fast)
    Reference.averagePool(window, examples: examples, images, into: &slow)
    KernelTrial.expectClose(fast, slow, tolerance: 1e-6, "average pool")
    FloatKernels.averagePoolBackward(window, examples: examples, dy: dy, into: &fastBack)
    Reference.averagePoolBackward(window, examples: examples, dy: dy, into: &slowBack)
    KernelTrial.expectClose(fastBack, slowBack, tolerance: 1e-6, "average pool backward")
  }

  @Test("the first of equal elements is the largest, and not-a-number wins")
  func ties() {
    let window = SlidingWindow(
      inputWidth: 4, channels: 1, kernelWidth: 4, strideWidth: 4, outputWidth: 1)
    var (y, taps) = ([Float](repeating: 0, count: 1), [UInt16](repeating: 9, count: 1))
    FloatKernels.maxPool(window, examples: 1, [1, 3, 3, 2], into: &y, taps: &taps)
    #expect(y == [3] && taps == [1])
    FloatKernels.maxPool(window, examples: 1, [1, .nan, 3, 9], into: &y, taps: &taps)
    #expect(y[0].isNaN && taps == [1])
    FloatKernels.maxPool(
      window, examples: 1, [-.infinity, -.infinity, -.infinity, -.infinity], into: &y, taps: &taps)
    #expect(y == [-.infinity] && taps == [0])
  }

  @Test("enlargement and its way back", arguments: 1...3)
  func upsampling(factor: Int) {
    for (height, width, channels) in [(1, 1, 1), (2, 3, 4), (5, 1, 17), (1, 6, 3)] {
      let x = KernelTrial.numbers(2 * height * width * channels, seed: 3)
      let count = x.count * factor * factor
      var (fast, slow) = ([Float](repeating: 1, count: count), [Float](repeating: 2, count: count))
      FloatKernels.upsample(
        examples: 2, height: height, width: width, channels: channels, factorHeight: factor,
        factorWidth: factor, x, into: &fast)
      Reference.upsample(
        examples: 2, height: height, width: width, channels: channels, factorHeight: factor,
        factorWidth: factor, x, into: &slow)
      #expect(fast == slow)
      let dy = KernelTrial.numbers(count, seed: 4)
      var (fastBack, slowBack) = (x, x)
      FloatKernels.upsampleBackward(
        examples: 2, height: height, width: width, channels: channels, factorHeight: factor,
        factorWidth: factor, dy: dy, into: &fastBack)
      Reference.upsampleBackward(
        examples: 2, height: height, width: width, channels: channels, factorHeight: factor,
        factorWidth: factor, dy: dy, into: &slowBack)
      KernelTrial.expectClose(fastBack, slowBack, tolerance: 1e-6, "upsample backward")
    }
  }
}
