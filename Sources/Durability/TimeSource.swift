#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Where the time comes from: an argument, so that no result depends on when it was computed
/// unless somebody passed the time in.
public protocol TimeSource: Sendable {
  /// The calendar's time, in seconds since 1970-01-01T00:00:00Z; it can jump in both directions.
  var secondsSince1970: Double { get }
  /// A clock that never goes back, in seconds since a moment that differs from boot to boot.
  var monotonicSeconds: Double { get }
  /// Waits at least this long on the `monotonicSeconds` clock.
  func sleep(seconds: Double)
}

/// The clocks of the machine.
public struct SystemTimeSource: TimeSource {
  /// Refers to the machine's clocks.
  public init() {}

  /// The calendar's time, in seconds since 1970-01-01T00:00:00Z.
  public var secondsSince1970: Double { Self.read(CLOCK_REALTIME) }

  /// Seconds since an arbitrary moment; never goes back.
  public var monotonicSeconds: Double { Self.read(CLOCK_MONOTONIC) }

  /// Lets the calling thread rest.
  public func sleep(seconds: Double) {
    guard seconds > 0 else { return }
    let whole = seconds.rounded(.down)
    var wanted = timespec(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9))
    var left = timespec()
    // A signal ends the rest early; the remainder is slept again.
    while nanosleep(&wanted, &left) != 0 && errno == EINTR {
      wanted = left
    }
  }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    // Both clocks always exist on Linux, so a failure is a programmer's mistake.
    precondition(clock_gettime(clock, &time) == 0, "The system's clock must be readable.")
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
