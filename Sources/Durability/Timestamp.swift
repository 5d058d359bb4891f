/// Moments as text.
public enum Timestamp {
  /// A moment in universal time to the second, such as `2026-03-04T10:14:03Z`.
  ///
  /// The calendar is the proleptic Gregorian one (Howard Hinnant, "chrono-compatible low-level
  /// date algorithms", `civil_from_days`).
  /// - Precondition: `seconds` lies within ten thousand years of 1970.
  public static func text(secondsSince1970 seconds: Double) -> String {
    precondition(seconds.magnitude < 3e11, "A moment must lie within ten thousand years of 1970.")
    let total = Int(seconds.rounded(.down))
    let secondOfDay = ((total % 86_400) + 86_400) % 86_400
    let shifted = (total - secondOfDay) / 86_400 + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func padded(_ number: Int, to width: Int) -> String {
      let digits = String(number.magnitude)
      let zeros = String(repeating: "0", count: max(0, width - digits.count))
      return (number < 0 ? "-" : "") + zeros + digits
    }
    let date = "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
      .map { padded($0, to: 2) }.joined(separator: ":")
    return "\(date)T\(time)Z"
  }
}
