import Batching
import Experiments
import Randomness
import Signals
import StoreSupport
import Studies
import Testing
import VersionedStore

@Suite("What a classifier cannot use is refused in one sentence")
struct ClassifierRefusalTests {
  private func expectRefusal(
    _ code: ExperimentError.Code, _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    let error = #expect(throws: ExperimentError.self, sourceLocation: sourceLocation) {
      try body()
    }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.message == message, sourceLocation: sourceLocation)
  }

  @Test("Data without anything to tell apart")
  func labels() throws {
    let studio = try Studio()
    let advice = "Make a view with `--labels TRACK`."
    expectRefusal(
      .unsuitableData,
      "Could not train a classifier on 'walking': its examples have one label only. \(advice)"
    ) {
      _ = try studio.train(
        Studio.settings(), on: try studio.split(studio.view("walking", codes: [2])))
    }
    expectRefusal(
      .unsuitableData,
      "Could not train a classifier on 'plain': its examples have no labels. \(advice)"
    ) {
      _ = try studio.train(
        Studio.settings(), on: try studio.split(studio.view("plain", labelled: false)))
    }
    #expect(try studio.store.run(1).status == .failed)
    #expect(try studio.store.run(2).status == .failed)
  }

  @Test("A split without a validation part")
  func validation() throws {
    let studio = try Studio()
    expectRefusal(
      .unsuitableData,
      "Could not train a classifier on 'parts': it has no validation part, by which the epoch is "
        + "chosen. Make a split with `--validation`."
    ) {
      let split = try studio.store.makeSplit(of: try studio.view(), by: .subject, test: "F")
      _ = try studio.train(Studio.settings(), on: split)
    }
  }

  @Test("Readings that are kept missing, in training and in evaluation")
  func missing() throws {
    var waves = Waves()
    waves.missingEvery = 50
    let studio = try Studio(waves)
    let kept = try studio.view("kept", fill: .keep)
    let words =
      "Could not use 'kept' for a classifier: it has readings that are missing or not finite. Make "
      + "a view with `--fill linear`, or leave such windows out with `--missing 0`."
    expectRefusal(.unsuitableData, words) {
      _ = try studio.train(Studio.settings(), on: try studio.split(kept))
    }
    #expect(try studio.store.run(1).status == .failed)
    let run = try studio.train(Studio.settings())
    expectRefusal(.unsuitableData, words) {
      _ = try StudyCatalog.evaluate(
        run, on: ExampleSelection(allOf: kept), in: studio.store, threadCount: 1)
    }
  }

  @Test("Readings so large that the network leaves the numbers")
  func divergence() throws {
    var waves = Waves()
    waves.unit = 4e37
    let studio = try Studio(waves)
    var settings = Studio.settings()
    settings.scaling = .none
    let error = #expect(throws: ExperimentError.self) { try studio.train(settings) }
    #expect(error?.code == .diverged && error?.subject == "epoch 1")
    // Whether the loss or a weight is met first is the network's business.
    #expect(error?.message.hasPrefix("Could not go on training: ") == true)
    #expect(try studio.store.run(1).message == error?.message)
  }

  @Test("Examples of another form than the model's")
  func otherExamples() throws {
    let studio = try Studio()
    let run = try studio.train(
      Studio.settings(), on: try studio.split(studio.view(codes: [1, 2])))
    func evaluate(_ view: View) throws {
      _ = try StudyCatalog.evaluate(
        run, on: ExampleSelection(allOf: view), in: studio.store, threadCount: 1)
    }
    expectRefusal(
      .unsuitableData,
      "Could not evaluate on 'two': its channels are not those that the model was trained on "
        + "(acc-x, acc-y, noise)."
    ) { try evaluate(try studio.view("two", channels: ["acc-x", "acc-y"])) }
    expectRefusal(
      .unsuitableData,
      "Could not evaluate on 'turned': its channels are not those that the model was trained on "
        + "(acc-x, acc-y, noise)."
    ) { try evaluate(try studio.view("turned", channels: ["noise", "acc-y", "acc-x"])) }
    expectRefusal(
      .unsuitableData,
      "Could not evaluate on 'short': its examples are 10 readings long, the model takes 20."
    ) { try evaluate(try studio.view("short", window: 10)) }
    expectRefusal(
      .unsuitableData,
      "Could not evaluate on 'three': it has examples without one of the labels that the model "
        + "knows (rest, walk)."
    ) { try evaluate(try studio.view("three", codes: [1, 2, 3])) }
    expectRefusal(
      .unsuitableData,
      "Could not evaluate on 'unlabelled': it has examples without one of the labels that the "
        + "model knows (rest, walk)."
    ) { try evaluate(try studio.view("unlabelled", labelled: false)) }
  }

  @Test("A network that does not fit the window")
  func shape() throws {
    let studio = try Studio()
    var settings = Studio.settings()
    settings.filters = [4, 4, 4, 4, 4]
    let error = #expect(throws: ExperimentError.self) { try studio.train(settings) }
    #expect(error?.code == .badSetting)
    #expect(error?.message.hasPrefix("Could not use the setting 'model': ") == true)
  }

  @Test("A study that there is not")
  func unknownStudy() throws {
    let studio = try Studio()
    let split = try studio.split(studio.view())
    expectRefusal(
      .unsuitableData, "Could not find the study 'clasifier'. There are: classifier."
    ) {
      _ = try StudyCatalog.train(
        "clasifier", settings: [], on: split, seed: Seed(1), in: studio.lab())
    }
    #expect(StudyCatalog.names.contains("classifier"))
  }
}
