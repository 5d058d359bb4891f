import Tensors

/// Puts the passes of a network together: layers, their memory and their parameters.
struct PassAssembly<Scalar: TensorScalar> {
  let layers: [Layer]
  let places: [BatchMemory<Scalar>]
  let parameters: AlignedBuffer<Scalar>
  let gradients: AlignedBuffer<Scalar>
  let statistics: AlignedBuffer<Scalar>
  let parameterLayout: ParameterLayout
  let statisticsLayout: ParameterLayout
  let chunkCount: Int
  let batchCapacity: Int
  let mergedLayers: Set<Int>

  /// The doublings that become part of the convolution after them.
  static func mergedLayers<K: Kernels<Scalar>>(
    _ layers: [Layer], _ shapes: [Shape], _ kernels: K.Type
  ) -> Set<Int> {
    Set(
      layers.indices.dropLast().filter { index in
        guard case .upsample(let upsample) = layers[index], upsample.factor == 2,
          let window = window(of: layers[index + 1], shapes[index + 1], at: index + 1)
        else { return false }
        return DoubledConvolution<K>.applies(to: window)
      })
  }

  /// The window of a convolution that is known to fit; nothing for other layers.
  private static func window(of layer: Layer, _ input: Shape, at index: Int) -> SlidingWindow? {
    let place = LayerPlace(index: index, kind: layer.kind)
    do {
      switch layer {
      case .conv1D(let settings): return try settings.window(for: input, at: place)
      case .conv2D(let settings): return try settings.window(for: input, at: place)
      default: return nil
      }
    } catch {
      preconditionFailure("A layer's window does not fit the shape that was checked for it.")
    }
  }

  func makePasses(
    with kernels: any Kernels<Scalar>.Type
  ) throws(ShapeMismatch) -> [any LayerPass<Scalar>] {
    var passes: [any LayerPass<Scalar>] = []
    for index in layers.indices { passes.append(try makePass(index, kernels)) }
    return passes
  }

  private func makePass<K: Kernels<Scalar>>(
    _ index: Int, _ kernels: K.Type
  ) throws(ShapeMismatch) -> any LayerPass<Scalar> {
    let input = places[index]
    let output = places[index + 1]
    let place = LayerPlace(index: index, kind: layers[index].kind)
    switch layers[index] {
    case .dense:
      return DensePass<K>(
        input: input, output: output, weights: memory(index, "weight"),
        bias: optionalMemory(index, "bias"), fused: activation(after: index))
    case .conv1D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return makeConvolution(index, window, layer.filters, kernels)
    case .conv2D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return makeConvolution(index, window, layer.filters, kernels)
    case .maxPool1D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return try makeMaxPool(window, place, input, output, kernels)
    case .maxPool2D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return try makeMaxPool(window, place, input, output, kernels)
    case .averagePool1D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return AveragePoolPass<K>(window: window, input: input, output: output)
    case .averagePool2D(let layer):
      let window = try layer.window(for: input.shape, at: place)
      return AveragePoolPass<K>(window: window, input: input, output: output)
    case .globalAverage:
      let positions = input.elementCount / input.shape[-1]
      let window = SlidingWindow(
        inputWidth: positions, channels: input.shape[-1], kernelWidth: positions, outputWidth: 1)
      return AveragePoolPass<K>(window: window, input: input, output: output)
    case .flatten, .reshape: return IdlePass<Scalar>()
    case .activation(let function):
      return ActivationPass<K>(
        function, input: input, output: output, isFused: isFused(index))
    case .softmax: return SoftmaxPass<K>(input: input, output: output)
    case .batchNormalization(let layer):
      return BatchNormalizationPass<K>(
        layer, input: input, output: output, scale: memory(index, "weight"),
        shift: memory(index, "bias"), runningMean: statistic(index, "mean"),
        runningVariance: statistic(index, "variance"), chunkCount: chunkCount)
    case .dropout(let layer):
      return DropoutPass<K>(rate: layer.rate, layerIndex: index, input: input, output: output)
    case .upsample where mergedLayers.contains(index): return IdlePass<Scalar>()
    case .upsample(let layer):
      return UpsamplePass<K>(factor: layer.factor, input: input, output: output)
    }
  }

  private func makeConvolution<K: Kernels<Scalar>>(
    _ index: Int, _ window: SlidingWindow, _ filters: Int, _ kernels: K.Type
  ) -> any LayerPass<Scalar> {
    guard mergedLayers.contains(index - 1) else {
      return makeConvolution(
        index, Convolution<K>(window: window, filters: filters), input: places[index])
    }
    return makeConvolution(
      index, DoubledConvolution<K>(window: window, filters: filters), input: places[index - 1])
  }

  private func makeConvolution<Algorithm: ConvolutionAlgorithm<Scalar>>(
    _ index: Int, _ algorithm: Algorithm, input: BatchMemory<Scalar>
  ) -> any LayerPass<Scalar> {
    ConvolutionPass<Algorithm>(
      algorithm, input: input, output: places[index + 1], weights: memory(index, "weight"),
      bias: optionalMemory(index, "bias"), fused: activation(after: index),
      chunkCount: chunkCount, chunkCapacity: (batchCapacity + chunkCount - 1) / chunkCount)
  }

  private func makeMaxPool<K: Kernels<Scalar>>(
    _ window: SlidingWindow, _ place: LayerPlace, _ input: BatchMemory<Scalar>,
    _ output: BatchMemory<Scalar>, _ kernels: K.Type
  ) throws(ShapeMismatch) -> any LayerPass<Scalar> {
    // The place of the largest element is kept in 16 bits.
    let tapCount = window.kernelHeight * window.kernelWidth
    guard tapCount <= Int(UInt16.max) else { throw .tapCount(at: place, found: tapCount) }
    return MaxPoolPass<K>(window: window, input: input, output: output)
  }

  /// The activation that directly follows a layer, which that layer takes along.
  private func activation(
    after index: Int
  ) -> (function: ActivationFunction, memory: BatchMemory<Scalar>)? {
    guard index + 1 < layers.count, case .activation(let function) = layers[index + 1] else {
      return nil
    }
    return (function, places[index + 2])
  }

  private func isFused(_ index: Int) -> Bool {
    guard index > 0 else { return false }
    switch layers[index - 1] {
    case .dense, .conv1D, .conv2D: return true
    default: return false
    }
  }

  private func memory(_ index: Int, _ name: String) -> ParameterMemory<Scalar> {
    guard let memory = optionalMemory(index, name) else {
      preconditionFailure("Layer \(index) has no parameter '\(name)', though it planned one.")
    }
    return memory
  }

  private func optionalMemory(_ index: Int, _ name: String) -> ParameterMemory<Scalar>? {
    parameterLayout["\(index).\(name)"].map { entry in
      ParameterMemory(
        value: parameters.base + entry.offset, gradient: gradients.base + entry.offset,
        count: entry.shape.elementCount)
    }
  }

  private func statistic(_ index: Int, _ name: String) -> UnsafeMutablePointer<Scalar> {
    guard let offset = statisticsLayout.offset(layer: index, name) else {
      preconditionFailure("Layer \(index) has no statistic '\(name)', though it planned one.")
    }
    return statistics.base + offset
  }
}
