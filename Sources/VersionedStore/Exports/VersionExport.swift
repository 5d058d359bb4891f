import HDF5
import Signals

/// A version as one file for other programs.
public struct VersionExport {
  private let version: Version
  private let recordings: [RecordingSummary]
  private let reader: SeriesReader

  /// Prepares to export.
  public init(_ version: Version, in store: Store) throws(StoreError) {
    self.version = version
    recordings = try store.recordings(of: version)
    reader = try SeriesReader(of: version, in: store)
  }

  /// Everything of a recording that is not in the catalogue.
  private struct Readings {
    let values: [Float]
    let codes: [(track: String, codes: [Int32])]
    /// The source's own times; nothing where they follow from the rate.
    let times: [Double]?
  }

  /// HDF5: one group for each recording under `/recordings`, with `x` `[time, channel]` in single
  /// precision and one dataset for each label track under `labels`.
  /// - Throws: `.damaged` if a shard is not what was published.
  public func hdf5() throws -> [UInt8] {
    var readings: [Readings] = []
    for position in recordings.indices {
      readings.append(
        Readings(
          values: try values(position), codes: try codes(position),
          times: try reader.times(recording: position)))
    }
    return try H5.File.image { (root) throws(H5.Failure) in
      try root.setAttribute("format", "signalstore-export")
      try root.setAttribute("dataset", version.dataset.text)
      try root.setAttribute("version", Int64(version.number))
      try root.setAttribute("version_id", version.hash)
      let group = try root.createGroup("recordings")
      for (position, recording) in recordings.enumerated() {
        try write(recording, readings[position], into: group, position: position)
      }
    }
  }

  private func write(
    _ recording: RecordingSummary, _ readings: Readings, into parent: H5.Group, position: Int
  ) throws(H5.Failure) {
    let group = try parent.createGroup(String(position))
    try group.setAttribute("name", recording.name)
    try group.setAttribute("subject", recording.subject ?? "")
    try group.setAttribute("session", recording.session ?? "")
    try group.setAttribute("is_simulated", Int64(recording.isSimulated ? 1 : 0))
    try group.setAttribute("source", recording.source.name)
    try group.setAttribute("source_sha256", recording.source.sha256)
    try group.setAttribute("sampling_rate", recording.rate.hertz)
    try group.setAttribute("sampling_rate_unit", "Hz")
    try group.setAttribute("starting_time", recording.startTimeInSeconds)
    try group.setAttribute("starting_time_unit", "s")
    let x = try group.createDataset(
      "x", shape: [recording.sampleCount, recording.channels.count], values: readings.values)
    try ShardImage.describe(x, channels: recording.channels, rate: recording.rate)
    if let times = readings.times {
      let time = try group.createDataset("time", shape: [times.count], values: times)
      try time.setAttribute("units", "s")
    }
    try group.createDataset(
      "channel", shape: [recording.channels.count], values: recording.channels.map(\.name))
    try group.createDataset(
      "channel_unit", shape: [recording.channels.count], values: recording.channels.map(\.unit))
    let labels = try group.createGroup("labels")
    for ((track, codes), summary) in zip(readings.codes, recording.labels) {
      let dataset = try labels.createDataset(track, shape: [codes.count], values: codes)
      try ShardImage.write(summary.vocabulary, of: track, on: dataset, in: group)
    }
  }

  /// CSV: one row for each reading: recording, subject, session, time in seconds (the source's own where
  /// it states one, otherwise by start and rate), the channels, and the code of each label track; a
  /// missing reading is an empty field.
  /// - Throws: `.badRequest` if the recordings do not all have the same channels and tracks.
  public func csv() throws -> [UInt8] {
    guard let first = recordings.first else { return [] }
    let names = first.channels.map(\.name)
    let tracks = first.labels.map(\.track)
    for recording in recordings
    where recording.channels.map(\.name) != names || recording.labels.map(\.track) != tracks {
      throw StoreError.badRequest(
        recording.name,
        "Could not export '\(version.reference)' as one table: recording "
          + "'\(recording.name)' has other channels or labels than '\(first.name)'. Export it as h5."
      )
    }
    var text = CSVText()
    text.row(["recording", "subject", "session", "time"] + names + tracks)
    for (position, recording) in recordings.enumerated() {
      let values = try values(position)
      let codes = try codes(position)
      let times = try reader.times(recording: position)
      let lead = [recording.name, recording.subject ?? "", recording.session ?? ""]
      for sample in 0..<recording.sampleCount {
        let time =
          times?[sample] ?? recording.startTimeInSeconds + recording.rate.seconds(atSample: sample)
        let readings = values[(sample * names.count)..<((sample + 1) * names.count)]
        text.row(
          lead + ["\(time)"] + readings.map { CSVText.field($0) }
            + codes.map { String($0.codes[sample]) })
      }
    }
    return text.bytes
  }

  private func values(_ position: Int) throws(StoreError) -> [Float] {
    let recording = recordings[position]
    var values = [Float](
      repeating: 0, count: recording.sampleCount * recording.channels.count)
    try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
      try reader.read(
        recording: position, samples: 0..<recording.sampleCount,
        channels: Array(recording.channels.indices), into: target)
    }
    return values
  }

  private func codes(
    _ position: Int
  ) throws(StoreError) -> [(track: String, codes: [Int32])] {
    var codes: [(track: String, codes: [Int32])] = []
    for label in recordings[position].labels {
      codes.append((label.track, try reader.codes(ofTrack: label.track, recording: position)))
    }
    return codes
  }
}
