import Batching
import Experiments
import NeuralNetworks
import VersionedStore

/// The state of a classifier's training at the end of an epoch.
///
/// One safetensors file: the network with its optimiser, and the best network so far.
struct ClassifierCheckpoint {
  /// How far the training came.
  struct Progress: Codable, Equatable {
    /// The epochs that are complete.
    var epoch = 0
    /// The epoch of the best network, from 1 on; 0: none yet.
    var bestEpoch = 0
    /// Its validation loss.
    var bestLoss = Double.greatestFiniteMagnitude
    /// Its validation macro-F1.
    var bestMacroF1 = 0.0
  }

  var progress: Progress
  let current: NetworkSnapshot<Float>
  let best: NetworkSnapshot<Float>?

  private static let key = "progress"

  func bytes() throws -> [UInt8] {
    var networks = ["network": current]
    networks["best"] = best
    return try ModelFile(
      networks: networks, metadata: [Self.key: try CanonicalJSON.text(progress)]
    ).encoded()
  }

  init(progress: Progress, current: NetworkSnapshot<Float>, best: NetworkSnapshot<Float>?) {
    self.progress = progress
    self.current = current
    self.best = best
  }

  init(reading bytes: [UInt8]) throws {
    let file = try ModelFile<Float>(decoding: bytes)
    guard let current = file.networks["network"], let text = file.metadata[Self.key] else {
      throw ExperimentError.model("a checkpoint", "it is not one of a classifier.")
    }
    progress = try CanonicalJSON.value(Progress.self, from: text, of: "a checkpoint")
    self.current = current
    best = file.networks["best"]
  }
}
