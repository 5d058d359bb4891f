/// The kernels of `Double`: OpenBLAS multiplies matrices, the reference does the rest.
///
/// `Double` serves gradient checks, curvature and small linear algebra, where element-wise speed
/// does not matter.
public enum DoubleKernels: Kernels {
  /// The number that the kernels compute with.
  public typealias Scalar = Double
  private typealias Reference = ReferenceKernels<Double>

  /// Multiplies two matrices.
  public static func multiply(_ p: MatrixProduct, _ a: Source, _ b: Source, into c: Target) {
    BLAS.multiply(p, a, b, into: c)
  }

  /// `y[c, r] = x[r, c]`.
  public static func transpose(rows: Int, columns: Int, _ x: Source, into y: Target) {
    Reference.transpose(rows: rows, columns: columns, x, into: y)
  }

  /// Adds the sum of each column to `sums`.
  public static func addColumnSums(
    rows: Int, columns: Int, _ x: Source, to sums: UnsafeMutablePointer<Double>
  ) {
    Reference.addColumnSums(rows: rows, columns: columns, x, to: sums)
  }

  /// `y = f(x)`; both may be the same memory.
  public static func activate(
    _ function: ActivationFunction, count: Int, _ x: Source, into y: Target
  ) {
    Reference.activate(function, count: count, x, into: y)
  }

  /// `z += bias` in every row, then `a = f(z)`; `a` may be `z`.
  public static func addBiasAndActivate(
    _ function: ActivationFunction, rows: Int, columns: Int, bias: Source?, to z: Target,
    into a: Target
  ) {
    Reference.addBiasAndActivate(function, rows: rows, columns: columns, bias: bias, to: z, into: a)
  }

  /// `dx = dy · f′(x)`, given both `x` and `y = f(x)`; `dx` may be `dy`.
  public static func activateBackward(
    _ function: ActivationFunction, count: Int, x: Source, y: Source, dy: Source, into dx: Target
  ) {
    Reference.activateBackward(function, count: count, x: x, y: y, dy: dy, into: dx)
  }

  /// `y += x`.
  public static func add(count: Int, _ x: Source, to y: Target) {
    Reference.add(count: count, x, to: y)
  }

  /// `y *= factor`.
  public static func scale(count: Int, by factor: Double, _ y: Target) {
    Reference.scale(count: count, by: factor, y)
  }

  /// Limits every element to −`limit` … `limit`.
  public static func clip(count: Int, to limit: Double, _ y: Target) {
    Reference.clip(count: count, to: limit, y)
  }

  /// The sum of the squares.
  public static func sumOfSquares(count: Int, _ x: Source) -> Double {
    Reference.sumOfSquares(count: count, x)
  }

  /// Keeps element `i` times `factor` where its random bits are at least `threshold`, else zero.
  ///
  /// The bits are those of element `first + i` of the stream that belongs to `key`.
  public static func dropOut(
    key: UInt64, first: Int, count: Int, threshold: UInt32, factor: Double, _ x: Source,
    into y: Target
  ) {
    Reference.dropOut(
      key: key, first: first, count: count, threshold: threshold, factor: factor, x, into: y)
  }

  /// `z = mean + e^(logVariance / 2) · noise`, the noise being normal and a function of the key.
  ///
  /// The noise is kept for the way back.
  public static func sampleNormal(
    key: UInt64, first: Int, count: Int, mean: Source, logVariance: Source, noise: Target,
    into z: Target
  ) {
    Reference.sampleNormal(
      key: key, first: first, count: count, mean: mean, logVariance: logVariance, noise: noise,
      into: z)
  }

  /// `dmean += dz`, `dlogVariance += dz · noise · e^(logVariance / 2) / 2`.
  public static func sampleNormalBackward(
    count: Int, logVariance: Source, noise: Source, dz: Source, meanGradient: Target,
    logVarianceGradient: Target
  ) {
    Reference.sampleNormalBackward(
      count: count, logVariance: logVariance, noise: noise, dz: dz, meanGradient: meanGradient,
      logVarianceGradient: logVarianceGradient)
  }

  /// Writes the windows `rows` (numbered through the batch) as the rows of a matrix.
  public static func gatherWindows(
    _ window: SlidingWindow, rows: Range<Int>, of images: Source, into columns: Target
  ) {
    Reference.gatherWindows(window, rows: rows, of: images, into: columns)
  }

  /// Adds the rows of a matrix of windows back to the image elements that they came from.
  public static func scatterWindows(
    _ window: SlidingWindow, rows: Range<Int>, of columns: Source, into images: Target
  ) {
    Reference.scatterWindows(window, rows: rows, of: columns, into: images)
  }

  /// No: gathered windows multiplied by OpenBLAS are faster than the reference.
  public static var convolvesDirectly: Bool { false }

  /// `z = bias + images ∗ weights`, for a window without padding.
  public static func convolve(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, weights: Source,
    bias: Source?, placement: OutputPlacement, into z: Target
  ) {
    Reference.convolve(
      window, filters: filters, examples: examples, images, weights: weights, bias: bias,
      placement: placement, into: z)
  }

  /// Sets the gradient of the weights, or adds to it, for a window without padding.
  ///
  /// The gradient is `[kernelHeight, kernelWidth · channels, filters]`, or with the last two axes
  /// exchanged.
  public static func convolveToWeights(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, dz: Source,
    placement: OutputPlacement, isTransposed: Bool, accumulates: Bool, into gradient: Target
  ) {
    Reference.convolveToWeights(
      window, filters: filters, examples: examples, images, dz: dz, placement: placement,
      isTransposed: isTransposed, accumulates: accumulates,
      into: gradient)
  }

  /// Copies images into larger ones, the padding of the window as zeros around them.
  public static func padImages(
    _ window: SlidingWindow, examples: Int, paddedHeight: Int, paddedWidth: Int,
    _ images: Source, into padded: Target
  ) {
    Reference.padImages(
      window, examples: examples, paddedHeight: paddedHeight, paddedWidth: paddedWidth, images,
      into: padded)
  }

  /// The largest element of each window, and the place in the window that it was found at.
  public static func maxPool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target,
    taps: UnsafeMutablePointer<UInt16>
  ) {
    Reference.maxPool(window, examples: examples, x, into: y, taps: taps)
  }

  /// Sends each slope to the place that was the largest; `dx` is overwritten.
  public static func maxPoolBackward(
    _ window: SlidingWindow, examples: Int, taps: UnsafePointer<UInt16>, dy: Source, into dx: Target
  ) {
    Reference.maxPoolBackward(window, examples: examples, taps: taps, dy: dy, into: dx)
  }

  /// The mean of the part of each window that lies inside the image.
  public static func averagePool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target
  ) {
    Reference.averagePool(window, examples: examples, x, into: y)
  }

  /// Spreads each slope over its window; `dx` is overwritten.
  public static func averagePoolBackward(
    _ window: SlidingWindow, examples: Int, dy: Source, into dx: Target
  ) {
    Reference.averagePoolBackward(window, examples: examples, dy: dy, into: dx)
  }

  /// Repeats every pixel `factorHeight` times down and `factorWidth` times across.
  public static func upsample(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    _ x: Source, into y: Target
  ) {
    Reference.upsample(
      examples: examples, height: height, width: width, channels: channels,
      factorHeight: factorHeight, factorWidth: factorWidth, x, into: y)
  }

  /// Sums the slopes of each pixel's repetitions; `dx` is overwritten.
  public static func upsampleBackward(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    dy: Source, into dx: Target
  ) {
    Reference.upsampleBackward(
      examples: examples, height: height, width: width, channels: channels,
      factorHeight: factorHeight, factorWidth: factorWidth, dy: dy, into: dx)
  }

  /// The mean of each column and the sum of its squared deviations from it.
  public static func moments(
    rows: Int, columns: Int, _ x: Source, mean: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>
  ) {
    Reference.moments(rows: rows, columns: columns, x, mean: mean, squares: squares)
  }

  /// `y = (x − mean) · scale + shift`, column by column.
  public static func normalize(
    rows: Int, columns: Int, _ x: Source, mean: Source, scale: Source, shift: Source, into y: Target
  ) {
    Reference.normalize(
      rows: rows, columns: columns, x, mean: mean, scale: scale, shift: shift, into: y)
  }

  /// Adds, column by column, `dy` to `sums` and `dy · (x − mean) · inverseDeviation` to `products`.
  public static func addNormalizeSums(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, inverseDeviation: Source,
    sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
  ) {
    Reference.addNormalizeSums(
      rows: rows, columns: columns, x: x, dy: dy, mean: mean, inverseDeviation: inverseDeviation,
      sums: sums, products: products)
  }

  /// `dx = a · dy + b · (x − mean) + c`, column by column.
  public static func normalizeBackward(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, a: Source, b: Source, c: Source,
    into dx: Target
  ) {
    Reference.normalizeBackward(
      rows: rows, columns: columns, x: x, dy: dy, mean: mean, a: a, b: b, c: c, into: dx)
  }

  /// The sum over the rows of −weight · ln softmax(row)[label]; the gradient of `factor` times it.
  public static func softmaxCrossEntropy(
    rows: Int, columns: Int, logits: Source, labels: UnsafePointer<Int32>, weights: Source?,
    factor: Double, gradient: Target
  ) -> Double {
    Reference.softmaxCrossEntropy(
      rows: rows, columns: columns, logits: logits, labels: labels, weights: weights,
      factor: factor, gradient: gradient)
  }

  /// The sum of the binary cross-entropies of logits; the gradient of `factor` times it.
  public static func binaryCrossEntropy(
    count: Int, logits: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    Reference.binaryCrossEntropy(
      count: count, logits: logits, targets: targets, factor: factor, gradient: gradient)
  }

  /// The sum of the squared differences; the gradient of `factor` times it.
  public static func squaredError(
    count: Int, values: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    Reference.squaredError(
      count: count, values: values, targets: targets, factor: factor, gradient: gradient)
  }

  /// The sum of the divergences of N(mean, e^logVariance) from N(0, 1).
  ///
  /// The gradients of `factor` times it are added to what is there.
  public static func gaussianDivergence(
    count: Int, mean: Source, logVariance: Source, factor: Double, meanGradient: Target,
    logVarianceGradient: Target
  ) -> Double {
    Reference.gaussianDivergence(
      count: count, mean: mean, logVariance: logVariance, factor: factor,
      meanGradient: meanGradient, logVarianceGradient: logVarianceGradient)
  }

  /// Each row of `y` is the softmax of the row of `x`.
  public static func softmax(rows: Int, columns: Int, _ x: Source, into y: Target) {
    Reference.softmax(rows: rows, columns: columns, x, into: y)
  }

  /// `dx = y · (dy − ⟨dy, y⟩)` row by row, where `y` is a softmax.
  public static func softmaxBackward(
    rows: Int, columns: Int, y: Source, dy: Source, into dx: Target
  ) {
    Reference.softmaxBackward(rows: rows, columns: columns, y: y, dy: dy, into: dx)
  }

  /// One step of Adam.
  public static func adam(
    _ step: AdamStep, count: Int, parameters: Target, gradients: Source, first: Target,
    second: Target
  ) {
    Reference.adam(
      step, count: count, parameters: parameters, gradients: gradients, first: first, second: second
    )
  }

  /// One step of gradient descent with momentum.
  public static func momentum(
    _ step: MomentumStep, count: Int, parameters: Target, gradients: Source, velocity: Target
  ) {
    Reference.momentum(
      step, count: count, parameters: parameters, gradients: gradients, velocity: velocity)
  }

}
