import Tensors

/// Batch normalisation at work.
///
/// While training, the first stage takes each chunk's moments and the second combines those of all
/// chunks, in order (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for
/// computing sample variances", 1979). Every chunk does the combining for itself: it is cheaper
/// than one more meeting of the threads.
///
/// The loops over channels are specialised for `Float`: a fully connected decoder has tens of
/// thousands.
final class BatchNormalizationPass<K: Kernels>: LayerPass {
  typealias Scalar = K.Scalar
  private let settings: BatchNormalization
  private let input: BatchMemory<Scalar>
  private let output: BatchMemory<Scalar>
  private let scale: ParameterMemory<Scalar>
  private let shift: ParameterMemory<Scalar>
  private let runningMean: UnsafeMutablePointer<Scalar>
  private let runningVariance: UnsafeMutablePointer<Scalar>
  private let channels: Int
  private let workspaces: [Workspace]

  /// What one chunk needs for itself; other chunks read the moments and sums.
  private final class Workspace {
    var rows = 0
    let means: AlignedBuffer<Double>
    let squares: AlignedBuffer<Double>
    let sums: AlignedBuffer<Double>
    let products: AlignedBuffer<Double>
    let mean: AlignedBuffer<Scalar>
    let inverseDeviation: AlignedBuffer<Scalar>
    let first: AlignedBuffer<Scalar>
    let second: AlignedBuffer<Scalar>
    let third: AlignedBuffer<Scalar>

    init(channels: Int) {
      means = AlignedBuffer(count: channels)
      squares = AlignedBuffer(count: channels)
      sums = AlignedBuffer(count: channels)
      products = AlignedBuffer(count: channels)
      mean = AlignedBuffer(count: channels)
      inverseDeviation = AlignedBuffer(count: channels)
      first = AlignedBuffer(count: channels)
      second = AlignedBuffer(count: channels)
      third = AlignedBuffer(count: channels)
    }
  }

  init(
    _ settings: BatchNormalization, input: BatchMemory<Scalar>, output: BatchMemory<Scalar>,
    scale: ParameterMemory<Scalar>, shift: ParameterMemory<Scalar>,
    runningMean: UnsafeMutablePointer<Scalar>, runningVariance: UnsafeMutablePointer<Scalar>,
    chunkCount: Int
  ) {
    self.settings = settings
    self.input = input
    self.output = output
    self.scale = scale
    self.shift = shift
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    let channels = scale.count
    self.channels = channels
    workspaces = (0..<chunkCount).map { _ in Workspace(channels: channels) }
  }

  var forwardStageCount: Int { 2 }
  var backwardStageCount: Int { 2 }

  private var rowsPerExample: Int { input.elementCount / channels }

  @specialized(where K == FloatKernels)
  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext) {
    let own = workspaces[chunk.index]
    let rows = chunk.count * rowsPerExample
    if stage == 0 {
      guard context.phase.isTraining else { return }
      own.rows = rows
      K.moments(
        rows: rows, columns: channels, input.value(chunk.first), mean: own.means.base,
        squares: own.squares.base)
      return
    }
    if context.phase.isTraining {
      combineMoments(into: own, movesAverages: chunk.index == 0)
    } else {
      for c in 0..<channels {
        own.mean.base[c] = runningMean[c]
        let variance = runningVariance[c].asDouble + settings.epsilon
        own.inverseDeviation.base[c] = Scalar(1 / variance.squareRoot())
      }
    }
    for c in 0..<channels { own.first.base[c] = own.inverseDeviation.base[c] * scale.value[c] }
    K.normalize(
      rows: rows, columns: channels, input.value(chunk.first), mean: own.mean.base,
      scale: own.first.base, shift: shift.value, into: output.value(chunk.first))
  }

  @specialized(where K == FloatKernels)
  private func combineMoments(into own: Workspace, movesAverages: Bool) {
    for c in 0..<channels {
      var count = 0.0
      var mean = 0.0
      var squares = 0.0
      for part in workspaces where part.rows > 0 {
        let added = Double(part.rows)
        let total = count + added
        let difference = part.means.base[c] - mean
        mean += difference * added / total
        squares += part.squares.base[c] + difference * difference * count * added / total
        count = total
      }
      let variance: Double = count > 0 ? squares / count : 0
      own.mean.base[c] = Scalar(mean)
      own.inverseDeviation.base[c] = Scalar(1 / (variance + settings.epsilon).squareRoot())
      guard movesAverages else { continue }
      // The running variance is the unbiased one, as in PyTorch; a single row has none to offer.
      let unbiased = count > 1 ? squares / (count - 1) : variance
      let kept = 1 - settings.momentum
      runningMean[c] = Scalar(kept * runningMean[c].asDouble + settings.momentum * mean)
      runningVariance[c] = Scalar(
        kept * runningVariance[c].asDouble + settings.momentum * unbiased)
    }
  }

  @specialized(where K == FloatKernels)
  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext) {
    let own = workspaces[chunk.index]
    let rows = chunk.count * rowsPerExample
    if stage == 0 {
      own.sums.fill(with: 0)
      own.products.fill(with: 0)
      K.addNormalizeSums(
        rows: rows, columns: channels, x: input.value(chunk.first),
        dy: output.gradient(chunk.first), mean: own.mean.base,
        inverseDeviation: own.inverseDeviation.base, sums: own.sums.base,
        products: own.products.base)
      return
    }
    guard wantsInput else { return }
    let allRows = Double(context.count * rowsPerExample)
    for c in 0..<channels {
      let inverse = own.inverseDeviation.base[c].asDouble
      let slope = inverse * scale.value[c].asDouble
      own.first.base[c] = Scalar(slope)
      // With the averages of earlier batches the statistics do not depend on this input.
      let isTraining = context.phase.isTraining
      let products = isTraining ? totalProducts(c) : 0
      let sums = isTraining ? totalSums(c) : 0
      own.second.base[c] = Scalar(-slope * inverse * products / allRows)
      own.third.base[c] = Scalar(-slope * sums / allRows)
    }
    K.normalizeBackward(
      rows: rows, columns: channels, x: input.value(chunk.first),
      dy: output.gradient(chunk.first), mean: own.mean.base, a: own.first.base,
      b: own.second.base, c: own.third.base, into: input.gradient(chunk.first))
  }

  var gradientTaskCount: Int { 1 }

  @specialized(where K == FloatKernels)
  func computeGradient(task: Int, _ context: PassContext) {
    for c in 0..<channels {
      let toScale = totalProducts(c)
      let toShift = totalSums(c)
      let keptScale = context.accumulates ? scale.gradient[c].asDouble : 0
      let keptShift = context.accumulates ? shift.gradient[c].asDouble : 0
      scale.gradient[c] = Scalar(keptScale + toScale)
      shift.gradient[c] = Scalar(keptShift + toShift)
    }
  }

  private func totalSums(_ channel: Int) -> Double {
    var sum = 0.0
    for workspace in workspaces { sum += workspace.sums.base[channel] }
    return sum
  }

  private func totalProducts(_ channel: Int) -> Double {
    var sum = 0.0
    for workspace in workspaces { sum += workspace.products.base[channel] }
    return sum
  }
}
