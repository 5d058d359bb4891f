internal import Signals

/// One log, read completely.
struct OpportunityLog {
  /// What the file turned out to be.
  let digest: SourceStream.Digest
  /// What is odd about it.
  let warnings: [String]

  private let columns: OpportunityColumns
  private let legend: OpportunityLegend
  private let readings: [Float]
  private let labels: [[Int32]]
  private let clock: LogClock
  private let isSimulated: Bool

  /// Reads a log to its end.
  /// - Throws: `ImportError`.
  init(
    _ source: SourceFile, _ companions: OpportunityCompanions, onBadLine: BadLinePolicy
  ) throws(ImportError) {
    columns = companions.columns
    legend = companions.legend
    var table = LogTable(columns: columns, legend: legend, subject: source.name)
    digest = try table.read(source, onBadLine: onBadLine)
    let original = OpportunityOriginal.withContent(
      sha256: digest.unpackedSHA256, sizeInBytes: digest.unpackedInBytes)
    let base = OpportunityReader.recordingName(of: source.name) + ".dat"
    let listed = companions.simulated[base]
    // A log that was edited after it was simulated is still no measurement.
    isSimulated = original == nil && (table.hasSimulationMark || listed != nil)
    readings = table.readings
    labels = table.labels
    clock = table.clock
    var warnings = table.warnings
    if let original, original.rowCount != table.clock.count, onBadLine == .refuse {
      warnings.append(
        "\(source.name.quoted()) is the original of the data set but has "
          + "\(counted(table.clock.count, "reading")) instead of \(original.rowCount).")
    }
    if original == nil, !isSimulated, let namesake = OpportunityOriginal.named(base) {
      warnings.append(
        "\(source.name.quoted()) is not the original of the data set: its SHA-256 begins with "
          + "\(digest.unpackedSHA256.prefix(8)), the original's with \(namesake.sha256.prefix(8)).")
    }
    if isSimulated, let listed, listed != digest.unpackedSHA256 {
      warnings.append(
        "\(source.name.quoted()) was simulated and changed since: its SHA-256 begins with "
          + "\(digest.unpackedSHA256.prefix(8)), \(SimulationMark.fileName) has "
          + "\(listed.prefix(8))."
      )
    }
    self.warnings = warnings
  }

  /// The log as a recording.
  func recording(named name: String) -> Recording {
    guard let rate = SampleRate(hertz: LogClock.rateInHertz) else {
      preconditionFailure("The rate of the logs must be positive.")
    }
    let tracks = zip(legend.tracks, labels).map { track, codes in
      LabelTrack(name: track.name, codes: codes, vocabulary: track.vocabulary)
    }
    let series = TimeSeries(
      channels: columns.channels, rate: rate, startTimeInSeconds: clock.startTimeInSeconds,
      values: .float32(readings), times: clock.times, labels: tracks)
    return Recording(
      source: digest.reference, name: name, subject: Self.subject(of: name), session: name,
      isSimulated: isSimulated, series: series)
  }

  /// "S1" of "S1-ADL1"; nothing for other names.
  static func subject(of name: String) -> String? {
    guard let dash = name.firstIndex(of: "-") else { return nil }
    let head = name[..<dash]
    let digits = head.dropFirst()
    let isSubject =
      head.first == "S" && !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
    return isSubject ? String(head) : nil
  }
}

/// The table inside a log while it grows.
struct LogTable {
  private(set) var readings: [Float] = []
  private(set) var labels: [[Int32]]
  private(set) var clock = LogClock()
  private(set) var hasSimulationMark = false

  private let columns: OpportunityColumns
  private let legend: OpportunityLegend
  private let subject: String
  private var droppedByKind: [String: Int] = [:]
  private var firstDropped: ImportError?
  private var droppedCount = 0

  init(columns: OpportunityColumns, legend: OpportunityLegend, subject: String) {
    self.columns = columns
    self.legend = legend
    self.subject = subject
    labels = Array(repeating: [], count: OpportunityColumns.labelRange.count)
  }

  /// Reads all lines.
  mutating func read(
    _ source: SourceFile, onBadLine: BadLinePolicy
  ) throws(ImportError) -> SourceStream.Digest {
    let stream = try SourceStream(source)
    var lines = LineReader(stream, subject: subject)
    var parser = LogLineParser(columns: columns, legend: legend)
    while let line = try lines.next() {
      if line.start == line.end || line.isBlank { continue }
      if let fault = parser.parse(line) {
        let error = ImportError.logLine(subject, line: line.number, fault)
        guard onBadLine == .drop else { throw error }
        droppedByKind[fault.kind, default: 0] += 1
        droppedCount += 1
        if firstDropped == nil { firstDropped = error }
        continue
      }
      if clock.count == 0 {
        hasSimulationMark = SimulationMark.isIn(firstLine: parser.readings)
        reserve(stream, lineInBytes: line.end - line.start)
      }
      parser.keep()
      append(parser)
    }
    let digest = try stream.finish()
    guard clock.count > 0 else {
      guard let firstDropped else { throw .empty(subject) }
      throw .allLinesDropped(subject, count: droppedCount, first: firstDropped)
    }
    return digest
  }

  /// Makes room for as many lines as fit into the file, judged by the first one: growing an array
  /// of fifty megabytes by copying it would cost more than reading some of the lines.
  private mutating func reserve(_ stream: SourceStream, lineInBytes: Int) {
    // The length of a packed file says little; its arrays grow as they must.
    guard !stream.isPacked else { return }
    let count = stream.sizeInBytes / max(lineInBytes, 2 * OpportunityColumns.count) * 17 / 16 + 16
    readings.reserveCapacity(count * OpportunityColumns.sensorRange.count)
    clock.reserveCapacity(count)
    for track in labels.indices { labels[track].reserveCapacity(count) }
  }

  private mutating func append(_ parser: borrowing LogLineParser) {
    readings.append(
      contentsOf: UnsafeBufferPointer(
        start: parser.readings, count: OpportunityColumns.sensorRange.count))
    for track in labels.indices { labels[track].append(parser.labels[track]) }
    clock.append(parser.clockInMilliseconds)
  }

  /// What is odd about the table.
  var warnings: [String] {
    var warnings: [String] = []
    if droppedCount > 0 {
      let kinds = droppedByKind.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      warnings.append(
        "\(subject.quoted()): \(counted(droppedCount, "line")) dropped "
          + "(\(kinds.joined(separator: ", "))).")
    }
    if clock.repeatedCount > 0 {
      warnings.append(
        "\(subject.quoted()): the clock repeats \(counted(clock.repeatedCount, "time")) "
          + "less than half a step (33.3 ms) after the line before.")
    }
    if clock.missingCount > 0 {
      warnings.append(
        "\(subject.quoted()): the clock leaves out \(counted(clock.missingCount, "step")) "
          + "of 33.3 ms.")
    }
    return warnings
  }
}
