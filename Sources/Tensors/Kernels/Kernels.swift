/// What a backend must offer: the loops that layers, losses and optimisers are made of.
///
/// The functions are static and take plain pointers, because they are the innermost floor: nothing
/// here allocates, checks shapes or keeps state. Matrices are row-major and without gaps unless a
/// stride is given, images are `[batch, height, width, channel]`. Sums over a batch are kept in
/// `Double`, and every sum has a fixed order.
///
/// Two backends exist: the fast one of each scalar (`FloatKernels`, `DoubleKernels`), and
/// `ReferenceKernels`, plain Swift that says what each function means and tests the fast ones.
public protocol Kernels<Scalar>: Sendable {
  /// The number that the kernels compute with.
  associatedtype Scalar: TensorScalar
  /// Numbers that a kernel reads.
  typealias Source = UnsafePointer<Scalar>
  /// Numbers that a kernel writes.
  typealias Target = UnsafeMutablePointer<Scalar>

  /// Multiplies two matrices.
  static func multiply(_ product: MatrixProduct, _ a: Source, _ b: Source, into c: Target)
  /// `y[c, r] = x[r, c]`.
  static func transpose(rows: Int, columns: Int, _ x: Source, into y: Target)
  /// Adds the sum of each column to `sums`.
  static func addColumnSums(
    rows: Int, columns: Int, _ x: Source, to sums: UnsafeMutablePointer<Double>)

  /// `y = f(x)`; both may be the same memory.
  static func activate(_ function: ActivationFunction, count: Int, _ x: Source, into y: Target)
  /// `z += bias` in every row, then `a = f(z)`; `a` may be `z`.
  static func addBiasAndActivate(
    _ function: ActivationFunction, rows: Int, columns: Int, bias: Source?, to z: Target,
    into a: Target)
  /// `dx = dy · f′(x)`, given both `x` and `y = f(x)`; `dx` may be `dy`.
  static func activateBackward(
    _ function: ActivationFunction, count: Int, x: Source, y: Source, dy: Source, into dx: Target)

  /// `y += x`.
  static func add(count: Int, _ x: Source, to y: Target)
  /// `y *= factor`.
  static func scale(count: Int, by factor: Double, _ y: Target)
  /// Limits every element to −`limit` … `limit`.
  static func clip(count: Int, to limit: Double, _ y: Target)
  /// The sum of the squares.
  static func sumOfSquares(count: Int, _ x: Source) -> Double

  /// Keeps element `i` times `factor` where its random bits are at least `threshold`, else zero.
  ///
  /// The bits are those of element `first + i` of the stream that belongs to `key`.
  static func dropOut(
    key: UInt64, first: Int, count: Int, threshold: UInt32, factor: Double, _ x: Source,
    into y: Target)
  /// `z = mean + e^(logVariance / 2) · noise`, the noise being normal and a function of the key.
  ///
  /// The noise is kept for the way back.
  static func sampleNormal(
    key: UInt64, first: Int, count: Int, mean: Source, logVariance: Source, noise: Target,
    into z: Target)
  /// `dmean += dz`, `dlogVariance += dz · noise · e^(logVariance / 2) / 2`.
  static func sampleNormalBackward(
    count: Int, logVariance: Source, noise: Source, dz: Source, meanGradient: Target,
    logVarianceGradient: Target)

  /// Writes the windows `rows` (numbered through the batch) as the rows of a matrix.
  static func gatherWindows(
    _ window: SlidingWindow, rows: Range<Int>, of images: Source, into columns: Target)
  /// Adds the rows of a matrix of windows back to the image elements that they came from.
  static func scatterWindows(
    _ window: SlidingWindow, rows: Range<Int>, of columns: Source, into images: Target)
  /// Whether convolutions read images as they lie, by the two functions that follow; otherwise
  /// their windows are gathered into matrices.
  static var convolvesDirectly: Bool { get }
  /// `z = bias + images ∗ weights`, for a window without padding.
  ///
  /// Weights are `[kernelHeight, kernelWidth, channels, filters]`. Every array may be read up to
  /// 15 elements behind its end, which an `AlignedBuffer` allows.
  static func convolve(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, weights: Source,
    bias: Source?, placement: OutputPlacement, into z: Target)
  /// Sets the gradient of the weights, or adds to it, for a window without padding.
  ///
  /// The gradient is `[kernelHeight, kernelWidth · channels, filters]`, or with the last two axes
  /// exchanged. Every array may be read up to 15 elements behind its end, which an `AlignedBuffer`
  /// allows.
  static func convolveToWeights(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, dz: Source,
    placement: OutputPlacement, isTransposed: Bool, accumulates: Bool, into gradient: Target)
  /// Copies images into larger ones, the padding of the window as zeros around them.
  static func padImages(
    _ window: SlidingWindow, examples: Int, paddedHeight: Int, paddedWidth: Int,
    _ images: Source, into padded: Target)
  /// The largest element of each window, and the place in the window that it was found at.
  static func maxPool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target,
    taps: UnsafeMutablePointer<UInt16>)
  /// Sends each slope to the place that was the largest; `dx` is overwritten.
  static func maxPoolBackward(
    _ window: SlidingWindow, examples: Int, taps: UnsafePointer<UInt16>, dy: Source,
    into dx: Target)
  /// The mean of the part of each window that lies inside the image.
  static func averagePool(_ window: SlidingWindow, examples: Int, _ x: Source, into y: Target)
  /// Spreads each slope over its window; `dx` is overwritten.
  static func averagePoolBackward(
    _ window: SlidingWindow, examples: Int, dy: Source, into dx: Target)
  /// Repeats every pixel `factorHeight` times down and `factorWidth` times across.
  static func upsample(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    _ x: Source, into y: Target)
  /// Sums the slopes of each pixel's repetitions; `dx` is overwritten.
  static func upsampleBackward(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    dy: Source, into dx: Target)

  /// The mean of each column and the sum of its squared deviations from it.
  static func moments(
    rows: Int, columns: Int, _ x: Source, mean: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>)
  /// `y = (x − mean) · scale + shift`, column by column.
  static func normalize(
    rows: Int, columns: Int, _ x: Source, mean: Source, scale: Source, shift: Source,
    into y: Target)
  /// Adds, column by column, `dy` to `sums` and `dy · (x − mean) · inverseDeviation` to `products`.
  static func addNormalizeSums(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, inverseDeviation: Source,
    sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>)
  /// `dx = a · dy + b · (x − mean) + c`, column by column.
  static func normalizeBackward(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, a: Source, b: Source, c: Source,
    into dx: Target)

  /// The sum over the rows of −weight · ln softmax(row)[label]; the gradient of `factor` times it.
  static func softmaxCrossEntropy(
    rows: Int, columns: Int, logits: Source, labels: UnsafePointer<Int32>, weights: Source?,
    factor: Double, gradient: Target
  ) -> Double
  /// The sum of the binary cross-entropies of logits; the gradient of `factor` times it.
  static func binaryCrossEntropy(
    count: Int, logits: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double
  /// The sum of the squared differences; the gradient of `factor` times it.
  static func squaredError(
    count: Int, values: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double
  /// The sum of the divergences of N(mean, e^logVariance) from N(0, 1).
  ///
  /// The gradients of `factor` times it are added to what is there.
  static func gaussianDivergence(
    count: Int, mean: Source, logVariance: Source, factor: Double, meanGradient: Target,
    logVarianceGradient: Target
  ) -> Double
  /// Each row of `y` is the softmax of the row of `x`.
  static func softmax(rows: Int, columns: Int, _ x: Source, into y: Target)
  /// `dx = y · (dy − ⟨dy, y⟩)` row by row, where `y` is a softmax.
  static func softmaxBackward(rows: Int, columns: Int, y: Source, dy: Source, into dx: Target)

  /// One step of Adam.
  static func adam(
    _ step: AdamStep, count: Int, parameters: Target, gradients: Source, first: Target,
    second: Target)
  /// One step of gradient descent with momentum.
  static func momentum(
    _ step: MomentumStep, count: Int, parameters: Target, gradients: Source, velocity: Target)
}
