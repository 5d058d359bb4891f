/// A window that slides over images: the geometry of convolutions and pooling.
///
/// Images lie in memory as `[batch, height, width, channel]`; a signal `[batch, time, channel]` is
/// an image of height one. Places of a window outside the image hold nothing (zero in a
/// convolution).
public struct SlidingWindow: Hashable, Sendable {
  /// The height of the image.
  public var inputHeight: Int
  /// The width of the image.
  public var inputWidth: Int
  /// The number of channels of the image.
  public var channels: Int
  /// The height of the window.
  public var kernelHeight: Int
  /// The width of the window.
  public var kernelWidth: Int
  /// The distance between neighbouring windows down the image.
  public var strideHeight: Int
  /// The distance between neighbouring windows across the image.
  public var strideWidth: Int
  /// How far the first window begins above the image.
  public var padTop: Int
  /// How far the first window begins left of the image.
  public var padLeft: Int
  /// The number of windows down the image.
  public var outputHeight: Int
  /// The number of windows across the image.
  public var outputWidth: Int

  /// Describes a window.
  public init(
    inputHeight: Int = 1, inputWidth: Int, channels: Int, kernelHeight: Int = 1,
    kernelWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1, padTop: Int = 0,
    padLeft: Int = 0, outputHeight: Int = 1, outputWidth: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padTop = padTop
    self.padLeft = padLeft
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  /// The number of elements of one image.
  public var inputCount: Int { inputHeight * inputWidth * channels }

  /// The number of windows of one image.
  public var positionCount: Int { outputHeight * outputWidth }

  /// The number of elements of one window.
  public var windowCount: Int { kernelHeight * kernelWidth * channels }

  /// Whether the windows are the pixels themselves, in order, so that nothing needs gathering.
  public var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && strideHeight == 1 && strideWidth == 1
      && padTop == 0 && padLeft == 0 && outputHeight == inputHeight && outputWidth == inputWidth
  }
}

/// Where the results of neighbouring windows, rows of windows and images begin in memory.
///
/// Results that fill an image leave no gaps; results for every second pixel do.
public struct OutputPlacement: Hashable, Sendable {
  /// The distance between the results of neighbouring windows across an image.
  public var step: Int
  /// The distance between the results of neighbouring windows down an image.
  public var pitch: Int
  /// The distance between the results of neighbouring images.
  public var imageCount: Int

  /// Describes a placement.
  public init(step: Int, pitch: Int, imageCount: Int) {
    self.step = step
    self.pitch = pitch
    self.imageCount = imageCount
  }

  /// Results without gaps.
  public init(_ window: SlidingWindow, filters: Int) {
    step = filters
    pitch = filters * window.outputWidth
    imageCount = pitch * window.outputHeight
  }
}
