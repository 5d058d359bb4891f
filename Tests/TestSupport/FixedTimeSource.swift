public import Durability
internal import Synchronization

/// A clock that moves only when it is told to, or when somebody sleeps by it.
public final class FixedTimeSource: TimeSource {
  private struct Times {
    var calendar: Double
    var monotonic: Double
    var slept: [Double] = []
  }

  private let times: Mutex<Times>

  /// Starts at a moment of the calendar, by default 2026-01-01T00:00:00Z.
  public init(secondsSince1970: Double = 1_767_225_600) {
    times = Mutex(Times(calendar: secondsSince1970, monotonic: 1_000))
  }

  /// The calendar's time that was set.
  public var secondsSince1970: Double { times.withLock { $0.calendar } }

  /// The monotonic time that was reached.
  public var monotonicSeconds: Double { times.withLock { $0.monotonic } }

  /// Every sleep so far, in seconds.
  public var sleeps: [Double] { times.withLock { $0.slept } }

  /// Returns at once, with both clocks put forward.
  public func sleep(seconds: Double) {
    times.withLock { times in
      times.slept.append(seconds)
      times.calendar += seconds
      times.monotonic += seconds
    }
  }

  /// Puts both clocks forward.
  public func advance(bySeconds seconds: Double) {
    times.withLock { times in
      times.calendar += seconds
      times.monotonic += seconds
    }
  }

  /// Sets the calendar, forward or back, and leaves the monotonic clock alone.
  public func setCalendar(toSecondsSince1970 seconds: Double) {
    times.withLock { $0.calendar = seconds }
  }
}
