/// Amounts as people read them.
package enum AmountText {
  /// A number of bytes: `812 bytes`, `61.8 MiB`; one decimal, units of 1024.
  package static func bytes(_ count: Int64) -> String {
    if count.magnitude < 1024 { return count.magnitude == 1 ? "\(count) byte" : "\(count) bytes" }
    return scaled(Double(count), separator: " ")
  }

  /// A number of bytes of at least 1 KiB with a unit of 1024.
  static func scaled(_ count: Double, separator: String) -> String {
    var amount = count / 1024
    var units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    // 1023.95 would be rounded up to 1024.0.
    while amount.magnitude >= 1023.95, units.count > 1 {
      amount /= 1024
      units.removeFirst()
    }
    return decimal(amount, places: 1) + separator + (units.first ?? "")
  }

  /// A time: `0 s`, `0.8 ms`, `120 ms`, `3.2 s`, `42 s`, `4 min 05 s`, `1 h 02 min`, `2 d 03 h`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return "unknown time" }
    if seconds < 0 { return "-" + duration(seconds: -seconds) }
    if seconds == 0 { return "0 s" }
    if seconds < 0.00995 { return decimal(seconds * 1000, places: 1) + " ms" }
    if seconds < 0.9995 { return decimal(seconds * 1000, places: 0) + " ms" }
    if seconds < 9.95 { return decimal(seconds, places: 1) + " s" }
    if seconds < 59.5 { return decimal(seconds, places: 0) + " s" }
    guard seconds < 1e15 else { return "more than 30 million years" }
    let whole = Int64(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    let minutes = Int64((seconds / 60).rounded())
    if minutes < 24 * 60 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
    let hours = Int64((seconds / 3600).rounded())
    return "\(hours / 24) d \(twoDigits(hours % 24)) h"
  }

  /// A time as a clock shows it: `00:12`, `1:02:03`; whole seconds, rounded down.
  package static func clock(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e15 else { return "?" }
    let whole = Int64(max(0, seconds))
    let minutesAndSeconds = "\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))"
    return whole < 3600 ? minutesAndSeconds : "\(whole / 3600):\(minutesAndSeconds)"
  }

  /// A number with a fixed number of decimals, rounded to the nearest, ties away from zero.
  ///
  /// - Precondition: `places` is at most 9.
  package static func decimal(_ number: Double, places: Int) -> String {
    precondition((0...9).contains(places), "A decimal has 0 to 9 places.")
    let factor = (0..<places).reduce(Int64(1)) { factor, _ in factor * 10 }
    let scaled = (number * Double(factor)).rounded()
    guard scaled.isFinite, scaled.magnitude < 9e18 else { return "\(number)" }
    let units = Int64(scaled)
    let sign = units < 0 ? "-" : ""
    let whole = units.magnitude / factor.magnitude
    guard places > 0 else { return "\(sign)\(whole)" }
    let rest = String(units.magnitude % factor.magnitude)
    return "\(sign)\(whole)." + String(repeating: "0", count: places - rest.utf8.count) + rest
  }

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
