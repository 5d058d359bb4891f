/// Several neighbouring windows taken as one, for convolutions with few filters.
///
/// Vectors over eight filters would be half empty, over one filter nearly so. But `positions`
/// windows side by side see one stretch of the image, and their results lie side by side too: they
/// are one window of that stretch with `positions · filters` filters, whose weights are the old
/// ones, shifted, between zeros. Products with zeros cost time, empty lanes cost more; `init`
/// weighs the two. A zero adds nothing to a sum, so every result is the sum of the same products in
/// the same order.
package struct WindowWidening: Sendable {
  private let window: SlidingWindow
  private let filters: Int
  /// How many windows are taken as one; 1 when nothing is gained.
  package let positions: Int

  /// Weighs how many windows are best taken as one; the window has no padding.
  package init(_ window: SlidingWindow, filters: Int, placement: OutputPlacement) {
    self.window = window
    self.filters = filters
    guard placement.step == filters else {
      positions = 1
      return
    }
    // A quarter of gain covers the writing of the weights and the positions left over.
    var best = (
      positions: 1, speed: 1.25 * Self.speed(window, filters: filters, positions: 1)
    )
    for positions in [2, 3, 4, 6, 8] where positions <= window.outputWidth {
      let speed = Self.speed(window, filters: filters, positions: positions)
      if speed > best.speed { best = (positions, speed) }
    }
    positions = best.positions
  }

  /// The share of the peak that is spent on products that count.
  private static func speed(_ window: SlidingWindow, filters: Int, positions: Int) -> Double {
    let width = window.kernelWidth + (positions - 1) * window.strideWidth
    let columns = positions * filters
    guard window.kernelHeight * width * window.channels * columns <= 65_536 else { return 0 }
    let lanes = (columns + 15) / 16 * 16
    return Double(window.kernelWidth * columns) / Double(width * lanes)
  }

  private var wideKernel: Int { window.kernelWidth + (positions - 1) * window.strideWidth }

  private var wideWeightCount: Int {
    window.kernelHeight * wideKernel * window.channels * positions * filters
  }

  /// How many numbers the weights and biases of the widened window take.
  var scratchCount: Int {
    guard positions > 1 else { return 0 }
    return (wideWeightCount + positions * filters + 15) / 16 * 16
  }

  /// Writes the weights and biases of the widened window.
  func prepare<Scalar: TensorScalar>(
    weights: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
    in wide: UnsafeMutablePointer<Scalar>
  ) {
    guard positions > 1 else { return }
    wide.update(repeating: 0, count: scratchCount)
    let taps = window.kernelWidth * window.channels
    for row in 0..<window.kernelHeight {
      for position in 0..<positions {
        let shift =
          row * wideKernel * window.channels + position * window.strideWidth * window.channels
        for tap in 0..<taps {
          let source = weights + (row * taps + tap) * filters
          let target = wide + ((shift + tap) * positions + position) * filters
          target.update(from: source, count: filters)
        }
      }
    }
    guard let bias else { return }
    for position in 0..<positions {
      (wide + wideWeightCount + position * filters).update(from: bias, count: filters)
    }
  }

  /// Convolves images without padding; `wide` is what `prepare` wrote.
  func convolve<K: Kernels>(
    _ kernels: K.Type, examples: Int, _ images: UnsafePointer<K.Scalar>,
    weights: UnsafePointer<K.Scalar>, bias: UnsafePointer<K.Scalar>?,
    wide: UnsafePointer<K.Scalar>, placement: OutputPlacement,
    into z: UnsafeMutablePointer<K.Scalar>
  ) {
    guard positions > 1 else {
      K.convolve(
        window, filters: filters, examples: examples, images, weights: weights, bias: bias,
        placement: placement, into: z)
      return
    }
    var main = window
    main.kernelWidth = wideKernel
    main.strideWidth = positions * window.strideWidth
    main.outputWidth = window.outputWidth / positions
    var spread = placement
    spread.step = positions * filters
    K.convolve(
      main, filters: positions * filters, examples: examples, images, weights: wide,
      bias: bias.map { _ in wide + wideWeightCount }, placement: spread, into: z)
    let done = main.outputWidth * positions
    guard done < window.outputWidth else { return }
    var rest = window
    rest.outputWidth = window.outputWidth - done
    K.convolve(
      rest, filters: filters, examples: examples,
      images + done * window.strideWidth * window.channels, weights: weights, bias: bias,
      placement: placement, into: z + done * filters)
  }
}
