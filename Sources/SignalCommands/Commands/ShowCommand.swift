import ArgumentParser
import Signals
import VersionedStore

/// `signalstore show NAME@V`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one version: channels, units, rates, labels, missing readings, sources, shards.",
    discussion: "Example: signalstore show hapt@2")

  @Argument(help: "The version, such as hapt@2.") var version: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let version = try store.version(try VersionReference(version))
    let overview = VersionOverview(
      version: version, recordings: try store.recordings(of: version),
      shards: try store.shards(of: version), ingestion: try store.ingestion(of: version))
    context.answer(overview.members) { overview.text(context.talk) }
  }
}

/// Everything that `show` tells, gathered from the recordings of a version.
struct VersionOverview {
  let version: Version
  let recordings: [RecordingSummary]
  let shards: [ShardSummary]
  let ingestion: IngestionRecord

  /// A channel over all recordings that have it.
  struct ChannelOverview {
    let channel: Channel
    var statistics: ChannelStatistics
    var recordingCount: Int
  }

  /// A label over all recordings.
  struct LabelOverview {
    let track: String
    let code: Int32
    let name: String
    var count: Int
  }

  var channels: [ChannelOverview] {
    var order: [Channel] = []
    var found: [Channel: ChannelOverview] = [:]
    for recording in recordings {
      for (channel, statistics) in zip(recording.channels, recording.statistics) {
        if found[channel] == nil { order.append(channel) }
        var entry =
          found[channel]
          ?? ChannelOverview(channel: channel, statistics: ChannelStatistics(), recordingCount: 0)
        entry.statistics.add(statistics)
        entry.recordingCount += 1
        found[channel] = entry
      }
    }
    return order.compactMap { found[$0] }
  }

  var labels: [LabelOverview] {
    var found: [String: [Int32: LabelOverview]] = [:]
    for label in recordings.flatMap(\.labels) {
      for (code, count) in label.counts {
        let name =
          label.vocabulary.name(of: code)
          ?? (code == LabelTrack.unlabelled ? "(unlabelled)" : "(no name)")
        found[label.track, default: [:]][
          code, default: LabelOverview(track: label.track, code: code, name: name, count: 0)
        ].count += count
      }
    }
    return found.sorted { $0.key < $1.key }.flatMap { _, codes in
      codes.values.sorted { $0.code < $1.code }
    }
  }

  var rates: [Double] { Set(recordings.map(\.rate.hertz)).sorted() }
  var subjects: [String] { Set(recordings.compactMap(\.subject)).sorted() }

  var members: [(String, JSONValue)] {
    var sources: [String: SourceReference] = [:]
    for recording in recordings { sources[recording.source.name] = recording.source }
    return version.members + [
      ("kind", .string(version.kind)),
      ("rates", .array(rates.map { .real($0) })),
      ("subjects", .array(subjects.map { .string($0) })),
      ("simulated", .bool(recordings.contains { $0.isSimulated })),
      ("channels", .array(channels.map(Self.member))),
      (
        "labels",
        .array(
          labels.map { label in
            .object([
              ("track", .string(label.track)), ("code", .integer(Int(label.code))),
              ("name", .string(label.name)), ("rows", .integer(label.count)),
            ])
          })
      ),
      (
        "sources",
        .array(
          sources.values.sorted { $0.name < $1.name }.map { source in
            .object([
              ("source", .string(source.name)), ("bytes", .integer(source.sizeInBytes)),
              ("sha256", .string(source.sha256)),
            ])
          })
      ),
      (
        "shards",
        .array(
          shards.map { shard in
            .object([
              ("sha256", .string(shard.hash)), ("bytes", .integer(shard.sizeInBytes)),
              ("recordings", .integer(shard.recordingCount)),
            ])
          })
      ),
      ("statistics", statistics),
    ]
  }

  private var statistics: JSONValue {
    let channels = channels
    let total = channels.reduce(0) { $0 + $1.statistics.count }
    let missing = channels.reduce(0) { $0 + $1.statistics.missingCount }
    return .object([
      ("seconds", .real(recordings.reduce(0) { $0 + Double($1.sampleCount) / $1.rate.hertz })),
      ("missing_fraction", .real(total > 0 ? Double(missing) / Double(total) : 0)),
      ("warnings", .array(ingestion.warnings.map { .string($0) })),
    ])
  }

  private static func member(_ entry: ChannelOverview) -> JSONValue {
    .object([
      ("name", .string(entry.channel.name)), ("unit", .string(entry.channel.unit)),
      ("sensor", .string(entry.channel.sensor)), ("recordings", .integer(entry.recordingCount)),
      ("missing_fraction", .real(entry.statistics.missingFraction)),
      ("minimum", .real(entry.statistics.minimum)), ("maximum", .real(entry.statistics.maximum)),
      ("mean", .real(entry.statistics.mean)),
      ("standard_deviation", .real(entry.statistics.standardDeviation)),
    ])
  }

  func text(_ talk: Talk) -> String {
    let shownChannels = 24
    let channels = channels
    let rateText = rates.map { "\(Quantity.number($0)) Hz" }.joined(separator: ", ")
    let head = [
      "\(version.reference)  \(version.hash)",
      "  \(version.because.isEmpty ? "(no reason given)" : version.because)",
      "  \(version.recordingCount) recordings of \(subjects.count) subjects, "
        + "\(version.sampleCount) readings at \(rateText), \(Quantity.bytes(version.sizeInBytes)) in "
        + "\(shards.count) shards" + (recordings.contains { $0.isSimulated } ? "; simulated" : ""),
    ]
    let channelTable = talk.table(
      ["channel", "unit", ">missing", ">mean", ">deviation", ">minimum", ">maximum"],
      channels.prefix(shownChannels).map { entry in
        let statistics = entry.statistics
        return [
          entry.channel.name, entry.channel.unit,
          Quantity.percent(statistics.missingFraction), Quantity.number(statistics.mean),
          Quantity.number(statistics.standardDeviation), Quantity.number(statistics.minimum),
          Quantity.number(statistics.maximum),
        ]
      })
    let more =
      channels.count > shownChannels
      ? ["  … and \(channels.count - shownChannels) more channels; `--json` lists all"] : []
    let labelTable = talk.table(
      ["labels", ">code", "meaning", ">readings"],
      labels.map { [$0.track, String($0.code), $0.name, String($0.count)] })
    return (head + ["", channelTable] + more + (labels.isEmpty ? [] : ["", labelTable]))
      .joined(separator: "\n")
  }
}
