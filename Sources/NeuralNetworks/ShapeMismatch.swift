import Tensors

/// A description that does not fit its input, or whose settings make no layer.
public struct ShapeMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of mismatch it is.
  public enum Code: String, Hashable, Sendable {
    /// The input of a layer has the wrong number of axes.
    case rank
    /// A setting that counts something is too small.
    case count
    /// A setting lies outside its range.
    case range
    /// A window is longer than what it slides over.
    case window
    /// The padding is as wide as the window.
    case padding
    /// A new shape has another number of elements.
    case reshape
    /// The input has an axis without elements.
    case empty
    /// A network without layers.
    case layers
    /// Parameters, statistics or state of another size or shape.
    case values
  }

  /// What kind of mismatch it is.
  public let code: Code
  /// The layer at fault, such as "layer 2 'conv1D'", or "the network".
  public let subject: String
  /// One complete sentence for people, and what to do.
  public let message: String

  /// The message.
  public var description: String { message }
}

extension ShapeMismatch {
  private init(_ code: Code, at place: LayerPlace, _ finding: String, advice: String) {
    self.code = code
    subject = "layer \(place.index) '\(place.kind.rawValue)'"
    message = "Could not build \(subject): \(finding). \(advice)."
  }

  static func rank(
    at place: LayerPlace, found: Shape, expected: String, advice: String
  ) -> ShapeMismatch {
    .init(
      .rank, at: place, "its input has the shape \(found), it takes \(expected)", advice: advice)
  }

  static func count(
    at place: LayerPlace, name: String, found: Int, range: ClosedRange<Int>
  ) -> ShapeMismatch {
    .init(
      .count, at: place,
      "'\(name)' is \(found), it has to be from \(range.lowerBound) to \(range.upperBound)",
      advice: "Change the description")
  }

  static func size(at place: LayerPlace, lengths: [Int], limit: Int) -> ShapeMismatch {
    .init(
      .count, at: place, "the shape \(lengths) has more elements than the limit of \(limit)",
      advice: "Use smaller layers")
  }

  static func number(
    at place: LayerPlace, name: String, found: Double, range: String
  ) -> ShapeMismatch {
    .init(
      .range, at: place, "'\(name)' is \(found), it has to be \(range)",
      advice: "Change the description")
  }

  static func window(at place: LayerPlace, kernel: Int, length: Int) -> ShapeMismatch {
    .init(
      .window, at: place, "its window of \(kernel) is longer than its padded input of \(length)",
      advice: "Use a shorter window, more padding or a longer input")
  }

  static func padding(at place: LayerPlace, found: Int, kernel: [Int]) -> ShapeMismatch {
    let shortest = kernel.min() ?? 0
    return .init(
      .padding, at: place,
      "the padding of \(found) is not shorter than the window of \(shortest)",
      advice: "Use at most \(shortest - 1)")
  }

  static func tapCount(at place: LayerPlace, found: Int) -> ShapeMismatch {
    .init(
      .window, at: place, "its window has \(found) places, it may have at most 65535",
      advice: "Use a smaller window or a global average")
  }

  static func reshape(at place: LayerPlace, found: Shape, expected: Shape) -> ShapeMismatch {
    .init(
      .reshape, at: place,
      "its input of the shape \(found) has \(found.elementCount) elements, \(expected) needs "
        + "\(expected.elementCount)",
      advice: "Change the new shape")
  }

  static func emptyInput(_ found: Shape) -> ShapeMismatch {
    ShapeMismatch(
      code: .empty, subject: "the network",
      message: "Could not build the network: its input has the shape \(found), every axis needs at "
        + "least one element. Change the input.")
  }

  static func inputTooLarge(_ found: Shape) -> ShapeMismatch {
    ShapeMismatch(
      code: .count, subject: "the network",
      message: "Could not build the network: its input has the shape \(found), the limit is "
        + "2147483648 elements. Cut the input into windows.")
  }

  static func noLayers() -> ShapeMismatch {
    ShapeMismatch(
      code: .layers, subject: "the network",
      message: "Could not build the network: its description has no layer, it needs at least one. "
        + "Add a layer.")
  }

  static func capacity(_ found: Int) -> ShapeMismatch {
    ShapeMismatch(
      code: .count, subject: "the network",
      message: "Could not build the network: its batch capacity is \(found), it has to be at least "
        + "1. Give the largest batch that will be used.")
  }

  static func chunkCount(_ found: Int) -> ShapeMismatch {
    ShapeMismatch(
      code: .count, subject: "the network",
      message: "Could not build the network: the batch is split into \(found) chunks, it has to be "
        + "at least 1. Use the default of 2 unless there are more cores.")
  }

  static func values(subject: String, found: String, expected: String) -> ShapeMismatch {
    ShapeMismatch(
      code: .values, subject: subject,
      message: "Could not restore \(subject): the file has \(found), the network has \(expected). "
        + "Build the network from the description in the same file.")
  }
}
