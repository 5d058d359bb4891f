import Tensors

/// The order in which the stages of all layers run, cut where all chunks have to meet.
struct Schedule {
  /// One stage of one layer.
  struct Item {
    var layer: Int
    var stage: Int
  }

  /// A run of stages that each chunk goes through without waiting for the others.
  typealias Segment = [Item]

  let forward: [Segment]
  let backward: [Segment]
  let gradientTasks: [Item]

  init<Scalar: TensorScalar>(_ passes: [any LayerPass<Scalar>]) {
    forward = Self.segments(passes.indices.map { ($0, passes[$0].forwardStageCount) })
    backward = Self.segments(passes.indices.reversed().map { ($0, passes[$0].backwardStageCount) })
    gradientTasks = passes.indices.flatMap { layer in
      (0..<passes[layer].gradientTaskCount).map { Item(layer: layer, stage: $0) }
    }
  }

  private static func segments(_ layers: [(index: Int, stageCount: Int)]) -> [Segment] {
    var segments: [Segment] = [[]]
    for layer in layers {
      for stage in 0..<layer.stageCount {
        if stage > 0 { segments.append([]) }
        segments[segments.count - 1].append(Item(layer: layer.index, stage: stage))
      }
    }
    return segments
  }
}
