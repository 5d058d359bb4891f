import Foundation
import NeuralNetworks
import Tensors
import Testing

/// One row of the table: layer, input, output, shapes of the parameters.
struct ShapeRow: CustomTestStringConvertible, Sendable {
  let layer: Layer
  let input: Shape
  let output: Shape
  var parameters: [String: Shape] = [:]

  var testDescription: String { "\(layer.kind) \(input) → \(output)" }
}

@Suite("A description says the shapes of everything before it runs")
struct LayerShapeTests {
  static let rows: [ShapeRow] = [
    ShapeRow(
      layer: .dense(units: 4), input: [7], output: [4],
      parameters: ["0.weight": [7, 4], "0.bias": [4]]),
    ShapeRow(
      layer: .dense(units: 4, hasBias: false), input: [7], output: [4],
      parameters: ["0.weight": [7, 4]]),
    ShapeRow(
      layer: .conv1D(filters: 32, kernel: 5), input: [100, 15], output: [96, 32],
      parameters: ["0.weight": [5, 15, 32], "0.bias": [32]]),
    ShapeRow(
      layer: .conv1D(filters: 2, kernel: 4, stride: 2, padding: .same), input: [9, 3],
      output: [5, 2], parameters: ["0.weight": [4, 3, 2], "0.bias": [2]]),
    ShapeRow(
      layer: .conv2D(filters: 64, kernel: 7, stride: 2, padding: .symmetric(3), hasBias: false),
      input: [224, 224, 4], output: [112, 112, 64], parameters: ["0.weight": [7, 7, 4, 64]]),
    ShapeRow(
      layer: .conv2D(Conv2D(filters: 8, kernelHeight: 1, kernelWidth: 9)), input: [15, 60, 1],
      output: [15, 52, 8], parameters: ["0.weight": [1, 9, 1, 8], "0.bias": [8]]),
    ShapeRow(layer: .maxPool1D(kernel: 2), input: [9, 3], output: [4, 3]),
    ShapeRow(
      layer: .maxPool2D(kernel: 3, stride: 2, padding: .symmetric(1)), input: [112, 112, 64],
      output: [56, 56, 64]),
    ShapeRow(
      layer: .averagePool1D(Pool1D(kernel: 3, stride: 1, padding: .same)), input: [5, 2],
      output: [5, 2]),
    ShapeRow(
      layer: .averagePool2D(Pool2D(kernelHeight: 1, kernelWidth: 2)), input: [3, 5, 2],
      output: [3, 2, 2]),
    ShapeRow(layer: .globalAverage, input: [7, 7, 512], output: [512]),
    ShapeRow(layer: .flatten, input: [3, 4, 5], output: [60]),
    ShapeRow(layer: .reshape(to: [7, 7, 2]), input: [98], output: [7, 7, 2]),
    ShapeRow(layer: .relu, input: [3, 4], output: [3, 4]),
    ShapeRow(layer: .softmax, input: [6], output: [6]),
    ShapeRow(
      layer: .batchNormalization, input: [5, 3], output: [5, 3],
      parameters: ["0.weight": [3], "0.bias": [3]]),
    ShapeRow(layer: .dropout(rate: 0.5), input: [4], output: [4]),
    ShapeRow(layer: .upsample(factor: 2), input: [7, 7, 512], output: [14, 14, 512]),
    ShapeRow(layer: .upsample(factor: 3), input: [7, 2], output: [21, 2]),
  ]

  @Test("and a network made from it agrees", arguments: rows)
  func shapes(row: ShapeRow) throws {
    let description = NetworkDescription([row.layer])
    #expect(try description.shapes(for: row.input) == [row.input, row.output])
    let network = try Network<Float>(description, inputShape: row.input, batchCapacity: 1)
    #expect(network.outputShape == row.output)
    let shapes = Dictionary(
      uniqueKeysWithValues: network.parameterLayout.entries.map { ($0.name, $0.shape) })
    #expect(shapes == row.parameters)
    #expect(
      try description.parameterCount(for: row.input)
        == row.parameters.values.reduce(0) { $0 + $1.elementCount })
  }

  @Test("every kind of layer is in the table")
  func tableIsComplete() {
    #expect(Set(Self.rows.map(\.layer.kind)) == Set(LayerKind.allCases))
  }

  @Test("and survives JSON, one flat object for each layer")
  func survivesJSON() throws {
    let description = NetworkDescription(Self.rows.map(\.layer))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let bytes = try encoder.encode(description)
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: bytes) == description)
    let first = String(
      decoding: try encoder.encode(NetworkDescription([Self.rows[7].layer])), as: UTF8.self)
    #expect(
      first == """
        {"layers":[{"kernelHeight":3,"kernelWidth":3,"layer":"maxPool2D","padding":"1",\
        "strideHeight":2,"strideWidth":2}]}
        """)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Layer.self, from: Data(#"{"layer":"attention"}"#.utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        Layer.self, from: Data(#"{"layer":"activation","function":"step"}"#.utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Padding.self, from: Data(#""half""#.utf8))
    }
  }
}
