public import Randomness
public import Tensors

/// Whether layers may be computed together.
public enum LayerMerging: Hashable, Sendable {
  /// Where that saves work: a doubling becomes part of the convolution with a window of three after
  /// it.
  ///
  /// The function and its gradients stay the same; a merged layer's own output cannot be looked at.
  case allowed
  /// Never: every layer's output can be looked at.
  case never
}

/// A network at work: a description with numbers, and memory for batches up to a fixed size.
///
/// All memory is set aside when the network is made, or, for gradients, in the first backward pass;
/// later steps allocate nothing. A batch is cut into `chunkCount` chunks whose results are combined
/// in order, and the threads of the team share the chunks: results depend on the chunk count and
/// never on the number of threads.
///
/// A training step is `forward`, a loss that writes `outputGradients`, `backward`, and an
/// optimiser's step. Networks are composed by hand: the inputs of one are assigned from the outputs
/// of another, and its `inputGradients` are assigned or added to the other's `outputGradients`.
///
/// Isolation: a network belongs to one task at a time and is not `Sendable`.
public final class Network<Scalar: TensorScalar> {
  /// The layers.
  public let description: NetworkDescription
  /// The shape of one input example.
  public let inputShape: Shape
  /// The shape of one output example.
  public var outputShape: Shape { places[places.count - 1].shape }
  /// The largest number of examples in a batch.
  public let batchCapacity: Int
  /// The number of chunks that a batch is cut into.
  public let chunkCount: Int
  /// The threads that do the work.
  public let team: WorkerTeam

  /// Everything the network learns, in one flat buffer.
  public let parameters: AlignedBuffer<Scalar>
  /// The gradient of the loss with respect to `parameters`, in the same order.
  public let gradients: AlignedBuffer<Scalar>
  /// Running averages, which no gradient reaches.
  public let statistics: AlignedBuffer<Scalar>
  /// The named blocks of `parameters` and `gradients`.
  public let parameterLayout: ParameterLayout
  /// The named blocks of `statistics`.
  public let statisticsLayout: ParameterLayout

  /// The layers that are computed together with the next one and have no output of their own.
  public let mergedLayers: Set<Int>

  let kernels: any Kernels<Scalar>.Type
  // places[0] is the input, places[i + 1] the output of layer i.
  let places: [BatchMemory<Scalar>]
  let passes: [any LayerPass<Scalar>]
  let schedule: Schedule
  var context = PassContext()
  var isBackwardAllocated = false
  // What the threads are asked to do at the moment.
  var assignment = Assignment.idle

  /// Makes a network whose parameters are zero (and scales one) until they are initialised or
  /// restored.
  ///
  /// - Parameters:
  ///   - description: The layers.
  ///   - inputShape: The shape of one example, without the batch.
  ///   - batchCapacity: The largest number of examples in a batch.
  ///   - team: The threads that do the work; networks that work in turn should share one.
  ///   - chunkCount: The number of chunks that a batch is cut into: as many threads can work on it.
  ///   - merging: Whether layers may be computed together where that saves work.
  ///   - kernels: The backend; `ReferenceKernels<Scalar>.self` where a result must not depend on
  ///     the CPU.
  /// - Throws: `ShapeMismatch` naming the layer that does not fit.
  public init(
    _ description: NetworkDescription, inputShape: Shape, batchCapacity: Int,
    team: WorkerTeam = WorkerTeam(threadCount: 1), chunkCount: Int = 2,
    merging: LayerMerging = .allowed,
    kernels: any Kernels<Scalar>.Type = Scalar.FastKernels.self
  ) throws(ShapeMismatch) {
    let shapes = try description.shapes(for: inputShape)
    guard batchCapacity > 0 else { throw .capacity(batchCapacity) }
    guard chunkCount > 0 else { throw .chunkCount(chunkCount) }
    self.description = description
    self.inputShape = inputShape
    self.batchCapacity = batchCapacity
    self.chunkCount = chunkCount
    self.team = team
    self.kernels = kernels
    parameterLayout = ParameterLayout(
      zip(description.layers, shapes).map { $0.parameters(for: $1) })
    statisticsLayout = ParameterLayout(
      zip(description.layers, shapes).map { $0.statistics(for: $1) })
    parameters = AlignedBuffer(count: parameterLayout.count)
    gradients = AlignedBuffer(count: parameterLayout.count)
    statistics = AlignedBuffer(count: statisticsLayout.count)
    let merged =
      merging == .allowed ? PassAssembly.mergedLayers(description.layers, shapes, kernels) : []
    mergedLayers = merged
    places = Self.makePlaces(description.layers, shapes, merged, capacity: batchCapacity)
    let assembly = PassAssembly(
      layers: description.layers, places: places, parameters: parameters, gradients: gradients,
      statistics: statistics, parameterLayout: parameterLayout,
      statisticsLayout: statisticsLayout, chunkCount: chunkCount, batchCapacity: batchCapacity,
      mergedLayers: merged)
    passes = try assembly.makePasses(with: kernels)
    schedule = Schedule(passes)
    resetConstants()
  }

  /// Draws the parameters that training starts from, each block from its own child of the seed.
  public func initializeParameters(seed: Seed) {
    parameters.assign(parameterLayout.initialValues(seed: seed).map { Scalar($0) })
    statistics.assign(statisticsLayout.initialValues(seed: seed).map { Scalar($0) })
  }

  /// A copy of a named block of parameters, such as "0.weight"; nothing when there is none.
  public func parameter(named name: String) -> Tensor<Scalar>? {
    parameterLayout[name].map { Self.copy($0, of: parameters) }
  }

  /// A copy of a named block of the gradient; nothing when there is none.
  public func gradient(named name: String) -> Tensor<Scalar>? {
    parameterLayout[name].map { Self.copy($0, of: gradients) }
  }

  /// A copy of a named block of statistics, such as "1.mean"; nothing when there is none.
  public func statistic(named name: String) -> Tensor<Scalar>? {
    statisticsLayout[name].map { Self.copy($0, of: statistics) }
  }

  /// Replaces a named block of parameters.
  /// - Throws: `ShapeMismatch` when there is no such block or it has another shape.
  public func setParameter(named name: String, to value: Tensor<Scalar>) throws(ShapeMismatch) {
    guard let entry = parameterLayout[name], entry.shape == value.shape else {
      throw .values(
        subject: "parameter '\(name)'", found: "the shape \(value.shape)",
        expected: parameterLayout[name].map { "the shape \($0.shape)" } ?? "no such block")
    }
    for (index, element) in value.values.enumerated() {
      parameters[entry.offset + index] = element
    }
  }

  private func resetConstants() {
    for (layout, buffer) in [(parameterLayout, parameters), (statisticsLayout, statistics)] {
      for (plan, entry) in zip(layout.plans, layout.entries) {
        guard case .constant(let value) = plan.start else { continue }
        for index in entry.range { buffer[index] = Scalar(value) }
      }
    }
  }

  private static func copy(
    _ entry: ParameterLayout.Entry, of buffer: AlignedBuffer<Scalar>
  ) -> Tensor<Scalar> {
    Tensor(shape: entry.shape, values: entry.range.map { buffer[$0] })
  }

  private static func makePlaces(
    _ layers: [Layer], _ shapes: [Shape], _ merged: Set<Int>, capacity: Int
  ) -> [BatchMemory<Scalar>] {
    var places = [BatchMemory<Scalar>(shape: shapes[0], capacity: capacity)]
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .flatten, .reshape:
        places.append(BatchMemory(places[index], as: shapes[index + 1]))
      default:
        let isNeeded = !merged.contains(index)
        places.append(
          BatchMemory(shape: shapes[index + 1], capacity: isNeeded ? capacity : 0))
      }
    }
    return places
  }
}
