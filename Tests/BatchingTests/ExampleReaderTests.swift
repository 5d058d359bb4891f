import Batching
import Signals
import StoreSupport
import TestSupport
import Testing
import VersionedStore

@Suite("An example")
struct ExampleReaderTests {
  private static let sketches = [
    RecordingSketch("a").with { $0.missingEvery = 7 }, RecordingSketch("b"),
    RecordingSketch("c").with { ($0.channels, $0.missingEvery) = ($0.channels.reversed(), 11) },
    RecordingSketch("d").with { ($0.isDouble, $0.missingEvery) = (true, 4) },
  ]

  @Test(
    "is what a plain cut from the raw recording gives, whatever the fill, layout and memory",
    arguments: MissingValuePolicy.Fill.allCases, ShardLayout.Storage.allCases)
  func equalsPlainCut(fill: MissingValuePolicy.Fill, storage: ShardLayout.Storage) throws {
    for channels in [nil, ["gyro-z", "acc-x"], ["acc-y"]] as [[String]?] {
      let ground = try BatchGround(
        Self.sketches, window: 9, stride: 4, channels: channels, labelled: false, fill: fill,
        storage: storage)
      for budget in [0, 1_000, 1 << 30] {
        let reader = try ExampleReader(
          ground.view, in: ground.store, memoryBudgetInBytes: budget)
        #expect(reader.exampleShape == [9, channels?.count ?? 3])
        #expect(reader.exampleLength == reader.exampleShape.reduce(1, *))
        // Back and forth between recordings, so that a small budget evicts.
        let count = ground.view.exampleCount
        for example in (0..<count).map({ $0 * 29 % count }) {
          let expected = ground.naiveExample(example)
          expectClose(try reader.example(example), expected, relative: 1e-6, absolute: 1e-6)
        }
      }
    }
  }

  @Test("has exactly the numbers of the source where nothing is filled")
  func exact() throws {
    let ground = try BatchGround(Self.sketches, window: 9, stride: 4, labelled: false, fill: .keep)
    let reader = try ExampleReader(ground.view, in: ground.store)
    for example in 0..<ground.view.exampleCount {
      #expect(try bits(reader.example(example)) == bits(ground.naiveExample(example)))
    }
  }

  @Test("does not depend on the memory that the reader may use, nor on what was read before")
  func budget() throws {
    let ground = try BatchGround(Self.sketches, window: 9, stride: 4, labelled: false)
    let plenty = try ExampleReader(ground.view, in: ground.store)
    let none = try ExampleReader(ground.view, in: ground.store, memoryBudgetInBytes: 0)
    for example in (0..<ground.view.exampleCount).reversed() {
      #expect(try bits(plenty.example(example)) == bits(none.example(example)))
    }
  }

  @Test("is filled from the readings of its own recording, across the borders of windows")
  func acrossWindows() throws {
    // Every reading of the second window but its last is missing.
    let rate = try #require(SampleRate(hertz: 1))
    let values: [Float] = [1, 2, .nan, .nan, .nan, 6]
    let recording = Recording(
      source: try RecordingSketch("a").recording.source, name: "a",
      series: TimeSeries(channels: [Channel(name: "x")], rate: rate, values: .float32(values)))
    let store = try StoreFolder().create()
    var staged = try store.stage(try DatasetName("d"), kind: "recordings")
    try staged.append(recording)
    let version = try staged.commit(
      because: "", ingestion: IngestionRecord(reader: "recordings")
    ).version
    let view = try store.makeView(of: version, window: 3, labelled: false)
    let reader = try ExampleReader(view, in: store)
    #expect(try reader.example(0) == [1, 2, 3])
    #expect(try reader.example(1) == [4, 5, 6])
  }
}

@Suite("Missing readings")
struct MissingValueFillTests {
  /// One recording in which the channels show every pattern of missing readings of a length.
  private static func recording(length: Int) throws -> Recording {
    let patterns = 1 << length
    var values: [Float] = []
    for sample in 0..<length {
      for pattern in 0..<patterns {
        values.append(pattern >> sample & 1 == 1 ? .nan : Float(sample * sample) + 0.5)
      }
    }
    guard let rate = SampleRate(hertz: 1) else { preconditionFailure("1 Hz is a rate.") }
    return Recording(
      source: try RecordingSketch("a").recording.source, name: "a",
      series: TimeSeries(
        channels: (0..<patterns).map { Channel(name: "pattern \($0)") }, rate: rate,
        values: .float32(values)))
  }

  @Test(
    "are filled as the plain way fills them, over all patterns of up to eight readings",
    arguments: 1...8, MissingValuePolicy.Fill.allCases)
  func exhaustive(length: Int, fill: MissingValuePolicy.Fill) throws {
    let store = try StoreFolder().create()
    let recording = try Self.recording(length: length)
    var staged = try store.stage(try DatasetName("d"), kind: "recordings")
    try staged.append(recording)
    let version = try staged.commit(
      because: "", ingestion: IngestionRecord(reader: "recordings")
    ).version
    let view = try store.makeView(
      of: version, window: length, labelled: false, missingValues: MissingValuePolicy(fill: fill))
    let found = try ExampleReader(view, in: store).example(0)
    guard case .float32(let raw) = recording.series.values else { return }
    let width = 1 << length
    for pattern in 0..<width {
      let column = (0..<length).map { raw[$0 * width + pattern] }
      let filled = (0..<length).map { found[$0 * width + pattern] }
      expectClose(filled, NaiveFill.filled(column, fill), relative: 1e-6)
    }
  }

  @Test("become zero where a channel has no reading at all, and repeat the nearest one at the ends")
  func ends() {
    let nan = Float.nan
    // The plain version itself, by hand.
    #expect(NaiveFill.filled([nan, nan], .linear) == [0, 0])
    #expect(NaiveFill.filled([nan, 3, nan, nan], .linear) == [3, 3, 3, 3])
    #expect(NaiveFill.filled([1, nan, nan, 4], .linear) == [1, 2, 3, 4])
    #expect(NaiveFill.filled([nan, 3], .zero) == [0, 3])
    #expect(NaiveFill.filled([nan, 3], .keep)[0].isNaN)
  }
}
