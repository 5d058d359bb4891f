import Tensors

/// A summary of each window over time, channel by channel.
///
/// Shape: input `[batch, time, channels]` → output `[batch, outputTime, channels]`. No parameters.
public struct Pool1D: Hashable, Sendable, Codable {
  /// The length of the window.
  public var kernel: Int
  /// The distance between neighbouring windows.
  public var stride: Int
  /// What lies before and after the signal; it never counts as an element.
  public var padding: Padding

  /// Describes pooling over time; windows lie side by side unless a stride is given.
  public init(kernel: Int, stride: Int? = nil, padding: Padding = .valid) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  func window(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> SlidingWindow {
    try WindowSettings(kernel: [kernel], stride: [stride], padding: padding)
      .window(for: input, at: place)
  }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    [try window(for: input, at: place).outputWidth, input[-1]]
  }
}
