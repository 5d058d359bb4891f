public import Tensors

/// One layer of a network as a value: its kind and its settings, no numbers.
public enum Layer: Hashable, Sendable {
  /// Every output is a weighted sum of every input.
  case dense(Dense)
  /// A convolution over time.
  case conv1D(Conv1D)
  /// A convolution over an image.
  case conv2D(Conv2D)
  /// The largest element of each window over time.
  case maxPool1D(Pool1D)
  /// The largest element of each window over an image.
  case maxPool2D(Pool2D)
  /// The mean of each window over time.
  case averagePool1D(Pool1D)
  /// The mean of each window over an image.
  case averagePool2D(Pool2D)
  /// The mean of each channel over all positions: `[batch, …, channels]` → `[batch, channels]`.
  case globalAverage
  /// All elements of an example in one axis.
  case flatten
  /// The same elements under another shape.
  case reshape(Reshape)
  /// A function of each element.
  case activation(ActivationFunction)
  /// The softmax over the last axis.
  case softmax
  /// Normalisation of each channel over the batch.
  case batchNormalization(BatchNormalization)
  /// Random zeros while training.
  case dropout(Dropout)
  /// Nearest-neighbour enlargement.
  case upsample(Upsample)

  /// The name of the layer in descriptions, files and errors.
  public var kind: LayerKind {
    switch self {
    case .dense: .dense
    case .conv1D: .conv1D
    case .conv2D: .conv2D
    case .maxPool1D: .maxPool1D
    case .maxPool2D: .maxPool2D
    case .averagePool1D: .averagePool1D
    case .averagePool2D: .averagePool2D
    case .globalAverage: .globalAverage
    case .flatten: .flatten
    case .reshape: .reshape
    case .activation: .activation
    case .softmax: .softmax
    case .batchNormalization: .batchNormalization
    case .dropout: .dropout
    case .upsample: .upsample
    }
  }
}

/// The kinds of layers, by their names in files.
public enum LayerKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// `Dense`.
  case dense
  /// `Conv1D`.
  case conv1D
  /// `Conv2D`.
  case conv2D
  /// `Pool1D` of the largest.
  case maxPool1D
  /// `Pool2D` of the largest.
  case maxPool2D
  /// `Pool1D` of the mean.
  case averagePool1D
  /// `Pool2D` of the mean.
  case averagePool2D
  /// The mean over all positions.
  case globalAverage
  /// All elements in one axis.
  case flatten
  /// `Reshape`.
  case reshape
  /// An `ActivationFunction`.
  case activation
  /// The softmax over the last axis.
  case softmax
  /// `BatchNormalization`.
  case batchNormalization
  /// `Dropout`.
  case dropout
  /// `Upsample`.
  case upsample
}

extension Layer {
  /// The shape of one example after this layer.
  func outputShape(for input: Shape, at index: Int) throws(ShapeMismatch) -> Shape {
    let place = LayerPlace(index: index, kind: kind)
    switch self {
    case .dense(let layer): return try layer.outputShape(for: input, at: place)
    case .conv1D(let layer): return try layer.outputShape(for: input, at: place)
    case .conv2D(let layer): return try layer.outputShape(for: input, at: place)
    case .maxPool1D(let layer), .averagePool1D(let layer):
      return try layer.outputShape(for: input, at: place)
    case .maxPool2D(let layer), .averagePool2D(let layer):
      return try layer.outputShape(for: input, at: place)
    case .globalAverage:
      guard input.rank >= 2, input.elementCount > 0 else {
        throw .rank(
          at: place, found: input, expected: "[…, channels] with at least one position",
          advice: "Leave it out, or put a reshape layer before it")
      }
      return [input[-1]]
    case .flatten: return [input.elementCount]
    case .reshape(let layer): return try layer.outputShape(for: input, at: place)
    case .activation: return input
    case .softmax:
      guard input.rank >= 1, input[-1] > 0 else {
        throw .rank(
          at: place, found: input, expected: "[…, classes]", advice: "Put a dense layer before it")
      }
      return input
    case .batchNormalization(let layer): return try layer.outputShape(for: input, at: place)
    case .dropout(let layer): return try layer.outputShape(for: input, at: place)
    case .upsample(let layer): return try layer.outputShape(for: input, at: place)
    }
  }

  /// The parameters that this layer learns.
  func parameters(for input: Shape) -> [ParameterPlan] {
    switch self {
    case .dense(let layer): layer.parameters(for: input)
    case .conv1D(let layer): layer.parameters(for: input)
    case .conv2D(let layer): layer.parameters(for: input)
    case .batchNormalization(let layer): layer.parameters(for: input)
    default: []
    }
  }

  /// The running averages that this layer keeps.
  func statistics(for input: Shape) -> [ParameterPlan] {
    guard case .batchNormalization(let layer) = self else { return [] }
    return layer.statistics(for: input)
  }
}

extension Layer: Codable {
  private enum Key: String, CodingKey { case layer, function }

  /// Reads an object such as `{"layer": "dense", "units": 64, …}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(LayerKind.self, forKey: .layer) {
    case .dense: self = .dense(try Dense(from: decoder))
    case .conv1D: self = .conv1D(try Conv1D(from: decoder))
    case .conv2D: self = .conv2D(try Conv2D(from: decoder))
    case .maxPool1D: self = .maxPool1D(try Pool1D(from: decoder))
    case .maxPool2D: self = .maxPool2D(try Pool2D(from: decoder))
    case .averagePool1D: self = .averagePool1D(try Pool1D(from: decoder))
    case .averagePool2D: self = .averagePool2D(try Pool2D(from: decoder))
    case .globalAverage: self = .globalAverage
    case .flatten: self = .flatten
    case .reshape: self = .reshape(try Reshape(from: decoder))
    case .activation:
      self = .activation(try container.decode(ActivationFunction.self, forKey: .function))
    case .softmax: self = .softmax
    case .batchNormalization:
      self = .batchNormalization(try BatchNormalization(from: decoder))
    case .dropout: self = .dropout(try Dropout(from: decoder))
    case .upsample: self = .upsample(try Upsample(from: decoder))
    }
  }

  /// Writes the kind beside the settings in one flat object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .layer)
    switch self {
    case .dense(let layer): try layer.encode(to: encoder)
    case .conv1D(let layer): try layer.encode(to: encoder)
    case .conv2D(let layer): try layer.encode(to: encoder)
    case .maxPool1D(let layer), .averagePool1D(let layer): try layer.encode(to: encoder)
    case .maxPool2D(let layer), .averagePool2D(let layer): try layer.encode(to: encoder)
    case .reshape(let layer): try layer.encode(to: encoder)
    case .activation(let function): try container.encode(function, forKey: .function)
    case .batchNormalization(let layer): try layer.encode(to: encoder)
    case .dropout(let layer): try layer.encode(to: encoder)
    case .upsample(let layer): try layer.encode(to: encoder)
    case .globalAverage, .flatten, .softmax: break
    }
  }
}
