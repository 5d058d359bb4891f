/// Takes the fields of one CSV line apart (RFC 4180): fields between delimiters, between double
/// quotes where they hold a delimiter; a doubled quote inside quotes is one quote.
///
/// A line end inside quotes is not taken as part of a field: a table of numbers has none.
struct CSVFields {
  /// One field: the bytes of the line, without quotes.
  struct Field {
    /// The first byte.
    let start: UnsafePointer<UInt8>
    /// The position after the last byte; the byte there is no part of a number.
    let end: UnsafePointer<UInt8>
    /// Whether doubled quotes are left in the bytes.
    let hasDoubledQuotes: Bool

    /// Whether there is nothing between the delimiters.
    var isEmpty: Bool { start == end }

    /// The field as text.
    var text: String {
      let text = String(
        decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
      guard hasDoubledQuotes else { return text }
      // Quotes inside a field come in pairs only, so every second one is left out.
      var result = ""
      var isSecond = false
      for letter in text {
        if letter == "\"" { isSecond.toggle() }
        if letter != "\"" || isSecond { result.append(letter) }
      }
      return result
    }
  }

  /// What is wrong with the quotes of a line.
  enum Fault {
    case unclosedQuote
    case textAfterQuote
  }

  private(set) var fields: [Field] = []
  private let delimiter: UInt8

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  /// Finds the fields of a line; they are valid as long as the line is.
  mutating func split(_ line: LineReader.Line) -> Fault? {
    fields.removeAll(keepingCapacity: true)
    var place = line.start
    let end = line.end
    while true {
      Self.skipBlanks(&place, end)
      if place < end, place.pointee == UInt8(ascii: "\"") {
        if let fault = quoted(&place, end) { return fault }
      } else {
        plain(&place, end)
      }
      guard place < end else { return nil }
      place += 1  // The delimiter.
      if place == end {
        fields.append(Field(start: end, end: end, hasDoubledQuotes: false))
        return nil
      }
    }
  }

  private mutating func plain(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) {
    let start = place
    while place < end, place.pointee != delimiter { place += 1 }
    var last = place
    while last > start, last[-1] == 0x20 { last -= 1 }
    fields.append(Field(start: start, end: last, hasDoubledQuotes: false))
  }

  private mutating func quoted(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Fault? {
    place += 1
    let start = place
    var hasDoubled = false
    while place < end {
      if place.pointee != UInt8(ascii: "\"") {
        place += 1
      } else if place + 1 < end, place[1] == UInt8(ascii: "\"") {
        hasDoubled = true
        place += 2
      } else {
        break
      }
    }
    guard place < end else { return .unclosedQuote }
    fields.append(Field(start: start, end: place, hasDoubledQuotes: hasDoubled))
    place += 1
    Self.skipBlanks(&place, end)
    return place == end || place.pointee == delimiter ? nil : .textAfterQuote
  }

  @inline(__always)
  private static func skipBlanks(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) {
    while place < end, place.pointee == 0x20 { place += 1 }
  }
}
