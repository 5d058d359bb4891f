/// A stretch of time in UTC, written as a date or a date with a time of day.
///
/// `2026-01-31` is the whole day, `2026-01-31T10:15` the minute, `2026-01-31T10:15:30` the second;
/// a fraction of a second is an instant. So exactly one of `started < D`, `started = D` and
/// `started > D` holds: `started > 2026-01-31` means from 1 February on.
public struct QueryPeriod: Hashable, Sendable {
  /// The first instant, in seconds since 1970-01-01T00:00:00Z.
  public let startInSeconds: Double
  /// The first instant after the period, in seconds since 1970; equal to the start for an instant.
  public let endInSeconds: Double
  /// The period as it was written.
  public let description: String

  /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space, `hh:mm`, `:ss`, a fraction, and
  /// `Z`, `+hh:mm` or `-hh:mm`; nil for anything else, such as 31 February.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.take("-"),
      let month = scanner.number(digits: 2), scanner.take("-"),
      let day = scanner.number(digits: 2), (1...12).contains(month),
      (1...Self.dayCount(year: year, month: month)).contains(day)
    else { return nil }
    var start = Double(Self.daysSince1970(year: year, month: month, day: day)) * 86_400
    var length = 86_400.0
    if !scanner.isAtEnd {
      guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
        let time = Self.timeOfDay(&scanner), let shift = Self.shift(&scanner), scanner.isAtEnd
      else { return nil }
      start += time.seconds - shift
      length = time.length
    }
    startInSeconds = start
    endInSeconds = start + length
    description = text.contains(" ") ? QueryWord.quoted(text) : text
  }

  private static func timeOfDay(
    _ scanner: inout DigitScanner
  ) -> (seconds: Double, length: Double)? {
    guard let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
      let minute = scanner.number(digits: 2), minute < 60
    else { return nil }
    let whole = Double(hour * 3600 + minute * 60)
    guard scanner.take(":") else { return (whole, 60) }
    guard let second = scanner.number(digits: 2), second < 60 else { return nil }
    guard scanner.take(".") else { return (whole + Double(second), 1) }
    guard let fraction = scanner.fraction() else { return nil }
    return (whole + Double(second) + fraction, 0)
  }

  private static func shift(_ scanner: inout DigitScanner) -> Double? {
    if scanner.isAtEnd || scanner.take("Z") || scanner.take("z") { return 0 }
    let sign: Double
    if scanner.take("+") {
      sign = 1
    } else if scanner.take("-") {
      sign = -1
    } else {
      return nil
    }
    guard let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
      let minute = scanner.number(digits: 2), minute < 60
    else { return nil }
    return sign * Double(hour * 3600 + minute * 60)
  }

  private static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar. Counting years from March puts the leap day
  /// last, so that the days before a month are a linear function of it: (153 · month + 2) / 5.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let marchMonth = (month + 9) % 12
    let leapDays = floored(marchYear, 4) - floored(marchYear, 100) + floored(marchYear, 400)
    return 365 * marchYear + leapDays + (153 * marchMonth + 2) / 5 + day - 1 - 719_468
  }

  private static func floored(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }
}

/// Takes fixed runs of digits and signs off the front of a text.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == sign.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func number(digits count: Int) -> Int? {
    guard rest.count >= count else { return nil }
    var number = 0
    for byte in rest.prefix(count) {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    rest = rest.dropFirst(count)
    return number
  }

  /// One to nine digits after a point.
  mutating func fraction() -> Double? {
    var value = 0.0
    var scale = 1.0
    var count = 0
    while let byte = rest.first, byte >= 0x30, byte <= 0x39, count < 9 {
      value = value * 10 + Double(byte - 0x30)
      scale *= 10
      count += 1
      rest = rest.dropFirst()
    }
    return count > 0 ? value / scale : nil
  }
}
