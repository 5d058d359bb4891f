public import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A trained model as the bytes of one file: named networks with their optimisers, and text.
///
/// The file is in the safetensors format. Network "encoder" keeps its parameters under
/// "encoder.0.weight", its running averages under "encoder.1.mean", the moving averages of its
/// optimiser under "encoder.optimizer.0", and its description as JSON in the metadata under
/// "network.encoder". Equal models give equal bytes; what is read back continues training with the
/// same digits.
public struct ModelFile<Scalar: TensorScalar>: Hashable, Sendable {
  /// The networks by name.
  public var networks: [String: NetworkSnapshot<Scalar>]
  /// Text that goes along: the version trained on, metrics, units.
  public var metadata: [String: String]

  /// Collects a model.
  public init(
    networks: [String: NetworkSnapshot<Scalar>], metadata: [String: String] = [:]
  ) {
    self.networks = networks
    self.metadata = metadata
  }

  /// Collects a model of a single network, named "network".
  public init(_ network: NetworkSnapshot<Scalar>, metadata: [String: String] = [:]) {
    self.init(networks: ["network": network], metadata: metadata)
  }

  /// The bytes of the file.
  /// - Throws: `.reservedName` for metadata whose name the format keeps or a network whose name is
  ///   empty, `.settings` for settings that are not finite.
  public func encoded() throws(ModelFileError) -> [UInt8] {
    var file = Safetensors(metadata: metadata)
    for key in metadata.keys where key == Self.versionKey || key.hasPrefix(Self.networkPrefix) {
      throw .reservedName(key)
    }
    file.metadata[Self.versionKey] = "1"
    for (name, network) in networks.sorted(by: { $0.key < $1.key }) {
      guard !name.isEmpty else { throw .reservedName(name) }
      file.metadata[Self.networkPrefix + name] = try Record(network).text(name)
      for (block, tensor) in network.parameters { try file.add("\(name).\(block)", tensor) }
      for (block, tensor) in network.statistics { try file.add("\(name).\(block)", tensor) }
      for (index, moment) in (network.optimizer?.moments ?? []).enumerated() {
        try file.add(
          "\(name).optimizer.\(index)", Tensor(shape: [moment.count], values: moment))
      }
    }
    return file.encoded()
  }

  /// Reads the bytes of a file.
  /// - Throws: `ModelFileError`, a code of its own for each malformation.
  public init(
    decoding bytes: [UInt8], limits: Safetensors.Limits = Safetensors.Limits()
  ) throws(ModelFileError) {
    let file = try Safetensors(decoding: bytes, limits: limits)
    guard let version = file.metadata[Self.versionKey] else {
      throw .settings(Self.versionKey, cause: nil)
    }
    guard version == "1" else { throw .version(found: version) }
    networks = [:]
    metadata = [:]
    var expected: Set<String> = []
    for (key, text) in file.metadata where key != Self.versionKey {
      guard key.hasPrefix(Self.networkPrefix) else {
        metadata[key] = text
        continue
      }
      let name = String(key.dropFirst(Self.networkPrefix.count))
      networks[name] = try Record(text, key).snapshot(name, from: file, &expected)
    }
    if let stranger = file.entries.first(where: { !expected.contains($0.name) }) {
      throw .tensorUnexpected(stranger.name)
    }
  }

  private static var versionKey: String { "signalstore.model" }
  private static var networkPrefix: String { "network." }
}

/// The part of a snapshot that is not arrays, as it stands in the metadata.
private struct Record: Codable {
  struct OptimizerRecord: Codable {
    var settings: OptimizerSettings
    var stepCount: Int
  }

  var description: NetworkDescription
  var inputShape: Shape
  var optimizer: OptimizerRecord?

  init<Scalar: TensorScalar>(_ snapshot: NetworkSnapshot<Scalar>) {
    description = snapshot.description
    inputShape = snapshot.inputShape
    optimizer = snapshot.optimizer.map {
      OptimizerRecord(settings: $0.settings, stepCount: $0.stepCount)
    }
  }

  init(_ text: String, _ key: String) throws(ModelFileError) {
    do {
      self = try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    } catch {
      throw .settings(key, cause: error)
    }
    if let optimizer, optimizer.stepCount < 0 { throw .settings(key, cause: nil) }
  }

  func text(_ name: String) throws(ModelFileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw .unwritableSettings(name, cause: error)
    }
  }

  func snapshot<Scalar: TensorScalar>(
    _ name: String, from file: Safetensors, _ expected: inout Set<String>
  ) throws(ModelFileError) -> NetworkSnapshot<Scalar> {
    let shapes: [Shape]
    do {
      shapes = try description.shapes(for: inputShape)
    } catch {
      throw .settings("network.\(name)", cause: error)
    }
    let pairs = Array(zip(description.layers, shapes))
    let parameters = ParameterLayout(pairs.map { $0.0.parameters(for: $0.1) })
    let statistics = ParameterLayout(pairs.map { $0.0.statistics(for: $0.1) })
    func read(_ block: String, _ shape: Shape) throws(ModelFileError) -> Tensor<Scalar> {
      let full = "\(name).\(block)"
      guard let tensor = try file.tensor(full, of: Scalar.self) else { throw .tensorMissing(full) }
      guard tensor.shape == shape else {
        throw .tensorShape(full, found: "\(tensor.shape)", expected: "\(shape)")
      }
      expected.insert(full)
      return tensor
    }
    var snapshot = NetworkSnapshot<Scalar>(
      description: description, inputShape: inputShape, parameters: [:], statistics: [:])
    for entry in parameters.entries {
      snapshot.parameters[entry.name] = try read(entry.name, entry.shape)
    }
    for entry in statistics.entries {
      snapshot.statistics[entry.name] = try read(entry.name, entry.shape)
    }
    if let optimizer {
      var moments: [[Scalar]] = []
      for index in 0..<optimizer.settings.momentCount {
        moments.append(try read("optimizer.\(index)", [parameters.count]).values)
      }
      snapshot.optimizer = OptimizerSnapshot(
        settings: optimizer.settings, stepCount: optimizer.stepCount, moments: moments)
    }
    return snapshot
  }
}
