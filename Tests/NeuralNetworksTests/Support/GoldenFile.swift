import Foundation
import NeuralNetworks
import Tensors

/// What `tools/golden/make_network_golden.py` computed with NumPy.
struct GoldenFile: Decodable {
  struct Numbers: Decodable {
    var shape: Shape
    var values: [Double]
    var tensor: Tensor<Double> { Tensor(shape: shape, values: values) }
  }

  struct LayerCase: Decodable {
    var name: String
    var layers: NetworkDescription
    var phase: String
    var input: Numbers
    var output: Numbers
    var outputGradient: Numbers
    var inputGradient: Numbers
    var parameters: [String: Numbers]
    var gradients: [String: Numbers]
    var statistics: [String: Numbers]
    var statisticsAfter: [String: Numbers]

    private enum CodingKeys: String, CodingKey {
      case name, layers, phase, input, output, outputGradient, inputGradient, parameters,
        gradients, statistics, statisticsAfter
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      layers = NetworkDescription(try container.decode([Layer].self, forKey: .layers))
      phase = try container.decode(String.self, forKey: .phase)
      input = try container.decode(Numbers.self, forKey: .input)
      output = try container.decode(Numbers.self, forKey: .output)
      outputGradient = try container.decode(Numbers.self, forKey: .outputGradient)
      inputGradient = try container.decode(Numbers.self, forKey: .inputGradient)
      parameters = try container.decode([String: Numbers].self, forKey: .parameters)
      gradients = try container.decode([String: Numbers].self, forKey: .gradients)
      statistics = try container.decode([String: Numbers].self, forKey: .statistics)
      statisticsAfter = try container.decode([String: Numbers].self, forKey: .statisticsAfter)
    }
  }

  struct Bits: Decodable {
    var key: String
    var words: [UInt32]
    var normals: [Double]
  }

  struct LossCase: Decodable {
    var name: String
    var labels: [Int32]
    var weights: [Double]
    var inputs: [Numbers]
    var value: Double
    var gradients: [Numbers]
  }

  struct Trajectory: Decodable {
    var name: String
    var settings: Settings
    var steps: [Numbers]
  }

  /// Adam's settings where they have a beta, otherwise those of gradient descent.
  struct Settings: Decodable {
    var optimizer: OptimizerSettings

    private enum CodingKeys: String, CodingKey { case beta1 }

    init(from decoder: any Decoder) throws {
      let isAdam = try decoder.container(keyedBy: CodingKeys.self).contains(.beta1)
      optimizer =
        isAdam
        ? .adam(try AdamSettings(from: decoder))
        : .gradientDescent(try GradientDescentSettings(from: decoder))
    }
  }

  struct Optimizers: Decodable {
    var start: Numbers
    var gradients: [Numbers]
    var trajectories: [Trajectory]
  }

  var layers: [LayerCase]
  var bits: Bits
  var losses: [LossCase]
  var optimizers: Optimizers

  static func load() throws -> GoldenFile {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/network.json")
    return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: file))
  }
}
