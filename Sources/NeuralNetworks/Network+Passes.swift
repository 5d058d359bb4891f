import Randomness
public import Tensors

/// Which gradients a backward pass computes beside those between the layers.
public struct GradientTargets: OptionSet, Hashable, Sendable {
  /// The bits of the set.
  public let rawValue: Int

  /// Makes a set from its bits.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The gradient with respect to the parameters, in `gradients`.
  public static let parameters = GradientTargets(rawValue: 1)
  /// The gradient with respect to the inputs, in `inputGradients`.
  public static let inputs = GradientTargets(rawValue: 2)
}

/// What happens to the parameter gradient of an earlier pass.
public enum GradientCombination: Hashable, Sendable {
  /// It is overwritten.
  case replace
  /// The new one is added to it.
  case add
}

/// What the threads of a network's team are asked to do.
enum Assignment {
  case idle
  case forward(segment: Int)
  case backward(segment: Int, firstLayer: Int)
  case gradients
}

extension Network {
  /// The number of examples in the current batch.
  public var count: Int { context.count }

  /// Makes room for a batch whose inputs are then written through `inputs`.
  /// - Precondition: `count` is from 0 to `batchCapacity`.
  public func beginBatch(count: Int) {
    precondition(
      count >= 0 && count <= batchCapacity,
      "A batch has at most as many examples as the network was made for.")
    context.count = count
  }

  /// Copies a batch of inputs and computes the outputs.
  ///
  /// Shape: `inputs` is `[count] + inputShape`.
  /// - Precondition: The shape fits, and `count` is at most `batchCapacity`.
  public func forward(_ inputs: Tensor<Scalar>, phase: Phase) {
    precondition(
      inputs.shape.rank == inputShape.rank + 1
        && inputs.shape.elementCount
          == inputs.shape[0] * inputShape.elementCount,
      "A batch of inputs has the shape [count] + inputShape.")
    inputs.values.withUnsafeBufferPointer { forward($0, count: inputs.shape[0], phase: phase) }
  }

  /// Copies the inputs of `count` examples, in memory order, and computes the outputs.
  /// - Precondition: There are `count` times as many inputs as one example has elements.
  public func forward(_ inputs: UnsafeBufferPointer<Scalar>, count: Int, phase: Phase) {
    beginBatch(count: count)
    precondition(
      inputs.count == count * inputShape.elementCount,
      "A batch needs one input for each element of each example.")
    if let first = inputs.baseAddress {
      places[0].values.base.update(from: first, count: inputs.count)
    }
    forward(phase: phase)
  }

  /// Copies a batch that another network holds and computes the outputs.
  /// - Precondition: Its examples have as many elements as the inputs of this network.
  public func forward(_ inputs: BatchView<Scalar>, phase: Phase) {
    forward(
      UnsafeBufferPointer(start: inputs.base, count: inputs.elementCount), count: inputs.count,
      phase: phase)
  }

  /// Computes the outputs for what `inputs` holds.
  public func forward(phase: Phase) {
    context.phase = phase
    for pass in passes { pass.prepareForward(context) }
    for segment in schedule.forward.indices {
      assignment = .forward(segment: segment)
      team.run(self, parts: chunkCount)
    }
    assignment = .idle
  }

  /// Propagates `outputGradients` back through the layers of the last forward pass.
  ///
  /// - Parameters:
  ///   - targets: Which gradients are computed beside those between the layers.
  ///   - combination: Whether the parameter gradient replaces the one of the last pass or is added
  ///     to it.
  public func backward(
    _ targets: GradientTargets = .parameters, combination: GradientCombination = .replace
  ) {
    context.wantsParameterGradients = targets.contains(.parameters)
    context.wantsInputGradient = targets.contains(.inputs)
    context.accumulates = combination == .add
    propagateBack(toLayer: 0)
    guard context.wantsParameterGradients else { return }
    assignment = .gradients
    team.run(self, parts: schedule.gradientTasks.count)
    assignment = .idle
  }

  /// Propagates `outputGradients` back to the output of one layer, computing nothing else.
  ///
  /// Afterwards `gradients(ofLayer: index)` is the derivative with respect to that layer's output.
  /// - Precondition: There is a layer with this index, and it is not merged into the next.
  public func backward(toOutputOfLayer index: Int) {
    checkVisible(index)
    context.wantsParameterGradients = false
    // The layer above has to write the gradient of its input, which is this layer's output.
    context.wantsInputGradient = true
    propagateBack(toLayer: index + 1)
  }

  private func propagateBack(toLayer firstLayer: Int) {
    if !isBackwardAllocated {
      for pass in passes { pass.allocateBackward() }
      for place in places { _ = place.gradients }
      isBackwardAllocated = true
    }
    for layer in firstLayer..<max(firstLayer, passes.count)
    where wantsInputGradient(ofLayer: layer, from: firstLayer) {
      passes[layer].prepareBackward(context)
    }
    for segment in schedule.backward.indices {
      assignment = .backward(segment: segment, firstLayer: firstLayer)
      team.run(self, parts: chunkCount)
    }
    assignment = .idle
  }

  func wantsInputGradient(ofLayer layer: Int, from firstLayer: Int) -> Bool {
    layer > firstLayer || context.wantsInputGradient
  }
}

extension Network: PartedWork {
  /// Does one part of the current assignment; called by the team's threads.
  package func perform(part: Int) {
    switch assignment {
    case .idle: break
    case .forward(let segment):
      let chunk = chunk(part)
      for item in schedule.forward[segment] {
        passes[item.layer].forward(stage: item.stage, chunk, context)
      }
    case .backward(let segment, let firstLayer):
      let chunk = chunk(part)
      for item in schedule.backward[segment] where item.layer >= firstLayer {
        passes[item.layer].backward(
          stage: item.stage, chunk,
          wantsInput: wantsInputGradient(ofLayer: item.layer, from: firstLayer), context)
      }
    case .gradients:
      let item = schedule.gradientTasks[part]
      passes[item.layer].computeGradient(task: item.stage, context)
    }
  }

  // The boundaries depend on the count and the number of chunks only.
  private func chunk(_ index: Int) -> Chunk {
    let size = (context.count + chunkCount - 1) / chunkCount
    let first = min(index * size, context.count)
    return Chunk(index: index, examples: first..<min(first + size, context.count))
  }
}

extension Network {
  /// The inputs of the current batch.
  public var inputs: BatchView<Scalar> { view(places[0].values, places[0].shape) }

  /// The outputs of the last forward pass.
  public var outputs: BatchView<Scalar> { activations(ofLayer: passes.count - 1) }

  /// The derivative of the loss with respect to the outputs: written by a loss, read by `backward`.
  public var outputGradients: BatchView<Scalar> { gradients(ofLayer: passes.count - 1) }

  /// The derivative of the loss with respect to the inputs, after a backward pass that targets it.
  public var inputGradients: BatchView<Scalar> { view(places[0].gradients, places[0].shape) }

  /// The output of a layer in the last forward pass.
  /// - Precondition: There is a layer with this index, and it is not merged into the next.
  public func activations(ofLayer index: Int) -> BatchView<Scalar> {
    checkVisible(index)
    return view(places[index + 1].values, places[index + 1].shape)
  }

  /// The derivative of the loss with respect to the output of a layer, after a backward pass.
  /// - Precondition: There is a layer with this index, and it is not merged into the next.
  public func gradients(ofLayer index: Int) -> BatchView<Scalar> {
    checkVisible(index)
    return view(places[index + 1].gradients, places[index + 1].shape)
  }

  private func checkVisible(_ index: Int) {
    precondition(passes.indices.contains(index), "There is no layer with this index.")
    precondition(
      !mergedLayers.contains(index),
      "A merged layer has no output of its own; make the network with `merging: .never` to see it.")
  }

  private func view(_ buffer: AlignedBuffer<Scalar>, _ shape: Shape) -> BatchView<Scalar> {
    BatchView(buffer, shape: shape, count: context.count, kernels: kernels)
  }
}
