import NeuralNetworks
import Tensors
import Testing

/// A description that makes no network, and the sentence that says so.
struct MismatchRow: CustomTestStringConvertible, Sendable {
  let layers: [Layer]
  var input: Shape = [10, 3]
  let code: ShapeMismatch.Code
  let message: String

  var testDescription: String { message }
}

@Suite("A description that does not fit is refused with a sentence")
struct ShapeMismatchTests {
  static let rows: [MismatchRow] = [
    MismatchRow(
      layers: [.relu, .dense(units: 4)], code: .rank,
      message: "Could not build layer 1 'dense': its input has the shape [10, 3], it takes "
        + "[features]. Put a flatten layer before it."),
    MismatchRow(
      layers: [.conv2D(filters: 2, kernel: 3)], code: .rank,
      message: "Could not build layer 0 'conv2D': its input has the shape [10, 3], it takes "
        + "[height, width, channels]. Put a reshape layer before it."),
    MismatchRow(
      layers: [.conv1D(filters: 2, kernel: 11)], code: .window,
      message: "Could not build layer 0 'conv1D': its window of 11 is longer than its padded input "
        + "of 10. Use a shorter window, more padding or a longer input."),
    MismatchRow(
      layers: [.conv1D(filters: 2, kernel: 3, padding: .symmetric(3))], code: .padding,
      message:
        "Could not build layer 0 'conv1D': the padding of 3 is not shorter than the window of "
        + "3. Use at most 2."),
    MismatchRow(
      layers: [.flatten, .dense(units: 0)], code: .count,
      message: "Could not build layer 1 'dense': 'units' is 0, it has to be from 1 to 1048576. "
        + "Change the description."),
    MismatchRow(
      layers: [.maxPool1D(kernel: 2, stride: -1)], code: .count,
      message:
        "Could not build layer 0 'maxPool1D': 'stride' is -1, it has to be from 1 to 1048576. "
        + "Change the description."),
    MismatchRow(
      layers: [.conv1D(filters: 2, kernel: 3, padding: .symmetric(-1))], code: .count,
      message: "Could not build layer 0 'conv1D': 'padding' is -1, it has to be from 0 to 1048576. "
        + "Change the description."),
    MismatchRow(
      layers: [.dropout(rate: 1)], code: .range,
      message: "Could not build layer 0 'dropout': 'rate' is 1.0, it has to be from 0 to below 1. "
        + "Change the description."),
    MismatchRow(
      layers: [.batchNormalization(BatchNormalization(epsilon: 0))], code: .range,
      message:
        "Could not build layer 0 'batchNormalization': 'epsilon' is 0.0, it has to be above 0. "
        + "Change the description."),
    MismatchRow(
      layers: [.reshape(to: [7, 4])], code: .reshape,
      message: "Could not build layer 0 'reshape': its input of the shape [10, 3] has 30 elements, "
        + "[7, 4] needs 28. Change the new shape."),
    MismatchRow(
      layers: [.flatten, .globalAverage], code: .rank,
      message: "Could not build layer 1 'globalAverage': its input has the shape [30], it takes "
        + "[…, channels] with at least one position. Leave it out, or put a reshape layer before it."
    ),
    MismatchRow(
      layers: [.upsample(factor: 1 << 20), .upsample(factor: 1 << 20)], code: .count,
      message:
        "Could not build layer 1 'upsample': the shape [10995116277760, 3] has more elements "
        + "than the limit of 2147483648. Use smaller layers."),
    MismatchRow(
      layers: [.relu], input: [10, 0], code: .empty,
      message: "Could not build the network: its input has the shape [10, 0], every axis needs at "
        + "least one element. Change the input."),
    MismatchRow(
      layers: [.relu], input: [1 << 40], code: .count,
      message: "Could not build the network: its input has the shape [1099511627776], the limit is "
        + "2147483648 elements. Cut the input into windows."),
    MismatchRow(
      layers: [], code: .layers,
      message: "Could not build the network: its description has no layer, it needs at least one. "
        + "Add a layer."),
    MismatchRow(
      layers: [.maxPool2D(kernel: 300)], input: [300, 300, 1], code: .window,
      message:
        "Could not build layer 0 'maxPool2D': its window has 90000 places, it may have at most "
        + "65535. Use a smaller window or a global average."),
  ]

  @Test("naming the layer, what was found and what to do", arguments: rows)
  func refusals(row: MismatchRow) throws {
    let error = #expect(throws: ShapeMismatch.self) {
      try Network<Float>(
        NetworkDescription(row.layers), inputShape: row.input, batchCapacity: 1)
    }
    #expect(error?.message == row.message)
    #expect(error?.code == row.code)
    #expect(error.map { row.message.contains($0.subject) } == true)
  }

  @Test("for the settings of the instance as well")
  func instanceSettings() throws {
    let layers: NetworkDescription = [.relu]
    let capacity = #expect(throws: ShapeMismatch.self) {
      try Network<Float>(layers, inputShape: [3], batchCapacity: 0)
    }
    #expect(
      capacity?.message == "Could not build the network: its batch capacity is 0, it has to be at "
        + "least 1. Give the largest batch that will be used.")
    let chunks = #expect(throws: ShapeMismatch.self) {
      try Network<Float>(layers, inputShape: [3], batchCapacity: 1, chunkCount: 0)
    }
    #expect(
      chunks?.message
        == "Could not build the network: the batch is split into 0 chunks, it has to be "
        + "at least 1. Use the default of 2 unless there are more cores.")
    let network = try Network<Float>([.dense(units: 2)], inputShape: [3], batchCapacity: 1)
    let block = #expect(throws: ShapeMismatch.self) {
      try network.setParameter(named: "0.weight", to: Tensor(shape: [2, 3]))
    }
    #expect(
      block?.message
        == "Could not restore parameter '0.weight': the file has the shape [2, 3], the "
        + "network has the shape [3, 2]. Build the network from the description in the same file.")
  }
}
