/// A curve in one line of text: `▁▂▃▅▇█`.
package enum Sparkline {
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The curve of values from left to right, at most `width` columns wide.
  ///
  /// The lowest value is `▁`, the highest `█`; equal values are `▄`. Where there are more values
  /// than columns a column shows the mean of its share. NaN leaves a gap; an infinite value is drawn
  /// at the edge and does not count for the scale.
  package static func text(_ values: [Double], width: Int = 20) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let heights = values.count <= width ? values : means(of: values, count: width)
    let finite = heights.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      return String(heights.map { bar($0, low: 0, high: 0) })
    }
    return String(heights.map { bar($0, low: low, high: high) })
  }

  private static func bar(_ value: Double, low: Double, high: Double) -> Character {
    if value.isNaN { return " " }
    if value == .infinity { return "█" }
    if value == -.infinity { return "▁" }
    guard high > low else { return "▄" }
    // Halves keep the difference finite for the largest values.
    let share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return bars[min(bars.count - 1, Int(share * Double(bars.count)))]
  }

  private static func means(of values: [Double], count: Int) -> [Double] {
    (0..<count).map { column in
      let from = column * values.count / count
      let to = (column + 1) * values.count / count
      let known = values[from..<to].filter { !$0.isNaN }
      return known.isEmpty
        ? .nan : known.reduce(0) { $0 + $1 / Double(known.count) }
    }
  }
}
