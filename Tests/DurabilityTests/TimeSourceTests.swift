import Durability
import Foundation
import Randomness
import TestSupport
import Testing

@Suite("A time source")
struct TimeSourceTests {
  @Test("of the machine agrees with the calendar, goes on, and sleeps long enough")
  func systemTime() {
    let time = SystemTimeSource()
    #expect(abs(time.secondsSince1970 - Date().timeIntervalSince1970) < 1)
    var before = time.monotonicSeconds
    for _ in 0..<1000 {
      let now = time.monotonicSeconds
      #expect(now >= before)
      before = now
    }
    time.sleep(seconds: 0.02)
    #expect(time.monotonicSeconds - before >= 0.02)
    time.sleep(seconds: 0)
    time.sleep(seconds: -1)
  }

  @Test("for tests moves only when told to")
  func fixedTime() {
    let time = FixedTimeSource(secondsSince1970: 100)
    let start = time.monotonicSeconds
    #expect(time.secondsSince1970 == 100)
    time.sleep(seconds: 5)
    time.advance(bySeconds: 2)
    time.setCalendar(toSecondsSince1970: 50)
    #expect(time.secondsSince1970 == 50)
    #expect(time.monotonicSeconds == start + 7)
    #expect(time.sleeps == [5])
  }

  @Test(
    "'s moments are written in universal time",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"),
      (1_772_619_243.9, "2026-03-04T10:14:03Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
      (-2_203_891_201, "1900-02-28T23:59:59Z"),
    ])
  func timestamps(seconds: Double, text: String) {
    #expect(Timestamp.text(secondsSince1970: seconds) == text)
  }

  @Test(
    "'s moments read as Python's, across four centuries", .enabled(if: PythonPeer.has("datetime")))
  func timestampsAgreeWithPython() throws {
    var generator = Seed(11).generator()
    let moments = (0..<2000).map { _ in generator.nextIndex(below: 12_622_780_800) - 4_000_000_000 }
    let script = """
      import sys, datetime
      start = datetime.datetime(1970, 1, 1)
      for word in sys.argv[1:]:
          print((start + datetime.timedelta(seconds=int(word))).strftime('%Y-%m-%dT%H:%M:%SZ'))
      """
    let lines = try PythonPeer.run(script: script, arguments: moments.map { String($0) })
      .split(separator: "\n").map(String.init)
    #expect(lines == moments.map { Timestamp.text(secondsSince1970: Double($0)) })
  }
}
