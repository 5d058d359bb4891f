internal import SystemPackage

/// One process, told apart from every other one that had or will have its number.
///
/// A process number alone is used again after a while. Together with the boot and the moment of
/// its start it is unique.
public struct ProcessIdentity: Hashable, Sendable, Codable {
  /// Whether a process still exists.
  public enum Liveness: Hashable, Sendable {
    /// It runs, sleeps or is stopped.
    case alive
    /// It has ended, or the machine has been started again since.
    case dead
    /// It cannot be seen from here: it belongs to another container, or `/proc` hides it.
    case unknown
  }

  /// The number of the process.
  public let number: Int32
  /// The identity of the boot in which it started, from `/proc/sys/kernel/random/boot_id`.
  public let bootID: String
  /// When it started, in clock ticks since the boot: field 22 of `/proc/<number>/stat`.
  public let startTicks: UInt64
  /// The namespace that gives `number` its meaning, such as `pid:[4026531836]`.
  public let numberSpace: String

  /// Collects the four facts, for instance from a catalogue row.
  public init(number: Int32, bootID: String, startTicks: UInt64, numberSpace: String) {
    self.number = number
    self.bootID = bootID
    self.startTicks = startTicks
    self.numberSpace = numberSpace
  }

  /// The calling process.
  ///
  /// - Throws: `.notFound` where `/proc` is not mounted.
  public static func current() throws(FileFault) -> ProcessIdentity {
    let number = SystemCalls.ownProcessNumber
    return ProcessIdentity(
      number: number, bootID: try currentBootID(),
      startTicks: try ProcessFacts(of: number).startTicks,
      numberSpace: try currentNumberSpace())
  }

  /// Whether the process still exists, as far as can be told from here.
  ///
  /// A process of an earlier boot is dead. (A store lives on a disk of one machine; `StoreLock`
  /// refuses the file systems that several machines share.)
  /// - Throws: The codes of a missing or unreadable `/proc`.
  public func liveness() throws(FileFault) -> Liveness {
    guard try Self.currentBootID() == bootID else { return .dead }
    guard try Self.currentNumberSpace() == numberSpace else { return .unknown }
    guard SystemCalls.processExists(number) else { return .dead }
    do throws(FileFault) {
      let facts = try ProcessFacts(of: number)
      return facts.startTicks == startTicks && !facts.hasEnded ? .alive : .dead
    } catch {
      // It may have ended since the line above, or /proc may be mounted with hidepid.
      guard error.code == .notFound || error.cause == .noSuchProcess else { throw error }
      return SystemCalls.processExists(number) ? .unknown : .dead
    }
  }

  /// Whether a lease of this process still counts: true unless the process is known to be dead.
  public func isAlive() throws(FileFault) -> Bool {
    try liveness() != .dead
  }

  /// Whether the process is stopped by a signal or a debugger and goes on only when told to.
  func isStopped() throws(FileFault) -> Bool {
    guard try liveness() == .alive else { return false }
    return try ProcessFacts(of: number).isStopped
  }

  private static func currentBootID() throws(FileFault) -> String {
    let text = try SystemCalls.readText("/proc/sys/kernel/random/boot_id")
    return String(text.prefix { !$0.isWhitespace })
  }

  private static func currentNumberSpace() throws(FileFault) -> String {
    try SystemCalls.linkText(at: "/proc/self/ns/pid")
  }
}

/// What `/proc/<number>/stat` says; the fields are those of proc(5).
private struct ProcessFacts {
  let state: Character
  let startTicks: UInt64

  var hasEnded: Bool { state == "Z" || state == "X" || state == "x" }
  var isStopped: Bool { state == "T" || state == "t" }

  init(of number: Int32) throws(FileFault) {
    let path = FilePath("/proc/\(number)/stat")
    let text = try SystemCalls.readText(path)
    // The second field is the program's name in brackets, which may itself contain brackets and
    // blanks; the fields are counted from the last bracket.
    let fields = text.lastIndex(of: ")").map { text[$0...].dropFirst().split(separator: " ") } ?? []
    guard fields.count > 19, let state = fields[0].first, let startTicks = UInt64(fields[19]) else {
      throw .unreadableSystemFile(path, found: text)
    }
    self.state = state
    self.startTicks = startTicks
  }
}
