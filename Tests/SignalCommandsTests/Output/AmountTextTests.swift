import SignalCommands
import Testing

@Suite("Amounts read as people write them")
struct AmountTextTests {
  @Test(
    arguments: [
      (0, "0 bytes"), (1, "1 byte"), (812, "812 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"),
      (64_801_997, "61.8 MiB"), (1_048_575, "1.0 MiB"), (1_048_576, "1.0 MiB"),
      (1 << 30, "1.0 GiB"),
      (.max, "8.0 EiB"), (-2048, "-2.0 KiB"), (-1, "-1 byte"),
    ] as [(Int64, String)])
  func bytes(count: Int64, expected: String) {
    #expect(AmountText.bytes(count) == expected)
  }

  @Test(
    arguments: [
      (0, "0 s"), (0.00004, "0.0 ms"), (0.0008, "0.8 ms"), (0.0123, "12 ms"), (0.12, "120 ms"),
      (0.9994, "999 ms"), (0.9996, "1.0 s"), (3.2, "3.2 s"), (9.94, "9.9 s"), (9.96, "10 s"),
      (42, "42 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (245, "4 min 05 s"),
      (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"), (3720, "1 h 02 min"), (86_399, "1 d 00 h"),
      (183_600, "2 d 03 h"), (-3.2, "-3.2 s"), (.nan, "unknown time"), (.infinity, "unknown time"),
      (1e300, "more than 30 million years"),
    ] as [(Double, String)])
  func durations(seconds: Double, expected: String) {
    #expect(AmountText.duration(seconds: seconds) == expected)
  }

  @Test(
    arguments: [
      (0, "00:00"), (12.9, "00:12"), (754, "12:34"), (3599.9, "59:59"), (3723, "1:02:03"),
      (360_000, "100:00:00"), (-5, "00:00"), (.nan, "?"), (.infinity, "?"),
    ] as [(Double, String)])
  func clocks(seconds: Double, expected: String) {
    #expect(AmountText.clock(seconds: seconds) == expected)
  }

  @Test(
    arguments: [
      (0.05, 1, "0.1"), (-0.05, 1, "-0.1"), (-0.04, 1, "0.0"), (2.5, 0, "3"), (1.005, 2, "1.00"),
      (123.456, 2, "123.46"), (0.001, 3, "0.001"), (1e300, 1, "1e+300"), (.nan, 1, "nan"),
    ] as [(Double, Int, String)])
  func decimals(number: Double, places: Int, expected: String) {
    #expect(AmountText.decimal(number, places: places) == expected)
  }
}
