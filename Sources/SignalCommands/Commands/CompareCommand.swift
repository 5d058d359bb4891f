import ArgumentParser
import Experiments
import VersionedStore

/// `signalstore compare RUN RUN…`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Put runs side by side: settings, metrics, and what differs in the data.",
    discussion: "Example: signalstore compare 1 2")

  @Argument(help: "The numbers of the runs.") var runs: [Int]
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard runs.count > 1 else { throw ValidationError("Name at least two runs to compare.") }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let comparison = try RunComparison(try runs.map { try store.run($0) }, in: store)
    context.answer(comparison.members) { comparison.text(context.talk) }
  }
}

/// Several runs and everything in which they differ.
struct RunComparison {
  /// Something that is not the same in all runs.
  struct Difference {
    let what: String
    let name: String
    let values: [String]
  }

  private struct Side {
    let run: Run
    let settings: [String: String]
    let metrics: [String: Double]
  }

  private let sides: [Side]
  let differences: [Difference]
  /// From the first run's data to the data of each of the others.
  let dataChanges: [VersionDifference]

  init(_ runs: [Run], in store: Store) throws {
    sides = try runs.map { run in
      Side(
        run: run, settings: try store.settings(of: run),
        metrics: Dictionary(
          uniqueKeysWithValues: try store.metrics(of: run).map { ($0.name, $0.last) }))
    }
    var differences: [Difference] = []
    func compare(_ what: String, _ name: String, _ values: [String]) {
      if Set(values).count > 1 {
        differences.append(Difference(what: what, name: name, values: values))
      }
    }
    compare("data", "dataset version", runs.map(\.version))
    compare("data", "split", runs.map { "\($0.split) (\($0.splitHash.prefix(8)))" })
    compare("run", "study", runs.map(\.study))
    compare("run", "seed", runs.map { String($0.seed) })
    for name in Set(sides.flatMap { $0.settings.keys }).sorted() {
      compare("setting", name, sides.map { $0.settings[name] ?? "-" })
    }
    for name in Set(sides.flatMap { $0.metrics.keys }).sorted() {
      compare("metric", name, sides.map { $0.metrics[name].map(Quantity.number) ?? "-" })
    }
    self.differences = differences
    var versions: [String] = []
    for run in runs where !versions.contains(run.version) { versions.append(run.version) }
    let loaded = try versions.map { try store.version(try VersionReference($0)) }
    dataChanges = try loaded.dropFirst().map { try store.difference(from: loaded[0], to: $0) }
  }

  var members: [(String, JSONValue)] {
    let runs = sides.map { side in
      JSONValue.object([
        ("run", .integer(side.run.number)), ("run_id", side.run.hash.map { .string($0) } ?? .null),
        ("study", .string(side.run.study)), ("dataset_version", .string(side.run.version)),
        ("version_id", .string(side.run.versionHash)), ("split", .string(side.run.split)),
        ("split_id", .string(side.run.splitHash)), ("seed", .string(String(side.run.seed))),
        ("status", .string(side.run.status.rawValue)),
        (
          "settings",
          .object(side.settings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        ),
        (
          "metrics",
          .object(side.metrics.sorted { $0.key < $1.key }.map { ($0.key, .real($0.value)) })
        ),
      ])
    }
    let found = differences.map { difference in
      JSONValue.object([
        ("what", .string(difference.what)), ("name", .string(difference.name)),
        ("values", .array(difference.values.map { .string($0) })),
      ])
    }
    return [
      ("runs", .array(runs)), ("differences", .array(found)),
      ("data", .array(dataChanges.map { .object($0.members) })),
    ]
  }

  func text(_ talk: Talk) -> String {
    guard !differences.isEmpty else { return "The runs do not differ in anything recorded." }
    let header = ["what", "name"] + sides.map { ">run \($0.run.number)" }
    var text = talk.table(header, differences.map { [$0.what, $0.name] + $0.values })
    for change in dataChanges { text += "\n\n" + change.text }
    return text
  }
}

extension VersionDifference {
  /// The members of a difference in every JSON answer.
  var members: [(String, JSONValue)] {
    func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    return [
      ("from", .string(from)), ("to", .string(to)), ("added", list(added)),
      ("removed", list(removed)), ("changed", list(changed)), ("schema", list(schema)),
      (
        "labels",
        .array(
          labels.map { label in
            .object([
              ("track", .string(label.track)), ("code", .integer(Int(label.code))),
              ("name", .string(label.name)), ("before", .integer(label.before)),
              ("after", .integer(label.after)),
            ])
          })
      ),
      (
        "statistics",
        .array(
          statistics.map { channel in
            .object([
              ("channel", .string(channel.name)), ("mean_before", .real(channel.meanBefore)),
              ("mean_after", .real(channel.meanAfter)),
              ("deviation_before", .real(channel.deviationBefore)),
              ("deviation_after", .real(channel.deviationAfter)),
              ("missing_before", .real(channel.missingBefore)),
              ("missing_after", .real(channel.missingAfter)),
            ])
          })
      ),
    ]
  }

  /// The difference for people.
  var text: String {
    func names(_ list: [String]) -> String {
      let shown = list.prefix(8).joined(separator: ", ")
      return list.count > 8 ? "\(shown), … (\(list.count) in all)" : shown
    }
    var lines = ["From \(from) to \(to):"]
    if !added.isEmpty { lines.append("  added: \(names(added))") }
    if !removed.isEmpty { lines.append("  removed: \(names(removed))") }
    if !changed.isEmpty { lines.append("  changed: \(names(changed))") }
    lines += schema.map { "  schema: \($0)" }
    for label in labels {
      lines.append(
        "  label \(label.track) \(label.code) (\(label.name)): \(label.before) → \(label.after) "
          + "readings")
    }
    for channel in statistics.prefix(8) {
      lines.append(
        "  channel \(channel.name): mean \(Quantity.number(channel.meanBefore)) → "
          + "\(Quantity.number(channel.meanAfter)), deviation "
          + "\(Quantity.number(channel.deviationBefore)) → "
          + "\(Quantity.number(channel.deviationAfter))")
    }
    if statistics.count > 8 { lines.append("  … and \(statistics.count - 8) more channels") }
    if lines.count == 1 { lines.append("  nothing differs") }
    return lines.joined(separator: "\n")
  }
}
