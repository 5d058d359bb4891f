import NeuralNetworks
import Randomness
import Tensors
import Testing

@Suite("A model file")
struct ModelFileTests {
  @Test("continues training with the digits of an uninterrupted run")
  func resumesExactly() throws {
    let (whole, wholeOptimizer) = try Trial.make(threads: 2)
    let losses = Trial.train(whole, wholeOptimizer, steps: 0..<30)

    let (first, firstOptimizer) = try Trial.make()
    let begun = Trial.train(first, firstOptimizer, steps: 0..<13)
    let file = ModelFile(
      first.snapshot(with: firstOptimizer), metadata: ["trained on": "version 7"])
    let bytes = try file.encoded()
    // What happens to the original afterwards does not matter.
    Trial.train(first, firstOptimizer, steps: 50..<52)

    let read = try ModelFile<Float>(decoding: bytes)
    #expect(read == file)
    #expect(read.metadata == ["trained on": "version 7"])
    #expect(try read.encoded() == bytes)
    let snapshot = try #require(read.networks["network"])
    let second = try Network(restoring: snapshot, batchCapacity: 24)
    let secondOptimizer = try Optimizer(
      restoring: try #require(snapshot.optimizer), for: second)
    let continued = Trial.train(second, secondOptimizer, steps: 13..<30)
    #expect(begun + continued == losses)
    #expect(second.parameters.values() == whole.parameters.values())
    #expect(second.statistics.values() == whole.statistics.values())
    for (a, b) in zip(secondOptimizer.moments, wholeOptimizer.moments) {
      #expect(a.values() == b.values())
    }
  }

  @Test("keeps several networks apart, in Double too, for gradient descent as well")
  func severalNetworks() throws {
    func make(_ seed: UInt64) throws -> NetworkSnapshot<Double> {
      let network = try Network<Double>(
        [.dense(units: 3), .batchNormalization], inputShape: [2], batchCapacity: 1)
      network.initializeParameters(seed: Seed(seed))
      let optimizer = Optimizer<Double>(
        .gradientDescent(
          GradientDescentSettings(
            schedule: .steps(initial: 0.1, factor: 0.5, every: 3), momentum: 0.9,
            weightDecay: .decoupled(factor: 0.01), clipping: .value(limit: 2))), for: network)
      optimizer.step(network)
      return network.snapshot(with: optimizer)
    }
    let file = ModelFile(networks: ["encoder": try make(1), "decoder": try make(2)])
    let bytes = try file.encoded()
    let read = try ModelFile<Double>(decoding: bytes)
    #expect(read == file)
    #expect(read.networks["encoder"] != read.networks["decoder"])
    let names = Set(try Safetensors(decoding: bytes).entries.map(\.name))
    #expect(names.contains("encoder.0.weight") && names.contains("decoder.1.variance"))
    #expect(names.contains("decoder.optimizer.0") && names.count == 14)
    let error = #expect(throws: ModelFileError.self) { try ModelFile<Float>(decoding: bytes) }
    #expect(error?.code == .tensorType)
  }

  private func modelFile() throws -> Safetensors {
    let network = try Network<Float>([.dense(units: 3)], inputShape: [2], batchCapacity: 1)
    return try Safetensors(decoding: ModelFile(network.snapshot()).encoded())
  }

  private func rebuilt(
    _ file: Safetensors, metadata: [String: String]? = nil, without removed: String? = nil,
    with added: (name: String, tensor: Tensor<Float>)? = nil
  ) throws -> [UInt8] {
    var copy = Safetensors(metadata: metadata ?? file.metadata)
    for entry in file.entries where entry.name != removed {
      try copy.add(entry.name, try #require(try file.tensor(entry.name, of: Float.self)))
    }
    if let added { try copy.add(added.name, added.tensor) }
    return copy.encoded()
  }

  @Test("that does not fit its own description is refused")
  func refusals() throws {
    let file = try modelFile()
    func refusal(_ bytes: [UInt8]) -> String? {
      #expect(throws: ModelFileError.self) { try ModelFile<Float>(decoding: bytes) }?.message
    }
    let prefix = "Could not read the model file: "
    let suffix = " Get an undamaged copy of the file."
    #expect(
      refusal(try rebuilt(file, without: "network.0.bias")) == prefix
        + "tensor 'network.0.bias' is missing, its network's description needs it." + suffix)
    #expect(
      refusal(try rebuilt(file, with: ("stray", Tensor(shape: [1])))) == prefix
        + "tensor 'stray' belongs to no network that the file describes." + suffix)
    #expect(
      refusal(
        try rebuilt(
          file, without: "network.0.bias", with: ("network.0.bias", Tensor(shape: [4])))) == prefix
        + "tensor 'network.0.bias' has the shape [4], its network's description needs [3]." + suffix
    )
    var metadata = file.metadata
    metadata["signalstore.model"] = "2"
    #expect(
      refusal(try rebuilt(file, metadata: metadata)) == prefix
        + "it has the format '2', this build knows '1'. Update signalstore.")
    #expect(
      refusal(try rebuilt(file, metadata: [:])) == prefix
        + "the description 'signalstore.model' is missing or cannot be read, every model needs one."
        + suffix)
    for text in ["", "{}", #"{"description":{"layers":[]},"inputShape":[2]}"#] {
      metadata = file.metadata
      metadata["network.network"] = text
      #expect(
        refusal(try rebuilt(file, metadata: metadata)) == prefix
          + "the description 'network.network' is missing or cannot be read, every model needs one."
          + suffix)
    }
  }

  @Test("is not written with names that the format keeps, or settings that are no numbers")
  func unwritable() throws {
    let network = try Network<Float>([.dense(units: 3)], inputShape: [2], batchCapacity: 1)
    for key in ["signalstore.model", "network.other"] {
      let error = #expect(throws: ModelFileError.self) {
        try ModelFile(network.snapshot(), metadata: [key: "x"]).encoded()
      }
      #expect(error?.code == .reservedName)
    }
    let unnamed = #expect(throws: ModelFileError.self) {
      try ModelFile(networks: ["": network.snapshot()]).encoded()
    }
    #expect(unnamed?.code == .reservedName)
    let optimizer = Optimizer<Float>(.adam(.constant(rate: .nan)), for: network)
    let error = #expect(throws: ModelFileError.self) {
      try ModelFile(network.snapshot(with: optimizer)).encoded()
    }
    #expect(
      error?.message == "Could not write the model file: the settings of 'network' are not finite "
        + "numbers, JSON takes no others. Change the settings.")
    #expect(error?.cause != nil)
  }

  @Test("does not restore into a network of another description")
  func otherDescription() throws {
    let small = try Network<Float>([.dense(units: 3)], inputShape: [2], batchCapacity: 1)
    let deep = try Network<Float>(
      [.dense(units: 3), .dense(units: 1)], inputShape: [2], batchCapacity: 1)
    #expect(throws: ShapeMismatch.self) { try small.restore(deep.snapshot()) }
    #expect(throws: ShapeMismatch.self) { try deep.restore(small.snapshot()) }
    let optimizer = Optimizer<Float>(.adam(.constant(rate: 1)), for: small)
    let state = try #require(small.snapshot(with: optimizer).optimizer)
    let error = #expect(throws: ShapeMismatch.self) { try Optimizer(restoring: state, for: deep) }
    #expect(
      error?.message
        == "Could not restore the optimiser: the file has moving averages of [9, 9], the "
        + "network has parameters for [13, 13]. Build the network from the description in the same "
        + "file.")
  }
}
