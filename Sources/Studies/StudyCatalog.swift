public import Batching
public import Experiments
public import Randomness
public import VersionedStore

/// The studies by name: the one list that commands and documents read.
public enum StudyCatalog {
  /// What can be done with a study without knowing its type.
  private struct Entry: Sendable {
    let name: String
    let train: @Sendable ([String], Split, Seed, Lab) throws -> Run
    let resume: @Sendable (Int, Lab) throws -> Run
    let evaluate:
      @Sendable ([String: String], [UInt8], ExampleSelection, Store, Int) throws -> Evaluation

    init<Study: Recipe>(_ study: Study.Type) {
      name = Study.studyName
      train = { assignments, split, seed, lab in
        let settings = try Study.Settings.reading(assignments, study: Study.studyName)
        return try lab.train(study, settings: settings, on: split, seed: seed)
      }
      resume = { number, lab in try lab.resume(study, run: number) }
      evaluate = { texts, model, selection, store, threadCount in
        let settings = try Study.Settings.reading(texts, study: Study.studyName)
        return try Study(settings).evaluate(
          model: model, on: selection, in: store, threadCount: threadCount)
      }
    }
  }

  private static let entries: [Entry] = [Entry(Classifier.self)]

  /// The names of all studies.
  public static var names: [String] { entries.map(\.name) }

  private static func entry(_ name: String) throws(ExperimentError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw .unsuitable(
        name,
        "Could not find the study '\(name)'. There are: "
          + "\(names.joined(separator: ", ")).")
    }
    return entry
  }

  /// Trains a study, its settings given as texts `NAME=VALUE`.
  public static func train(
    _ study: String, settings: [String], on split: Split, seed: Seed, in lab: Lab
  ) throws -> Run {
    try entry(study).train(settings, split, seed, lab)
  }

  /// Goes on with a run that did not finish.
  public static func resume(_ study: String, run: Int, in lab: Lab) throws -> Run {
    try entry(study).resume(run, lab)
  }

  /// Judges the model of a finished run on chosen examples.
  public static func evaluate(
    _ run: Run, on selection: ExampleSelection, in store: Store, threadCount: Int
  ) throws -> Evaluation {
    try entry(run.study).evaluate(
      try store.settings(of: run), try store.model(of: run), selection, store, threadCount)
  }
}
