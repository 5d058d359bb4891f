/// What lies around a signal or an image when a window slides over it.
public enum Padding: Hashable, Sendable {
  /// Nothing: windows lie inside.
  case valid
  /// As much as makes the output `⌈length / stride⌉` long, the odd element at the end.
  ///
  /// This is TensorFlow's rule; with stride 1 the output is as long as the input.
  case same
  /// So many elements at both ends of each axis.
  case symmetric(Int)

  /// How a window of `kernel` places moving by `stride` covers `length` elements.
  ///
  /// - Returns: The padding before the first element, and the number of windows (not positive when
  ///   the window is longer than what it slides over).
  func cover(length: Int, kernel: Int, stride: Int) -> (before: Int, count: Int) {
    switch self {
    case .valid:
      return (0, (length - kernel) / stride + (length >= kernel ? 1 : 0))
    case .same:
      let count = (length + stride - 1) / stride
      let total = max(0, (count - 1) * stride + kernel - length)
      return (total / 2, count)
    case .symmetric(let width):
      let padded = length + 2 * width
      return (width, padded >= kernel ? (padded - kernel) / stride + 1 : 0)
    }
  }
}

extension Padding: Codable {
  /// Reads "valid", "same" or a number of elements such as "3".
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    if word == "valid" {
      self = .valid
    } else if word == "same" {
      self = .same
    } else if let width = Int(word) {
      self = .symmetric(width)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "A padding is 'valid', 'same' or a number of elements, not '\(word)'.")
    }
  }

  /// Writes "valid", "same" or a number of elements such as "3".
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .valid: try container.encode("valid")
    case .same: try container.encode("same")
    case .symmetric(let width): try container.encode(String(width))
    }
  }
}
