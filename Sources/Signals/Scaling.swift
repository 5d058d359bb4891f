/// How channels are brought to one scale; fitted on the training part of a split and on no other.
public enum Scaling: String, Sendable, Codable, CaseIterable {
  /// Values as they are.
  case none
  /// Subtract the mean, divide by the standard deviation; a constant channel is only shifted.
  case standard
}
