/// The numbers of one Adam step that are the same for every parameter.
public struct AdamStep: Hashable, Sendable {
  /// The learning rate divided by 1 − β₁ᵗ.
  public var correctedRate: Double
  /// The memory of the mean gradient.
  public var beta1: Double
  /// The memory of the mean squared gradient.
  public var beta2: Double
  /// 1 / √(1 − β₂ᵗ).
  public var inverseRoot: Double
  /// Added to the corrected root.
  public var epsilon: Double
  /// Multiplies the gradient before anything else (clipping).
  public var gradientFactor: Double
  /// Times the parameter, this is added to the gradient.
  public var l2: Double
  /// Multiplies the parameter before the step (decoupled weight decay).
  public var shrink: Double

  /// Collects the numbers of a step.
  public init(
    correctedRate: Double, beta1: Double, beta2: Double, inverseRoot: Double, epsilon: Double,
    gradientFactor: Double, l2: Double, shrink: Double
  ) {
    self.correctedRate = correctedRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.inverseRoot = inverseRoot
    self.epsilon = epsilon
    self.gradientFactor = gradientFactor
    self.l2 = l2
    self.shrink = shrink
  }
}

/// The numbers of one step of gradient descent with momentum that are the same for every parameter.
public struct MomentumStep: Hashable, Sendable {
  /// The learning rate.
  public var rate: Double
  /// The part of the velocity that is kept.
  public var momentum: Double
  /// Multiplies the gradient before anything else (clipping).
  public var gradientFactor: Double
  /// Times the parameter, this is added to the gradient.
  public var l2: Double
  /// Multiplies the parameter before the step (decoupled weight decay).
  public var shrink: Double
  /// Whether the step looks ahead along the velocity (Nesterov).
  public var isNesterov: Bool
  /// Whether this is the first step, which sets the velocity to the gradient.
  public var isFirst: Bool

  /// Collects the numbers of a step.
  public init(
    rate: Double, momentum: Double, gradientFactor: Double, l2: Double, shrink: Double,
    isNesterov: Bool, isFirst: Bool
  ) {
    self.rate = rate
    self.momentum = momentum
    self.gradientFactor = gradientFactor
    self.l2 = l2
    self.shrink = shrink
    self.isNesterov = isNesterov
    self.isFirst = isFirst
  }
}
