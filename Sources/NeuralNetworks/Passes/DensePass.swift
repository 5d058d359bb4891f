import Tensors

/// A dense layer at work: one matrix product forward, one backward, one for the weights.
final class DensePass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  private let weights: ParameterMemory<Scalar>
  private let bias: ParameterMemory<Scalar>?
  // The activation that follows, taken while the results are still in the cache.
  private let fused: (function: ActivationFunction, memory: BatchMemory<Scalar>)?
  private let rowsPerTask: Int
  private var biasSums: AlignedBuffer<Double>?

  /// 256 KiB of floats: the share of the weights' gradient that stays in a second-level cache.
  private static var weightsPerTask: Int { 65_536 }

  init(
    input: BatchMemory<Scalar>, output: BatchMemory<Scalar>, weights: ParameterMemory<Scalar>,
    bias: ParameterMemory<Scalar>?,
    fused: (function: ActivationFunction, memory: BatchMemory<Scalar>)?
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.fused = fused
    rowsPerTask = max(16, (Self.weightsPerTask / output.elementCount + 15) / 16 * 16)
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    guard chunk.count > 0 else { return }
    let z = output.value(chunk.first)
    K.multiply(
      MatrixProduct(
        rows: chunk.count, columns: output.elementCount, depth: input.elementCount),
      input.value(chunk.first), weights.value, into: z)
    K.addBiasAndActivate(
      fused?.function ?? .linear, rows: chunk.count, columns: output.elementCount,
      bias: bias.map { UnsafePointer($0.value) }, to: z,
      into: fused?.memory.value(chunk.first) ?? z)
  }

  func allocateBackward() {
    if bias != nil { biasSums = AlignedBuffer(count: output.elementCount) }
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    guard wantsInput, chunk.count > 0 else { return }
    K.multiply(
      MatrixProduct(
        rows: chunk.count, columns: input.elementCount, depth: output.elementCount,
        transposesSecond: true),
      output.gradient(chunk.first), weights.value, into: input.gradient(chunk.first))
  }

  // The gradient of the weights is split by rows of the weights, not by examples: every part is
  // written once, and no sum over threads is needed.
  var gradientTaskCount: Int {
    (input.elementCount + rowsPerTask - 1) / rowsPerTask + (bias == nil ? 0 : 1)
  }

  func computeGradient(task: Int, _ context: PassContext) {
    let first = task * rowsPerTask
    guard first < input.elementCount else {
      computeBiasGradient(context)
      return
    }
    let rows = min(rowsPerTask, input.elementCount - first)
    K.multiply(
      MatrixProduct(
        rows: rows, columns: output.elementCount, depth: context.count, transposesFirst: true,
        firstStride: input.elementCount, accumulates: context.accumulates),
      input.value(0) + first, output.gradient(0),
      into: weights.gradient + first * output.elementCount)
  }

  private func computeBiasGradient(_ context: PassContext) {
    guard let bias, let biasSums else { return }
    biasSums.fill(with: 0)
    K.addColumnSums(
      rows: context.count, columns: output.elementCount, output.gradient(0), to: biasSums.base)
    bias.storeGradient(biasSums.base, accumulates: context.accumulates)
  }
}

extension ParameterMemory {
  /// Rounds sums in double once and writes them as the gradient, or adds them to it.
  @specialized(where Scalar == Float)
  func storeGradient(_ sums: UnsafePointer<Double>, accumulates: Bool) {
    for i in 0..<count {
      gradient[i] = Scalar(accumulates ? gradient[i].asDouble + sums[i] : sums[i])
    }
  }
}
