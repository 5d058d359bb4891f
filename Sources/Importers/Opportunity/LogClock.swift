internal import Signals

/// The clock column of a log: milliseconds that should rise by a thirtieth of a second.
struct LogClock {
  /// Readings per second, as the data set's documentation states them.
  static let rateInHertz = 30.0

  /// How far a reading may lie from its place on the grid. The clock is written in whole
  /// milliseconds, so the first reading and any later one are each off by up to half of one.
  static let toleranceInMilliseconds = 1.0

  private var milliseconds: [Double] = []
  private var isOnGrid = true
  private(set) var repeatedCount = 0
  private(set) var missingCount = 0

  /// Makes room.
  mutating func reserveCapacity(_ count: Int) {
    milliseconds.reserveCapacity(count)
  }

  /// How many readings there are.
  var count: Int { milliseconds.count }

  /// Adds a reading that is not earlier than the one before.
  mutating func append(_ clock: Double) {
    if let first = milliseconds.first, let last = milliseconds.last {
      let expected = first + Double(milliseconds.count) * 1000 / Self.rateInHertz
      if (clock - expected).magnitude > Self.toleranceInMilliseconds { isOnGrid = false }
      // A clock that jumps by centuries has as many missing readings as fit into a number.
      let steps = ((clock - last) * Self.rateInHertz / 1000).rounded()
      if steps < 1 { repeatedCount += 1 }
      if steps > 1 { missingCount += Int(exactly: min(steps - 1, 1e15)) ?? 0 }
    }
    milliseconds.append(clock)
  }

  /// The time of the first reading in seconds.
  var startTimeInSeconds: Double { (milliseconds.first ?? 0) / 1000 }

  /// The times in seconds, where they are not those of the grid.
  var times: [Double]? {
    isOnGrid ? nil : milliseconds.map { $0 / 1000 }
  }
}
