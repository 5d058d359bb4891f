public import Randomness

/// Whether a pass belongs to training, where layers may be random and keep statistics.
public enum Phase: Hashable, Sendable {
  /// Nothing is random, running averages are used and stay as they are.
  case evaluation
  /// Dropout draws from `noise`, batch normalisation uses the batch and moves its averages.
  ///
  /// Give each step its own seed (`seed.child("noise").child(step)`); the same seed gives the same
  /// numbers.
  case training(noise: Seed)

  /// Whether this is the training phase.
  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }
}
