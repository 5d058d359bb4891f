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

  /// Where vectors of eight floats and fused multiply-add exist: there the register tiles of
  /// `CKernels` beat gathering and OpenBLAS.
  public static var convolvesDirectly: Bool { machineCode > 0 }

  /// The best machine code for convolutions that this CPU runs.
  private static let machineCode = Int(ck_best_level())

  /// `z = bias + images ∗ weights`, for a window without padding.
  public static func convolve(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, weights: Source,
    bias: Source?, placement: OutputPlacement, into z: Target
  ) {
    convolve(
      window, filters: filters, examples: examples, images, weights: weights, bias: bias,
      placement: placement, into: z, by: machineCode)
  }

  /// Sets the gradient of the weights, or adds to it, for a window without padding.
  ///
  /// The gradient is `[kernelHeight, kernelWidth · channels, filters]`, or with the last two axes
  /// exchanged.
  public static func convolveToWeights(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, dz: Source,
    placement: OutputPlacement, isTransposed: Bool, accumulates: Bool, into gradient: Target
  ) {
    convolveToWeights(
      window, filters: filters, examples: examples, images, dz: dz, placement: placement,
      isTransposed: isTransposed, accumulates: accumulates,
      into: gradient, by: machineCode)
  }

  /// The machine codes that this CPU runs, from the portable one to the best.
  package static var machineCodes: ClosedRange<Int> { 0...machineCode }

  /// `convolve` in a given machine code.
  package static func convolve(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, weights: Source,
    bias: Source?, placement: OutputPlacement, into z: Target, by machineCode: Int
  ) {
    var geometry = window.forC
    var spacing = placement.forC
    ck_convolve(
      Int32(machineCode), &geometry, filters, examples, images, weights, bias, &spacing, z)
  }

  /// `convolveToWeights` in a given machine code.
  package static func convolveToWeights(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, dz: Source,
    placement: OutputPlacement, isTransposed: Bool, accumulates: Bool, into gradient: Target,
    by machineCode: Int
  ) {
    var geometry = window.forC
    var spacing = placement.forC
    ck_convolve_weights(
      Int32(machineCode), &geometry, filters, examples, images, dz, &spacing,
      isTransposed ? 1 : 0, accumulates ? 1 : 0, gradient)
  }

  /// Copies images into larger ones, the padding of the window as zeros around them.
  public static func padImages(
    _ window: SlidingWindow, examples: Int, paddedHeight: Int, paddedWidth: Int,
    _ images: Source, into padded: Target
  ) {
    var geometry = window.forC
    ck_pad_images(&geometry, examples, paddedHeight, paddedWidth, images, padded)
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

extension OutputPlacement {
  fileprivate var forC: ck_placement {
    ck_placement(step: step, pitch: pitch, image: imageCount)
  }
}
