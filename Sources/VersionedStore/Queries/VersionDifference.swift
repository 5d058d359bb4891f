import Signals

/// What is not the same in two versions.
public struct VersionDifference: Hashable, Sendable {
  /// A label whose number of readings changed.
  public struct LabelChange: Hashable, Sendable {
    /// The track.
    public let track: String
    /// The code.
    public let code: Int32
    /// What the code means.
    public let name: String
    /// How many readings had it.
    public let before: Int
    /// How many have it now.
    public let after: Int
  }

  /// A channel whose statistics changed.
  public struct ChannelChange: Hashable, Sendable {
    /// The channel.
    public let name: String
    /// The means.
    public let meanBefore: Double
    /// The mean now.
    public let meanAfter: Double
    /// The standard deviation.
    public let deviationBefore: Double
    /// The standard deviation now.
    public let deviationAfter: Double
    /// The share of missing readings.
    public let missingBefore: Double
    /// The share of missing readings now.
    public let missingAfter: Double
  }

  /// The version that is compared from.
  public let from: String
  /// The version that is compared to.
  public let to: String
  /// Recordings that only the second has.
  public let added: [String]
  /// Recordings that only the first has.
  public let removed: [String]
  /// Recordings of the same name with other content, labels or source.
  public let changed: [String]
  /// Channels, units and rates that differ, in words.
  public let schema: [String]
  /// Labels whose counts differ.
  public let labels: [LabelChange]
  /// Channels whose statistics differ.
  public let statistics: [ChannelChange]

  /// Whether the versions hold the same.
  public var isEmpty: Bool {
    added.isEmpty && removed.isEmpty && changed.isEmpty && schema.isEmpty && labels.isEmpty
      && statistics.isEmpty
  }
}

extension Store {
  /// What differs between two versions, of one dataset or of two.
  public func difference(
    from first: Version, to second: Version
  ) throws(StoreError) -> VersionDifference {
    let before = VersionFacts(try recordings(of: first))
    let after = VersionFacts(try recordings(of: second))
    let common = before.hashes.keys.filter { after.hashes[$0] != nil }
    return VersionDifference(
      from: first.reference, to: second.reference,
      added: after.hashes.keys.filter { before.hashes[$0] == nil }.sorted(),
      removed: before.hashes.keys.filter { after.hashes[$0] == nil }.sorted(),
      changed: common.filter { before.hashes[$0] != after.hashes[$0] }.sorted(),
      schema: before.schemaChanges(to: after), labels: before.labelChanges(to: after),
      statistics: before.channelChanges(to: after))
  }
}

/// A version as far as differences are concerned.
private struct VersionFacts {
  private struct LabelKey: Hashable {
    let track: String
    let code: Int32
  }

  let hashes: [String: String]
  private var channels: [String: ChannelStatistics] = [:]
  private var units: [String: Set<String>] = [:]
  private var rates: Set<Double> = []
  private var labels: [LabelKey: (name: String, count: Int)] = [:]

  init(_ recordings: [RecordingSummary]) {
    hashes = Dictionary(uniqueKeysWithValues: recordings.map { ($0.name, $0.hash) })
    for recording in recordings {
      rates.insert(recording.rate.hertz)
      for (channel, statistics) in zip(recording.channels, recording.statistics) {
        channels[channel.name, default: ChannelStatistics()].add(statistics)
        units[channel.name, default: []].insert(channel.unit)
      }
      for label in recording.labels {
        for (code, count) in label.counts {
          let name = label.vocabulary.name(of: code) ?? "-"
          labels[LabelKey(track: label.track, code: code), default: (name, 0)].count += count
        }
      }
    }
  }

  func schemaChanges(to other: VersionFacts) -> [String] {
    var changes: [String] = []
    let own = Set(channels.keys)
    let theirs = Set(other.channels.keys)
    changes += theirs.subtracting(own).sorted().map { "channel '\($0)' is new" }
    changes += own.subtracting(theirs).sorted().map { "channel '\($0)' is gone" }
    for name in own.intersection(theirs).sorted() where units[name] != other.units[name] {
      let before = (units[name] ?? []).sorted().joined(separator: "/")
      let after = (other.units[name] ?? []).sorted().joined(separator: "/")
      changes.append("channel '\(name)' is in '\(after)', it was in '\(before)'")
    }
    if rates != other.rates {
      changes.append("rates are \(other.rates.sorted()) Hz, they were \(rates.sorted()) Hz")
    }
    return changes
  }

  func labelChanges(to other: VersionFacts) -> [VersionDifference.LabelChange] {
    Set(labels.keys).union(other.labels.keys).compactMap { key in
      let before = labels[key]
      let after = other.labels[key]
      guard before?.count != after?.count else { return nil }
      return VersionDifference.LabelChange(
        track: key.track, code: key.code, name: after?.name ?? before?.name ?? "-",
        before: before?.count ?? 0, after: after?.count ?? 0)
    }.sorted { ($0.track, $0.code) < ($1.track, $1.code) }
  }

  func channelChanges(to other: VersionFacts) -> [VersionDifference.ChannelChange] {
    channels.keys.sorted().compactMap { name in
      guard let before = channels[name], let after = other.channels[name], before != after else {
        return nil
      }
      return VersionDifference.ChannelChange(
        name: name, meanBefore: before.mean, meanAfter: after.mean,
        deviationBefore: before.standardDeviation, deviationAfter: after.standardDeviation,
        missingBefore: before.missingFraction, missingAfter: after.missingFraction)
    }
  }
}
