import Batching
import Experiments
import Randomness
import Signals
import StoreSupport
import Studies
import Testing
import VersionedStore

@Suite("The classifier learns what can be learnt, and the same every time")
struct ClassifierTests {
  @Test(
    "Both networks tell the activities of unseen people",
    arguments: [
      ClassifierSettings.Model.cnn, .mlp,
    ])
  func learns(model: ClassifierSettings.Model) throws {
    let studio = try Studio()
    var settings = Studio.settings(model)
    settings.epochs = 10
    let run = try studio.train(settings)
    let score = try #require(try studio.metric("test_macro_f1", of: run))
    #expect(score > 0.95)
    #expect(try studio.metric("test_majority_share", of: run) == 1.0 / 3)
    // The training part becomes easier as the network learns.
    let losses = try studio.store.series("train_loss", of: run).map(\.value)
    #expect(losses.count == 10)
    #expect(try #require(losses.last) < 0.5 * losses[0])
  }

  @Test("What has nothing to learn from is not learnt")
  func noise() throws {
    let studio = try Studio()
    let run = try studio.train(
      Studio.settings(), on: try studio.split(studio.view(channels: ["noise"])))
    let score = try #require(try studio.metric("test_macro_f1", of: run))
    #expect(score < 0.6)
  }

  @Test(
    "One and two threads give the same digits",
    arguments: [
      ClassifierSettings.Model.cnn, .mlp,
    ])
  func threads(model: ClassifierSettings.Model) throws {
    let studio = try Studio()
    let runs = try [1, 2].map { try studio.train(Studio.settings(model), threads: $0) }
    #expect(runs[0].modelHash == runs[1].modelHash)
    #expect(runs[0].hash == runs[1].hash && runs[0].hash != nil)
    let metrics = try runs.map { try studio.store.metrics(of: $0) }
    #expect(metrics[0] == metrics[1] && metrics[0].count > 10)
  }

  @Test("Another seed gives another network")
  func seeds() throws {
    let studio = try Studio()
    let runs = try [1, 2].map { try studio.train(Studio.settings(), seed: $0) }
    #expect(runs[0].modelHash != runs[1].modelHash)
  }

  @Test("A training stopped after any epoch goes on to the same bytes", arguments: 1...5)
  func resume(epoch: Int) throws {
    let studio = try Studio()
    let split = try studio.split(studio.view())
    let whole = try studio.train(Studio.settings(), on: split)
    #expect(throws: ExperimentError.self) {
      try studio.lab(stoppingAfter: epoch).train(
        Classifier.self, settings: Studio.settings(), on: split, seed: Seed(1))
    }
    #expect(try studio.store.run(2).status == .interrupted)
    let resumed = try studio.lab().resume(Classifier.self, run: 2)
    #expect(try studio.store.model(of: resumed) == studio.store.model(of: whole))
    #expect(try studio.store.metrics(of: resumed) == studio.store.metrics(of: whole))
    #expect(resumed.hash == whole.hash)
    for name in ["train_loss", "val_loss", "val_macro_f1"] {
      #expect(
        try studio.store.series(name, of: resumed) == studio.store.series(name, of: whole),
        "\(name)")
    }
  }

  @Test("A training stopped after every single epoch too")
  func resumeAgainAndAgain() throws {
    let studio = try Studio()
    let split = try studio.split(studio.view())
    let whole = try studio.train(Studio.settings(), on: split)
    #expect(throws: ExperimentError.self) {
      try studio.lab(stoppingAfter: 1).train(
        Classifier.self, settings: Studio.settings(), on: split, seed: Seed(1))
    }
    for _ in 2...5 {
      #expect(throws: ExperimentError.self) {
        try studio.lab(stoppingAfter: 1).resume(Classifier.self, run: 2)
      }
    }
    let resumed = try studio.lab().resume(Classifier.self, run: 2)
    #expect(resumed.hash == whole.hash)
    #expect(resumed.stepCount == whole.stepCount)
  }

  @Test(
    "The kept epoch is the best on the validation part",
    arguments: [
      ClassifierSettings.Monitor.macroF1, .loss,
    ])
  func keptEpoch(monitor: ClassifierSettings.Monitor) throws {
    var waves = Waves()
    waves.separation = 0.4
    let studio = try Studio(waves)
    var settings = Studio.settings()
    settings.monitor = monitor
    settings.epochs = 12
    let run = try studio.train(settings)
    let losses = try studio.store.series("val_loss", of: run)
    let scores = try studio.store.series("val_macro_f1", of: run)
    #expect(losses.map(\.step) == Array(1...12))
    let expected: Int
    switch monitor {
    case .loss: expected = try #require(losses.min { $0.value < $1.value }?.step)
    case .macroF1:
      let highest = try #require(scores.map(\.value).max())
      let ties = zip(losses, scores).filter { $0.1.value == highest }.map(\.0)
      expected = try #require(ties.min { $0.value < $1.value }?.step)
    }
    #expect(try studio.metric("best_epoch", of: run) == Double(expected))
    // What was published is the network of that epoch.
    #expect(try studio.metric("best_val_loss", of: run) == losses[expected - 1].value)
    #expect(try studio.metric("best_val_macro_f1", of: run) == scores[expected - 1].value)
  }

  @Test("Patience ends a training that gets no better")
  func patience() throws {
    var waves = Waves()
    waves.separation = 0.4
    let studio = try Studio(waves)
    var settings = Studio.settings()
    settings.epochs = 200
    settings.patience = 3
    let run = try studio.train(settings)
    let epochs = try studio.store.series("val_loss", of: run).count
    let best = try #require(try studio.metric("best_epoch", of: run))
    #expect(epochs < 200 && Double(epochs) == best + 3)
  }

  @Test("Balanced weights find a rare activity that plain ones overlook")
  func balanced() throws {
    var waves = Waves()
    // One stretch in 15 is walking; its level lies close to that of resting.
    waves.codes = (0..<60).map { $0 % 15 == 7 ? 2 : 1 }
    waves.separation = 0.6
    let studio = try Studio(waves)
    let split = try studio.split(studio.view())
    var recalls: [Double] = []
    for isBalanced in [false, true] {
      var settings = Studio.settings(.mlp)
      settings.balanced = isBalanced
      settings.monitor = .loss
      let run = try studio.train(settings, on: split)
      let evaluation = try StudyCatalog.evaluate(
        run, on: try ExampleSelection(.test, of: split, in: studio.store), in: studio.store,
        threadCount: 1)
      let confusion = try #require(evaluation.confusion)
      #expect(confusion.classes == ["rest", "walk"] && confusion.total == 60)
      recalls.append(confusion.scores(ofClass: 1).recall)
    }
    #expect(recalls[1] > recalls[0], "\(recalls)")
  }

  @Test("What was recorded about the test part is what evaluation gives, by any number of threads")
  func evaluation() throws {
    let studio = try Studio()
    let split = try studio.split(studio.view())
    let run = try studio.train(Studio.settings(), on: split)
    for threads in 1...2 {
      let evaluation = try StudyCatalog.evaluate(
        run, on: try ExampleSelection(.test, of: split, in: studio.store), in: studio.store,
        threadCount: threads)
      for (name, value) in evaluation.metrics {
        #expect(try studio.metric("test_\(name)", of: run) == value, "\(name)")
      }
    }
    // Fewer classes than the model knows are no obstacle.
    let walking = try studio.view("walking", codes: [2])
    let evaluation = try StudyCatalog.evaluate(
      run, on: ExampleSelection(allOf: walking), in: studio.store, threadCount: 1)
    #expect(evaluation.confusion?.total == 60)
  }

  @Test("Readings that are missing are filled, and do not spoil a training")
  func filled() throws {
    var waves = Waves()
    waves.missingEvery = 7
    let studio = try Studio(waves)
    let run = try studio.train(Studio.settings())
    #expect(try #require(try studio.metric("test_macro_f1", of: run)) > 0.9)
  }
}
