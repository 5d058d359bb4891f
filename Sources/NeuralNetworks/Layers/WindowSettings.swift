import Tensors

/// The settings that convolutions and pooling share, checked against an input in one place.
struct WindowSettings {
  var kernel: [Int]
  var stride: [Int]
  var padding: Padding

  /// The window that these settings give over `[time, channels]` or `[height, width, channels]`.
  func window(for input: Shape, at place: LayerPlace) throws(ShapeMismatch) -> SlidingWindow {
    guard input.rank == kernel.count + 1 else {
      let expected = kernel.count == 1 ? "[time, channels]" : "[height, width, channels]"
      throw .rank(
        at: place, found: input, expected: expected, advice: "Put a reshape layer before it")
    }
    for length in kernel { try place.check(length, "kernel") }
    for step in stride { try place.check(step, "stride") }
    if case .symmetric(let width) = padding { try place.check(width, "padding", least: 0) }
    if case .symmetric(let width) = padding, kernel.contains(where: { width >= $0 }) {
      throw .padding(at: place, found: width, kernel: kernel)
    }
    let lengths = input.lengths.dropLast()
    let axes = zip(lengths, zip(kernel, stride)).map { length, settings in
      padding.cover(length: length, kernel: settings.0, stride: settings.1)
    }
    for (length, (axis, size)) in zip(lengths, zip(axes, kernel)) where axis.count < 1 {
      throw .window(at: place, kernel: size, length: length)
    }
    let isFlat = kernel.count == 1
    return SlidingWindow(
      inputHeight: isFlat ? 1 : input[0], inputWidth: input[-2], channels: input[-1],
      kernelHeight: isFlat ? 1 : kernel[0], kernelWidth: kernel[kernel.count - 1],
      strideHeight: isFlat ? 1 : stride[0], strideWidth: stride[stride.count - 1],
      padTop: isFlat ? 0 : axes[0].before, padLeft: axes[axes.count - 1].before,
      outputHeight: isFlat ? 1 : axes[0].count, outputWidth: axes[axes.count - 1].count)
  }
}
