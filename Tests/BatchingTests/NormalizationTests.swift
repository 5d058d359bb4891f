import Batching
import Signals
import StoreSupport
import TestSupport
import Testing
import VersionedStore

@Suite("A scaling")
struct NormalizationTests {
  /// Mean and standard deviation by their definitions, over all readings of some examples.
  private static func definitions(
    _ ground: BatchGround, examples: [Int]
  ) throws -> (means: [Double], deviations: [Double]) {
    let width = ground.view.channels.count
    var columns = [[Double]](repeating: [], count: width)
    for example in examples {
      for (place, value) in ground.naiveExample(example).enumerated() where value.isFinite {
        columns[place % width].append(Double(value))
      }
    }
    let means = columns.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)).squareRoot()
    }
    return (means, deviations)
  }

  @Test("is fitted to the training part, and to nothing else")
  func trainingOnly() throws {
    let ground = try BatchGround.people(stride: 5)
    let split = try ground.store.makeSplit(
      of: ground.view, by: .subject, validation: "S2", test: "S3,S4")
    let reader = try ExampleReader(ground.view, in: ground.store)
    let training = try ExampleSelection(.training, of: split, in: ground.store).examples
    let fitted = try Normalization.fit(.standard, examples: training, reader: reader)
    let expected = try Self.definitions(ground, examples: training)
    expectClose(fitted.means.map { Double($0) }, expected.means, relative: 1e-6, absolute: 1e-7)
    expectClose(
      fitted.factors.map { 1 / Double($0) }, expected.deviations, relative: 1e-6)
    // The same store with other numbers in the other parts gives the same fit.
    let others = try BatchGround(
      ground.sketches.map { sketch in
        sketch.with { if $0.subject != "S1" { $0.seed = 77 } }
      }, stride: 5)
    let otherReader = try ExampleReader(others.view, in: others.store)
    let otherSplit = try others.store.makeSplit(
      of: others.view, by: .subject, validation: "S2", test: "S3,S4")
    let otherTraining = try ExampleSelection(.training, of: otherSplit, in: others.store).examples
    #expect(
      try Normalization.fit(.standard, examples: otherTraining, reader: otherReader) == fitted)
    let all = try Normalization.fit(
      .standard, examples: Array(0..<ground.view.exampleCount), reader: reader)
    #expect(all != fitted)
  }

  @Test("brings the examples that it was fitted to to mean 0 and deviation 1")
  func applied() throws {
    let ground = try BatchGround.people()
    let reader = try ExampleReader(ground.view, in: ground.store)
    let examples = Array(0..<ground.view.exampleCount)
    let fitted = try Normalization.fit(.standard, examples: examples, reader: reader)
    var columns = [[Double]](repeating: [], count: 3)
    for example in examples {
      var values = try reader.example(example)
      values.withUnsafeMutableBufferPointer { fitted.apply(to: $0) }
      for (place, value) in values.enumerated() { columns[place % 3].append(Double(value)) }
    }
    for column in columns {
      let mean = column.reduce(0, +) / Double(column.count)
      let square = column.reduce(0) { $0 + $1 * $1 } / Double(column.count)
      #expect(abs(mean) < 1e-6 && abs(square - 1) < 1e-5)
    }
  }

  @Test(
    "shifts a constant channel and does not stretch its rounding",
    arguments: [0, 9.81, -1e6, 1e-20])
  func constant(value: Float) throws {
    let rate = try #require(SampleRate(hertz: 1))
    let values = (0..<20).flatMap { [value, Float($0)] }
    let recording = Recording(
      source: try RecordingSketch("a").recording.source, name: "a",
      series: TimeSeries(
        channels: [Channel(name: "constant"), Channel(name: "ramp")], rate: rate,
        values: .float32(values)))
    let store = try StoreFolder().create()
    var staged = try store.stage(try DatasetName("d"), kind: "recordings")
    try staged.append(recording)
    let version = try staged.commit(
      because: "", ingestion: IngestionRecord(reader: "recordings")
    ).version
    let view = try store.makeView(of: version, window: 5, labelled: false)
    let reader = try ExampleReader(view, in: store)
    let fitted = try Normalization.fit(.standard, examples: Array(0..<4), reader: reader)
    #expect(fitted.means[0] == value && fitted.factors[0] == 1 && fitted.factors[1] != 1)
    var example = try reader.example(2)
    example.withUnsafeMutableBufferPointer { fitted.apply(to: $0) }
    #expect(stride(from: 0, to: 10, by: 2).allSatisfy { example[$0] == 0 })
  }

  @Test(
    "takes a channel that differs only by rounding for constant",
    arguments: [9.81, -1e6] as [Float])
  func almostConstant(value: Float) throws {
    let rate = try #require(SampleRate(hertz: 1))
    let recording = Recording(
      source: try RecordingSketch("a").recording.source, name: "a",
      series: TimeSeries(
        channels: [Channel(name: "x")], rate: rate,
        values: .float32((0..<20).map { $0 % 3 == 0 ? value.nextUp : value })))
    let store = try StoreFolder().create()
    var staged = try store.stage(try DatasetName("d"), kind: "recordings")
    try staged.append(recording)
    let version = try staged.commit(
      because: "", ingestion: IngestionRecord(reader: "recordings")
    ).version
    let view = try store.makeView(of: version, window: 5, labelled: false)
    let reader = try ExampleReader(view, in: store)
    let fitted = try Normalization.fit(.standard, examples: Array(0..<4), reader: reader)
    #expect(fitted.factors == [1])
  }

  @Test("leaves out readings that are kept missing, and keeps them missing")
  func missing() throws {
    let ground = try BatchGround(
      [RecordingSketch("a").with { $0.missingEvery = 6 }], labelled: false, fill: .keep)
    let reader = try ExampleReader(ground.view, in: ground.store)
    let examples = Array(0..<ground.view.exampleCount)
    let fitted = try Normalization.fit(.standard, examples: examples, reader: reader)
    let expected = try Self.definitions(ground, examples: examples)
    expectClose(fitted.means.map { Double($0) }, expected.means, relative: 1e-6, absolute: 1e-7)
    var values = try reader.example(0)
    let before = values.map(\.isNaN)
    values.withUnsafeMutableBufferPointer { fitted.apply(to: $0) }
    #expect(values.map(\.isNaN) == before && before.contains(true))
  }

  @Test("of no kind changes nothing")
  func none() throws {
    let ground = try BatchGround.people()
    let reader = try ExampleReader(ground.view, in: ground.store)
    let fitted = try Normalization.fit(.none, examples: [0, 1], reader: reader)
    #expect(fitted == Normalization(means: [0, 0, 0], factors: [1, 1, 1]))
    var values = try reader.example(0)
    values.withUnsafeMutableBufferPointer { fitted.apply(to: $0) }
    #expect(try values == reader.example(0))
  }
}
