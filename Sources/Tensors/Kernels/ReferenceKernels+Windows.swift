extension ReferenceKernels {
  /// Writes the windows `rows` as the rows of a matrix.
  public static func gatherWindows(
    _ window: SlidingWindow, rows: Range<Int>, of images: Source, into columns: Target
  ) {
    for (number, row) in rows.enumerated() {
      for place in 0..<window.windowCount {
        let source = window.imageOffset(row: row, place: place)
        columns[number * window.windowCount + place] = source.map { images[$0] } ?? 0
      }
    }
  }

  /// Adds the rows of a matrix of windows back to the image elements that they came from.
  public static func scatterWindows(
    _ window: SlidingWindow, rows: Range<Int>, of columns: Source, into images: Target
  ) {
    for (number, row) in rows.enumerated() {
      for place in 0..<window.windowCount {
        guard let target = window.imageOffset(row: row, place: place) else { continue }
        images[target] += columns[number * window.windowCount + place]
      }
    }
  }

  /// Yes: the direct sums are what a convolution means.
  public static var convolvesDirectly: Bool { true }

  /// `z = bias + images ∗ weights`, for a window without padding.
  public static func convolve(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, weights: Source,
    bias: Source?, placement: OutputPlacement, into z: Target
  ) {
    for row in 0..<examples * window.positionCount {
      let target = placement.offset(of: row, in: window)
      for filter in 0..<filters {
        var sum: Double = bias?[filter].asDouble ?? 0
        for place in 0..<window.windowCount {
          guard let source = window.imageOffset(row: row, place: place) else { continue }
          let product: Double = images[source].asDouble * weights[place * filters + filter].asDouble
          sum += product
        }
        z[target + filter] = Scalar(sum)
      }
    }
  }

  /// Sets the gradient of the weights, or adds to it, for a window without padding.
  ///
  /// The gradient is `[kernelHeight, kernelWidth · channels, filters]`, or with the last two axes
  /// exchanged.
  public static func convolveToWeights(
    _ window: SlidingWindow, filters: Int, examples: Int, _ images: Source, dz: Source,
    placement: OutputPlacement, isTransposed: Bool, accumulates: Bool, into gradient: Target
  ) {
    for place in 0..<window.windowCount {
      for filter in 0..<filters {
        let places = window.kernelWidth * window.channels
        let (row, column) = place.quotientAndRemainder(dividingBy: places)
        let exchanged = (row * filters + filter) * places + column
        let target = isTransposed ? exchanged : place * filters + filter
        var sum: Double = accumulates ? gradient[target].asDouble : 0
        for row in 0..<examples * window.positionCount {
          guard let source = window.imageOffset(row: row, place: place) else { continue }
          let slope = dz[placement.offset(of: row, in: window) + filter].asDouble
          let product: Double = images[source].asDouble * slope
          sum += product
        }
        gradient[target] = Scalar(sum)
      }
    }
  }

  /// Copies images into larger ones, the padding of the window as zeros around them.
  public static func padImages(
    _ window: SlidingWindow, examples: Int, paddedHeight: Int, paddedWidth: Int,
    _ images: Source, into padded: Target
  ) {
    var target = 0
    for line in 0..<examples * paddedHeight {
      let y = line % paddedHeight - window.padTop
      for column in 0..<paddedWidth {
        let x = column - window.padLeft
        let isInside = y >= 0 && y < window.inputHeight && x >= 0 && x < window.inputWidth
        let row = line / paddedHeight * window.inputHeight + y
        for channel in 0..<window.channels {
          padded[target] =
            isInside ? images[(row * window.inputWidth + x) * window.channels + channel] : 0
          target += 1
        }
      }
    }
  }

  /// The largest element of each window; the first of equals wins, not-a-number wins over all.
  public static func maxPool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target,
    taps: UnsafeMutablePointer<UInt16>
  ) {
    forEachOutput(of: window, examples: examples) { output, row, channel in
      y[output] = -Scalar.infinity
      taps[output] = 0
      for tap in 0..<window.kernelHeight * window.kernelWidth {
        let place = tap * window.channels + channel
        guard let source = window.imageOffset(row: row, place: place) else { continue }
        if x[source] > y[output] || x[source].isNaN {
          y[output] = x[source]
          taps[output] = UInt16(tap)
        }
      }
    }
  }

  /// Sends each slope to the place that was the largest.
  public static func maxPoolBackward(
    _ window: SlidingWindow, examples: Int, taps: UnsafePointer<UInt16>, dy: Source,
    into dx: Target
  ) {
    dx.update(repeating: 0, count: examples * window.inputCount)
    forEachOutput(of: window, examples: examples) { output, row, channel in
      let place = Int(taps[output]) * window.channels + channel
      if let target = window.imageOffset(row: row, place: place) { dx[target] += dy[output] }
    }
  }

  /// The mean of the part of each window that lies inside the image.
  public static func averagePool(
    _ window: SlidingWindow, examples: Int, _ x: Source, into y: Target
  ) {
    forEachOutput(of: window, examples: examples) { output, row, channel in
      var sum = 0.0
      var size = 0
      for tap in 0..<window.kernelHeight * window.kernelWidth {
        let place = tap * window.channels + channel
        guard let source = window.imageOffset(row: row, place: place) else { continue }
        sum += x[source].asDouble
        size += 1
      }
      y[output] = size == 0 ? 0 : Scalar(sum / Double(size))
    }
  }

  /// Spreads each slope over its window.
  public static func averagePoolBackward(
    _ window: SlidingWindow, examples: Int, dy: Source, into dx: Target
  ) {
    dx.update(repeating: 0, count: examples * window.inputCount)
    forEachOutput(of: window, examples: examples) { output, row, channel in
      let targets = (0..<window.kernelHeight * window.kernelWidth).compactMap {
        window.imageOffset(row: row, place: $0 * window.channels + channel)
      }
      for target in targets {
        dx[target] += Scalar(dy[output].asDouble / Double(targets.count))
      }
    }
  }

  /// Repeats every pixel `factorHeight` times down and `factorWidth` times across.
  public static func upsample(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    _ x: Source, into y: Target
  ) {
    let wide = width * factorWidth
    for line in 0..<examples * height * factorHeight {
      for column in 0..<wide {
        let source = (line / factorHeight * width + column / factorWidth) * channels
        for channel in 0..<channels {
          y[(line * wide + column) * channels + channel] = x[source + channel]
        }
      }
    }
  }

  /// Sums the slopes of each pixel's repetitions.
  public static func upsampleBackward(
    examples: Int, height: Int, width: Int, channels: Int, factorHeight: Int, factorWidth: Int,
    dy: Source, into dx: Target
  ) {
    dx.update(repeating: 0, count: examples * height * width * channels)
    let wide = width * factorWidth
    for line in 0..<examples * height * factorHeight {
      for column in 0..<wide {
        let target = (line / factorHeight * width + column / factorWidth) * channels
        for channel in 0..<channels {
          dx[target + channel] += dy[(line * wide + column) * channels + channel]
        }
      }
    }
  }

  private static func forEachOutput(
    of window: SlidingWindow, examples: Int,
    _ body: (_ output: Int, _ row: Int, _ channel: Int) -> Void
  ) {
    for row in 0..<examples * window.positionCount {
      for channel in 0..<window.channels { body(row * window.channels + channel, row, channel) }
    }
  }
}

extension OutputPlacement {
  /// Where the result of a window lies.
  fileprivate func offset(of row: Int, in window: SlidingWindow) -> Int {
    let (line, column) = row.quotientAndRemainder(dividingBy: window.outputWidth)
    let (example, y) = line.quotientAndRemainder(dividingBy: window.outputHeight)
    return example * imageCount + y * pitch + column * step
  }
}

extension SlidingWindow {
  /// Where in the batch of images an element of a window lies, or nothing when it lies outside.
  fileprivate func imageOffset(row: Int, place: Int) -> Int? {
    let (example, position) = row.quotientAndRemainder(dividingBy: positionCount)
    let (outputY, outputX) = position.quotientAndRemainder(dividingBy: outputWidth)
    let (tap, channel) = place.quotientAndRemainder(dividingBy: channels)
    let (kernelY, kernelX) = tap.quotientAndRemainder(dividingBy: kernelWidth)
    let y = outputY * strideHeight - padTop + kernelY
    let x = outputX * strideWidth - padLeft + kernelX
    guard y >= 0, y < inputHeight, x >= 0, x < inputWidth else { return nil }
    return ((example * inputHeight + y) * inputWidth + x) * channels + channel
  }
}
