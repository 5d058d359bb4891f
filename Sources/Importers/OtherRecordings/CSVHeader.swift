/// What the columns of a CSV file are, by their names in the first line.
struct CSVHeader {
  /// The part that a column plays.
  enum Role: Equatable {
    case channel(Int)
    case time
    case label
    case subject
    case session
    case ignored
  }

  /// What separates the fields.
  let delimiter: UInt8
  /// The names of the columns.
  let names: [String]
  /// The part of each column.
  let roles: [Role]
  /// The names of the channels.
  let channels: [String]
  /// The unit of the times.
  let timeUnit: RecordingMapping.TimeUnit
  /// What is odd about the header.
  let warnings: [String]

  /// Understands the first line.
  /// - Throws: `.badLine` for a line that is no header, `.badMapping` for columns that are not
  ///   there.
  init(
    _ line: LineReader.Line, _ mapping: RecordingMapping, subject: String
  ) throws(ImportError) {
    delimiter = mapping.delimiter?.utf8.first ?? Self.delimiter(in: line)
    var fields = CSVFields(delimiter: delimiter)
    if let fault = fields.split(line) { throw .quotes(subject, line: line.number, fault) }
    names = fields.fields.map(\.text)
    if let first = fields.fields.first(where: { !$0.isEmpty }),
      case .number = NumberText.double(first.start, first.end)
    {
      throw .csvLine(
        subject, line: line.number, found: "begins with the number \(first.text.quoted())",
        expected: "the names of the columns are")
    }
    for (index, name) in names.enumerated() where !name.isEmpty {
      guard names.firstIndex(of: name) == index else {
        throw .csvLine(
          subject, line: line.number, found: "names the column \(name.quoted()) twice",
          expected: "different names are")
      }
    }
    roles = try Self.roles(names, mapping, subject)
    channels = zip(names, roles).compactMap { name, role in
      if case .channel = role { name } else { nil }
    }
    guard !channels.isEmpty else {
      throw .csvLine(
        subject, line: line.number,
        found: "names no channel among \(counted(names.count, "column"))",
        expected: "at least one is")
    }
    let timeName = zip(names, roles).first { $0.1 == .time }?.0
    timeUnit = mapping.timeUnit ?? timeName.flatMap(RecordingRules.timeUnit) ?? .seconds
    let unnamed = names.count(where: \.isEmpty)
    warnings =
      unnamed == 0
      ? [] : ["\(subject.quoted()): \(counted(unnamed, "column")) without a name left out."]
  }

  private static func roles(
    _ names: [String], _ mapping: RecordingMapping, _ subject: String
  ) throws(ImportError) -> [Role] {
    for wanted in [mapping.time, mapping.label].compactMap({ $0 }) + (mapping.channels ?? [])
    where !names.contains(wanted) {
      let near = NearWord.to(wanted, among: names).map { ", \($0.quoted()) is" } ?? ""
      throw .mapping(
        subject, found: "there is no column \(wanted.quoted())\(near)",
        expected: "the name of a column is")
    }
    let time = mapping.time ?? names.first { RecordingRules.timeUnit(of: $0) != nil }
    let label =
      mapping.label
      ?? RecordingRules.labelNames.lazy.compactMap { wanted in
        names.first { $0.lowercased() == wanted }
      }.first
    var channelCount = 0
    return names.map { name in
      if name.isEmpty { return .ignored }
      if name == time { return .time }
      if name == label { return .label }
      if let channels = mapping.channels {
        // The order of the mapping is that of the channels, whatever the order of the columns.
        if let index = channels.firstIndex(of: name) { return .channel(index) }
        if RecordingRules.matches(name, RecordingRules.subjectNames) { return .subject }
        return RecordingRules.matches(name, RecordingRules.sessionNames) ? .session : .ignored
      }
      if RecordingRules.matches(name, RecordingRules.subjectNames) { return .subject }
      if RecordingRules.matches(name, RecordingRules.sessionNames) { return .session }
      defer { channelCount += 1 }
      return .channel(channelCount)
    }
  }

  /// The most frequent of comma, semicolon and tab outside quotes; of equally frequent the first.
  private static func delimiter(in line: LineReader.Line) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in line.bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let best = counts.indices.max {
      counts[$0] < counts[$1] || (counts[$0] == counts[$1] && $0 > $1)
    }
    return candidates[best ?? 0]
  }
}
