import GRDB
public import Signals

/// The way from a number back to the raw signal.
public struct Lineage: Sendable {
  /// A stretch of a raw file that a run used.
  public struct RawStretch: Sendable {
    /// The part of the split that used it.
    public let part: SplitPart
    /// The recording.
    public let recording: String
    /// The raw file.
    public let source: SourceReference
    /// The place inside the raw file.
    public let place: String
    /// The objects that hold the readings.
    public let shards: [String]
    /// How many examples were cut from it.
    public let examples: Int
    /// The first second that was used, from the start of the recording.
    public let fromSeconds: Double
    /// The end of the last second that was used.
    public let toSeconds: Double
  }

  /// The run.
  public let run: Run
  /// Its settings.
  public let settings: [String: String]
  /// The metric that was asked about, with its values.
  public let metric: MetricSummary?
  /// The split, with view and version.
  public let split: Split
  /// What was read when the version was made.
  public let ingestion: IngestionRecord
  /// The raw signal, recording by recording.
  public let stretches: [RawStretch]
}

/// Everything that a raw file went into.
public struct Impact: Sendable {
  /// The raw file's SHA-256.
  public let source: String
  /// The names under which it was read.
  public let names: [String]
  /// The versions that hold recordings of it.
  public let versions: [String]
  /// The runs that were trained on those versions.
  public let runs: [Run]
  /// Their metrics, by run number.
  public let metrics: [Int: [MetricSummary]]
}

extension Store {
  /// Follows a run, or one of its metrics, back to raw files, channels and times.
  ///
  /// - Parameter metric: a metric that is judged on one part (`test_…`, `val_…`, `best_val_…`,
  ///   `train_…`) narrows the answer to the raw signal of that part.
  /// - Throws: `.notFound` for a run or metric that is not there.
  public func trace(_ run: Run, metric name: String?) throws(StoreError) -> Lineage {
    let metrics = try metrics(of: run)
    var metric: MetricSummary?
    if let name {
      metric = metrics.first { $0.name == name }
      if metric == nil { throw .unknown("metric", name, known: metrics.map(\.name)) }
    }
    let split = try split(of: run)
    let version = split.view.version
    return Lineage(
      run: run, settings: try settings(of: run), metric: metric, split: split,
      ingestion: try ingestion(of: version),
      stretches: try stretches(of: split, part: name.flatMap { Self.part(ofMetric: $0) }))
  }

  private static func part(ofMetric name: String) -> SplitPart? {
    if name.hasPrefix("test_") { return .test }
    if name.hasPrefix("val_") || name.hasPrefix("best_val_") { return .validation }
    if name.hasPrefix("train_") { return .training }
    return nil
  }

  private func stretches(
    of split: Split, part: SplitPart?
  ) throws(StoreError) -> [Lineage.RawStretch] {
    let index = try examples(of: split.view)
    let parts = try parts(of: split)
    let recordings = try recordings(of: split.view.version)
    let window = Int64(split.view.framing.lengthInSamples)
    struct Key: Hashable {
      let part: SplitPart
      let recording: Int
    }
    var found: [Key: (first: Int64, last: Int64, count: Int)] = [:]
    for example in 0..<index.count {
      guard let own = SplitPart(code: parts[example]), part == nil || part == own else { continue }
      let key = Key(part: own, recording: Int(index.recordings[example]))
      let start = index.starts[example]
      var entry = found[key] ?? (start, start + window, 0)
      entry.first = min(entry.first, start)
      entry.last = max(entry.last, start + window)
      entry.count += 1
      found[key] = entry
    }
    var stretches: [Lineage.RawStretch] = []
    let order = found.sorted {
      ($0.key.part.code, $0.key.recording) < ($1.key.part.code, $1.key.recording)
    }
    for (key, entry) in order {
      let recording = recordings[key.recording]
      let shards = try catalog.read("find the shards of '\(recording.name)'") { database in
        try String.fetchAll(
          database, sql: "SELECT objectHash FROM segment WHERE recordingID = ? ORDER BY position",
          arguments: [recording.rowID])
      }
      stretches.append(
        Lineage.RawStretch(
          part: key.part, recording: recording.name, source: recording.source,
          place: recording.place, shards: shards, examples: entry.count,
          fromSeconds: Double(entry.first) / recording.rate.hertz,
          toSeconds: Double(entry.last) / recording.rate.hertz))
    }
    return stretches
  }

  /// Follows a raw file forward to every version, run and metric.
  ///
  /// - Parameter source: the name of the file as it was read, or its SHA-256 (at least 8 digits).
  /// - Throws: `.notFound`
  public func impact(of source: String) throws(StoreError) -> Impact {
    let hashes = try catalog.read("find the source '\(source)'") { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT DISTINCT sourceHash FROM recording WHERE sourceName = :source
            OR (length(:source) >= 8 AND substr(sourceHash, 1, length(:source)) = :source)
          """, arguments: ["source": source])
    }
    guard let hash = hashes.first else {
      let names = try catalog.read("list the sources") { database in
        try String.fetchAll(
          database, sql: "SELECT DISTINCT sourceName FROM recording ORDER BY sourceName LIMIT 12")
      }
      throw .unknown("source", source, known: names)
    }
    guard hashes.count == 1 else {
      throw .badRequest(
        source,
        "Could not follow '\(source)': \(hashes.count) different files were read under this "
          + "name. Name one by its SHA-256: \(hashes.map { String($0.prefix(12)) }.joined(separator: ", "))."
      )
    }
    let (names, versions, runNumbers) = try catalog.read("follow '\(source)'") { database in
      (
        try String.fetchAll(
          database,
          sql: "SELECT DISTINCT sourceName FROM recording WHERE sourceHash = ? ORDER BY sourceName",
          arguments: [hash]),
        try String.fetchAll(
          database,
          sql: """
            SELECT DISTINCT dataset.name || '@' || version.number FROM recording
              JOIN versionRecording ON versionRecording.recordingID = recording.id
              JOIN version ON version.id = versionRecording.versionID
              JOIN dataset ON dataset.id = version.datasetID
            WHERE recording.sourceHash = ? ORDER BY dataset.name, version.number
            """, arguments: [hash]),
        try Int.fetchAll(
          database,
          sql: """
            SELECT DISTINCT run.id FROM recording
              JOIN versionRecording ON versionRecording.recordingID = recording.id
              JOIN run ON run.versionID = versionRecording.versionID
            WHERE recording.sourceHash = ? ORDER BY run.id
            """, arguments: [hash])
      )
    }
    var runs: [Run] = []
    var metrics: [Int: [MetricSummary]] = [:]
    for number in runNumbers {
      let run = try run(number)
      runs.append(run)
      metrics[number] = try self.metrics(of: run)
    }
    return Impact(source: hash, names: names, versions: versions, runs: runs, metrics: metrics)
  }
}
