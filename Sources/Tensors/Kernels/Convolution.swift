/// Convolution of NHWC images and its two derivatives, by the kernels of a backend.
///
/// Weights are `[kernelHeight, kernelWidth, channels, filters]`. A backend that convolves directly
/// gets images with their padding copied around them, a few examples at a time; for another one the
/// windows are gathered, block by block, into a matrix that is multiplied. Either way the working
/// set stays in a second-level cache, and blocks depend on the geometry and the count of examples
/// only, which keeps results independent of threads.
package struct Convolution<K: Kernels>: ConvolutionAlgorithm {
  package typealias Scalar = K.Scalar

  /// The geometry of the windows.
  package let window: SlidingWindow
  /// The number of channels of the result.
  package let filters: Int

  private let forwardPlan: WindowPlan<K>
  private let pieces: [BackwardPiece<K>]

  /// Prepares a convolution.
  package init(window: SlidingWindow, filters: Int) {
    self.window = window
    self.filters = filters
    forwardPlan = WindowPlan(window: window, filters: filters)
    let isDense = window.strideHeight == 1 && window.strideWidth == 1
    // Pieces of an image with few channels would fill vectors badly: there the scattering is faster
    // (on an EPYC Zen 4: 9 ms against 33 ms for 7 x 7, stride 2, 4 channels, 224 x 224).
    let fillsVectors = K.convolvesDirectly && window.channels >= 12
    pieces = isDense || fillsVectors ? BackwardPiece.pieces(of: window, filters: filters) : []
  }

  /// The number of results of one example, all filters counted.
  package var outputCount: Int { window.positionCount * filters }
  /// The number of weights.
  package var weightCount: Int { window.windowCount * filters }
  /// Nothing is prepared for the way forward.
  package var forwardCount: Int { 0 }
  /// The weights once more, transposed and in another order.
  package var backwardCount: Int { pieces.isEmpty ? 0 : weightCount }

  /// How many numbers of scratch each concurrent call needs for up to `examples` examples.
  package func scratchCount(examples: Int) -> Int {
    let scatter = pieces.isEmpty ? forwardPlan.columnCount(examples: examples) : 0
    let back = pieces.map { $0.plan.scratchCount(examples: examples) }.max() ?? 0
    return max(scatter, back, forwardPlan.scratchCount(examples: examples))
  }

  /// Nothing needs to be prepared.
  package func prepareForward(
    weights: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {}

  /// Writes `z = bias + x ∗ weights` and `a = f(z)`; `a` may be `z`.
  package func forward(
    examples: Int, x: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?, function: ActivationFunction,
    z: UnsafeMutablePointer<Scalar>, a: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    forwardPlan.convolve(
      examples: examples, x, weights: weights, bias: bias, function: function, z: z, a: a,
      scratch: scratch)
  }

  /// Adds the gradient of the weights to `gradient` (or sets it, unless `accumulates`).
  package func backwardToWeights(
    examples: Int, x: UnsafePointer<Scalar>, dz: UnsafePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>, accumulates: Bool,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    if examples == 0 {
      if !accumulates { gradient.update(repeating: 0, count: weightCount) }
      return
    }
    forwardPlan.convolveToWeights(
      examples: examples, x, dz: dz, gradient: gradient, accumulates: accumulates,
      scratch: scratch)
  }

  /// Writes the transposed weights in the order in which the way back sums them.
  package func prepareBackward(
    weights: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {
    for piece in pieces {
      piece.prepare(
        weights: weights, kernelWidth: window.kernelWidth, channels: window.channels,
        filters: filters, into: prepared)
    }
  }

  /// Writes the gradient of the input.
  package func backwardToInput(
    examples: Int, dz: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    guard !pieces.isEmpty else {
      forwardPlan.scatterBackward(
        examples: examples, dz: dz, weights: weights, dx: dx, scratch: scratch)
      return
    }
    // A stride beyond the window leaves image elements that no window saw.
    if window.strideHeight > window.kernelHeight || window.strideWidth > window.kernelWidth {
      dx.update(repeating: 0, count: examples * window.inputCount)
    }
    for piece in pieces {
      let target = dx + piece.outputOffset
      piece.plan.convolve(
        examples: examples, dz, weights: prepared + piece.weightOffset, bias: nil,
        function: .linear, z: target, a: target, scratch: scratch)
    }
  }
}

/// The gradient of every s-th image element, down and across: one stride-1 convolution.
///
/// With stride s, image element y gets `Σ dz[(y + pad − k) / s] · w[k]` over the places k of the
/// window for which the division leaves no rest. Elements of equal rest use the same places, every
/// s-th one, so each rest is a convolution of dz, without a stride, with those places in reverse.
/// Together the pieces do no more multiplications than the way forward. Stride 1 is the case of a
/// single piece.
private struct BackwardPiece<K: Kernels>: Sendable {
  let plan: WindowPlan<K>
  let outputOffset: Int
  let weightOffset: Int
  private let rows: [Int]
  private let columns: [Int]

  static func pieces(of window: SlidingWindow, filters: Int) -> [BackwardPiece] {
    var pieces: [BackwardPiece] = []
    var weightOffset = 0
    for restY in 0..<min(window.strideHeight, window.inputHeight) {
      for restX in 0..<min(window.strideWidth, window.inputWidth) {
        let rows = places(window.kernelHeight, window.strideHeight, restY + window.padTop)
        let columns = places(window.kernelWidth, window.strideWidth, restX + window.padLeft)
        guard let lastRow = rows.first, let lastColumn = columns.first else { continue }
        let piece = SlidingWindow(
          inputHeight: window.outputHeight, inputWidth: window.outputWidth, channels: filters,
          kernelHeight: rows.count, kernelWidth: columns.count,
          padTop: (lastRow - restY - window.padTop) / window.strideHeight,
          padLeft: (lastColumn - restX - window.padLeft) / window.strideWidth,
          outputHeight: (window.inputHeight - restY + window.strideHeight - 1)
            / window.strideHeight,
          outputWidth: (window.inputWidth - restX + window.strideWidth - 1) / window.strideWidth)
        let row = window.inputWidth * window.channels
        let placement = OutputPlacement(
          step: window.strideWidth * window.channels, pitch: window.strideHeight * row,
          imageCount: window.inputCount)
        pieces.append(
          BackwardPiece(
            plan: WindowPlan(window: piece, filters: window.channels, placement: placement),
            outputOffset: restY * row + restX * window.channels, weightOffset: weightOffset,
            rows: rows, columns: columns))
        weightOffset += rows.count * columns.count * window.channels * filters
      }
    }
    return pieces
  }

  /// The places of the window that an image element of this rest meets, the last first.
  private static func places(_ kernel: Int, _ stride: Int, _ rest: Int) -> [Int] {
    (0..<kernel).filter { ($0 - rest) % stride == 0 }.reversed()
  }

  private init(
    plan: WindowPlan<K>, outputOffset: Int, weightOffset: Int, rows: [Int], columns: [Int]
  ) {
    self.plan = plan
    self.outputOffset = outputOffset
    self.weightOffset = weightOffset
    self.rows = rows
    self.columns = columns
  }

  func prepare(
    weights: UnsafePointer<K.Scalar>, kernelWidth: Int, channels: Int, filters: Int,
    into prepared: UnsafeMutablePointer<K.Scalar>
  ) {
    var target = prepared + weightOffset
    for row in rows {
      for column in columns {
        K.transpose(
          rows: channels, columns: filters,
          weights + (row * kernelWidth + column) * channels * filters, into: target)
        target += channels * filters
      }
    }
  }
}
