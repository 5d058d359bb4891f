import Tensors

/// A summary of each window over an image, channel by channel.
///
/// Shape: input `[batch, height, width, channels]` → output `[batch, outputHeight, outputWidth,
/// channels]`. No parameters.
public struct Pool2D: Hashable, Sendable, Codable {
  /// The height of the window.
  public var kernelHeight: Int
  /// The width of the window.
  public var kernelWidth: Int
  /// The distance between neighbouring windows down the image.
  public var strideHeight: Int
  /// The distance between neighbouring windows across the image.
  public var strideWidth: Int
  /// What lies around the image; it never counts as an element.
  public var padding: Padding

  /// Describes pooling with a window of any sides; windows lie side by side unless strides are
  /// given.
  public init(
    kernelHeight: Int, kernelWidth: Int, strideHeight: Int? = nil, strideWidth: Int? = nil,
    padding: Padding = .valid
  ) {
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight ?? kernelHeight
    self.strideWidth = strideWidth ?? kernelWidth
    self.padding = padding
  }

  /// Describes pooling with a square window.
  public init(kernel: Int, stride: Int? = nil, padding: Padding = .valid) {
    self.init(
      kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride,
      padding: padding)
  }

  func window(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> SlidingWindow {
    try WindowSettings(
      kernel: [kernelHeight, kernelWidth], stride: [strideHeight, strideWidth], padding: padding
    ).window(for: input, at: place)
  }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    let window = try window(for: input, at: place)
    return [window.outputHeight, window.outputWidth, window.channels]
  }
}
