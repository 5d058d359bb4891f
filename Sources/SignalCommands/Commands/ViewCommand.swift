import ArgumentParser
import Signals
import VersionedStore

/// `signalstore view NAME --on DATASET@V …`
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Name a way to cut examples out of a dataset version.",
    discussion: """
      Computed once, reused while nothing changed; says why when it is computed again.
      Example: signalstore view windows --on hapt@2 --window 128 --stride 64 --labels label:1,2,3
      """)

  @Argument(help: "The name of the view.") var name: String
  @Option(
    help: ArgumentHelp("The dataset version.", valueName: "dataset@version")) var on: String
  @Option(help: "The length of a window in readings.") var window: Int
  @Option(help: "The distance between window starts in readings.") var stride: Int
  @Option(
    help: ArgumentHelp(
      "Channels in the order wanted, with * for any characters; all if left out.",
      valueName: "a,b,…"))
  var channels: String?
  @Option(
    help: ArgumentHelp(
      "The label track, and after a colon the codes to keep; no labels if left out.",
      valueName: "track[:codes]"))
  var labels: String?
  @Option(
    name: .customLong("label-rule"),
    help: "How readings agree on the label of a window: pure or majority.")
  var labelRule: LabelRule.Agreement = .pure
  @Option(
    help: ArgumentHelp(
      "Leave windows out in which more than this share of readings is missing.", valueName: "0…1"))
  var missing: Double = 1
  @Option(help: "How missing readings are filled: linear, zero or keep.")
  var fill: MissingValuePolicy.Fill = .linear
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let version = try store.version(try VersionReference(on))
    let framing = Framing(
      lengthInSamples: window, strideInSamples: stride,
      channels: channels.map { $0.split(separator: ",").map(String.init) },
      labelRule: try labels.map(rule),
      missingValues: MissingValuePolicy(maximumMissingFraction: missing, fill: fill))
    let (view, cache) = try store.view(try DatasetName(name), of: version, framing: framing)
    context.answer(members(of: view, cache: cache)) { text(of: view, cache: cache, context.talk) }
  }

  private func rule(_ text: String) throws -> LabelRule {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return LabelRule(track: text, agreement: labelRule) }
    let codes = parts[1].split(separator: ",").map { Int32($0) }
    guard !codes.isEmpty, !codes.contains(nil) else {
      throw CommandError.usage(
        "Could not read the labels '\(text)': expected a track and whole numbers, such as "
          + "label:1,2,3. Correct '--labels'.")
    }
    return LabelRule(
      track: String(parts[0]), agreement: labelRule, codes: codes.compactMap { $0 })
  }

  private func members(of view: View, cache: CacheDecision) -> [JSONValue.Member] {
    let labels: [JSONValue] = view.labels.map { label in
      .object([
        .init("code", .whole(Int(label.code))), .init("name", .string(label.name)),
        .init("examples", .whole(label.count)),
      ])
    }
    let shape = [view.exampleCount, view.framing.lengthInSamples, view.channels.count]
    return [
      .init("view", .string(view.name)), .init("view_id", .string(view.hash)),
      .init("dataset_version", .string(view.version.reference)),
      .init("examples", .whole(view.exampleCount)),
      .init("shape", .array(shape.map { JSONValue.whole($0) })),
      .init("channels", .array(view.channels.map { JSONValue.string($0.name) })),
      .init("labels", .array(labels)),
      .init("cache", .string(cache.word)), .init("because", .string(cache.because)),
    ]
  }

  private func text(of view: View, cache: CacheDecision, _ talk: Talk) -> String {
    let shape =
      "\(view.exampleCount) examples of \(view.framing.lengthInSamples) readings x "
      + "\(view.channels.count) channels"
    let decision =
      switch cache {
      case .hit(let reason): "reused: \(reason)"
      case .miss(let reason): "computed: \(reason)"
      }
    let head = "View '\(view.name)' on \(view.version.reference): \(shape) (\(decision))."
    guard !view.labels.isEmpty else { return head }
    return head + "\n"
      + talk.table(
        [">code", "label", ">examples"],
        view.labels.map { [String($0.code), $0.name, String($0.count)] })
  }
}
