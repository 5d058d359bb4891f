/// Who holds a store's lock, as it is written in the lock file.
public struct LockHolder: Hashable, Sendable {
  /// The length of the record in the lock file.
  ///
  /// Constant, and written over the old record in place: taking the lock on a full disk needs no
  /// new room, so that `collect` can make some.
  package static let lengthInBytes = 512

  /// The process that holds the lock.
  public let process: ProcessIdentity
  /// Since when.
  public let sinceInSecondsSince1970: Double
  /// What it is doing, in one line.
  public let command: String

  /// Collects the facts; line breaks and control characters in `command` become blanks.
  package init(process: ProcessIdentity, sinceInSecondsSince1970: Double, command: String) {
    self.process = process
    self.sinceInSecondsSince1970 = sinceInSecondsSince1970
    var line = ""
    for scalar in command.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
      let addition = isControl ? " " : String(scalar)
      guard line.utf8.count + addition.utf8.count <= 200 else { break }
      line += addition
    }
    self.command = line
  }

  /// The record as text: one `name value` pair a line, filled up with line feeds.
  package var record: [UInt8] {
    let lines = [
      "process \(process.number)", "boot \(process.bootID)", "start \(process.startTicks)",
      "space \(process.numberSpace)", "since \(sinceInSecondsSince1970)", "command \(command)",
    ]
    var bytes = Array((lines.joined(separator: "\n") + "\n").utf8.prefix(Self.lengthInBytes))
    bytes += repeatElement(UInt8(ascii: "\n"), count: Self.lengthInBytes - bytes.count)
    return bytes
  }

  /// Reads a record; `nil` for anything else, such as the empty file of a lock never taken.
  package init?(record text: String) {
    // By Unicode scalars: as characters, a blank and an accent after it would be one.
    var values: [String: String] = [:]
    for line in text.unicodeScalars.split(separator: "\n") {
      guard let blank = line.firstIndex(of: " ") else { return nil }
      values[String(line[..<blank])] = String(line[blank...].dropFirst())
    }
    guard let number = values["process"].flatMap({ Int32($0) }), number > 0,
      let bootID = values["boot"], let numberSpace = values["space"],
      let startTicks = values["start"].flatMap({ UInt64($0) }),
      let since = values["since"].flatMap({ Double($0) }), since.magnitude < 3e11,
      let command = values["command"]
    else { return nil }
    self.init(
      process: ProcessIdentity(
        number: number, bootID: bootID, startTicks: startTicks, numberSpace: numberSpace),
      sinceInSecondsSince1970: since, command: command)
  }
}
