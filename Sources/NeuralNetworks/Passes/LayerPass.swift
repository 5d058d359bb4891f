import Randomness
import Tensors

/// The memory of one place between two layers: the values there, and their gradient once one is
/// wanted.
final class BatchMemory<Scalar: TensorScalar> {
  let shape: Shape
  let values: AlignedBuffer<Scalar>
  private let capacity: Int
  private var storedGradients: AlignedBuffer<Scalar>?
  // A flattened or reshaped place is another view of the same memory, gradients included.
  private let original: BatchMemory?

  init(shape: Shape, capacity: Int) {
    self.shape = shape
    self.capacity = capacity
    values = AlignedBuffer(count: capacity * shape.elementCount)
    original = nil
  }

  init(_ original: BatchMemory, as shape: Shape) {
    self.shape = shape
    self.original = original
    capacity = original.capacity
    values = original.values
  }

  var elementCount: Int { shape.elementCount }

  /// The gradient, made when it is first asked for: a network that only evaluates never pays for
  /// it.
  var gradients: AlignedBuffer<Scalar> {
    if let original { return original.gradients }
    if let stored = storedGradients { return stored }
    let made = AlignedBuffer<Scalar>(count: values.count)
    storedGradients = made
    return made
  }

  func value(_ example: Int) -> UnsafeMutablePointer<Scalar> {
    values.base + example * shape.elementCount
  }

  func gradient(_ example: Int) -> UnsafeMutablePointer<Scalar> {
    gradients.base + example * shape.elementCount
  }
}

/// What one pass through the network has to know.
struct PassContext {
  var count = 0
  var phase = Phase.evaluation
  var wantsInputGradient = false
  var wantsParameterGradients = false
  var accumulates = false
}

/// A consecutive part of the batch that one thread works on.
struct Chunk {
  var index: Int
  var examples: Range<Int>

  var first: Int { examples.lowerBound }
  var count: Int { examples.count }
}

/// A layer at work: its two passes over memory that was set aside for it.
///
/// A pass runs in stages; between two stages all chunks meet, so that a later stage may read what
/// the earlier one left for the whole batch. Chunks run on different threads at once. After the
/// backward pass of all layers the gradient tasks run, again on all threads.
protocol LayerPass<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar
  var forwardStageCount: Int { get }
  var backwardStageCount: Int { get }
  /// Work that precedes the forward stages and is the same for all chunks.
  func prepareForward(_ context: PassContext)
  /// Memory and tables that only the backward pass needs; called once before the first.
  func allocateBackward()
  /// Work that precedes the backward stages and is the same for all chunks.
  func prepareBackward(_ context: PassContext)
  func forward(stage: Int, _ chunk: Chunk, _ context: PassContext)
  /// Writes the gradient of the layer's input where the context (or an earlier layer) wants it.
  func backward(stage: Int, _ chunk: Chunk, wantsInput: Bool, _ context: PassContext)
  var gradientTaskCount: Int { get }
  func computeGradient(task: Int, _ context: PassContext)
}

extension LayerPass {
  var forwardStageCount: Int { 1 }
  var backwardStageCount: Int { 1 }
  func prepareForward(_ context: PassContext) {}
  func allocateBackward() {}
  func prepareBackward(_ context: PassContext) {}
  var gradientTaskCount: Int { 0 }
  func computeGradient(task: Int, _ context: PassContext) {}
}

/// The places of a layer's parameters: the numbers, and where their gradient goes.
struct ParameterMemory<Scalar: TensorScalar> {
  let value: UnsafeMutablePointer<Scalar>
  let gradient: UnsafeMutablePointer<Scalar>
  let count: Int
}
