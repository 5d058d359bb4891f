import Batching
import Experiments
import NeuralNetworks
import Randomness
import Signals
import Tensors
import VersionedStore

/// One training of a classifier, epoch by epoch.
final class ClassifierTraining {
  private let settings: ClassifierSettings
  private let data: ClassifierData
  private let seed: Seed
  private let network: Network<Float>
  private let optimizer: Optimizer<Float>
  private let loss: SoftmaxCrossEntropy<Float>
  private let evaluator: ClassifierEvaluator
  private var progress = ClassifierCheckpoint.Progress()
  private var best: NetworkSnapshot<Float>?
  private var labels: [Int32]

  init(
    _ settings: ClassifierSettings, data: ClassifierData, seed: Seed, threadCount: Int,
    from checkpoint: ClassifierCheckpoint?
  ) throws {
    self.settings = settings
    self.data = data
    self.seed = seed
    let description = settings.network(classCount: data.codes.count)
    do {
      network = try Network(
        description, inputShape: Shape(data.training.exampleShape),
        batchCapacity: max(settings.batchSize, 256), team: WorkerTeam(threadCount: threadCount))
    } catch {
      throw ExperimentError.setting("model", error.description)
    }
    if let checkpoint, let state = checkpoint.current.optimizer {
      try network.restore(checkpoint.current)
      optimizer = try Optimizer(restoring: state, for: network)
      progress = checkpoint.progress
      best = checkpoint.best
    } else {
      network.initializeParameters(seed: seed.child("parameters"))
      optimizer = Optimizer(
        .adam(
          .constant(rate: settings.learningRate),
          weightDecay: settings.weightDecay > 0 ? .decoupled(factor: settings.weightDecay) : .none),
        for: network)
    }
    loss = SoftmaxCrossEntropy(classWeights: settings.balanced ? data.balancedWeights : nil)
    evaluator = ClassifierEvaluator(network: network, names: data.names)
    labels = [Int32](repeating: 0, count: settings.batchSize)
  }

  func run(recording recorder: RunRecorder) throws -> TrainedModel {
    while progress.epoch < settings.epochs, !isOutOfPatience {
      let epoch = progress.epoch + 1
      try trainEpoch(epoch, recording: recorder)
      try validate(epoch, recording: recorder)
      progress.epoch = epoch
      try recorder.endEpoch(epoch, of: settings.epochs, stepCount: optimizer.stepCount) {
        try ClassifierCheckpoint(
          progress: progress, current: network.snapshot(with: optimizer), best: best
        ).bytes()
      }
    }
    guard let best else {
      throw ExperimentError.diverged(epoch: progress.epoch, loss: progress.bestLoss)
    }
    recorder.record("best_epoch", step: 0, Double(progress.bestEpoch))
    recorder.record("parameters", step: 0, Double(network.parameters.count))
    let model = ClassifierModel(
      codes: data.codes, names: data.names, channels: data.split.view.channels.map(\.name),
      units: data.split.view.channels.map(\.unit), rateInHertz: data.split.view.rate.hertz,
      normalization: data.training.normalization, network: best)
    let bytes = try model.bytes(extra: [
      "dataset_version": data.split.view.version.reference,
      "version_id": data.split.view.version.hash, "split_id": data.split.hash,
      "best_epoch": String(progress.bestEpoch),
    ])
    return TrainedModel(bytes: bytes, stepCount: optimizer.stepCount)
  }

  private var isOutOfPatience: Bool {
    settings.patience > 0 && progress.epoch - progress.bestEpoch >= settings.patience
  }

  private func isBetter(loss: Double, macroF1: Double) -> Bool {
    switch settings.monitor {
    case .loss: return loss < progress.bestLoss
    case .macroF1:
      guard progress.bestEpoch > 0, macroF1 == progress.bestMacroF1 else {
        return progress.bestEpoch == 0 || macroF1 > progress.bestMacroF1
      }
      return loss < progress.bestLoss
    }
  }

  private func trainEpoch(_ epoch: Int, recording recorder: RunRecorder) throws {
    let plan = BatchPlan(
      part: .training, batchSize: settings.batchSize, order: .shuffled,
      seed: seed.child("batches"))
    let order = EpochOrder(plan, count: data.training.count, epoch: epoch - 1)
    var lossSum = 0.0
    var hits = 0
    for index in 0..<order.batchCount {
      let positions = order.batch(index)
      if labels.count != positions.count {
        labels = [Int32](repeating: 0, count: positions.count)
      }
      try network.load(positions, from: data.training, labels: &labels)
      network.forward(
        phase: .training(noise: seed.child("dropout").child(optimizer.stepCount)))
      let value = loss.evaluate(
        logits: network.outputs, labels: labels, gradient: network.outputGradients)
      guard value.isFinite else { throw ExperimentError.diverged(epoch: epoch, loss: value) }
      lossSum += value * Double(positions.count)
      hits += evaluator.hits(labels)
      network.backward()
      optimizer.step(network)
    }
    // A rectifier makes zeros of what is no number, and the loss then looks sound.
    guard network.parameters.withElements({ $0.areFinite }) else {
      throw ExperimentError.lostWeights(epoch: epoch)
    }
    let count = Double(data.training.count)
    recorder.record("train_loss", step: epoch, lossSum / count)
    recorder.record("train_accuracy", step: epoch, Double(hits) / count)
  }

  private func validate(_ epoch: Int, recording recorder: RunRecorder) throws {
    let evaluation = try evaluator.evaluate(data.validation)
    for metric in evaluation.metrics where metric.name != "majority_share" {
      recorder.record("val_\(metric.name)", step: epoch, metric.value)
    }
    let loss = evaluation.metrics.first { $0.name == "loss" }?.value ?? .infinity
    guard loss.isFinite else { throw ExperimentError.diverged(epoch: epoch, loss: loss) }
    let macroF1 = evaluation.confusion?.macroF1 ?? 0
    if isBetter(loss: loss, macroF1: macroF1) {
      progress.bestLoss = loss
      progress.bestMacroF1 = macroF1
      progress.bestEpoch = epoch
      best = network.snapshot()
    }
  }
}
