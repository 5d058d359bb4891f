internal import CKernels

/// The kernels of `Float`: OpenBLAS multiplies matrices, the loops in `CKernels` do the rest.
public enum FloatKernels: Kernels {
  /// The number that the kernels compute with.
  public typealias Scalar = Float

  /// Multiplies two matrices.
  public static func multiply(_ p: MatrixProduct, _ a: Source, _ b: Source, into c: Target) {
    BLAS.multiply(p, a, b, into: c)
  }

  /// `y[c, r] = x[r, c]`.
  public static func transpose(rows: Int, columns: Int, _ x: Source, into y: Target) {
    ck_transpose(rows, columns, x, y)
  }

  /// Adds the sum of each column to `sums`.
  public static func addColumnSums(
    rows: Int, columns: Int, _ x: Source, to sums: UnsafeMutablePointer<Double>
  ) {
    ck_column_sums(rows, columns, x, sums)
  }

  /// `y = f(x)`; both may be the same memory.
  public static func activate(
    _ function: ActivationFunction, count: Int, _ x: Source, into y: Target
  ) {
    ck_activate(function.rawValue, count, x, y)
  }

  /// `z += bias` in every row, then `a = f(z)`; `a` may be `z`.
  public static func addBiasAndActivate(
    _ function: ActivationFunction, rows: Int, columns: Int, bias: Source?, to z: Target,
    into a: Target
  ) {
    ck_bias_activate(function.rawValue, rows, columns, bias, z, a)
  }

  /// `dx = dy · f′(x)`, given both `x` and `y = f(x)`; `dx` may be `dy`.
  public static func activateBackward(
    _ function: ActivationFunction, count: Int, x: Source, y: Source, dy: Source, into dx: Target
  ) {
    ck_activate_backward(function.rawValue, count, x, y, dy, dx)
  }

  /// `y += x`.
  public static func add(count: Int, _ x: Source, to y: Target) {
    ck_add(count, x, y)
  }

  /// `y *= factor`.
  public static func scale(count: Int, by factor: Double, _ y: Target) {
    ck_scale(count, Float(factor), y)
  }

  /// Limits every element to −`limit` … `limit`.
  public static func clip(count: Int, to limit: Double, _ y: Target) {
    ck_clip(count, Float(limit), y)
  }

  /// The sum of the squares.
  public static func sumOfSquares(count: Int, _ x: Source) -> Double {
    ck_sum_of_squares(count, x)
  }

  /// Keeps element `i` times `factor` where its random bits are at least `threshold`, else zero.
  public static func dropOut(
    key: UInt64, first: Int, count: Int, threshold: UInt32, factor: Double, _ x: Source,
    into y: Target
  ) {
    ck_dropout(key, first, count, threshold, Float(factor), x, y)
  }

  /// `z = mean + e^(logVariance / 2) · noise`, the noise being normal and a function of the key.
  public static func sampleNormal(
    key: UInt64, first: Int, count: Int, mean: Source, logVariance: Source, noise: Target,
    into z: Target
  ) {
    ck_sample_normal(key, first, count, mean, logVariance, noise, z)
  }

  /// `dmean += dz`, `dlogVariance += dz · noise · e^(logVariance / 2) / 2`.
  public static func sampleNormalBackward(
    count: Int, logVariance: Source, noise: Source, dz: Source, meanGradient: Target,
    logVarianceGradient: Target
  ) {
    ck_sample_normal_backward(count, logVariance, noise, dz, meanGradient, logVarianceGradient)
  }

  /// The mean of each column and the sum of its squared deviations from it.
  public static func moments(
    rows: Int, columns: Int, _ x: Source, mean: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>
  ) {
    ck_moments(rows, columns, x, mean, squares)
  }

  /// `y = (x − mean) · scale + shift`, column by column.
  public static func normalize(
    rows: Int, columns: Int, _ x: Source, mean: Source, scale: Source, shift: Source,
    into y: Target
  ) {
    ck_normalize(rows, columns, x, mean, scale, shift, y)
  }

  /// Adds, column by column, `dy` to `sums` and `dy · (x − mean) · inverseDeviation` to `products`.
  public static func addNormalizeSums(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, inverseDeviation: Source,
    sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
  ) {
    ck_normalize_sums(rows, columns, x, dy, mean, inverseDeviation, sums, products)
  }

  /// `dx = a · dy + b · (x − mean) + c`, column by column.
  public static func normalizeBackward(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, a: Source, b: Source, c: Source,
    into dx: Target
  ) {
    ck_normalize_backward(rows, columns, x, dy, mean, a, b, c, dx)
  }

  /// The sum over the rows of −weight · ln softmax(row)[label]; the gradient of `factor` times it.
  public static func softmaxCrossEntropy(
    rows: Int, columns: Int, logits: Source, labels: UnsafePointer<Int32>, weights: Source?,
    factor: Double, gradient: Target
  ) -> Double {
    ck_softmax_cross_entropy(rows, columns, logits, labels, weights, Float(factor), gradient)
  }

  /// The sum of the binary cross-entropies of logits; the gradient of `factor` times it.
  public static func binaryCrossEntropy(
    count: Int, logits: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    ck_binary_cross_entropy(count, logits, targets, Float(factor), gradient)
  }

  /// The sum of the squared differences; the gradient of `factor` times it.
  public static func squaredError(
    count: Int, values: Source, targets: Source, factor: Double, gradient: Target
  ) -> Double {
    ck_squared_error(count, values, targets, Float(factor), gradient)
  }

  /// The sum of the divergences of N(mean, e^logVariance) from N(0, 1).
  public static func gaussianDivergence(
    count: Int, mean: Source, logVariance: Source, factor: Double, meanGradient: Target,
    logVarianceGradient: Target
  ) -> Double {
    ck_gaussian_divergence(
      count, mean, logVariance, Float(factor), meanGradient, logVarianceGradient)
  }

  /// Each row of `y` is the softmax of the row of `x`.
  public static func softmax(rows: Int, columns: Int, _ x: Source, into y: Target) {
    ck_softmax(rows, columns, x, y)
  }

  /// `dx = y · (dy − ⟨dy, y⟩)` row by row, where `y` is a softmax.
  public static func softmaxBackward(
    rows: Int, columns: Int, y: Source, dy: Source, into dx: Target
  ) {
    ck_softmax_backward(rows, columns, y, dy, dx)
  }

  /// One step of Adam.
  public static func adam(
    _ step: AdamStep, count: Int, parameters: Target, gradients: Source, first: Target,
    second: Target
  ) {
    var numbers = ck_adam_step(
      rate: Float(step.correctedRate), beta1: Float(step.beta1), beta2: Float(step.beta2),
      inverse_root: Float(step.inverseRoot), epsilon: Float(step.epsilon),
      gradient_factor: Float(step.gradientFactor), l2: Float(step.l2), shrink: Float(step.shrink))
    ck_adam(&numbers, count, parameters, gradients, first, second)
  }

  /// One step of gradient descent with momentum.
  public static func momentum(
    _ step: MomentumStep, count: Int, parameters: Target, gradients: Source, velocity: Target
  ) {
    var numbers = ck_momentum_step(
      rate: Float(step.rate), momentum: Float(step.momentum),
      gradient_factor: Float(step.gradientFactor), l2: Float(step.l2), shrink: Float(step.shrink),
      nesterov: step.isNesterov ? 1 : 0, first: step.isFirst ? 1 : 0)
    ck_momentum(&numbers, count, parameters, gradients, velocity)
  }
}
