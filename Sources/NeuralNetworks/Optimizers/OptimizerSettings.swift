/// Which optimiser is used and with which settings.
public enum OptimizerSettings: Hashable, Sendable, Codable {
  /// Adam.
  case adam(AdamSettings)
  /// Gradient descent, with momentum if wanted.
  case gradientDescent(GradientDescentSettings)

  /// Adam with the usual settings.
  public static func adam(
    _ schedule: LearningRateSchedule, weightDecay: WeightDecay = .none,
    clipping: GradientClipping = .none
  ) -> OptimizerSettings {
    .adam(AdamSettings(schedule: schedule, weightDecay: weightDecay, clipping: clipping))
  }

  /// The learning rate of each step.
  public var schedule: LearningRateSchedule {
    switch self {
    case .adam(let settings): settings.schedule
    case .gradientDescent(let settings): settings.schedule
    }
  }

  var weightDecay: WeightDecay {
    switch self {
    case .adam(let settings): settings.weightDecay
    case .gradientDescent(let settings): settings.weightDecay
    }
  }

  var clipping: GradientClipping {
    switch self {
    case .adam(let settings): settings.clipping
    case .gradientDescent(let settings): settings.clipping
    }
  }

  var momentCount: Int {
    switch self {
    case .adam: 2
    case .gradientDescent: 1
    }
  }
}

/// The settings of Adam (Kingma and Ba, ICLR 2015), as PyTorch defines it: epsilon outside the
/// root.
public struct AdamSettings: Hashable, Sendable, Codable {
  /// The learning rate of each step.
  public var schedule: LearningRateSchedule
  /// The memory of the mean gradient.
  public var beta1: Double
  /// The memory of the mean squared gradient.
  public var beta2: Double
  /// Added to the corrected root of the mean squared gradient.
  public var epsilon: Double
  /// How parameters are pulled to zero.
  public var weightDecay: WeightDecay
  /// How long gradients are cut.
  public var clipping: GradientClipping

  /// Collects the settings; the defaults are PyTorch's.
  public init(
    schedule: LearningRateSchedule = .constant(rate: 1e-3), beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: WeightDecay = .none, clipping: GradientClipping = .none
  ) {
    self.schedule = schedule
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clipping = clipping
  }
}

/// The settings of gradient descent with momentum, as PyTorch defines it.
public struct GradientDescentSettings: Hashable, Sendable, Codable {
  /// The learning rate of each step.
  public var schedule: LearningRateSchedule
  /// The part of the velocity that is kept; 0 is plain gradient descent.
  public var momentum: Double
  /// Whether the step looks ahead along the velocity.
  public var isNesterov: Bool
  /// How parameters are pulled to zero.
  public var weightDecay: WeightDecay
  /// How long gradients are cut.
  public var clipping: GradientClipping

  /// Collects the settings.
  public init(
    schedule: LearningRateSchedule = .constant(rate: 1e-2), momentum: Double = 0,
    isNesterov: Bool = false, weightDecay: WeightDecay = .none, clipping: GradientClipping = .none
  ) {
    self.schedule = schedule
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.clipping = clipping
  }
}

/// How parameters are pulled to zero.
public enum WeightDecay: Hashable, Sendable, Codable {
  /// Not at all.
  case none
  /// The gradient of ½·`factor`·‖parameters‖² is added to the gradient.
  case l2(factor: Double)
  /// Each step multiplies the parameters by 1 − rate·`factor` (Loshchilov and Hutter, ICLR 2019).
  case decoupled(factor: Double)
}

/// How long gradients are cut before a step.
public enum GradientClipping: Hashable, Sendable, Codable {
  /// Not at all.
  case none
  /// The whole gradient is scaled down to at most this Euclidean norm.
  case norm(limit: Double)
  /// Every element is limited to ± this.
  case value(limit: Double)
}
