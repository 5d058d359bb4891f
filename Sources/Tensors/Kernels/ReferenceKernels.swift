/// The kernels as plain Swift: what each one means, and the oracle that the fast ones are tested
/// by.
///
/// Every formula is evaluated in `Double` and rounded once, whatever the scalar is. `Double`
/// networks run on these (with OpenBLAS for the products), so gradient checks and curvature do too.
public enum ReferenceKernels<Scalar: TensorScalar>: Kernels {
  /// Numbers that a kernel reads.
  public typealias Source = UnsafePointer<Scalar>
  /// Numbers that a kernel writes.
  public typealias Target = UnsafeMutablePointer<Scalar>

  /// `C = A·B` or `C += A·B` by three loops.
  public static func multiply(_ p: MatrixProduct, _ a: Source, _ b: Source, into c: Target) {
    let (aRow, aStep) = p.transposesFirst ? (1, p.firstStride) : (p.firstStride, 1)
    let (bStep, bColumn) = p.transposesSecond ? (1, p.secondStride) : (p.secondStride, 1)
    for row in 0..<p.rows {
      for column in 0..<p.columns {
        var sum = p.accumulates ? c[row * p.resultStride + column].asDouble : 0
        for k in 0..<p.depth {
          let left = a[row * aRow + k * aStep].asDouble
          let right = b[k * bStep + column * bColumn].asDouble
          sum += left * right
        }
        c[row * p.resultStride + column] = Scalar(sum)
      }
    }
  }

  /// `y[c, r] = x[r, c]`.
  public static func transpose(rows: Int, columns: Int, _ x: Source, into y: Target) {
    for row in 0..<rows {
      for column in 0..<columns { y[column * rows + row] = x[row * columns + column] }
    }
  }

  /// Adds the sum of each column to `sums`.
  public static func addColumnSums(
    rows: Int, columns: Int, _ x: Source, to sums: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      for column in 0..<columns { sums[column] += x[row * columns + column].asDouble }
    }
  }

  /// `y = f(x)`.
  public static func activate(
    _ function: ActivationFunction, count: Int, _ x: Source, into y: Target
  ) {
    for i in 0..<count { y[i] = Scalar(function.value(at: x[i].asDouble)) }
  }

  /// `z += bias` in every row, then `a = f(z)`.
  public static func addBiasAndActivate(
    _ function: ActivationFunction, rows: Int, columns: Int, bias: Source?, to z: Target,
    into a: Target
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let i = row * columns + column
        if let bias { z[i] += bias[column] }
        a[i] = Scalar(function.value(at: z[i].asDouble))
      }
    }
  }

  /// `dx = dy · f′(x)`.
  public static func activateBackward(
    _ function: ActivationFunction, count: Int, x: Source, y: Source, dy: Source, into dx: Target
  ) {
    for i in 0..<count { dx[i] = Scalar(dy[i].asDouble * function.slope(at: x[i].asDouble)) }
  }

  /// `y += x`.
  public static func add(count: Int, _ x: Source, to y: Target) {
    for i in 0..<count { y[i] += x[i] }
  }

  /// `y *= factor`.
  public static func scale(count: Int, by factor: Double, _ y: Target) {
    for i in 0..<count { y[i] = Scalar(y[i].asDouble * factor) }
  }

  /// Limits every element to −`limit` … `limit`.
  public static func clip(count: Int, to limit: Double, _ y: Target) {
    let bound = Scalar(limit)
    for i in 0..<count {
      if y[i] > bound { y[i] = bound }
      if y[i] < -bound { y[i] = -bound }
    }
  }

  /// The sum of the squares.
  public static func sumOfSquares(count: Int, _ x: Source) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += x[i].asDouble * x[i].asDouble }
    return sum
  }

  /// The mean of each column and the sum of its squared deviations from it.
  public static func moments(
    rows: Int, columns: Int, _ x: Source, mean: UnsafeMutablePointer<Double>,
    squares: UnsafeMutablePointer<Double>
  ) {
    for column in 0..<columns {
      var sum = 0.0
      for row in 0..<rows { sum += x[row * columns + column].asDouble }
      let center: Double = rows > 0 ? sum / Double(rows) : 0
      var square = 0.0
      for row in 0..<rows {
        let deviation: Double = x[row * columns + column].asDouble - center
        square += deviation * deviation
      }
      mean[column] = center
      squares[column] = square
    }
  }

  /// `y = (x − mean) · scale + shift`, column by column.
  public static func normalize(
    rows: Int, columns: Int, _ x: Source, mean: Source, scale: Source, shift: Source,
    into y: Target
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let i = row * columns + column
        y[i] = (x[i] - mean[column]) * scale[column] + shift[column]
      }
    }
  }

  /// Adds `dy` and `dy · (x − mean) · inverseDeviation` column by column.
  public static func addNormalizeSums(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, inverseDeviation: Source,
    sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let i = row * columns + column
        let normal = (x[i] - mean[column]).asDouble * inverseDeviation[column].asDouble
        sums[column] += dy[i].asDouble
        products[column] += dy[i].asDouble * normal
      }
    }
  }

  /// `dx = a · dy + b · (x − mean) + c`, column by column.
  public static func normalizeBackward(
    rows: Int, columns: Int, x: Source, dy: Source, mean: Source, a: Source, b: Source, c: Source,
    into dx: Target
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let i = row * columns + column
        let deviation = x[i] - mean[column]
        dx[i] = a[column] * dy[i] + b[column] * deviation + c[column]
      }
    }
  }

  /// One step of Adam.
  public static func adam(
    _ step: AdamStep, count: Int, parameters: Target, gradients: Source, first: Target,
    second: Target
  ) {
    for i in 0..<count {
      let parameter = parameters[i].asDouble
      let gradient = gradients[i].asDouble * step.gradientFactor + step.l2 * parameter
      let mean = step.beta1 * first[i].asDouble + (1 - step.beta1) * gradient
      let square = step.beta2 * second[i].asDouble + (1 - step.beta2) * gradient * gradient
      let root = square.squareRoot() * step.inverseRoot + step.epsilon
      first[i] = Scalar(mean)
      second[i] = Scalar(square)
      parameters[i] = Scalar(parameter * step.shrink - step.correctedRate * mean / root)
    }
  }

  /// One step of gradient descent with momentum.
  public static func momentum(
    _ step: MomentumStep, count: Int, parameters: Target, gradients: Source, velocity: Target
  ) {
    for i in 0..<count {
      let parameter = parameters[i].asDouble
      let gradient = gradients[i].asDouble * step.gradientFactor + step.l2 * parameter
      let speed = step.isFirst ? gradient : step.momentum * velocity[i].asDouble + gradient
      let direction = step.isNesterov ? gradient + step.momentum * speed : speed
      velocity[i] = Scalar(speed)
      parameters[i] = Scalar(parameter * step.shrink - step.rate * direction)
    }
  }
}
