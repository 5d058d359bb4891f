/// How one window goes over a batch in pieces that fit the cache.
struct WindowPlan<K: Kernels>: Sendable {
  typealias Source = UnsafePointer<K.Scalar>
  typealias Target = UnsafeMutablePointer<K.Scalar>

  private let window: SlidingWindow
  private let filters: Int
  private let placement: OutputPlacement
  // What the images are once their padding lies around them.
  private let padded: SlidingWindow
  private let needsCopy: Bool
  private let widening: WindowWidening
  private let rowsPerBlock: Int
  private let examplesPerGroup: Int
  private let outputRowsPerBand: Int

  /// 256 KiB of floats: a quarter of a second-level cache, beside the weights and the results.
  private static var blockCount: Int { 65_536 }

  /// - Parameter placement: Where results lie if they leave gaps.
  init(window: SlidingWindow, filters: Int, placement: OutputPlacement? = nil) {
    let placement = placement ?? OutputPlacement(window, filters: filters)
    self.window = window
    self.filters = filters
    self.placement = placement
    var padded = window
    padded.padTop = 0
    padded.padLeft = 0
    padded.inputHeight = (window.outputHeight - 1) * window.strideHeight + window.kernelHeight
    padded.inputWidth = (window.outputWidth - 1) * window.strideWidth + window.kernelWidth
    needsCopy =
      window.padTop != 0 || window.padLeft != 0 || padded.inputHeight > window.inputHeight
      || padded.inputWidth > window.inputWidth
    if !needsCopy {
      padded.inputHeight = window.inputHeight
      padded.inputWidth = window.inputWidth
    }
    self.padded = padded
    widening = WindowWidening(padded, filters: filters, placement: placement)
    rowsPerBlock = max(1, Self.blockCount / max(1, window.windowCount))
    let exampleCount = max(1, padded.inputCount, window.positionCount * filters)
    examplesPerGroup = max(1, Self.blockCount / exampleCount)
    // The weights' gradient goes over the images once for every dozen of its rows, so the part of
    // the images that it looks at has to stay in the cache even when one image does not.
    let inputRow = window.strideHeight * padded.inputWidth * window.channels
    outputRowsPerBand = max(1, Self.blockCount / max(1, window.outputWidth * filters + inputRow))
  }

  func columnCount(examples: Int) -> Int {
    min(examples * window.positionCount, rowsPerBlock) * window.windowCount
  }

  func scratchCount(examples: Int) -> Int {
    guard K.convolvesDirectly else { return columnCount(examples: examples) }
    let copy = needsCopy ? min(examples, examplesPerGroup) * padded.inputCount : 0
    // The exchanged gradient, and room to transpose it.
    let exchanged = exchangesAxes ? 2 * window.windowCount * filters : 0
    return max(copy + widening.scratchCount, copy + exchanged)
  }

  /// Whether the gradient of the weights is summed with the filters as rows: vectors over few
  /// filters would be mostly empty.
  private var exchangesAxes: Bool { filters < 16 && window.kernelWidth * window.channels >= 32 }

  /// Writes `z = bias + x ∗ weights` and, where results leave no gaps, `a = f(z)`.
  func convolve(
    examples: Int, _ x: Source, weights: Source, bias: Source?, function: ActivationFunction,
    z: Target, a: Target, scratch: Target
  ) {
    if K.convolvesDirectly {
      widening.prepare(weights: weights, bias: bias, in: scratch)
      forEachGroup(examples: examples, x, scratch + widening.scratchCount) {
        first, count, images in
        let offset = first * placement.imageCount
        widening.convolve(
          K.self, examples: count, images, weights: weights, bias: bias, wide: scratch,
          placement: placement, into: z + offset)
        if function != .linear || a != z {
          K.activate(
            function, count: count * placement.imageCount, z + offset, into: a + offset)
        }
      }
      return
    }
    forEachBlock(examples: examples, x, scratch) { rows, columns in
      let offset = rows.lowerBound * filters
      K.multiply(
        MatrixProduct(rows: rows.count, columns: filters, depth: window.windowCount), columns,
        weights, into: z + offset)
      K.addBiasAndActivate(
        function, rows: rows.count, columns: filters, bias: bias, to: z + offset,
        into: a + offset)
    }
  }

  /// Sets the gradient of the weights, or adds to it.
  func convolveToWeights(
    examples: Int, _ x: Source, dz: Source, gradient: Target, accumulates: Bool, scratch: Target
  ) {
    guard K.convolvesDirectly else {
      var adds = accumulates
      forEachBlock(examples: examples, x, scratch) { rows, columns in
        K.multiply(
          MatrixProduct(
            rows: window.windowCount, columns: filters, depth: rows.count, transposesFirst: true,
            accumulates: adds),
          columns, dz + rows.lowerBound * filters, into: gradient)
        adds = true
      }
      return
    }
    let exchanged = exchangesAxes
    let copies = exchanged ? scratch + window.windowCount * filters : scratch
    var adds = accumulates && !exchanged
    forEachGroup(examples: examples, x, copies) { first, count, images in
      let slopes = dz + first * placement.imageCount
      convolveBands(
        examples: count, images, dz: slopes, into: exchanged ? scratch : gradient, &adds)
    }
    if exchanged { storeExchanged(scratch, into: gradient, accumulates: accumulates) }
  }

  private func convolveBands(
    examples: Int, _ images: Source, dz: Source, into gradient: Target, _ adds: inout Bool
  ) {
    let rowsPerBand = examples == 1 ? outputRowsPerBand : window.outputHeight
    let inputRow = padded.inputWidth * window.channels * window.strideHeight
    for first in stride(from: 0, to: window.outputHeight, by: rowsPerBand) {
      var band = padded
      if rowsPerBand < window.outputHeight {
        band.outputHeight = min(rowsPerBand, window.outputHeight - first)
      }
      K.convolveToWeights(
        band, filters: filters, examples: examples, images + first * inputRow,
        dz: dz + first * placement.pitch, placement: placement, isTransposed: exchangesAxes,
        accumulates: adds, into: gradient)
      adds = true
    }
  }

  private func storeExchanged(
    _ sums: Target, into gradient: Target, accumulates: Bool
  ) {
    let size = window.kernelWidth * window.channels * filters
    let transposed = sums + window.windowCount * filters
    for row in 0..<window.kernelHeight {
      let target = gradient + row * size
      K.transpose(
        rows: filters, columns: window.kernelWidth * window.channels, sums + row * size,
        into: accumulates ? transposed : target)
      if accumulates { K.add(count: size, transposed, to: target) }
    }
  }

  /// For any stride: the gradient of every gathered window, added back to where it was gathered.
  func scatterBackward(
    examples: Int, dz: Source, weights: Source, dx: Target, scratch: Target
  ) {
    dx.update(repeating: 0, count: examples * window.inputCount)
    let rowCount = examples * window.positionCount
    for first in stride(from: 0, to: rowCount, by: rowsPerBlock) {
      let rows = first..<min(first + rowsPerBlock, rowCount)
      K.multiply(
        MatrixProduct(
          rows: rows.count, columns: window.windowCount, depth: filters, transposesSecond: true),
        dz + first * filters, weights, into: scratch)
      K.scatterWindows(window, rows: rows, of: scratch, into: dx)
    }
  }

  private func forEachGroup(
    examples: Int, _ images: Source, _ scratch: Target,
    _ body: (_ first: Int, _ count: Int, _ images: Source) -> Void
  ) {
    for first in stride(from: 0, to: examples, by: examplesPerGroup) {
      let count = min(examplesPerGroup, examples - first)
      let source = images + first * window.inputCount
      if needsCopy {
        K.padImages(
          window, examples: count, paddedHeight: padded.inputHeight,
          paddedWidth: padded.inputWidth, source, into: scratch)
      }
      body(first, count, needsCopy ? UnsafePointer(scratch) : source)
    }
  }

  private func forEachBlock(
    examples: Int, _ images: Source, _ scratch: Target,
    _ body: (_ rows: Range<Int>, _ columns: Source) -> Void
  ) {
    let rowCount = examples * window.positionCount
    if window.isPointwise {
      if rowCount > 0 { body(0..<rowCount, images) }
      return
    }
    for first in stride(from: 0, to: rowCount, by: rowsPerBlock) {
      let rows = first..<min(first + rowsPerBlock, rowCount)
      K.gatherWindows(window, rows: rows, of: images, into: scratch)
      body(rows, scratch)
    }
  }
}
