/// Convolution of NHWC images and its two derivatives, by the kernels of a backend.
///
/// Weights are `[kernelHeight, kernelWidth, channels, filters]`. A backend that convolves directly gets
/// images with their padding copied around them, a few examples at a time; for another one the
/// windows are gathered, block by block, into a matrix that is multiplied. Either way the working
/// set stays in a second-level cache, and blocks depend on the geometry and the count of examples
/// only, which keeps results independent of threads.
package struct Convolution<K: Kernels> {
  package typealias Scalar = K.Scalar

  /// The geometry of the windows.
  package let window: SlidingWindow
  /// The number of channels of the result.
  package let filters: Int

  private let forwardPlan: WindowPlan<K>
  // The way back for stride 1 is a convolution of the output's gradient with mirrored weights.
  private let mirroredPlan: WindowPlan<K>?

  /// Prepares a convolution.
  package init(window: SlidingWindow, filters: Int) {
    self.window = window
    self.filters = filters
    forwardPlan = WindowPlan(window: window, filters: filters)
    guard window.strideHeight == 1, window.strideWidth == 1 else {
      mirroredPlan = nil
      return
    }
    let mirrored = SlidingWindow(
      inputHeight: window.outputHeight, inputWidth: window.outputWidth, channels: filters,
      kernelHeight: window.kernelHeight, kernelWidth: window.kernelWidth,
      padTop: window.kernelHeight - 1 - window.padTop,
      padLeft: window.kernelWidth - 1 - window.padLeft, outputHeight: window.inputHeight,
      outputWidth: window.inputWidth)
    mirroredPlan = WindowPlan(window: mirrored, filters: window.channels)
  }

  /// The number of weights.
  package var weightCount: Int { window.windowCount * filters }

  /// How many numbers of scratch each concurrent call needs for up to `examples` examples.
  package func scratchCount(examples: Int) -> Int {
    let scatter = mirroredPlan == nil ? forwardPlan.columnCount(examples: examples) : 0
    return max(
      scatter, forwardPlan.scratchCount(examples: examples),
      mirroredPlan?.scratchCount(examples: examples) ?? 0)
  }

  /// Writes `z = bias + x ∗ weights` and `a = f(z)`; `a` may be `z`.
  package func forward(
    examples: Int, x: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, function: ActivationFunction, z: UnsafeMutablePointer<Scalar>,
    a: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
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

  /// Writes the weights as the matrix that `backwardToInput` multiplies with.
  ///
  /// For stride 1 that is `[mirrored place, filter, channel]`; otherwise the weights are used as they are
  /// and nothing is written.
  package func prepareBackward(
    weights: UnsafePointer<Scalar>, into flipped: UnsafeMutablePointer<Scalar>
  ) {
    guard mirroredPlan != nil else { return }
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
    if let mirroredPlan {
      mirroredPlan.convolve(
        examples: examples, dz, weights: flipped, bias: nil, function: .linear, z: dx, a: dx,
        scratch: scratch)
    } else {
      forwardPlan.scatterBackward(
        examples: examples, dz: dz, weights: weights, dx: dx, scratch: scratch)
    }
  }
}
