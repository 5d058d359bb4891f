import Tensors

/// A two-dimensional convolution.
///
/// Shape: input `[batch, height, width, channels]` → output `[batch, outputHeight, outputWidth,
/// filters]`. Parameters: `weight [kernelHeight, kernelWidth, channels, filters]`, `bias
/// [filters]`. As everywhere in the field, the kernel is not mirrored (a cross-correlation).
public struct Conv2D: Hashable, Sendable, Codable {
  /// The number of channels of the output.
  public var filters: Int
  /// The height of the window.
  public var kernelHeight: Int
  /// The width of the window.
  public var kernelWidth: Int
  /// The distance between neighbouring windows down the image.
  public var strideHeight: Int
  /// The distance between neighbouring windows across the image.
  public var strideWidth: Int
  /// What lies around the image.
  public var padding: Padding
  /// Whether a bias is added.
  public var hasBias: Bool
  /// How the parameters are drawn.
  public var initializer: Initializer

  /// Describes a convolution with a window of any sides, such as one signal by nine samples.
  public init(
    filters: Int, kernelHeight: Int, kernelWidth: Int, strideHeight: Int = 1,
    strideWidth: Int = 1, padding: Padding = .valid, hasBias: Bool = true,
    initializer: Initializer = .torchUniform
  ) {
    self.filters = filters
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padding = padding
    self.hasBias = hasBias
    self.initializer = initializer
  }

  /// Describes a convolution with a square window.
  public init(
    filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, hasBias: Bool = true,
    initializer: Initializer = .torchUniform
  ) {
    self.init(
      filters: filters, kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride,
      strideWidth: stride, padding: padding, hasBias: hasBias, initializer: initializer)
  }
}

extension Conv2D: LayerSettings {
  static var kind: LayerKind { .conv2D }

  func window(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> SlidingWindow {
    try WindowSettings(
      kernel: [kernelHeight, kernelWidth], stride: [strideHeight, strideWidth], padding: padding
    ).window(for: input, at: place)
  }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    let window = try window(for: input, at: place)
    try place.check(filters, "filters")
    _ = try place.shape([kernelHeight, kernelWidth, input[-1], filters])
    return try place.shape([window.outputHeight, window.outputWidth, filters])
  }

  func parameters(for input: Shape) -> [ParameterPlan] {
    ParameterPlan.convolution(
      kernel: [kernelHeight, kernelWidth], channels: input[-1], filters: filters,
      hasBias: hasBias, initializer: initializer)
  }
}
