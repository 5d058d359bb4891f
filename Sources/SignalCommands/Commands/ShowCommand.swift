import ArgumentParser
import Signals
import VersionedStore

/// `signalstore show NAME@V`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show one version: channels, units, rates, labels, missing readings, sources, shards.",
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

  var members: [JSONValue.Member] {
    var members = version.members
    members.append(.init("kind", .string(version.kind)))
    members.append(.init("rates", .array(rates.map { JSONValue.real($0) })))
    members.append(.init("subjects", .array(subjects.map { JSONValue.string($0) })))
    members.append(.init("simulated", .bool(recordings.contains { $0.isSimulated })))
    members.append(.init("channels", .array(channels.map(Self.member))))
    members.append(.init("labels", .array(labels.map(Self.member))))
    members.append(.init("sources", .array(sources.map(Self.member))))
    members.append(.init("shards", .array(shards.map(Self.member))))
    members.append(.init("statistics", statistics))
    return members
  }

  private var sources: [SourceReference] {
    var sources: [String: SourceReference] = [:]
    for recording in recordings { sources[recording.source.name] = recording.source }
    return sources.values.sorted { $0.name < $1.name }
  }

  private static func member(_ label: LabelOverview) -> JSONValue {
    .object([
      .init("track", .string(label.track)), .init("code", .whole(Int(label.code))),
      .init("name", .string(label.name)), .init("rows", .whole(label.count)),
    ])
  }

  private static func member(_ source: SourceReference) -> JSONValue {
    .object([
      .init("source", .string(source.name)), .init("bytes", .whole(source.sizeInBytes)),
      .init("sha256", .string(source.sha256)),
    ])
  }

  private static func member(_ shard: ShardSummary) -> JSONValue {
    .object([
      .init("sha256", .string(shard.hash)), .init("bytes", .whole(shard.sizeInBytes)),
      .init("recordings", .whole(shard.recordingCount)),
    ])
  }

  private var statistics: JSONValue {
    var all = ChannelStatistics()
    for channel in channels { all.add(channel.statistics) }
    var seconds = 0.0
    for recording in recordings { seconds += Double(recording.sampleCount) / recording.rate.hertz }
    return .object([
      .init("seconds", .real(seconds)), .init("missing_fraction", .real(all.missingFraction)),
      .init("warnings", .array(ingestion.warnings.map { JSONValue.string($0) })),
    ])
  }

  private static func member(_ entry: ChannelOverview) -> JSONValue {
    .object([
      .init("name", .string(entry.channel.name)), .init("unit", .string(entry.channel.unit)),
      .init("sensor", .string(entry.channel.sensor)),
      .init("recordings", .whole(entry.recordingCount)),
      .init("missing_fraction", .real(entry.statistics.missingFraction)),
      .init("minimum", .real(entry.statistics.minimum)),
      .init("maximum", .real(entry.statistics.maximum)),
      .init("mean", .real(entry.statistics.mean)),
      .init("standard_deviation", .real(entry.statistics.standardDeviation)),
    ])
  }

  func text(_ talk: Talk) -> String {
    let shownChannels = 24
    let channels = channels
    let rateText = rates.map { "\(Quantity.number($0)) Hz" }.joined(separator: ", ")
    let reason = version.because.isEmpty ? "(no reason given)" : version.because
    let mark = recordings.contains { $0.isSimulated } ? "; simulated" : ""
    let size = Quantity.bytes(version.sizeInBytes)
    let head: [String] = [
      "\(version.reference)  \(version.hash)", "  \(reason)",
      "  \(version.recordingCount) recordings of \(subjects.count) subjects, "
        + "\(version.sampleCount) readings at \(rateText), \(size) in \(shards.count) shards\(mark)",
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
    let labelTable = talk.table(
      ["labels", ">code", "meaning", ">readings"],
      labels.map { [$0.track, String($0.code), $0.name, String($0.count)] })
    var lines = head + ["", channelTable]
    if channels.count > shownChannels {
      lines.append("  … and \(channels.count - shownChannels) more channels; `--json` lists all")
    }
    if !labels.isEmpty { lines += ["", labelTable] }
    return lines.joined(separator: "\n")
  }
}
