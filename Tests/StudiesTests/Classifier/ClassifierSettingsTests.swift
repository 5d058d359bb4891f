import Experiments
import Randomness
import Signals
import Studies
import Testing
import VersionedStore

@Suite("The settings of the classifier")
struct ClassifierSettingsTests {
  @Test("Each is known by the name that people write")
  func names() throws {
    let settings = try ClassifierSettings.reading(
      [
        "model=mlp", "filters=8,16", "kernel=7", "hidden=", "dropout=0", "epochs=4",
        "batch_size=32", "learning_rate=0.01", "weight_decay=0", "patience=0", "balanced=true",
        "monitor=loss", "scaling=none",
      ], study: "classifier")
    #expect(settings.model == .mlp && settings.filters == [8, 16] && settings.kernel == 7)
    #expect(settings.hidden == [] && settings.dropout == 0 && settings.epochs == 4)
    #expect(settings.batchSize == 32 && settings.learningRate == 0.01)
    #expect(settings.weightDecay == 0 && settings.patience == 0 && settings.balanced)
    #expect(settings.monitor == .loss && settings.scaling == .none)
    #expect(settings.texts.count == 13)
    #expect(try ClassifierSettings.reading(settings.texts, study: "classifier") == settings)
  }

  static let outOfRange: [(assignment: String, name: String, expected: String)] = [
    ("filters=", "filters", "1 to 8 widths"),
    ("filters=1,1,1,1,1,1,1,1,1", "filters", "1 to 8 widths"),
    ("filters=0", "filters", "widths from 1 to 4096"),
    ("hidden=1,1,1,1,1,1,1,1,1", "hidden", "at most 8 widths"),
    ("kernel=0", "kernel", "a number of readings from 1 to 1024"),
    ("dropout=1", "dropout", "a share from 0 to below 1"),
    ("dropout=-0.1", "dropout", "a share from 0 to below 1"),
    ("epochs=0", "epochs", "a number from 1 to 100000"),
    ("batch_size=0", "batch_size", "a number from 1 to 65536"),
    ("learning_rate=0", "learning_rate", "a number above 0, at most 10"),
    ("learning_rate=11", "learning_rate", "a number above 0, at most 10"),
    ("weight_decay=1", "weight_decay", "a number from 0 to below 1"),
    ("patience=-1", "patience", "a number from 0 on"),
  ]

  @Test("What is out of range is refused with the range", arguments: outOfRange)
  func ranges(assignment: String, name: String, expected: String) {
    let error = #expect(throws: ExperimentError.self) {
      try ClassifierSettings.reading([assignment], study: "classifier")
    }
    #expect(
      error?.message
        == "Could not use the setting '\(name)': expected \(expected). Give another value.")
    #expect(error?.code == .badSetting && error?.subject == name)
  }

  @Test("A network without hidden layers is trained, taken up and judged")
  func emptyList() throws {
    let studio = try Studio()
    var settings = Studio.settings(.mlp)
    settings.hidden = []
    let split = try studio.split(studio.view())
    let whole = try studio.train(settings, on: split)
    #expect(throws: ExperimentError.self) {
      try studio.lab(stoppingAfter: 2).train(
        Classifier.self, settings: settings, on: split, seed: Seed(1))
    }
    let resumed = try studio.lab().resume(Classifier.self, run: 2)
    #expect(resumed.hash == whole.hash)
    #expect(try studio.metric("parameters", of: whole) == Double(20 * 3 * 3 + 3))
  }
}
