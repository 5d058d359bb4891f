import NeuralNetworks
import Randomness
import Tensors
import Testing

@Suite("Every loss writes the derivative of its value")
struct LossGradientTests {
  private func batch(_ count: Int, _ shape: Shape, seed: UInt64, scale: Double = 1)
    -> BatchView<Double>
  {
    let batch = BatchView<Double>(count: count, shape: shape)
    var generator = Seed(seed).generator()
    batch.withElements { for i in $0.indices { $0[i] = scale * generator.nextNormal() } }
    return batch
  }

  @Test("softmax cross-entropy", arguments: [1, 5], [1, 2, 6])
  func softmaxCrossEntropy(count: Int, classes: Int) {
    let logits = batch(count, [classes], seed: 1, scale: 2)
    let gradient = BatchView<Double>(count: count, shape: [classes])
    let labels = (0..<count).map { Int32($0 % classes) }
    for weights in [nil, (0..<classes).map { 0.5 + Double($0) }] {
      let loss = SoftmaxCrossEntropy<Double>(classWeights: weights)
      let value = loss.evaluate(logits: logits, labels: labels, gradient: gradient)
      let analytic = gradient.tensor().values
      logits.withElements { elements in
        GradientCheck.expectAgreement("logits", values: elements, gradient: analytic) {
          loss.evaluate(logits: logits, labels: labels, gradient: gradient)
        }
      }
      // The weight scales the derivative and leaves the value alone.
      #expect(
        loss.evaluate(logits: logits, labels: labels, gradient: gradient, weight: 3) == value)
      for (a, b) in zip(gradient.tensor().values, analytic) { #expect(abs(a - 3 * b) < 1e-14) }
    }
  }

  @Test("binary cross-entropy and squared error", arguments: [1, 4])
  func elementLosses(count: Int) {
    let values = batch(count, [2, 3], seed: 2, scale: 3)
    let targets = batch(count, [2, 3], seed: 3)
    targets.withElements { for i in $0.indices { $0[i] = 1 / (1 + $0[i] * $0[i]) } }
    let gradient = BatchView<Double>(count: count, shape: [2, 3])
    for reduction in [LossReduction.meanOfElements, .meanOfExamples, .sum] {
      let binary = BinaryCrossEntropy<Double>(reduction: reduction)
      let squared = SquaredError<Double>(reduction: reduction)
      let losses: [() -> Double] = [
        { binary.evaluate(logits: values, targets: targets, gradient: gradient) },
        { squared.evaluate(values: values, targets: targets, gradient: gradient) },
      ]
      for loss in losses {
        _ = loss()
        let analytic = gradient.tensor().values
        values.withElements {
          GradientCheck.expectAgreement("\(reduction)", values: $0, gradient: analytic, loss: loss)
        }
      }
    }
  }

  @Test("the sampler with the divergence: the middle of a variational auto-encoder")
  func variationalMiddle() {
    let (mean, logVariance) = (batch(3, [4], seed: 4), batch(3, [4], seed: 5))
    let (dMean, dLog) = (
      BatchView<Double>(count: 3, shape: [4]), BatchView<Double>(count: 3, shape: [4])
    )
    let draws = BatchView<Double>(count: 3, shape: [4])
    let targets = batch(3, [4], seed: 6)
    let dDraws = BatchView<Double>(count: 3, shape: [4])
    let sampler = GaussianSampler<Double>(shape: [4], batchCapacity: 5)
    let divergence = GaussianKL<Double>()
    let error = SquaredError<Double>(reduction: .meanOfExamples)
    func loss() -> Double {
      sampler.sample(mean: mean, logVariance: logVariance, seed: Seed(7), into: draws)
      let reconstruction = error.evaluate(values: draws, targets: targets, gradient: dDraws)
      sampler.backward(
        drawGradient: dDraws, logVariance: logVariance, meanGradient: dMean,
        logVarianceGradient: dLog)
      return reconstruction
        + divergence.evaluate(
          mean: mean, logVariance: logVariance, meanGradient: dMean, logVarianceGradient: dLog)
    }
    _ = loss()
    let (meanGradient, logGradient) = (dMean.tensor().values, dLog.tensor().values)
    mean.withElements {
      GradientCheck.expectAgreement("mean", values: $0, gradient: meanGradient, loss: loss)
    }
    logVariance.withElements {
      GradientCheck.expectAgreement("log-variance", values: $0, gradient: logGradient, loss: loss)
    }
    // N(0, 1) itself diverges by nothing.
    mean.fill(with: 0)
    logVariance.fill(with: 0)
    #expect(
      divergence.evaluate(
        mean: mean, logVariance: logVariance, meanGradient: dMean, logVarianceGradient: dLog) == 0)
  }

  @Test("mutual information", arguments: [(1, 1), (1, 3), (6, 1), (6, 4)])
  func mutualInformation(count: Int, classes: Int) {
    for weight in [1, 1.5] {
      let loss = MutualInformation<Double>(classes: classes, entropyWeight: weight)
      var generator = Seed(8).generator()
      func soft() -> BatchView<Double> {
        let batch = BatchView<Double>(count: count, shape: [classes])
        batch.withElements { elements in
          for row in 0..<count {
            let raw = (0..<classes).map { _ in 0.1 + generator.nextUniform() }
            let sum = raw.reduce(0, +)
            for column in 0..<classes { elements[row * classes + column] = raw[column] / sum }
          }
        }
        return batch
      }
      let (p, q) = (soft(), soft())
      let (dp, dq) = (
        BatchView<Double>(count: count, shape: [classes]),
        BatchView<Double>(count: count, shape: [classes])
      )
      func value() -> Double {
        loss.evaluate(first: p, second: q, firstGradient: dp, secondGradient: dq)
      }
      let start = value()
      let (first, second) = (dp.tensor().values, dq.tensor().values)
      p.withElements {
        GradientCheck.expectAgreement("first", values: $0, gradient: first, loss: value)
      }
      q.withElements {
        GradientCheck.expectAgreement("second", values: $0, gradient: second, loss: value)
      }
      let swapped = loss.evaluate(first: q, second: p, firstGradient: dq, secondGradient: dp)
      #expect(abs(swapped - start) < 1e-12)
    }
  }

  @Test("mutual information of equal one-hot classes is −ln C, of independent ones 0")
  func mutualInformationLimits() {
    let classes = 36
    let loss = MutualInformation<Double>(classes: classes)
    let p = BatchView<Double>(count: classes, shape: [classes])
    for row in 0..<classes { p[row, row] = 1 }
    let (dp, dq) = (
      BatchView<Double>(count: classes, shape: [classes]),
      BatchView<Double>(count: classes, shape: [classes])
    )
    let sharp = loss.evaluate(first: p, second: p, firstGradient: dp, secondGradient: dq)
    #expect(abs(sharp - -3.58335) < 5e-6)
    p.fill(with: 1 / Double(classes))
    let flat = loss.evaluate(first: p, second: p, firstGradient: dp, secondGradient: dq)
    #expect(abs(flat) < 1e-12)
  }

  @Test("an empty batch and classes without weight cost nothing")
  func emptyBatch() {
    let empty = BatchView<Double>(count: 0, shape: [3])
    #expect(
      SoftmaxCrossEntropy<Double>().evaluate(logits: empty, labels: [], gradient: empty) == 0)
    let one = BatchView<Double>(count: 1, shape: [2])
    let gradient = BatchView<Double>(count: 1, shape: [2])
    gradient.fill(with: 9)
    let weighted = SoftmaxCrossEntropy<Double>(classWeights: [0, 1])
    #expect(weighted.evaluate(logits: one, labels: [0], gradient: gradient) == 0)
    #expect(gradient.tensor().values == [0, 0])
  }

  @Test("a label that is no class stops the program")
  func strayLabel() async {
    await #expect(processExitsWith: .failure) {
      let logits = BatchView<Float>(count: 1, shape: [2])
      _ = SoftmaxCrossEntropy<Float>().evaluate(logits: logits, labels: [2], gradient: logits)
    }
  }
}
