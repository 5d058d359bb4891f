public import Tensors

/// An optimiser at work: its settings, the step it has reached and its moving averages.
///
/// One optimiser serves one network. Steps allocate nothing, and the threads of the network's team
/// share the parameters, each of which is changed by itself, so results do not depend on the
/// threads.
public final class Optimizer<Scalar: TensorScalar> {
  /// Which optimiser it is and with which settings.
  public let settings: OptimizerSettings
  /// The number of steps taken.
  public internal(set) var stepCount = 0
  /// The moving averages: mean and mean square for Adam, velocity for gradient descent.
  public let moments: [AlignedBuffer<Scalar>]

  private let work = OptimizerWork<Scalar>()

  /// Makes an optimiser that has taken no step yet.
  public init(_ settings: OptimizerSettings, for network: Network<Scalar>) {
    self.settings = settings
    moments = (0..<settings.momentCount).map { _ in
      AlignedBuffer(count: network.parameters.count)
    }
  }

  /// Changes the network's parameters by one step along its gradient.
  ///
  /// - Parameter gradientNorm: The norm that clipping looks at: that of several networks which are
  ///   trained together, if it is not this network's own.
  /// - Precondition: The network has as many parameters as the one that the optimiser was made for.
  public func step(_ network: Network<Scalar>, gradientNorm: Double? = nil) {
    precondition(
      network.parameters.count == moments[0].count,
      "An optimiser serves the network that it was made for.")
    var factor = 1.0
    switch settings.clipping {
    case .none: break
    case .norm(let limit):
      let norm = gradientNorm ?? network.gradientNorm()
      // PyTorch's clip_grad_norm_ adds the same 1e-6.
      factor = min(1, limit / (norm + 1e-6))
    case .value(let limit):
      network.kernels.clip(count: network.gradients.count, to: limit, network.gradients.base)
    }
    let rate = settings.schedule.rate(atStep: stepCount)
    stepCount += 1
    work.begin(plan(rate: rate, gradientFactor: factor), network, moments)
    network.team.run(work, parts: work.partCount)
    work.end()
  }

  private func plan(rate: Double, gradientFactor: Double) -> OptimizerWork<Scalar>.Plan {
    var l2 = 0.0
    var shrink = 1.0
    switch settings.weightDecay {
    case .none: break
    case .l2(let factor): l2 = factor
    case .decoupled(let factor): shrink = 1 - rate * factor
    }
    switch settings {
    case .adam(let adam):
      let first = 1 - power(adam.beta1, stepCount)
      let second = 1 - power(adam.beta2, stepCount)
      return .adam(
        AdamStep(
          correctedRate: rate / first, beta1: adam.beta1, beta2: adam.beta2,
          inverseRoot: 1 / second.squareRoot(), epsilon: adam.epsilon,
          gradientFactor: gradientFactor, l2: l2, shrink: shrink))
    case .gradientDescent(let descent):
      return .momentum(
        MomentumStep(
          rate: rate, momentum: descent.momentum, gradientFactor: gradientFactor, l2: l2,
          shrink: shrink, isNesterov: descent.isNesterov, isFirst: stepCount == 1))
    }
  }

  // By squaring: the same on every system, which libm's pow is not bound to be.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

extension Network {
  /// The Euclidean norm of the gradient of all parameters.
  public func gradientNorm() -> Double {
    kernels.sumOfSquares(count: gradients.count, gradients.base).squareRoot()
  }
}

/// One step of an optimiser, cut into parts for the threads of a team.
private final class OptimizerWork<Scalar: TensorScalar>: PartedWork {
  enum Plan {
    case idle
    case adam(AdamStep)
    case momentum(MomentumStep)
  }

  private static var partSize: Int { 32_768 }

  private var plan = Plan.idle
  private var network: Network<Scalar>?
  private var moments: [AlignedBuffer<Scalar>] = []
  private(set) var partCount = 0

  func begin(_ plan: Plan, _ network: Network<Scalar>, _ moments: [AlignedBuffer<Scalar>]) {
    self.plan = plan
    self.network = network
    self.moments = moments
    partCount = (network.parameters.count + Self.partSize - 1) / Self.partSize
  }

  func end() {
    network = nil
  }

  func perform(part: Int) {
    guard let network else { return }
    let first = part * Self.partSize
    let count = min(Self.partSize, network.parameters.count - first)
    let parameters = network.parameters.base + first
    let gradients = network.gradients.base + first
    switch plan {
    case .idle: break
    case .adam(let step):
      network.kernels.adam(
        step, count: count, parameters: parameters, gradients: gradients,
        first: moments[0].base + first, second: moments[1].base + first)
    case .momentum(let step):
      network.kernels.momentum(
        step, count: count, parameters: parameters, gradients: gradients,
        velocity: moments[0].base + first)
    }
  }
}
