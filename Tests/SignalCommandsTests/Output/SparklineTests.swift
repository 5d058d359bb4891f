import SignalCommands
import Testing

@Suite("A sparkline shows the shape of a curve")
struct SparklineTests {
  @Test(
    arguments: [
      ([], 8, ""), ([1], 8, "▄"), ([2, 2, 2], 8, "▄▄▄"), ([0, 1], 8, "▁█"),
      ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"), ([7, 6, 5, 4, 3, 2, 1, 0], 8, "█▇▆▅▄▃▂▁"),
      ([0, .nan, 1], 8, "▁ █"), ([.nan], 8, " "), ([-.infinity, 0, 1, .infinity], 8, "▁▁██"),
      ([.infinity, .infinity], 8, "██"),
      ([0, 2, 10, 12], 2, "▁█"), ([0, 0, 5, 5, 10, 10], 3, "▁▅█"), ([1, 2], 0, ""),
      ([-1.7e308, 0, 1.7e308], 8, "▁▅█"), ([0, .nan, .nan, .nan], 2, "▄ "),
    ] as [([Double], Int, String)])
  func curves(values: [Double], width: Int, expected: String) {
    #expect(Sparkline.text(values, width: width) == expected)
  }

  @Test("it is never wider than asked")
  func width() {
    for count in 0...50 {
      for width in 0...20 {
        let text = Sparkline.text((0..<count).map { Double($0 * $0 % 17) }, width: width)
        #expect(text.count == min(count, width))
      }
    }
  }
}
