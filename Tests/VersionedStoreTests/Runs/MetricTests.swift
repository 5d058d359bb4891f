import Randomness
import StoreSupport
import TestSupport
import Testing
import VersionedStore

@Suite("The metrics of a run")
struct MetricTests {
  /// What the values recorded so far amount to: by step, the last of each.
  private static func expected(_ recorded: [MetricPoint], name: String) -> [MetricPoint] {
    var values: [Int: Double] = [:]
    for point in recorded where point.name == name { values[point.step] = point.value }
    return values.sorted { $0.key < $1.key }.map {
      MetricPoint(name, step: $0.key, value: $0.value)
    }
  }

  /// Compares series and summaries with the definitions.
  private static func check(_ store: Store, _ run: Run, _ recorded: [MetricPoint]) throws {
    let names = Set(recorded.map(\.name)).sorted()
    let summaries = try store.metrics(of: run)
    #expect(summaries.map(\.name) == names)
    for (name, summary) in zip(names, summaries) {
      let points = expected(recorded, name: name)
      #expect(try store.series(name, of: run) == points)
      let values = points.map(\.value)
      let last = try #require(points.last)
      #expect(summary.last == last.value && summary.lastStep == last.step)
      #expect(summary.count == points.count)
      #expect(summary.minimum == values.min() && summary.maximum == values.max())
      #expect(points.first { $0.step == summary.minimumStep }?.value == summary.minimum)
      #expect(points.first { $0.step == summary.maximumStep }?.value == summary.maximum)
    }
  }

  @Test("come to what their values say, in whatever portions they are recorded")
  func summaries() throws {
    let ground = try RunGround()
    SeededCases.check(randomCount: 60) { generator in
      // Mostly rising steps, as trainers record them; sometimes a step again, or an earlier one.
      var step = 0
      return (0..<(1 + generator.nextIndex(below: 8))).map { _ in
        (0..<(1 + generator.nextIndex(below: 6))).map { _ in
          step = max(0, step + generator.nextIndex(below: 6) - 1)
          return MetricPoint(
            ["loss", "f1"][generator.nextIndex(below: 2)], step: step,
            value: Double(generator.nextIndex(below: 7)) / 4)
        }
      }
    } _: { (portions: [[MetricPoint]]) in
      let run = try ground.store.beginRun(ground.plan())
      var recorded: [MetricPoint] = []
      for portion in portions {
        try ground.store.record(portion, of: run)
        recorded += portion
        try Self.check(ground.store, run, recorded)
      }
      // Finishing packs the values and changes none.
      let finished = try ground.store.finish(run, model: [1], seconds: 1, stepCount: 1)
      try Self.check(ground.store, finished, recorded)
    }
  }

  @Test("are cut at the checkpoint when a run is taken up, and come to what is left")
  func truncation() throws {
    let ground = try RunGround()
    SeededCases.check(randomCount: 40) { generator in
      (0..<(1 + generator.nextIndex(below: 20))).map { _ in
        MetricPoint(
          ["loss", "f1"][generator.nextIndex(below: 2)], step: generator.nextIndex(below: 12),
          value: Double(generator.nextIndex(below: 9)))
      }
    } _: { (points: [MetricPoint]) in
      let run = try ground.store.beginRun(ground.plan())
      try ground.store.checkpoint(
        [5], epoch: 6, metrics: points, seconds: 1, stepCount: 1, of: run)
      let (resumed, _) = try ground.store.resume(run.number)
      try Self.check(ground.store, resumed, points.filter { $0.step <= 6 })
    }
  }

  @Test("are kept apart run by run")
  func apart() throws {
    let ground = try RunGround()
    let runs = try (0..<3).map { _ in try ground.store.beginRun(ground.plan()) }
    for (number, run) in runs.enumerated() {
      try ground.store.record([MetricPoint("loss", step: 1, value: Double(number))], of: run)
    }
    for (number, run) in runs.enumerated() {
      #expect(try ground.store.metrics(of: run).map(\.last) == [Double(number)])
    }
  }

  @Test("keep every bit of a value, and steps of any sign")
  func exact() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    let values = [0.1, -0.0, .leastNonzeroMagnitude, 1.7976931348623157e308, 1.0 / 3, -1e-21]
    let points = values.enumerated().map {
      MetricPoint("loss", step: [-5, 0, 1, 7, 1 << 40, 1 << 60][$0.offset], value: $0.element)
    }
    try ground.store.record(points, of: run)
    let found = try ground.store.series("loss", of: run)
    #expect(found.map(\.value.bitPattern) == values.map(\.bitPattern))
    #expect(found.map(\.step) == points.map(\.step))
  }

  @Test(
    "are finite, or none of the portion is recorded",
    arguments: [Double.nan, .infinity, -.infinity])
  func finite(value: Double) throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    expectStoreError(
      .badRequest,
      saying:
        "Could not record metric 'loss' of run 1: its value at step 2 is \(value), expected a "
        + "finite number. Look for a division by zero or a learning rate that is too large."
    ) {
      try ground.store.record(
        [
          MetricPoint("f1", step: 1, value: 1), MetricPoint("loss", step: 1, value: 1),
          MetricPoint("loss", step: 2, value: value),
        ], of: run)
    }
    #expect(try ground.store.metrics(of: run).isEmpty)
  }
}
