internal import CKernels

extension FloatKernels {
  /// Writes the windows `rows` (numbered through the batch) as the rows of a matrix.
  public static func gatherWindows(
    _ window: SlidingWindow, rows: Range<Int>, of images: Source, into columns: Target
  ) {
    var geometry = window.forC
    ck_gather_windows(&geometry, rows.lowerBound, rows.upperBound, images, columns)
  }

  /// Adds the rows of a matrix of windows back to the image elements that they came from.
  public static func scatterWindows(
    _ window: SlidingWindow, rows: Range<Int>, of columns: Source, into images: Target
  ) {
    var geometry = window.forC
    ck_scatter_windows(&geometry, rows.lowerBound, rows.upperBound, columns, images)
  }

  /// The largest element of each window, and the place in the window that it was found at.
  public static func maxPool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target,
    taps: UnsafeMutablePointer<UInt16>
  ) {
    var geometry = window.forC
    ck_max_pool(&geometry, examples, x, y, taps)
  }

  /// Sends each slope to the place that was the largest; `dx` is overwritten.
  public static func maxPoolBackward(
    _ window: SlidingWindow, examples: Int, taps: UnsafePointer<UInt16>, dy: Source,
    into dx: Target
  ) {
    var geometry = window.forC
    ck_max_pool_backward(&geometry, examples, taps, dy, dx)
  }

  /// The mean of the part of each window that lies inside the image.
  public static func averagePool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target
  ) {
    var geometry = window.forC
    ck_average_pool(&geometry, examples, x, y)
  }

  /// Spreads each slope over its window; `dx` is overwritten.
  public static func averagePoolBackward(
    _ window: SlidingWindow, examples: Int, dy: Source, into dx: Target
  ) {
    var geometry = window.forC
    ck_average_pool_backward(&geometry, examples, dy, dx)
  }

  /// Repeats every pixel `factorHeight` times down and `factorWidth` times across.
  public static func upsample(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    _ x: Source, into y: Target
  ) {
    ck_upsample(examples, height, width, channels, factorHeight, factorWidth, x, y)
  }

  /// Sums the slopes of each pixel's repetitions; `dx` is overwritten.
  public static func upsampleBackward(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    dy: Source, into dx: Target
  ) {
    ck_upsample_backward(examples, height, width, channels, factorHeight, factorWidth, dy, dx)
  }
}

extension SlidingWindow {
  fileprivate var forC: ck_window {
    ck_window(
      in_height: inputHeight, in_width: inputWidth, channels: channels,
      kernel_height: kernelHeight, kernel_width: kernelWidth, stride_height: strideHeight,
      stride_width: strideWidth, pad_top: padTop, pad_left: padLeft, out_height: outputHeight,
      out_width: outputWidth)
  }
}
