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
    do {
      return try Store.open(root, for: .writing, environment: environment)
    } catch let error as StoreError where error.code == .notAStore {
      let store = try Store.create(at: root, environment: environment)
      talk.note("Made a store in '\(root)'.")
      return store
    }
  }

  /// The answer of a command, with the store that it is about.
  func answer(_ members: [(String, JSONValue)], _ text: () -> String) {
    if options.json {
      let document = JSONValue.object([("store", .string(root.string))] + members)
      talk.print(document.rendered(indented: true))
    } else if !options.quiet {
      talk.print(text())
    }
  }
}
