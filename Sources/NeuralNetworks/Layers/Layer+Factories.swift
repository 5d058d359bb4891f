public import Tensors

extension Layer {
  /// A dense layer with so many outputs.
  public static func dense(
    units: Int, hasBias: Bool = true, initializer: Initializer = .torchUniform
  ) -> Layer {
    .dense(Dense(units: units, hasBias: hasBias, initializer: initializer))
  }

  /// A convolution over time.
  public static func conv1D(
    filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, hasBias: Bool = true,
    initializer: Initializer = .torchUniform
  ) -> Layer {
    .conv1D(
      Conv1D(
        filters: filters, kernel: kernel, stride: stride, padding: padding, hasBias: hasBias,
        initializer: initializer))
  }

  /// A convolution over an image with a square window.
  public static func conv2D(
    filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, hasBias: Bool = true,
    initializer: Initializer = .torchUniform
  ) -> Layer {
    .conv2D(
      Conv2D(
        filters: filters, kernel: kernel, stride: stride, padding: padding, hasBias: hasBias,
        initializer: initializer))
  }

  /// The largest element of each window over time.
  public static func maxPool1D(
    kernel: Int, stride: Int? = nil, padding: Padding = .valid
  ) -> Layer {
    .maxPool1D(Pool1D(kernel: kernel, stride: stride, padding: padding))
  }

  /// The largest element of each square window.
  public static func maxPool2D(
    kernel: Int, stride: Int? = nil, padding: Padding = .valid
  ) -> Layer {
    .maxPool2D(Pool2D(kernel: kernel, stride: stride, padding: padding))
  }

  /// The rectifier.
  public static var relu: Layer { .activation(.relu) }

  /// The hyperbolic tangent.
  public static var tanh: Layer { .activation(.tanh) }

  /// Normalisation of each channel with PyTorch's settings.
  public static var batchNormalization: Layer { .batchNormalization(BatchNormalization()) }

  /// Random zeros while training.
  public static func dropout(rate: Double) -> Layer { .dropout(Dropout(rate: rate)) }

  /// Nearest-neighbour enlargement.
  public static func upsample(factor: Int) -> Layer { .upsample(Upsample(factor: factor)) }

  /// The same elements under another shape.
  public static func reshape(to shape: Shape) -> Layer { .reshape(Reshape(to: shape)) }
}
