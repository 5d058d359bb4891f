import Tensors

/// A convolution at work, over time or over an image, by one of the algorithms.
final class ConvolutionPass<Algorithm: ConvolutionAlgorithm>: LayerPass {
  typealias Scalar = Algorithm.Scalar
  typealias K = Algorithm.K
  private let convolution: Algorithm
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  private let weights: ParameterMemory<Scalar>
  private let bias: ParameterMemory<Scalar>?
  private let fused: (function: ActivationFunction, memory: BatchMemory<Scalar>)?
  private let scratch: [AlignedBuffer<Scalar>]
  private let prepared: AlignedBuffer<Scalar>
  private var preparedBack: AlignedBuffer<Scalar>?
  // Each chunk sums its own gradient; a task then adds them in the order of the chunks.
  private var partialWeights: [AlignedBuffer<Scalar>] = []
  private var partialBiases: [AlignedBuffer<Double>] = []

  private static var weightsPerTask: Int { 16_384 }

  init(
    _ convolution: Algorithm, input: BatchMemory<Scalar>,
    output: BatchMemory<Scalar>, weights: ParameterMemory<Scalar>,
    bias: ParameterMemory<Scalar>?,
    fused: (function: ActivationFunction, memory: BatchMemory<Scalar>)?, chunkCount: Int,
    chunkCapacity: Int
  ) {
    self.convolution = convolution
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.fused = fused
    prepared = AlignedBuffer(count: convolution.forwardCount)
    scratch = (0..<chunkCount).map { _ in
      AlignedBuffer(count: convolution.scratchCount(examples: chunkCapacity))
    }
  }

  func prepareForward(_ context: PassContext) {
    convolution.prepareForward(weights: weights.value, into: prepared.base)
  }

  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    let z = output.value(chunk.first)
    convolution.forward(
      examples: chunk.count, x: input.value(chunk.first), weights: weights.value,
      prepared: prepared.base, bias: bias.map { UnsafePointer($0.value) },
      function: fused?.function ?? .linear, z: z,
      a: fused?.memory.value(chunk.first) ?? z, scratch: scratch[chunk.index].base)
  }

  func allocateBackward() {
    preparedBack = AlignedBuffer(count: convolution.backwardCount)
    partialWeights = scratch.map { _ in AlignedBuffer(count: convolution.weightCount) }
    if bias != nil {
      partialBiases = scratch.map { _ in AlignedBuffer(count: convolution.filters) }
    }
  }

  func prepareBackward(_ context: PassContext) {
    guard let preparedBack else { return }
    convolution.prepareBackward(weights: weights.value, into: preparedBack.base)
  }

  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    let dz = output.gradient(chunk.first)
    if context.wantsParameterGradients {
      convolution.backwardToWeights(
        examples: chunk.count, x: input.value(chunk.first), dz: dz,
        gradient: partialWeights[chunk.index].base, accumulates: false,
        scratch: scratch[chunk.index].base)
      if bias != nil {
        let sums = partialBiases[chunk.index]
        sums.fill(with: 0)
        K.addColumnSums(
          rows: chunk.count * convolution.outputCount / convolution.filters,
          columns: convolution.filters, dz, to: sums.base)
      }
    }
    guard wantsInput, let preparedBack else { return }
    convolution.backwardToInput(
      examples: chunk.count, dz: dz, weights: weights.value,
      prepared: preparedBack.base, dx: input.gradient(chunk.first),
      scratch: scratch[chunk.index].base)
  }

  var gradientTaskCount: Int {
    (weights.count + Self.weightsPerTask - 1) / Self.weightsPerTask + (bias == nil ? 0 : 1)
  }

  func computeGradient(task: Int, _ context: PassContext) {
    let first = task * Self.weightsPerTask
    guard first < weights.count else {
      computeBiasGradient(context)
      return
    }
    let count = min(Self.weightsPerTask, weights.count - first)
    let target = weights.gradient + first
    for index in partialWeights.indices {
      let part = partialWeights[index].base + first
      if index == 0, !context.accumulates {
        target.update(from: part, count: count)
      } else {
        K.add(count: count, part, to: target)
      }
    }
  }

  private func computeBiasGradient(_ context: PassContext) {
    guard let bias, let total = partialBiases.first else { return }
    for index in 1..<max(1, partialBiases.count) {
      let part = partialBiases[index].base
      for i in 0..<bias.count { total.base[i] += part[i] }
    }
    bias.storeGradient(total.base, accumulates: context.accumulates)
  }
}
