import Randomness
import Signals
import TestSupport
import Testing

@Suite("The statistics of a channel")
struct ChannelStatisticsTests {
  private static func statistics(of values: [Double]) -> ChannelStatistics {
    var statistics = ChannelStatistics()
    for value in values { statistics.add(value) }
    return statistics
  }

  /// Compares with the definitions, computed in two passes over the finite readings.
  private static func expectDefinitions(
    _ statistics: ChannelStatistics, of values: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let finite = values.filter(\.isFinite)
    let count = Double(finite.count)
    let mean = finite.isEmpty ? 0 : finite.reduce(0, +) / count
    let variance =
      finite.isEmpty ? 0 : finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let missing = values.filter(\.isNaN).count
    let fraction = values.isEmpty ? 0 : Double(missing) / Double(values.count)
    #expect(statistics.count == values.count, sourceLocation: sourceLocation)
    #expect(statistics.missingCount == missing, sourceLocation: sourceLocation)
    #expect(
      statistics.infiniteCount == values.filter(\.isInfinite).count, sourceLocation: sourceLocation)
    #expect(statistics.finiteCount == finite.count, sourceLocation: sourceLocation)
    #expect(statistics.minimum == finite.min() ?? 0, sourceLocation: sourceLocation)
    #expect(statistics.maximum == finite.max() ?? 0, sourceLocation: sourceLocation)
    #expect(statistics.missingFraction == fraction, sourceLocation: sourceLocation)
    let scale = finite.reduce(0) { max($0, $1.magnitude) }
    expectClose(
      [statistics.mean, statistics.standardDeviation], [mean, variance.squareRoot()],
      relative: 1e-12, absolute: 1e-12 * scale, sourceLocation: sourceLocation)
  }

  @Test(
    "are those of the definitions",
    arguments: [
      [], [.nan], [.infinity, -.infinity], [3], [3, 3, 3], [-1, 1], [1, .nan, 2, .infinity, 4],
      [.nan, .nan, -7.5], [1e-21, 3e-21, -2e-21], [0, -0.0],
    ] as [[Double]])
  func definitions(values: [Double]) {
    Self.expectDefinitions(Self.statistics(of: values), of: values)
  }

  @Test("do not lose the spread of readings that are far from zero")
  func largeOffset() {
    let values = (0..<1000).map { 1e9 + Double($0 % 2) }
    #expect(abs(Self.statistics(of: values).standardDeviation - 0.5) < 1e-9)
  }

  @Test("stay finite where squares do not fit into a number, so that they can be written down")
  func overflow() {
    var statistics = Self.statistics(of: [1e200, -1e200])
    #expect(statistics.squaredDeviations.isFinite && statistics.standardDeviation.isFinite)
    statistics.add(Self.statistics(of: [1e250, 3e250]))
    #expect(statistics.squaredDeviations.isFinite && statistics.standardDeviation.isFinite)
    #expect(statistics.maximum == 3e250)
  }

  @Test("of two parts add up to those of the whole, wherever it is cut")
  func merging() {
    SeededCases.check([[], [1], [.nan], [1, 2], [.nan, 5], [.infinity, 5, .nan, -3]]) { generator in
      (0..<generator.nextIndex(below: 30)).map { _ in
        switch generator.nextIndex(below: 8) {
        case 0: .nan
        case 1: generator.nextIndex(below: 2) == 0 ? .infinity : -.infinity
        default: 100 + generator.nextNormal() * 3
        }
      }
    } _: { (values: [Double]) in
      for cut in 0...values.count {
        var merged = Self.statistics(of: Array(values[..<cut]))
        merged.add(Self.statistics(of: Array(values[cut...])))
        Self.expectDefinitions(merged, of: values)
      }
    }
  }

  @Test("are kept apart channel by channel", arguments: [false, true])
  func perChannel(isDouble: Bool) throws {
    let columns: [[Double]] = [[1, 2, 3, 4], [.nan, -2, .nan, 6], [5, 5, 5, 5]]
    let interleaved = (0..<4).flatMap { sample in columns.map { $0[sample] } }
    let series = TimeSeries(
      channels: ["a", "b", "c"].map { Channel(name: $0) },
      rate: try #require(SampleRate(hertz: 1)),
      values: isDouble ? .float64(interleaved) : .float32(interleaved.map { Float($0) }))
    for (statistics, column) in zip(series.channelStatistics(), columns) {
      Self.expectDefinitions(statistics, of: column)
    }
    #expect(series.channelStatistics().count == 3)
  }
}
