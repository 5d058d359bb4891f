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

    /// The values as a table shows them; numbers with all digits only where fewer hide the
    /// difference.
    var shownValues: [String] {
      let rounded = values.map { value in Double(value).map(Quantity.number) ?? value }
      return what == "metric" && Set(rounded).count > 1 ? rounded : values
    }
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
      compare("metric", name, sides.map { $0.metrics[name].map { "\($0)" } ?? "-" })
    }
    self.differences = differences
    var versions: [String] = []
    for run in runs where !versions.contains(run.version) { versions.append(run.version) }
    let loaded = try versions.map { try store.version(try VersionReference($0)) }
    dataChanges = try loaded.dropFirst().map { try store.difference(from: loaded[0], to: $0) }
  }

  var members: [JSONValue.Member] {
    [
      .init("runs", .array(sides.map(Self.member))),
      .init("differences", .array(differences.map(Self.member))),
      .init("data", .array(dataChanges.map { JSONValue.object($0.members) })),
    ]
  }

  private static func member(_ side: Side) -> JSONValue {
    let run = side.run
    let hash: JSONValue = if let hash = run.hash { .string(hash) } else { .null }
    let settings: [JSONValue.Member] = side.settings.sorted { $0.key < $1.key }
      .map { JSONValue.Member($0.key, JSONValue.string($0.value)) }
    let metrics: [JSONValue.Member] = side.metrics.sorted { $0.key < $1.key }
      .map { JSONValue.Member($0.key, JSONValue.real($0.value)) }
    return .object([
      .init("run", .whole(run.number)), .init("run_id", hash), .init("study", .string(run.study)),
      .init("dataset_version", .string(run.version)), .init("version_id", .string(run.versionHash)),
      .init("split", .string(run.split)), .init("split_id", .string(run.splitHash)),
      .init("seed", .string(String(run.seed))), .init("status", .string(run.status.rawValue)),
      .init("settings", .object(settings)), .init("metrics", .object(metrics)),
    ])
  }

  private static func member(_ difference: Difference) -> JSONValue {
    .object([
      .init("what", .string(difference.what)), .init("name", .string(difference.name)),
      .init("values", .array(difference.values.map { JSONValue.string($0) })),
    ])
  }

  func text(_ talk: Talk) -> String {
    guard !differences.isEmpty else { return "The runs do not differ in anything recorded." }
    let header = ["what", "name"] + sides.map { ">run \($0.run.number)" }
    var text = talk.table(header, differences.map { [$0.what, $0.name] + $0.shownValues })
    for change in dataChanges { text += "\n\n" + change.text }
    return text
  }
}

extension VersionDifference {
  /// The members of a difference in every JSON answer.
  var members: [JSONValue.Member] {
    func list(_ names: [String]) -> JSONValue { .array(names.map { JSONValue.string($0) }) }
    return [
      .init("from", .string(from)), .init("to", .string(to)), .init("added", list(added)),
      .init("removed", list(removed)), .init("changed", list(changed)),
      .init("schema", list(schema)),
      .init("labels", .array(labels.map(Self.member))),
      .init("statistics", .array(statistics.map(Self.member))),
    ]
  }

  private static func member(_ label: LabelChange) -> JSONValue {
    .object([
      .init("track", .string(label.track)), .init("code", .whole(Int(label.code))),
      .init("name", .string(label.name)), .init("before", .whole(label.before)),
      .init("after", .whole(label.after)),
    ])
  }

  private static func member(_ channel: ChannelChange) -> JSONValue {
    .object([
      .init("channel", .string(channel.name)), .init("mean_before", .real(channel.meanBefore)),
      .init("mean_after", .real(channel.meanAfter)),
      .init("deviation_before", .real(channel.deviationBefore)),
      .init("deviation_after", .real(channel.deviationAfter)),
      .init("missing_before", .real(channel.missingBefore)),
      .init("missing_after", .real(channel.missingAfter)),
    ])
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
    for label in labels.prefix(8) {
      lines.append(
        "  label \(label.track) \(label.code) (\(label.name)): \(label.before) → \(label.after) "
          + "readings")
    }
    if labels.count > 8 {
      lines.append("  … and \(labels.count - 8) more labels (`--json` lists all)")
    }
    for channel in statistics.prefix(8) {
      lines.append(
        "  channel \(channel.name): mean \(Quantity.number(channel.meanBefore)) → "
          + "\(Quantity.number(channel.meanAfter)), deviation "
          + "\(Quantity.number(channel.deviationBefore)) → "
          + "\(Quantity.number(channel.deviationAfter))")
    }
    if statistics.count > 8 {
      lines.append("  … and \(statistics.count - 8) more channels (`--json` lists all)")
    }
    if lines.count == 1 { lines.append("  nothing differs") }
    return lines.joined(separator: "\n")
  }
}
