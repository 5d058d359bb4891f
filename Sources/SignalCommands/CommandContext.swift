import Durability
import Foundation
import SystemPackage
import VersionedStore

/// What a command works with: the store, the clock, and the way to answer.
struct CommandContext {
  let options: GlobalOptions
  let root: FilePath
  let time: any TimeSource
  let talk: Talk

  init(_ options: GlobalOptions) {
    self.options = options
    let environment = ProcessInfo.processInfo.environment
    let fromEnvironment = environment["SIGNALSTORE_PATH"].flatMap { $0.isEmpty ? nil : $0 }
    root = FilePath(options.store ?? fromEnvironment ?? "signal-store")
    time = SystemTimeSource()
    talk = Talk(options: options, environment: environment)
  }

  /// The world around the store: the only place where a command takes time and chance from.
  func storeEnvironment() throws -> StoreEnvironment {
    StoreEnvironment(
      fileSystem: LocalFileSystem(), time: time, process: try ProcessIdentity.current(),
      randomBits: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      }, waitInSeconds: options.wait)
  }

  func open(for access: Access) throws -> Store {
    try Store.open(root, for: access, environment: try storeEnvironment())
  }

  /// Opens the store for a command that publishes; the default store is made where it is missing.
  func openForIngest() throws -> Store {
    let environment = try storeEnvironment()
    do throws(StoreError) {
      return try Store.open(root, for: .writing, environment: environment)
    } catch {
      guard error.code == .notAStore else { throw error }
      do throws(StoreError) {
        let store = try Store.create(at: root, environment: environment)
        talk.note("Made a store in '\(root)'.")
        return store
      } catch {
        // Someone else made it a moment ago.
        guard error.code == .alreadyExists else { throw error }
        return try Store.open(root, for: .writing, environment: environment)
      }
    }
  }

  /// The answer of a command, with the store that it is about.
  func answer(_ members: [JSONValue.Member], _ text: () -> String) {
    if options.json {
      var all: [JSONValue.Member] = [.init("store", .string(root.string))]
      all.append(contentsOf: members)
      talk.printExactly(JSONValue.object(all).rendered(.pretty))
    } else {
      talk.print(text())
    }
  }

  /// A meter of a piece of work, on standard error.
  func meter(_ title: String, total: Int?, unit: ProgressMeter.Unit) -> Meter {
    Meter(title, total: total, unit: unit, talk: talk, time: time)
  }
}

/// Shows how far a piece of work is.
final class Meter {
  private var meter: ProgressMeter
  private let time: any TimeSource

  init(
    _ title: String, total: Int?, unit: ProgressMeter.Unit, talk: Talk, time: any TimeSource
  ) {
    self.time = time
    let display: ProgressMeter.Display =
      talk.isQuiet ? .none : talk.errorIsTerminal ? .terminal(width: talk.errorWidth) : .plain
    meter = ProgressMeter(
      title, total: total.map { Int64($0) }, unit: unit, display: display,
      atSeconds: time.monotonicSeconds)
  }

  /// Says how much is done.
  func advance(to count: Int) {
    meter.update(to: Int64(count), atSeconds: time.monotonicSeconds)
  }

  /// Ends the line.
  func finish() {
    meter.finish(atSeconds: time.monotonicSeconds)
  }
}
