import Batching
import Experiments
import Foundation
import NeuralNetworks
import Tensors
import VersionedStore

/// A trained classifier as it is stored: the network and what its numbers mean.
struct ClassifierModel {
  /// The label codes that stand for the outputs.
  let codes: [Int32]
  /// What they mean.
  let names: [String]
  /// The channels of an input, in order.
  let channels: [String]
  /// Their units.
  let units: [String]
  /// Readings per second.
  let rateInHertz: Double
  /// How inputs are shifted and scaled.
  let normalization: Normalization
  /// The network.
  let network: NetworkSnapshot<Float>

  private struct Meaning: Codable {
    let codes: [Int32]
    let names: [String]
    let channels: [String]
    let units: [String]
    let rateInHertz: Double
    let means: [Float]
    let factors: [Float]
  }

  private static let key = "classifier"

  /// The safetensors bytes; `extra` goes along as metadata.
  func bytes(extra: [String: String] = [:]) throws -> [UInt8] {
    let meaning = Meaning(
      codes: codes, names: names, channels: channels, units: units, rateInHertz: rateInHertz,
      means: normalization.means, factors: normalization.factors)
    var metadata = extra
    metadata[Self.key] = try CanonicalJSON.text(meaning)
    return try ModelFile(network, metadata: metadata).encoded()
  }

  init(
    codes: [Int32], names: [String], channels: [String], units: [String], rateInHertz: Double,
    normalization: Normalization, network: NetworkSnapshot<Float>
  ) {
    self.codes = codes
    self.names = names
    self.channels = channels
    self.units = units
    self.rateInHertz = rateInHertz
    self.normalization = normalization
    self.network = network
  }

  /// Reads a model back.
  /// - Returns: the model and the whole metadata.
  static func reading(_ bytes: [UInt8]) throws -> (model: ClassifierModel, file: ModelFile<Float>) {
    let file = try ModelFile<Float>(decoding: bytes)
    guard let network = file.networks["network"], let text = file.metadata[key] else {
      throw ExperimentError.model(
        "a classifier", "it has no network or no description of its classes. Train it again.")
    }
    let meaning = try CanonicalJSON.value(Meaning.self, from: text, of: "a classifier")
    let model = ClassifierModel(
      codes: meaning.codes, names: meaning.names, channels: meaning.channels,
      units: meaning.units, rateInHertz: meaning.rateInHertz,
      normalization: Normalization(means: meaning.means, factors: meaning.factors),
      network: network)
    return (model, file)
  }
}
