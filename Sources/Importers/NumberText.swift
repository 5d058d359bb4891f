internal import Glibc

/// Numbers in text, read from bytes that are followed by one that ends them.
///
/// Every result is the number nearest to the text, as `strtof` and `strtod` give it: short numbers
/// are computed from whole ones that are exact, others are left to those two (W. D. Clinger, "How
/// to Read Floating Point Numbers Accurately", PLDI 1990, has the rule).
enum NumberText {
  /// Powers of ten that are exact in double precision.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// What stands in a field.
  enum Field<Number> {
    /// A finite number.
    case number(Number)
    /// `NaN` in small or capital letters.
    case missing
    /// Anything else, or a number beyond the range of the type.
    case unreadable
  }

  /// Reads the field `start ..< end` in single precision.
  /// - Precondition: The byte at `end` can be read and is not part of a number.
  @inline(never)
  static func float(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Field<Float> {
    switch scan(start, end) {
    case .missing: return .missing
    case .unreadable: return .unreadable
    case .exact(let value):
      // Rounding twice can only go wrong where the first result lies half-way between two floats.
      let isHalfWay = value.bitPattern & 0x1fff_ffff == 0x1000_0000
      let isOrdinary = value == 0 || value.magnitude >= Double(Float.leastNormalMagnitude)
      let narrow = Float(value)
      if isOrdinary, !isHalfWay { return narrow.isFinite ? .number(narrow) : .unreadable }
    case .general: break
    }
    var stop: UnsafeMutablePointer<CChar>?
    let value = strtof(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), &stop)
    let isWhole = UnsafeRawPointer(stop) == UnsafeRawPointer(end)
    return isWhole && value.isFinite ? .number(value) : .unreadable
  }

  /// Reads the field `start ..< end` in double precision.
  /// - Precondition: The byte at `end` can be read and is not part of a number.
  static func double(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Field<Double> {
    switch scan(start, end) {
    case .missing: return .missing
    case .unreadable: return .unreadable
    case .exact(let value): return .number(value)
    case .general: break
    }
    var stop: UnsafeMutablePointer<CChar>?
    let value = strtod(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), &stop)
    let isWhole = UnsafeRawPointer(stop) == UnsafeRawPointer(end)
    return isWhole && value.isFinite ? .number(value) : .unreadable
  }

  private enum Scan {
    case exact(Double)
    case general
    case missing
    case unreadable
  }

  /// Looks at the form of a field: `[+-] digits [. digits] [e [+-] digits]` with a digit somewhere.
  private static func scan(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Scan {
    var place = start
    let isNegative = place < end && place.pointee == UInt8(ascii: "-")
    if place < end, isNegative || place.pointee == UInt8(ascii: "+") { place += 1 }
    var mantissa: UInt64 = 0
    var digitCount = 0
    var fractionCount = 0
    var sawPoint = false
    while place < end {
      let byte = place.pointee
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        // Nineteen digits fit; more are left to strtod.
        if digitCount < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        digitCount += 1
        if sawPoint { fractionCount += 1 }
      } else if byte == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else {
        break
      }
      place += 1
    }
    guard digitCount > 0 else { return isNaN(start, end) ? .missing : .unreadable }
    if place < end { return isExponent(place, end) ? .general : .unreadable }
    guard digitCount <= 19, mantissa <= 1 << 53, fractionCount < powersOfTen.count else {
      return .general
    }
    let magnitude = Double(mantissa) / powersOfTen[fractionCount]
    return .exact(isNegative ? -magnitude : magnitude)
  }

  private static func isExponent(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    guard start.pointee | 0x20 == UInt8(ascii: "e") else { return false }
    var place = start + 1
    if place < end, place.pointee == UInt8(ascii: "-") || place.pointee == UInt8(ascii: "+") {
      place += 1
    }
    let digits = UnsafeBufferPointer(start: place, count: end - place)
    return !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  private static func isNaN(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    end - start == 3 && start[0] | 0x20 == UInt8(ascii: "n")
      && start[1] | 0x20 == UInt8(ascii: "a") && start[2] | 0x20 == UInt8(ascii: "n")
  }
}
