public import Experiments
import NeuralNetworks
public import Signals

/// The settings of the study `classifier`.
public struct ClassifierSettings: StudySettings {
  /// Which network.
  public enum Model: String, Codable, Hashable, Sendable, CaseIterable {
    /// Convolutions over time, each followed by a rectifier and a pooling by two, then a dense head.
    case cnn
    /// Dense layers on the flattened window.
    case mlp
  }

  /// Which network.
  public var model = Model.cnn
  /// The widths of the convolutions.
  public var filters = [32, 64]
  /// How many readings a convolution sees.
  public var kernel = 5
  /// The widths of the hidden dense layers: of the head for `cnn`, of the network for `mlp`.
  public var hidden = [64]
  /// The share of hidden activations that are left out in training.
  public var dropout = 0.3
  /// The most passes over the training part.
  public var epochs = 30
  /// How many examples a step sees.
  public var batchSize = 64
  /// The learning rate of Adam.
  public var learningRate = 0.001
  /// The factor of the decoupled weight decay.
  public var weightDecay = 0.0001
  /// After this many epochs without a better one the training ends; 0: never.
  public var patience = 8
  /// Whether classes weigh as if they were equally frequent.
  public var balanced = false
  /// What the kept epoch is best at on the validation part.
  public enum Monitor: String, Codable, Hashable, Sendable, CaseIterable {
    /// The highest macro-F1; of equal ones the lowest loss.
    case macroF1 = "macro_f1"
    /// The lowest loss.
    case loss
  }

  /// What the kept epoch is best at on the validation part.
  public var monitor = Monitor.macroF1
  /// How channels are scaled.
  public var scaling = Scaling.standard

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case model, filters, kernel, hidden, dropout, epochs, patience, balanced, monitor, scaling
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
  }

  /// Checks ranges.
  public func validate() throws(ExperimentError) {
    func require(
      _ condition: Bool, _ name: String, _ expected: String
    ) throws(ExperimentError) {
      guard condition else { throw .setting(name, "expected \(expected). Give another value.") }
    }
    let widths = filters + hidden
    try require(!filters.isEmpty && filters.count <= 8, "filters", "1 to 8 widths")
    try require(hidden.count <= 8, "hidden", "at most 8 widths")
    try require(widths.allSatisfy { (1...4096).contains($0) }, "filters", "widths from 1 to 4096")
    try require((1...1024).contains(kernel), "kernel", "a number of readings from 1 to 1024")
    try require(dropout >= 0 && dropout < 1, "dropout", "a share from 0 to below 1")
    try require((1...100_000).contains(epochs), "epochs", "a number from 1 to 100000")
    try require((1...65_536).contains(batchSize), "batch_size", "a number from 1 to 65536")
    try require(
      learningRate > 0 && learningRate <= 10, "learning_rate", "a number above 0, at most 10")
    try require(
      weightDecay >= 0 && weightDecay < 1, "weight_decay", "a number from 0 to below 1")
    try require(patience >= 0, "patience", "a number from 0 on")
  }

  /// The network for so many classes.
  func network(classCount: Int) -> NetworkDescription {
    var layers: [Layer] = []
    if model == .cnn {
      for width in filters {
        layers += [
          .conv1D(filters: width, kernel: kernel, padding: .same, initializer: .heUniform), .relu,
          .maxPool1D(kernel: 2),
        ]
      }
    }
    layers.append(.flatten)
    for width in hidden {
      layers += [.dense(units: width, initializer: .heUniform), .relu]
      if dropout > 0 { layers.append(.dropout(rate: dropout)) }
    }
    layers.append(.dense(units: classCount))
    return NetworkDescription(layers)
  }
}
