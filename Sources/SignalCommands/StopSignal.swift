import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and `kill` as a wish to stop at the next good moment; a second one ends the process.
final class StopSignal {
  /// How often someone asked; shared with the queue that hears the signals.
  private final class Count: Sendable {
    let value = Atomic<Int>(0)
  }

  private let count = Count()
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "stop signals")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [count] in
        if count.value.wrappingAdd(1, ordering: .relaxed).oldValue > 0 {
          exit(ExitStatus.interrupted.rawValue)
        }
        Talk.complain("Stopping after this epoch; press Ctrl-C again to stop at once.")
      }
      source.resume()
    }
  }

  /// Asks whether someone wants to stop.
  var wasAsked: @Sendable () -> Bool {
    { [count] in count.value.load(ordering: .relaxed) > 0 }
  }
}
