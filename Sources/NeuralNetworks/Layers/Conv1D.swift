import Tensors

/// A one-dimensional convolution over time.
///
/// Shape: input `[batch, time, channels]` → output `[batch, outputTime, filters]`, where with valid
/// padding `outputTime = (time − kernel) / stride + 1`, rounded down.
/// Parameters: `weight [kernel, channels, filters]`, `bias [filters]`.
/// As everywhere in the field, the kernel is not mirrored (a cross-correlation).
public struct Conv1D: Hashable, Sendable, Codable {
  /// The number of channels of the output.
  public var filters: Int
  /// The length of the window.
  public var kernel: Int
  /// The distance between neighbouring windows.
  public var stride: Int
  /// What lies before and after the signal.
  public var padding: Padding
  /// Whether a bias is added.
  public var hasBias: Bool
  /// How the parameters are drawn.
  public var initializer: Initializer

  /// Describes a convolution over time.
  public init(
    filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, hasBias: Bool = true,
    initializer: Initializer = .torchUniform
  ) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.hasBias = hasBias
    self.initializer = initializer
  }
}

extension Conv1D: LayerSettings {
  static var kind: LayerKind { .conv1D }

  func window(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> SlidingWindow {
    try WindowSettings(
      kernel: [kernel], stride: [stride], padding: padding
    ).window(for: input, at: place)
  }

  func outputShape(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> Shape {
    let window = try window(for: input, at: place)
    try place.check(filters, "filters")
    _ = try place.shape([kernel, input[-1], filters])
    return try place.shape([window.outputWidth, filters])
  }

  func parameters(for input: Shape) -> [ParameterPlan] {
    ParameterPlan.convolution(
      kernel: [kernel], channels: input[-1], filters: filters, hasBias: hasBias,
      initializer: initializer)
  }
}
