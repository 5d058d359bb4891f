public import Tensors

/// Everything that a network and its optimiser are at one moment, as a value.
public struct NetworkSnapshot<Scalar: TensorScalar>: Hashable, Sendable {
  /// The layers.
  public var description: NetworkDescription
  /// The shape of one input example.
  public var inputShape: Shape
  /// The parameters by their names, such as "0.weight".
  public var parameters: [String: Tensor<Scalar>]
  /// The running averages by their names, such as "1.mean".
  public var statistics: [String: Tensor<Scalar>]
  /// The state of the optimiser, if training is to go on.
  public var optimizer: OptimizerSnapshot<Scalar>?
}

/// Everything that an optimiser is at one moment, as a value.
public struct OptimizerSnapshot<Scalar: TensorScalar>: Hashable, Sendable {
  /// Which optimiser it is and with which settings.
  public var settings: OptimizerSettings
  /// The number of steps taken.
  public var stepCount: Int
  /// The moving averages, one flat array each, in the order of the network's parameter buffer.
  public var moments: [[Scalar]]
}

extension Network {
  /// The network, and the optimiser that trains it, at this moment.
  public func snapshot(with optimizer: Optimizer<Scalar>? = nil) -> NetworkSnapshot<Scalar> {
    NetworkSnapshot(
      description: description, inputShape: inputShape,
      parameters: Self.blocks(of: parameters, parameterLayout),
      statistics: Self.blocks(of: statistics, statisticsLayout),
      optimizer: optimizer.map {
        OptimizerSnapshot(
          settings: $0.settings, stepCount: $0.stepCount, moments: $0.moments.map { $0.values() })
      })
  }

  /// Replaces parameters and statistics by those of a snapshot of the same description.
  /// - Throws: `ShapeMismatch` when a block is missing, too many, or of another shape.
  public func restore(_ snapshot: NetworkSnapshot<Scalar>) throws(ShapeMismatch) {
    try Self.check(snapshot.parameters, parameterLayout)
    try Self.check(snapshot.statistics, statisticsLayout)
    Self.copy(snapshot.parameters, into: parameters, parameterLayout)
    Self.copy(snapshot.statistics, into: statistics, statisticsLayout)
  }

  /// Makes the network of a snapshot.
  /// - Throws: `ShapeMismatch` when the description does not fit the shape or the numbers.
  public convenience init(
    restoring snapshot: NetworkSnapshot<Scalar>, batchCapacity: Int,
    team: WorkerTeam = WorkerTeam(threadCount: 1), chunkCount: Int = 2,
    merging: LayerMerging = .allowed,
    kernels: any Kernels<Scalar>.Type = Scalar.FastKernels.self
  ) throws(ShapeMismatch) {
    try self.init(
      snapshot.description, inputShape: snapshot.inputShape, batchCapacity: batchCapacity,
      team: team, chunkCount: chunkCount, merging: merging, kernels: kernels)
    try restore(snapshot)
  }

  private static func blocks(
    of buffer: AlignedBuffer<Scalar>, _ layout: ParameterLayout
  ) -> [String: Tensor<Scalar>] {
    var blocks: [String: Tensor<Scalar>] = [:]
    for entry in layout.entries {
      blocks[entry.name] = Tensor(shape: entry.shape, values: entry.range.map { buffer[$0] })
    }
    return blocks
  }

  private static func check(
    _ blocks: [String: Tensor<Scalar>], _ layout: ParameterLayout
  ) throws(ShapeMismatch) {
    for entry in layout.entries where blocks[entry.name]?.shape != entry.shape {
      throw .values(
        subject: "parameter '\(entry.name)'",
        found: blocks[entry.name].map { "the shape \($0.shape)" } ?? "no such block",
        expected: "the shape \(entry.shape)")
    }
    guard blocks.count == layout.entries.count else {
      throw .values(
        subject: "the parameters", found: "\(blocks.count) blocks",
        expected: "\(layout.entries.count)")
    }
  }

  private static func copy(
    _ blocks: [String: Tensor<Scalar>], into buffer: AlignedBuffer<Scalar>,
    _ layout: ParameterLayout
  ) {
    for entry in layout.entries {
      for (index, value) in zip(entry.range, blocks[entry.name]?.values ?? []) {
        buffer[index] = value
      }
    }
  }
}

extension Optimizer {
  /// Makes an optimiser that goes on where the one of a snapshot stopped.
  /// - Throws: `ShapeMismatch` when its moving averages do not fit the network.
  public convenience init(
    restoring snapshot: OptimizerSnapshot<Scalar>, for network: Network<Scalar>
  ) throws(ShapeMismatch) {
    self.init(snapshot.settings, for: network)
    guard snapshot.moments.map(\.count) == moments.map(\.count) else {
      throw .values(
        subject: "the optimiser", found: "moving averages of \(snapshot.moments.map(\.count))",
        expected: "parameters for \(moments.map(\.count))")
    }
    for (moment, values) in zip(moments, snapshot.moments) { moment.assign(values) }
    stepCount = snapshot.stepCount
  }
}
