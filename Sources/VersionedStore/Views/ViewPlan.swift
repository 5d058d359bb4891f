import Signals

/// A framing checked against a version: everything about a view but its examples.
struct ViewPlan {
  let name: DatasetName
  let version: Version
  let recordings: [RecordingSummary]
  /// The framing with channel patterns replaced by names.
  let framing: Framing
  let channels: [Channel]
  let rate: SampleRate
  let hash: String
  private let meanings: [Int32: String]

  init(
    name: DatasetName, version: Version, recordings: [RecordingSummary], framing: Framing
  ) throws(StoreError) {
    self.name = name
    self.version = version
    self.recordings = recordings
    try Self.checkNumbers(framing, name: name)
    guard let first = recordings.first else {
      throw .damagedRow("version '\(version.reference)'", "it lists no recordings")
    }
    channels = try Self.resolve(framing.channels, in: first, name: name)
    rate = first.rate
    for recording in recordings {
      try Self.check(recording, channels: channels, rate: first.rate, first: first, name: name)
    }
    var resolved = framing
    resolved.channels = channels.map(\.name)
    if let rule = framing.labelRule {
      try Self.check(rule, in: recordings, name: name)
      meanings = try Self.meanings(of: rule, in: recordings, name: name)
    } else {
      meanings = [:]
    }
    self.framing = resolved
    hash = try CanonicalJSON.hash(
      Identity(
        dataset: version.dataset.text, number: version.number, versionHash: version.hash,
        framing: resolved, codeVersion: Store.viewCodeVersion))
  }

  private struct Identity: Encodable {
    let dataset: String
    let number: Int
    let versionHash: String
    let framing: Framing
    let codeVersion: Int
  }

  private static func checkNumbers(
    _ framing: Framing, name: DatasetName
  ) throws(StoreError) {
    for (what, value) in [
      ("window", framing.lengthInSamples), ("stride", framing.strideInSamples),
    ] where value < 1 {
      throw .badRequest(
        what,
        "Could not make the view '\(name)': a \(what) of \(value) readings makes no sense. "
          + "Give a whole number from 1 on.")
    }
    let share = framing.missingValues.maximumMissingFraction
    guard (0...1).contains(share) else {
      throw .badRequest(
        "missing",
        "Could not make the view '\(name)': a missing share of \(share) makes no sense. "
          + "Give a number from 0 to 1.")
    }
  }

  /// The channels that the patterns name, in the order of the patterns, each once.
  private static func resolve(
    _ patterns: [String]?, in recording: RecordingSummary, name: DatasetName
  ) throws(StoreError) -> [Channel] {
    guard let patterns else { return recording.channels }
    var chosen: [Channel] = []
    for pattern in patterns {
      let matching = recording.channels.filter { Pattern.matches(pattern, $0.name) }
      guard !matching.isEmpty else {
        throw .unknown("channel", pattern, known: recording.channels.map(\.name))
      }
      for channel in matching where !chosen.contains(channel) { chosen.append(channel) }
    }
    guard !chosen.isEmpty else {
      throw .badRequest(
        "channels",
        "Could not make the view '\(name)': the list of channels is empty. Name some, "
          + "or leave `--channels` out for all.")
    }
    return chosen
  }

  private static func check(
    _ recording: RecordingSummary, channels: [Channel], rate: SampleRate, first: RecordingSummary,
    name: DatasetName
  ) throws(StoreError) {
    guard recording.rate == rate else {
      throw .badRequest(
        recording.name,
        "Could not make the view '\(name)': recording '\(recording.name)' has "
          + "\(recording.rate.hertz) Hz, '\(first.name)' has \(rate.hertz) Hz. Ingest recordings of "
          + "different rates as different datasets.")
    }
    for channel in channels {
      guard let own = recording.channels.first(where: { $0.name == channel.name }) else {
        throw .badRequest(
          recording.name,
          "Could not make the view '\(name)': recording '\(recording.name)' has no "
            + "channel '\(channel.name)'. Choose channels that all recordings have.")
      }
      guard own.unit == channel.unit else {
        throw .badRequest(
          recording.name,
          "Could not make the view '\(name)': channel '\(channel.name)' is in "
            + "'\(own.unit)' in '\(recording.name)' and in '\(channel.unit)' in '\(first.name)'. "
            + "Choose channels of one unit.")
      }
    }
  }

  private static func check(
    _ rule: LabelRule, in recordings: [RecordingSummary], name: DatasetName
  ) throws(StoreError) {
    for recording in recordings where !recording.labels.contains(where: { $0.track == rule.track })
    {
      throw .badRequest(
        recording.name,
        "Could not make the view '\(name)': recording '\(recording.name)' has no "
          + "label track '\(rule.track)'. It has: "
          + "\(recording.labels.map(\.track).joined(separator: ", ")).")
    }
  }

  /// The meaning of each code of the rule's track, over all recordings.
  /// - Throws: `.badRequest` if a code that the view uses means different things.
  private static func meanings(
    of rule: LabelRule, in recordings: [RecordingSummary], name: DatasetName
  ) throws(StoreError) -> [Int32: String] {
    var found: [Int32: (meaning: String, recording: String)] = [:]
    for recording in recordings {
      guard let label = recording.labels.first(where: { $0.track == rule.track }) else { continue }
      for term in label.vocabulary.terms
      where label.counts[term.code] != nil && rule.codes?.contains(term.code) != false {
        if let other = found[term.code], other.meaning != term.name {
          throw .badRequest(
            rule.track,
            "Could not make the view '\(name)': label \(term.code) of '\(rule.track)' "
              + "means '\(other.meaning)' in '\(other.recording)' and '\(term.name)' in "
              + "'\(recording.name)'. Ingest them with one vocabulary.")
        }
        found[term.code] = (term.name, recording.name)
      }
    }
    return found.mapValues(\.meaning)
  }

  /// Cuts the examples.
  func index(reading reader: SeriesReader) throws(StoreError) -> ExampleIndex {
    var index = ExampleIndex()
    for (position, recording) in recordings.enumerated() {
      let codes: [Int32]? =
        if let rule = framing.labelRule {
          try reader.codes(ofTrack: rule.track, recording: position)
        } else { nil }
      let missing = try missingCounts(recording, position: position, reading: reader)
      for window in framing.windows(
        codes: codes, missingCounts: missing, channelCount: channels.count)
      {
        index.recordings.append(Int32(position))
        index.starts.append(Int64(window.startSample))
        index.labels.append(window.label ?? LabelTrack.unlabelled)
        index.missingFractions.append(window.missingFraction)
      }
    }
    guard index.count > 0 else {
      let longest = recordings.map(\.sampleCount).max() ?? 0
      throw .badRequest(
        name.text,
        "Could not make the view '\(name)': no window of \(framing.lengthInSamples) "
          + "readings fits the rules; the longest of \(recordings.count) recordings has \(longest) "
          + "readings. Choose a shorter window or other labels.")
    }
    return index
  }

  /// How many chosen channels are missing in each reading; known without reading where the
  /// statistics say that nothing is missing.
  private func missingCounts(
    _ recording: RecordingSummary, position: Int, reading reader: SeriesReader
  ) throws(StoreError) -> [Int32] {
    let names = Set(channels.map(\.name))
    let chosen = recording.channels.indices.filter { names.contains(recording.channels[$0].name) }
    guard chosen.contains(where: { recording.statistics[$0].missingCount > 0 }) else {
      return [Int32](repeating: 0, count: recording.sampleCount)
    }
    var values = [Float](repeating: 0, count: recording.sampleCount * chosen.count)
    try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
      try reader.read(
        recording: position, samples: 0..<recording.sampleCount, channels: chosen, into: target)
    }
    return (0..<recording.sampleCount).map { sample in
      values[(sample * chosen.count)..<((sample + 1) * chosen.count)]
        .reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    }
  }

  func summary(of index: ExampleIndex) -> ViewSummary {
    let labels =
      framing.labelRule == nil
      ? []
      : index.labelCounts.map { code, count in
        View.LabelCount(
          code: code, name: meanings[code] ?? String(code), count: count)
      }
    return ViewSummary(channels: channels, rateInHertz: rate, labels: labels)
  }
}
