/// One measured quantity of a recording: a name, a unit, and where it was measured.
public struct Channel: Hashable, Sendable, Codable {
  /// The name, unique within a recording, as the source spells it.
  public var name: String
  /// The unit as it is written after a number ("g", "rad/s", "milli g"); empty where not known.
  public var unit: String
  /// The device that the channel belongs to ("InertialMeasurementUnit BACK"); empty where not known.
  public var sensor: String

  /// Describes a channel.
  public init(name: String, unit: String = "", sensor: String = "") {
    self.name = name
    self.unit = unit
    self.sensor = sensor
  }
}
