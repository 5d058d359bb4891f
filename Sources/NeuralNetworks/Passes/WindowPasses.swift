import Tensors

/// The largest element of each window, at work.
final class MaxPoolPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let window: SlidingWindow
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  private let taps: UnsafeMutablePointer<UInt16>

  init(
    window: SlidingWindow, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>
  ) {
    self.window = window
    self.input = input
    self.output = output
    taps = .allocate(capacity: max(1, output.values.count))
    taps.initialize(repeating: 0, count: output.values.count)
  }

  deinit {
    taps.deallocate()
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    K.maxPool(
      window, examples: chunk.count, input.value(chunk.first), into: output.value(chunk.first),
      taps: taps + chunk.first * output.elementCount)
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    K.maxPoolBackward(
      window, examples: chunk.count, taps: taps + chunk.first * output.elementCount,
      dy: output.gradient(chunk.first), into: input.gradient(chunk.first))
  }
}

/// The mean of each window, at work; the global average is a window as large as the image.
final class AveragePoolPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let window: SlidingWindow
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>

  init(
    window: SlidingWindow, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>
  ) {
    self.window = window
    self.input = input
    self.output = output
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    K.averagePool(
      window, examples: chunk.count, input.value(chunk.first), into: output.value(chunk.first))
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    K.averagePoolBackward(
      window, examples: chunk.count, dy: output.gradient(chunk.first),
      into: input.gradient(chunk.first))
  }
}

/// Nearest-neighbour enlargement at work.
final class UpsamplePass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let factor: Int
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  private let height: Int
  private let width: Int
  private let channels: Int

  init(factor: Int, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>) {
    self.factor = factor
    self.input = input
    self.output = output
    height = input.shape.rank == 3 ? input.shape[0] : 1
    width = input.shape[-2]
    channels = input.shape[-1]
  }

  private var factorHeight: Int { input.shape.rank == 3 ? factor : 1 }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    K.upsample(
      examples: chunk.count, height: height, width: width, channels: channels,
      factorHeight: factorHeight, factorWidth: factor, input.value(chunk.first),
      into: output.value(chunk.first))
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    K.upsampleBackward(
      examples: chunk.count, height: height, width: width, channels: channels,
      factorHeight: factorHeight, factorWidth: factor, dy: output.gradient(chunk.first),
      into: input.gradient(chunk.first))
  }
}
