import Randomness
import Tensors

/// A function of each element at work.
final class ActivationPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let function: ActivationFunction
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  // The layer before has already taken the function.
  private let isFused: Bool

  init(
    _ function: ActivationFunction, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>,
    isFused: Bool
  ) {
    self.function = function
    self.input = input
    self.output = output
    self.isFused = isFused
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    guard !isFused else { return }
    K.activate(
      function, count: chunk.count * input.elementCount, input.value(chunk.first),
      into: output.value(chunk.first))
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    K.activateBackward(
      function, count: chunk.count * input.elementCount, x: input.value(chunk.first),
      y: output.value(chunk.first), dy: output.gradient(chunk.first),
      into: input.gradient(chunk.first))
  }
}

/// The softmax over the last axis at work.
final class SoftmaxPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>

  init(input: BatchMemory<Scalar>, output: BatchMemory<Scalar>) {
    self.input = input
    self.output = output
  }

  private var classes: Int { input.shape[-1] }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    K.softmax(
      rows: chunk.count * input.elementCount / classes, columns: classes,
      input.value(chunk.first), into: output.value(chunk.first))
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    K.softmaxBackward(
      rows: chunk.count * input.elementCount / classes, columns: classes,
      y: output.value(chunk.first), dy: output.gradient(chunk.first),
      into: input.gradient(chunk.first))
  }
}

/// Dropout at work: the same bits forward and backward, so no mask is stored.
final class DropoutPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let rate: Double
  private let layerIndex: Int
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>

  init(
    rate: Double, layerIndex: Int, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>
  ) {
    self.rate = rate
    self.layerIndex = layerIndex
    self.input = input
    self.output = output
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    drop(chunk, context.phase, input.value(chunk.first), into: output.value(chunk.first))
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput else { return }
    drop(chunk, context.phase, output.gradient(chunk.first), into: input.gradient(chunk.first))
  }

  private func drop(
    _ chunk: Chunk, _ phase: Phase, _ source: UnsafePointer<Scalar>,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    let count = chunk.count * input.elementCount
    guard case .training(let noise) = phase, rate > 0 else {
      target.update(from: source, count: count)
      return
    }
    K.dropOut(
      key: noise.child(layerIndex).value, first: chunk.first * input.elementCount, count: count,
      threshold: UInt32((rate * 0x1p32).rounded(.down)), factor: 1 / (1 - rate), source,
      into: target)
  }
}

/// A layer without work: a reshaped place is the same memory, a merged layer is part of the next
/// one.
final class IdlePass<Scalar: TensorScalar>: LayerPass {
  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {}
  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {}
}
