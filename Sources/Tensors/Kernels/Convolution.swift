/// Convolution of NHWC images as matrix products over blocks of gathered windows.
///
/// Weights are `[kernelHeight, kernelWidth, channels, filters]`, read as a matrix with one row for each
/// place of the window. Windows are gathered block by block into a scratch that stays in the second
/// cache, so no column matrix of the whole batch ever exists. The blocks depend on the geometry and
/// the count of examples only, which keeps results independent of threads.
package struct Convolution<K: Kernels> {
  package typealias Scalar = K.Scalar

  /// The geometry of the windows.
  package let window: SlidingWindow
  /// The number of channels of the result.
  package let filters: Int

  private let rowsPerBlock: Int
  // The backward pass for stride 1 is a convolution of the output's gradient with flipped weights.
  private let mirrored: SlidingWindow?
  private let mirroredRowsPerBlock: Int

  /// 256 KiB of floats: a quarter of a second-level cache, beside the weights and the results.
  private static var blockCount: Int { 65_536 }

  /// Prepares a convolution.
  package init(window: SlidingWindow, filters: Int) {
    self.window = window
    self.filters = filters
    rowsPerBlock = max(1, Self.blockCount / max(1, window.windowCount))
    if window.strideHeight == 1, window.strideWidth == 1 {
      let mirrored = SlidingWindow(
        inputHeight: window.outputHeight, inputWidth: window.outputWidth, channels: filters,
        kernelHeight: window.kernelHeight, kernelWidth: window.kernelWidth,
        padTop: window.kernelHeight - 1 - window.padTop,
        padLeft: window.kernelWidth - 1 - window.padLeft, outputHeight: window.inputHeight,
        outputWidth: window.inputWidth)
      self.mirrored = mirrored
      mirroredRowsPerBlock = max(1, Self.blockCount / max(1, mirrored.windowCount))
    } else {
      mirrored = nil
      mirroredRowsPerBlock = 1
    }
  }

  /// The number of weights.
  package var weightCount: Int { window.windowCount * filters }

  /// How many numbers of scratch each concurrent call needs for up to `examples` examples.
  package func scratchCount(examples: Int) -> Int {
    let rows = examples * window.positionCount
    let columns = min(rows, rowsPerBlock) * window.windowCount
    guard let mirrored else { return columns }
    let mirroredRows = examples * mirrored.positionCount
    return max(columns, min(mirroredRows, mirroredRowsPerBlock) * mirrored.windowCount)
  }

  /// Writes `z = bias + x ∗ weights` and `a = f(z)`; `a` may be `z`.
  package func forward(
    examples: Int, x: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, function: ActivationFunction, z: UnsafeMutablePointer<Scalar>,
    a: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    forEachBlock(of: window, rowsPerBlock, examples: examples, x, scratch) { rows, columns in
      let offset = rows.lowerBound * filters
      K.multiply(
        MatrixProduct(rows: rows.count, columns: filters, depth: window.windowCount), columns,
        weights, into: z + offset)
      K.addBiasAndActivate(
        function, rows: rows.count, columns: filters, bias: bias, to: z + offset,
        into: a + offset)
    }
  }

  /// Adds the gradient of the weights to `gradient` (or sets it, unless `accumulates`).
  package func backwardToWeights(
    examples: Int, x: UnsafePointer<Scalar>, dz: UnsafePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>, accumulates: Bool,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    var isFirst = !accumulates
    forEachBlock(of: window, rowsPerBlock, examples: examples, x, scratch) { rows, columns in
      K.multiply(
        MatrixProduct(
          rows: window.windowCount, columns: filters, depth: rows.count, transposesFirst: true,
          accumulates: !isFirst),
        columns, dz + rows.lowerBound * filters, into: gradient)
      isFirst = false
    }
    if isFirst { gradient.update(repeating: 0, count: weightCount) }
  }

  /// Writes the weights as the matrix that `backwardToInput` multiplies with.
  ///
  /// For stride 1 that is `[flipped place, filter, channel]`; otherwise the transposed weights are
  /// not needed and nothing is written.
  package func prepareBackward(
    weights: UnsafePointer<Scalar>, into flipped: UnsafeMutablePointer<Scalar>
  ) {
    guard mirrored != nil else { return }
    let places = window.kernelHeight * window.kernelWidth
    let size = window.channels * filters
    for place in 0..<places {
      K.transpose(
        rows: window.channels, columns: filters, weights + place * size,
        into: flipped + (places - 1 - place) * size)
    }
  }

  /// Writes the gradient of the input.
  ///
  /// `flipped` is what `prepareBackward` made of the weights.
  package func backwardToInput(
    examples: Int, dz: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    flipped: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    guard let mirrored else {
      scatterBackward(examples: examples, dz: dz, weights: weights, dx: dx, scratch: scratch)
      return
    }
    forEachBlock(of: mirrored, mirroredRowsPerBlock, examples: examples, dz, scratch) {
      rows, columns in
      K.multiply(
        MatrixProduct(rows: rows.count, columns: window.channels, depth: mirrored.windowCount),
        columns, flipped, into: dx + rows.lowerBound * window.channels)
    }
  }

  // For any stride: the gradient of every gathered window, added back to where it was gathered.
  private func scatterBackward(
    examples: Int, dz: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    dx: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
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

  private func forEachBlock(
    of window: SlidingWindow, _ rowsPerBlock: Int, examples: Int, _ images: UnsafePointer<Scalar>,
    _ scratch: UnsafeMutablePointer<Scalar>,
    _ body: (_ rows: Range<Int>, _ columns: UnsafePointer<Scalar>) -> Void
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
