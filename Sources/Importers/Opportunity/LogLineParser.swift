internal import Signals

/// Reads the 250 fields of one line after another into the same room.
///
/// Short whole numbers, which is what nearly all fields are, have a way of their own; anything else
/// goes to `NumberText`. Measured on one core of an AMD EPYC at about 3 GHz, a simulated log of 50
/// MB in the page cache: 600 MB of text a second for this parser, 370 for reading a file altogether
/// (SHA-256, copies and page faults included).
struct LogLineParser: ~Copyable {
  /// The 242 readings of the line.
  let readings: UnsafeMutablePointer<Float>
  /// The seven labels of the line.
  let labels: UnsafeMutablePointer<Int32>
  /// The clock of the line, in milliseconds.
  private(set) var clockInMilliseconds = 0.0

  private let columns: OpportunityColumns
  private let legend: OpportunityLegend
  private let lastLabels: UnsafeMutablePointer<Int32>
  private var previousClock = -Double.infinity

  init(columns: OpportunityColumns, legend: OpportunityLegend) {
    self.columns = columns
    self.legend = legend
    readings = .allocate(capacity: OpportunityColumns.sensorRange.count)
    labels = .allocate(capacity: OpportunityColumns.labelRange.count)
    lastLabels = .allocate(capacity: OpportunityColumns.labelRange.count)
    readings.initialize(repeating: 0, count: OpportunityColumns.sensorRange.count)
    labels.initialize(repeating: 0, count: OpportunityColumns.labelRange.count)
    // Code 0 is in every vocabulary, so a run of equal labels needs no look-up.
    lastLabels.initialize(repeating: 0, count: OpportunityColumns.labelRange.count)
  }

  deinit {
    readings.deallocate()
    labels.deallocate()
    lastLabels.deallocate()
  }

  /// Reads a line.
  /// - Returns: What is wrong with it, or nothing; `readings`, `labels` and the clock are those of
  ///   the line only in the second case.
  mutating func parse(_ line: LineReader.Line) -> LogLineFault? {
    guard let column = firstBadColumn(line) else {
      return checkClock() ?? checkLabels()
    }
    return describe(line, badColumn: column)
  }

  /// Accepts the line that was parsed last: later clocks are compared with its own.
  mutating func keep() {
    previousClock = clockInMilliseconds
  }

  /// The position of the first field that cannot be read, 250 where more fields follow, or nothing.
  private mutating func firstBadColumn(_ line: LineReader.Line) -> Int? {
    var place = line.start
    let end = line.end
    Self.skipBlanks(&place)
    let clockEnd = Self.fieldEnd(place, end)
    guard case .number(let clock) = NumberText.double(place, clockEnd) else { return 0 }
    clockInMilliseconds = clock
    place = clockEnd
    let readings = self.readings
    let labels = self.labels
    for index in 0..<OpportunityColumns.sensorRange.count {
      Self.skipBlanks(&place)
      guard let value = Self.reading(&place, end) else { return index + 1 }
      readings[index] = value
    }
    for index in 0..<OpportunityColumns.labelRange.count {
      Self.skipBlanks(&place)
      guard let code = Self.label(&place, end) else {
        return OpportunityColumns.labelRange.lowerBound + index
      }
      labels[index] = code
    }
    Self.skipBlanks(&place)
    return place < end ? OpportunityColumns.count : nil
  }

  // The byte after a line is LF or CR, so loops over digits or blanks stop there by themselves.

  @inline(__always)
  private static func skipBlanks(_ place: inout UnsafePointer<UInt8>) {
    while place.pointee == 0x20 || place.pointee == 0x09 { place += 1 }
  }

  /// A field of up to seven digits after at most one minus: its magnitude and sign; nothing for any
  /// other field.
  ///
  /// Eight bytes are looked at as one word, because the lengths of fields cannot be predicted and a
  /// loop over digits is mispredicted once or twice in each. The digits are found by a carry out of
  /// those bytes that are none, moved to the top of the word behind leading zeros, and added up in
  /// pairs (D. Lemire, "Quickly parsing eight digits", 2018). Bytes beyond the line are read, see
  /// `LineReader.paddingInBytes`, and have no influence.
  @inline(__always)
  private static func shortWhole(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> (magnitude: UInt32, isNegative: Bool)? {
    let bytes = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    let isNegative = bytes & 0xff == UInt64(UInt8(ascii: "-"))
    let signInBits: UInt64 = isNegative ? 8 : 0
    // Behind a minus the word ends in a zero byte, which is no digit.
    let digits = (bytes &>> signInBits) ^ 0x3030_3030_3030_3030
    let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    let countInBits = UInt64(truncatingIfNeeded: others.trailingZeroBitCount & ~7)
    // 0 is no number; 64 may go on behind the word.
    guard countInBits &- 8 < 56 else { return nil }
    let next = place + Int(truncatingIfNeeded: (countInBits &+ signInBits) &>> 3)
    guard next.pointee == 0x20 || next.pointee == 0x09 || next == end else { return nil }
    place = next
    let aligned = digits &<< (64 &- countInBits)
    let pairs = (aligned &* 10) &+ (aligned &>> 8)
    let low = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let high = ((pairs &>> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (UInt32(truncatingIfNeeded: (low &+ high) &>> 32), isNegative)
  }

  /// A whole number; nothing for anything else.
  @inline(__always)
  private static func label(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Int32? {
    guard let (magnitude, isNegative) = shortWhole(&place, end) else { return nil }
    return isNegative ? -Int32(magnitude) : Int32(magnitude)
  }

  /// A number or NaN; nothing for anything else.
  @inline(__always)
  private static func reading(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Float? {
    if let (magnitude, isNegative) = shortWhole(&place, end) {
      // The sign is set as a bit, so that -0 keeps it, as strtof has it.
      let value = Float(Int32(bitPattern: magnitude))
      return Float(bitPattern: value.bitPattern | (isNegative ? 1 << 31 : 0))
    }
    // A copy, so that the address of `place` is never taken and it stays in a register.
    let start = place
    place = fieldEnd(start, end)
    switch NumberText.float(start, place) {
    case .number(let value): return value
    case .missing: return .nan
    case .unreadable: return nil
    }
  }

  /// The position after the field that begins at `start`.
  @inline(never)
  private static func fieldEnd(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var place = start
    while place < end, place.pointee != 0x20, place.pointee != 0x09 { place += 1 }
    return place
  }

  private func checkClock() -> LogLineFault? {
    guard clockInMilliseconds < previousClock else { return nil }
    return .clockBackwards(
      found: Self.shortText(clockInMilliseconds), previous: Self.shortText(previousClock))
  }

  private func checkLabels() -> LogLineFault? {
    for index in 0..<OpportunityColumns.labelRange.count where labels[index] != lastLabels[index] {
      let track = legend.tracks[index]
      guard track.vocabulary.name(of: labels[index]) != nil else {
        let codes = track.vocabulary.terms.map(\.code)
        let known =
          codes.count <= 8
          ? codes.map(String.init).joined(separator: ", ") : "\(codes.count) others"
        return .unknownLabel(
          column: OpportunityColumns.labelRange.lowerBound + index + 1, track: track.name,
          label: labels[index], known: known)
      }
      lastLabels[index] = labels[index]
    }
    return nil
  }

  /// Looks again at a line that could not be read, slowly, to say why.
  private func describe(_ line: LineReader.Line, badColumn: Int) -> LogLineFault {
    let fields = line.bytes.split { $0 == 0x20 || $0 == 0x09 }
    if !line.isTerminated, fields.count < OpportunityColumns.count || badColumn == fields.count - 1
    {
      return .cut(column: fields.count)
    }
    guard fields.count == OpportunityColumns.count, badColumn < fields.count else {
      return .columnCount(found: fields.count)
    }
    let text = String(decoding: fields[badColumn], as: UTF8.self)
    let name = columns.columns[badColumn].name
    return OpportunityColumns.labelRange.contains(badColumn)
      ? .notALabel(column: badColumn + 1, track: name, text: text)
      : .notANumber(column: badColumn + 1, name: name, text: text)
  }

  private static func shortText(_ milliseconds: Double) -> String {
    Int(exactly: milliseconds).map(String.init) ?? String(milliseconds)
  }
}
