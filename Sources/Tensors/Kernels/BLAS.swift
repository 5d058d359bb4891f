internal import COpenBLAS

/// Calls to OpenBLAS, always on the calling thread.
enum BLAS {
  /// Keeps OpenBLAS from starting threads of its own: the batch is split above it, and two pools of
  /// threads on the same cores make both slow. It happens once, before the first call.
  private static let becomeSingleThreaded: Void = openblas_set_num_threads(1)

  /// Prepares the library; every function that calls it begins with this.
  static func prepare() {
    _ = becomeSingleThreaded
  }

  static func multiply(
    _ p: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    guard p.rows > 0, p.columns > 0 else { return }
    prepare()
    cblas_sgemm(
      CblasRowMajor, p.transposesFirst ? CblasTrans : CblasNoTrans,
      p.transposesSecond ? CblasTrans : CblasNoTrans, blasint(p.rows), blasint(p.columns),
      blasint(p.depth), 1, a, blasint(p.firstStride), b, blasint(p.secondStride),
      p.accumulates ? 1 : 0, c, blasint(p.resultStride))
  }

  static func multiply(
    _ p: MatrixProduct, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>
  ) {
    guard p.rows > 0, p.columns > 0 else { return }
    prepare()
    cblas_dgemm(
      CblasRowMajor, p.transposesFirst ? CblasTrans : CblasNoTrans,
      p.transposesSecond ? CblasTrans : CblasNoTrans, blasint(p.rows), blasint(p.columns),
      blasint(p.depth), 1, a, blasint(p.firstStride), b, blasint(p.secondStride),
      p.accumulates ? 1 : 0, c, blasint(p.resultStride))
  }
}
