import Foundation

/// Shows how far a task is, in the grammar of tqdm:
/// `reading: 43%|████▎     | 43/100 [00:12<00:16, 3.5it/s]`.
///
/// On a terminal the line is redrawn in place, at most ten times a second; elsewhere a plain line
/// is written every few seconds. A task that is done at once shows nothing. The caller passes the
/// time in, from a clock that does not jump.
package struct ProgressMeter {
  /// What is counted.
  package enum Unit: Hashable, Sendable {
    /// Things, named by a short word such as `it` or `rows`.
    case count(String)
    /// Bytes, shown in units of 1024.
    case bytes
  }

  /// Where the meter is shown.
  package enum Display: Hashable, Sendable {
    /// On a terminal of this many columns.
    case terminal(width: Int)
    /// In a file or a pipe.
    case plain
    /// Nowhere: `--quiet`.
    case none
  }

  /// A terminal shows the meter after this time, a file or a pipe after the interval of its lines.
  package static let patienceInSeconds = 0.5
  /// The time between two drawings on a terminal.
  package static let redrawIntervalInSeconds = 0.1
  /// The time between two lines in a file or a pipe.
  package static let lineIntervalInSeconds = 5.0
  /// Over how much of the past the rate is averaged.
  private static let memoryInSeconds = 5.0

  private let title: String
  private let total: Int64?
  private let unit: Unit
  private let display: Display
  private let write: (String) -> Void
  private let startInSeconds: Double
  private var count: Int64
  private var drawnInSeconds: Double?
  private var drawnWidth = 0
  private var rate: AverageRate

  /// Makes a meter.
  ///
  /// - Parameters:
  ///   - title: what is going on, such as `reading`.
  ///   - total: how many there are; nil when nobody knows.
  ///   - start: how many were done before, by an earlier sitting; they do not count for the rate.
  ///   - unit: what is counted.
  ///   - display: where the meter is shown.
  ///   - seconds: the time now.
  ///   - write: takes what is to be written to standard error, and nowhere else: standard output
  ///     belongs to the answer.
  package init(
    _ title: String, total: Int64?, startingAt start: Int64 = 0, unit: Unit = .count("it"),
    display: Display, atSeconds seconds: Double,
    write: @escaping (String) -> Void = { StandardError.write($0) }
  ) {
    self.title = TerminalText.escaped(title)
    self.total = total
    self.unit = unit
    self.display = display
    self.write = write
    startInSeconds = seconds
    count = start
    rate = AverageRate(memoryInSeconds: Self.memoryInSeconds, count: start, atSeconds: seconds)
  }

  /// Says how many are done now, and redraws the meter if it is time.
  package mutating func update(to count: Int64, atSeconds seconds: Double) {
    self.count = count
    let since = seconds - (drawnInSeconds ?? startInSeconds)
    let wait: Double
    switch display {
    case .none: return
    case .terminal:
      wait = drawnInSeconds == nil ? Self.patienceInSeconds : Self.redrawIntervalInSeconds
    case .plain: wait = Self.lineIntervalInSeconds
    }
    // Sums of tenths miss the whole by a rounding error.
    if since >= wait - 1e-9 { draw(atSeconds: seconds) }
  }

  /// Shows the last state and ends the line; nothing when the meter was never shown.
  package mutating func finish(atSeconds seconds: Double) {
    guard drawnInSeconds != nil else { return }
    draw(atSeconds: seconds)
    if case .terminal = display { write("\n") }
    drawnInSeconds = nil
  }

  /// Takes the meter off a terminal, so that a message can be written in its place; the next update
  /// draws it again.
  package mutating func clear() {
    guard case .terminal = display, drawnWidth > 0 else { return }
    write("\r" + String(repeating: " ", count: drawnWidth) + "\r")
    drawnWidth = 0
  }

  private mutating func draw(atSeconds seconds: Double) {
    rate.add(count, atSeconds: seconds)
    drawnInSeconds = seconds
    switch display {
    case .none: break
    case .plain: write(line(atSeconds: seconds, width: nil) + "\n")
    case .terminal(let columns):
      // The last column stays free: some terminals wrap when it is written.
      let line = DisplayWidth.cut(line(atSeconds: seconds, width: columns - 1), to: columns - 1)
      let width = DisplayWidth.of(line)
      // Spaces and not an escape sequence, so that every terminal understands.
      write("\r" + line + String(repeating: " ", count: max(0, drawnWidth - width)))
      drawnWidth = width
    }
  }

  // MARK: The line

  private func line(atSeconds seconds: Double, width: Int?) -> String {
    let elapsed = AmountText.clock(seconds: seconds - startInSeconds)
    let speed = speedText
    guard let total, total > 0 else {
      return "\(title): \(counted(count, isAlone: true)) [\(elapsed), \(speed)]"
    }
    let share = min(1, max(0, Double(count) / Double(total)))
    var left = "?"
    if count >= total {
      left = AmountText.clock(seconds: 0)
    } else if let perSecond = rate.perSecond, perSecond > 0 {
      let seconds = (Double(total - count) / perSecond).rounded()
      // After a standstill the rate is close to nothing; nobody wants to read '27942:40:24'.
      if seconds < 360_000 { left = AmountText.clock(seconds: seconds) }
    }
    let head = "\(title): \(Int(share * 100))%"
    let done = "\(counted(count, isAlone: false))/\(counted(total, isAlone: false))"
    let tail = " \(done) [\(elapsed)<\(left), \(speed)]"
    let room = (width ?? 80) - DisplayWidth.of(head) - DisplayWidth.of(tail) - 2
    // A bar longer than 40 says no more, one shorter than 4 says nothing.
    let bar = room >= 4 ? "|\(Self.bar(share, width: min(room, width == nil ? 10 : 40)))|" : ""
    return head + bar + tail
  }

  /// A bar of so many columns, in steps of an eighth.
  package static func bar(_ share: Double, width: Int) -> String {
    let parts: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let eighths = min(width * 8, max(0, Int(share * Double(width) * 8)))
    let full = String(repeating: "█", count: eighths / 8)
    if eighths / 8 == width { return full }
    return full + String(parts[eighths % 8])
      + String(repeating: " ", count: width - eighths / 8 - 1)
  }

  private func counted(_ number: Int64, isAlone: Bool) -> String {
    switch unit {
    case .bytes: AmountText.bytes(number)
    case .count(let word): isAlone ? "\(number)\(word)" : "\(number)"
    }
  }

  private var speedText: String {
    let perSecond = rate.perSecond
    switch unit {
    case .bytes:
      guard let perSecond else { return "?B/s" }
      return perSecond < 1024
        ? AmountText.decimal(perSecond, places: 0) + "B/s"
        : AmountText.scaled(perSecond, separator: "") + "/s"
    case .count(let word):
      guard let perSecond, perSecond > 0 else { return "?\(word)/s" }
      if perSecond >= 1 { return Self.threeDigits(perSecond) + word + "/s" }
      let seconds = 1 / perSecond
      return AmountText.decimal(seconds, places: seconds < 99.95 ? 1 : 0) + "s/\(word)"
    }
  }

  private static func threeDigits(_ number: Double) -> String {
    if number < 99.95 { return AmountText.decimal(number, places: 1) }
    if number < 999.5 { return AmountText.decimal(number, places: 0) }
    var number = number / 1000
    var units = ["k", "M", "G", "T"][...]
    while number >= 999.95, units.count > 1 {
      number /= 1000
      units.removeFirst()
    }
    return AmountText.decimal(number, places: number < 99.95 ? 1 : 0) + (units.first ?? "")
  }
}

/// A rate in which the past counts less and less: after `memoryInSeconds` a third of what it did.
private struct AverageRate {
  private let memoryInSeconds: Double
  private var count: Int64
  private var seconds: Double
  private var weightedCount = 0.0
  private var weightedSeconds = 0.0

  init(memoryInSeconds: Double, count: Int64, atSeconds seconds: Double) {
    self.memoryInSeconds = memoryInSeconds
    self.count = count
    self.seconds = seconds
  }

  /// The rate, once any time has passed.
  var perSecond: Double? { weightedSeconds > 0 ? max(0, weightedCount / weightedSeconds) : nil }

  mutating func add(_ count: Int64, atSeconds seconds: Double) {
    let elapsed = seconds - self.seconds
    guard elapsed > 0 else { return }
    // Dividing two sums with the same weights needs no correction for the short past of the start.
    let fading = exp(-elapsed / memoryInSeconds)
    weightedCount = weightedCount * fading + Double(count - self.count)
    weightedSeconds = weightedSeconds * fading + elapsed
    self.count = count
    self.seconds = seconds
  }
}
