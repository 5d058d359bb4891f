/// How many readings of each channel there are in a second.
public struct SampleRate: Hashable, Sendable, Codable {
  /// Readings per second; finite and positive.
  public let hertz: Double

  /// Makes a rate, or nothing where `hertz` is not a finite, positive number.
  public init?(hertz: Double) {
    guard hertz.isFinite, hertz > 0 else { return nil }
    self.hertz = hertz
  }

  /// Reads the rate as a plain number in hertz.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let hertz = try container.decode(Double.self)
    guard let rate = SampleRate(hertz: hertz) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "A sample rate is finite and positive, found \(hertz).")
    }
    self = rate
  }

  /// Writes the rate as a plain number in hertz.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hertz)
  }

  /// The time, in seconds after the first reading, of the reading at `index`.
  public func seconds(atSample index: Int) -> Double {
    Double(index) / hertz
  }
}
