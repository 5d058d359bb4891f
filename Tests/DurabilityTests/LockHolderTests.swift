import Durability
import Randomness
import TestSupport
import Testing

@Suite("The record in a lock file")
struct LockHolderTests {
  private func holder(command: String, since: Double = 1.5) -> LockHolder {
    LockHolder(
      process: ProcessIdentity(
        number: 7, bootID: "3f2a-11", startTicks: 99, numberSpace: "pid:[4026531836]"),
      sinceInSecondsSince1970: since, command: command)
  }

  private func text(_ holder: LockHolder) -> String {
    String(decoding: holder.record, as: UTF8.self)
  }

  @Test("is read as it was written, whatever the command")
  func roundTrips() {
    SeededCases.check(
      ["", "signalstore ingest", "a\nprocess 9\nb", "\u{0}\u{1b}[2J", " two  blanks "],
      randomCount: 200
    ) { generator in
      String(
        String.UnicodeScalarView(
          (0..<generator.nextIndex(below: 300)).compactMap { _ in
            Unicode.Scalar(UInt32(generator.nextIndex(below: 0x3000)))
          }))
    } _: { command in
      let written = holder(command: command, since: 1_772_619_243.123456)
      #expect(written.record.count == LockHolder.lengthInBytes)
      #expect(LockHolder(record: text(written)) == written)
      #expect(written.command.utf8.count <= 200)
      #expect(!written.command.unicodeScalars.contains { $0.value < 0x20 })
      #expect(written.process.number == 7)
    }
  }

  @Test("that is cut, empty or made up is no record")
  func refusesOthers() {
    let whole = text(holder(command: "c"))
    let lines = whole.split(separator: "\n")
    #expect(lines.count == 6)
    for missing in lines.indices {
      let rest = lines.indices.filter { $0 != missing }.map { lines[$0] }
      #expect(LockHolder(record: rest.joined(separator: "\n")) == nil)
    }
    for (name, value) in [
      ("process", "-1"), ("process", "0"), ("process", "99999999999"), ("start", "x"),
      ("since", "nan"), ("since", "1e99"), ("since", "inf"),
    ] {
      let changed = lines.map { $0.hasPrefix(name + " ") ? "\(name) \(value)" : String($0) }
      #expect(LockHolder(record: changed.joined(separator: "\n")) == nil, "\(name) \(value)")
    }
    #expect(LockHolder(record: "") == nil)
    #expect(LockHolder(record: "nonsense\n") == nil)
  }
}
