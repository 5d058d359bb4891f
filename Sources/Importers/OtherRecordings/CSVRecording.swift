internal import Signals

/// One CSV file as a recording.
struct CSVRecording {
  /// The recording.
  let recording: Recording
  /// The length of the file once unpacked.
  let unpackedInBytes: Int
  /// What is odd about the file.
  let warnings: [String]

  /// Reads a file to its end.
  /// - Throws: `ImportError`.
  init(_ source: SourceFile, _ mapping: RecordingMapping) throws(ImportError) {
    let stream = try SourceStream(source)
    var lines = LineReader(stream, subject: source.name)
    guard let first = try Self.nextLine(&lines) else { throw .empty(source.name) }
    let header = try CSVHeader(first, mapping, subject: source.name)
    var table = CSVTable(header, mapping, subject: source.name)
    while let line = try Self.nextLine(&lines) { try table.append(line) }
    guard table.rowCount > 0 else { throw .empty(source.name) }
    let digest = try stream.finish()
    let name = MappedReader.baseName(of: source.name)
    let timing = try SeriesTiming(
      times: table.times, rateInHertz: mapping.rateInHertz,
      startTimeInSeconds: mapping.startTimeInSeconds, subject: source.name, place: "the table")
    let series = TimeSeries(
      channels: try Self.channels(header, mapping, source.name), rate: timing.rate,
      startTimeInSeconds: timing.startTimeInSeconds, values: table.sampleValues(),
      times: timing.times, labels: table.labelTracks())
    let context = MappingText.Context(fileName: source.name)
    func text(_ template: String?, _ key: String) throws(ImportError) -> String? {
      guard let template else { return nil }
      return try MappingText.filled(template, key: key, context) { (_) throws(ImportError) in nil }
    }
    recording = Recording(
      source: digest.reference, name: name,
      subject: try text(mapping.subject, "subject") ?? table.subjectName,
      session: try text(mapping.session, "session") ?? table.sessionName ?? name, series: series)
    unpackedInBytes = digest.unpackedInBytes
    warnings = header.warnings + table.warnings
  }

  private static func nextLine(
    _ lines: inout LineReader
  ) throws(ImportError) -> LineReader.Line? {
    while let line = try lines.next() {
      if !line.isBlank { return line }
    }
    return nil
  }

  private static func channels(
    _ header: CSVHeader, _ mapping: RecordingMapping, _ subject: String
  ) throws(ImportError) -> [Channel] {
    let names = mapping.channels ?? header.channels
    let units = mapping.units ?? [""]
    guard units.count == 1 || units.count == names.count else {
      throw .mapping(
        subject,
        found: "\(counted(units.count, "unit")) for \(counted(names.count, "channel"))",
        expected: "one for each or one for all is")
    }
    return names.enumerated().map { index, name in
      Channel(name: name, unit: units.count == 1 ? units[0] : units[index])
    }
  }
}

/// The rows of a CSV file while they are read.
struct CSVTable {
  private(set) var rowCount = 0
  private(set) var subjectName: String?
  private(set) var sessionName: String?

  private let header: CSVHeader
  private let mapping: RecordingMapping
  private let subject: String
  private let codeOfName: [String: Int32]
  private var fields: CSVFields
  private var values: [Double] = []
  private var row: [Double]
  private var labels: [Int32] = []
  private var timesInUnits: [Double] = []

  init(_ header: CSVHeader, _ mapping: RecordingMapping, subject: String) {
    self.header = header
    self.mapping = mapping
    self.subject = subject
    let pairs = mapping.labelTerms.map { ($0.name, $0.code) }
    codeOfName = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    fields = CSVFields(delimiter: header.delimiter)
    row = [Double](repeating: 0, count: header.channels.count)
  }

  /// Adds a line.
  /// - Throws: `.badLine`, `.badLabel`, `.clockBackwards`, `.unsupported`.
  mutating func append(_ line: LineReader.Line) throws(ImportError) {
    if let fault = fields.split(line) { throw .quotes(subject, line: line.number, fault) }
    guard fields.fields.count == header.names.count else {
      let isCut = !line.isTerminated && fields.fields.count < header.names.count
      throw .csvLine(
        subject, line: line.number, found: "has \(counted(fields.fields.count, "field"))",
        expected: "\(header.names.count) as in the header are",
        code: isCut ? .cutLine : .badLine)
    }
    for index in header.roles.indices {
      let field = fields.fields[index]
      switch header.roles[index] {
      case .channel(let channel): row[channel] = try reading(field, index, line.number)
      case .time: timesInUnits.append(try time(field, index, line.number))
      case .label: labels.append(try label(field, index, line.number))
      case .subject: try keep(field, in: \.subjectName, index, line.number)
      case .session: try keep(field, in: \.sessionName, index, line.number)
      case .ignored: break
      }
    }
    values.append(contentsOf: row)
    rowCount += 1
  }

  private func reading(
    _ field: CSVFields.Field, _ column: Int, _ line: Int
  ) throws(ImportError) -> Double {
    if field.isEmpty { return .nan }
    switch NumberText.double(field.start, field.end) {
    case .number(let value): return value
    case .missing: return .nan
    case .unreadable:
      throw .cell(
        subject, line: line, column: header.names[column], text: field.text,
        expected: "a number with a decimal point, NaN or nothing is")
    }
  }

  private func time(
    _ field: CSVFields.Field, _ column: Int, _ line: Int
  ) throws(ImportError) -> Double {
    guard case .number(let time) = NumberText.double(field.start, field.end) else {
      throw .cell(
        subject, line: line, column: header.names[column], text: field.text,
        expected: "a number with a decimal point is")
    }
    if let last = timesInUnits.last, time < last {
      throw .cell(
        subject, line: line, column: header.names[column], text: field.text,
        expected: "at least \(last) as in the row before is", code: .clockBackwards)
    }
    return time
  }

  private func label(
    _ field: CSVFields.Field, _ column: Int, _ line: Int
  ) throws(ImportError) -> Int32 {
    if field.isEmpty { return LabelTrack.unlabelled }
    let text = field.text
    if let code = codeOfName[text] { return code }
    // Programs with missing labels write whole numbers as 3.0.
    guard case .number(let value) = NumberText.double(field.start, field.end),
      let code = Int32(exactly: value)
    else {
      throw .cell(
        subject, line: line, column: header.names[column], text: text,
        expected: "a whole number, or a name that 'labelNames' of a mapping file gives a code, is",
        code: .badLabel)
    }
    if let unlabelled = mapping.unlabelled, Int(code) == unlabelled {
      return LabelTrack.unlabelled
    }
    guard code >= LabelTrack.unlabelled else {
      throw .cell(
        subject, line: line, column: header.names[column], text: text,
        expected: "a code from 0 on, or -1 for unlabelled, is", code: .badLabel)
    }
    return code
  }

  private mutating func keep(
    _ field: CSVFields.Field, in place: WritableKeyPath<CSVTable, String?>, _ column: Int,
    _ line: Int
  ) throws(ImportError) {
    let text = field.text
    guard let known = self[keyPath: place] else {
      self[keyPath: place] = text
      return
    }
    guard known == text else {
      throw .cell(
        subject, line: line, column: header.names[column], text: text,
        expected: "one \(header.names[column]) for a whole file (\(known.quoted()) here) is",
        code: .unsupported)
    }
  }

  // MARK: What was read

  /// The times in seconds, where there is a column of them.
  var times: [Double]? {
    header.roles.contains(.time) ? timesInUnits.map { $0 / header.timeUnit.perSecond } : nil
  }

  /// The numbers in single precision if all of them are exact in it.
  func sampleValues() -> SampleValues {
    let isExact = values.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
    return isExact ? .float32(values.map { Float($0) }) : .float64(values)
  }

  /// The label track, where there is a column of labels.
  func labelTracks() -> [LabelTrack] {
    guard let column = header.roles.firstIndex(of: .label) else { return [] }
    let terms = LabelTerms(mapping.labelTerms, labels)
    return [
      LabelTrack(
        name: mapping.labelTrack ?? header.names[column], codes: labels,
        vocabulary: terms.vocabulary)
    ]
  }

  /// What is odd about the rows.
  var warnings: [String] {
    let terms = LabelTerms(mapping.labelTerms, labels)
    guard mapping.labelNames != nil, !terms.unnamed.isEmpty else { return [] }
    let list = terms.unnamed.prefix(5).map(String.init).joined(separator: ", ")
    return ["\(subject.quoted()): the labels hold codes without a name (\(list))."]
  }
}
