import ArgumentParser
import Durability
import Signals
import VersionedStore

/// `signalstore trace RUN`
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Follow a result back to raw files, channels and times.",
    discussion: """
      With --metric, only the raw signal that the metric was judged on (test_…, val_…, train_…).
      Example: signalstore trace 3 --metric test_macro_f1
      """)

  @Argument(help: ArgumentHelp("The number of the run.", valueName: "run")) var number: Int
  @Option(help: "A metric of the run.") var metric: String?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let lineage = try store.trace(try store.run(number), metric: metric)
    context.answer([.init("run", .whole(number)), .init("chain", .array(lineage.links))]) {
      lineage.text(context.talk)
    }
  }
}

/// `signalstore impact SOURCE`
struct ImpactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "impact", abstract: "Follow a raw file forward to every version, run and metric.",
    discussion: "Example: signalstore impact user17.h5")

  @Argument(help: "The name of the raw file as it was read, or its SHA-256.") var source: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let impact = try context.open(for: .reading).impact(of: source)
    let runs: [JSONValue] = impact.runs.map { run in
      .object([
        .init("run", .whole(run.number)), .init("study", .string(run.study)),
        .init("dataset_version", .string(run.version)), .init("split", .string(run.split)),
        .init("status", .string(run.status.rawValue)),
      ])
    }
    let metrics: [JSONValue] = impact.runs.flatMap { run in
      (impact.metrics[run.number] ?? []).map { metric in
        JSONValue.object([
          .init("run", .whole(run.number)), .init("name", .string(metric.name)),
          .init("value", .real(metric.last)),
        ])
      }
    }
    context.answer([
      .init("source", .string(impact.source)),
      .init("names", .array(impact.names.map { JSONValue.string($0) })),
      .init("versions", .array(impact.versions.map { JSONValue.string($0) })),
      .init("runs", .array(runs)), .init("metrics", .array(metrics)),
    ]) {
      let names = impact.names.map { TerminalText.escaped($0) }.joined(separator: ", ")
      let head =
        "\(names) (SHA-256 \(impact.source.prefix(12))…) is in "
        + "\(impact.versions.isEmpty ? "no version" : impact.versions.joined(separator: ", "))."
      guard !impact.runs.isEmpty else { return head + "\nNo run was trained on it." }
      return head + "\n"
        + context.talk.table(
          [">run", "study", "dataset version", "split", ">metrics"],
          impact.runs.map { run in
            [
              String(run.number), run.study, run.version, run.split,
              String(impact.metrics[run.number]?.count ?? 0),
            ]
          })
    }
  }
}

extension Lineage {
  /// The chain from the number to the raw files, one object for each link.
  var links: [JSONValue] {
    var links: [JSONValue] = []
    if let metric {
      links.append(
        .object([
          .init("link", .string("metric")), .init("name", .string(metric.name)),
          .init("value", .real(metric.last)), .init("step", .whole(metric.lastStep)),
        ]))
    }
    let hash: JSONValue = if let hash = run.hash { .string(hash) } else { .null }
    let model: JSONValue = if let hash = run.modelHash { .string(hash) } else { .null }
    let settingMembers: [JSONValue.Member] = settings.sorted { $0.key < $1.key }
      .map { JSONValue.Member($0.key, .string($0.value)) }
    links.append(
      .object([
        .init("link", .string("run")), .init("run", .whole(run.number)), .init("run_id", hash),
        .init("study", .string(run.study)), .init("seed", .string(String(run.seed))),
        .init("model", model), .init("settings", .object(settingMembers)),
      ]))
    links.append(
      .object([
        .init("link", .string("split")), .init("split", .string(split.name)),
        .init("split_id", .string(split.hash)), .init("by", .string(split.rule.unit.rawValue)),
        .init("clean", .bool(split.certificate.clean)),
      ]))
    links.append(
      .object([
        .init("link", .string("view")), .init("view", .string(split.view.name)),
        .init("view_id", .string(split.view.hash)),
        .init("window", .whole(split.view.framing.lengthInSamples)),
        .init("stride", .whole(split.view.framing.strideInSamples)),
        .init("channels", .array(split.view.channels.map { JSONValue.string($0.name) })),
      ]))
    links.append(
      .object([
        .init("link", .string("version")),
        .init("dataset_version", .string(split.view.version.reference)),
        .init("version_id", .string(split.view.version.hash)),
        .init("because", .string(split.view.version.because)),
        .init("reader", .string(ingestion.reader)),
      ]))
    links += stretches.map(Self.link)
    return links
  }

  private static func link(_ stretch: RawStretch) -> JSONValue {
    .object([
      .init("link", .string("raw")), .init("part", .string(stretch.part.rawValue)),
      .init("recording", .string(stretch.recording)),
      .init("source", .string(stretch.source.name)),
      .init("sha256", .string(stretch.source.sha256)), .init("place", .string(stretch.place)),
      .init("shards", .array(stretch.shards.map { JSONValue.string($0) })),
      .init("examples", .whole(stretch.examples)),
      .init("from_seconds", .real(stretch.fromSeconds)),
      .init("to_seconds", .real(stretch.toSeconds)),
    ])
  }

  /// The chain for people.
  func text(_ talk: Talk) -> String {
    var lines: [String] = []
    if let metric {
      lines.append("metric   \(metric.name) = \(Quantity.number(metric.last))")
    }
    let view = split.view
    lines.append(
      "run      \(run.number) of '\(run.study)', seed \(run.seed), \(run.status.rawValue), "
        + "\(Timestamp.text(secondsSince1970: run.started))")
    if let model = run.modelHash { lines.append("model    \(model)") }
    lines.append(
      "split    '\(split.name)' by \(split.rule.unit.rawValue), "
        + "\(split.certificate.clean ? "certified clean" : "not clean") (\(split.hash.prefix(12)))")
    lines.append(
      "view     '\(view.name)': windows of \(view.framing.lengthInSamples) every "
        + "\(view.framing.strideInSamples) readings, \(view.channels.count) channels "
        + "(\(view.hash.prefix(12)))")
    lines.append(
      "version  \(view.version.reference) (\(view.version.hash.prefix(12))), read by "
        + "'\(ingestion.reader)'")
    lines.append(
      talk.table(
        ["part", "recording", "raw file", "sha256", ">examples", ">from s", ">to s"],
        stretches.map { stretch in
          [
            stretch.part.rawValue, stretch.recording, stretch.source.name + stretch.place,
            String(stretch.source.sha256.prefix(12)), String(stretch.examples),
            Quantity.number(stretch.fromSeconds), Quantity.number(stretch.toSeconds),
          ]
        }))
    return lines.joined(separator: "\n")
  }
}
