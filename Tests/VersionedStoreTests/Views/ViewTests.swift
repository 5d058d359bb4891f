import Durability
import Signals
import StoreSupport
import TestSupport
import Testing
import VersionedStore

@Suite("A view")
struct ViewTests {
  private static func store() throws -> (Store, Version) {
    let store = try StoreFolder().create()
    let version = try store.commit([
      RecordingSketch("a"), RecordingSketch("b").with { ($0.subject, $0.sampleCount) = ("S2", 57) },
      RecordingSketch("c").with { ($0.subject, $0.sampleCount) = ("S3", 7) },
    ]).version
    return (store, version)
  }

  @Test("lists the examples of every recording in order, those too short giving none")
  func unlabelled() throws {
    let (store, version) = try Self.store()
    let view = try store.makeView(of: version, window: 20, stride: 15, labelled: false)
    let index = try store.examples(of: view)
    #expect(index.recordings == [0, 0, 0, 0, 0, 0, 1, 1, 1])
    #expect(index.starts == [0, 15, 30, 45, 60, 75, 0, 15, 30])
    #expect(index.labels.allSatisfy { $0 == -1 } && index.missingFractions.allSatisfy { $0 == 0 })
    #expect(view.exampleCount == 9 && view.labels.isEmpty)
    #expect(view.channels == RecordingSketch.usualChannels && view.rate.hertz == 10)
  }

  @Test("keeps pure windows only, and names and counts their labels")
  func pure() throws {
    let (store, version) = try Self.store()
    let view = try store.makeView(of: version, window: 10, stride: 5)
    // Runs of 20 readings: 0 1 2 0 1 of recording a, 0 1 2(17) of b, 0(7) of c.
    let index = try store.examples(of: view)
    #expect(index.starts.prefix(6) == [0, 5, 10, 20, 25, 30])
    #expect(view.labels.map(\.code) == [0, 1, 2])
    #expect(view.labels.map(\.name) == ["rest", "walk", "2"])
    #expect(view.labels.map(\.count) == [9, 9, 5])
    #expect(view.exampleCount == 23)
    for (recording, start, label) in zip3(index) {
      let sketch = [RecordingSketch("a"), RecordingSketch("b")][recording]
      #expect(Set(sketch.codes[start..<(start + 10)]) == [label])
    }
  }

  private func zip3(_ index: ExampleIndex) -> [(Int, Int, Int32)] {
    (0..<index.count).map { (Int(index.recordings[$0]), Int(index.starts[$0]), index.labels[$0]) }
  }

  @Test("keeps the labels that it is told to keep, by majority where it is told so")
  func majority() throws {
    let (store, version) = try Self.store()
    let (view, _) = try store.view(
      try DatasetName("v"), of: version,
      framing: Framing(
        lengthInSamples: 15, strideInSamples: 15,
        labelRule: LabelRule(track: "activity", agreement: .majority, codes: [1, 2])))
    // a: windows at 0 15 30 45 60 75 have 0 1 1 2 0 1; b: 0 15 30 have 0 1 1; c is too short.
    #expect(try store.examples(of: view).labels == [1, 1, 2, 1, 1, 1])
    #expect(try store.examples(of: view).starts == [15, 30, 45, 75, 15, 30])
  }

  @Test(
    "takes channels by name and by pattern, each once, in the order asked for",
    arguments: [
      (["gyro-z"], ["gyro-z"]), (["acc-*"], ["acc-x", "acc-y"]),
      (["*"], ["acc-x", "acc-y", "gyro-z"]),
      (["*-z", "acc-x"], ["gyro-z", "acc-x"]), (["*c-*", "*"], ["acc-x", "acc-y", "gyro-z"]),
      (["acc-y", "acc-*"], ["acc-y", "acc-x"]), (["*c*-x"], ["acc-x"]),
      (["**"], ["acc-x", "acc-y", "gyro-z"]),
      (["*o*-*z"], ["gyro-z"]),
    ] as [([String], [String])])
  func channels(patterns: [String], names: [String]) throws {
    let (store, version) = try Self.store()
    let view = try store.makeView(of: version, channels: patterns)
    #expect(view.channels.map(\.name) == names)
    #expect(view.framing.channels == names)
  }

  @Test(
    "does not take a channel that no recording has",
    arguments: ["mag", "acc", "acc-*-x", "x*", "acc-x*x"])
  func unknownChannel(pattern: String) throws {
    let (store, version) = try Self.store()
    expectStoreError(
      .notFound,
      saying: "Could not find channel '\(pattern)'. There are: acc-x, acc-y, gyro-z."
    ) { _ = try store.makeView(of: version, channels: [pattern]) }
  }

  @Test("counts what is missing in the chosen channels, and leaves out what misses too much")
  func missing() throws {
    let store = try StoreFolder().create()
    // Of every 12 readings in the file one is missing: every fourth of acc-x, none of the others.
    let sketch = RecordingSketch("a").with { $0.missingEvery = 12 }
    let version = try store.commit([sketch]).version
    let all = try store.makeView(of: version, window: 8, labelled: false)
    #expect(
      try store.examples(of: all).missingFractions
        == [Float](repeating: Float(2.0 / 24), count: 12))
    let one = try store.makeView(of: version, window: 8, channels: ["acc-x"], labelled: false)
    #expect(try store.examples(of: one).missingFractions.allSatisfy { $0 == 0.25 })
    let complete = try store.makeView(
      of: version, window: 3, stride: 1, channels: ["acc-x"], labelled: false,
      missingValues: MissingValuePolicy(maximumMissingFraction: 0))
    // 0 4 8 … are missing, so only windows from 1 5 9 … on are complete.
    #expect(
      try store.examples(of: complete).starts == (0...24).map { Int64(4 * $0 + 1) })
    let none = try store.makeView(of: version, window: 8, channels: ["gyro-z"], labelled: false)
    #expect(try store.examples(of: none).missingFractions.allSatisfy { $0 == 0 })
  }

  @Test("is refused when it cannot be cut, in one sentence, and the name means what it meant")
  func refusals() throws {
    let (store, version) = try Self.store()
    let known = try store.makeView("v", of: version)
    func refuse(_ expected: String, _ framing: Framing) {
      expectStoreError(.badRequest, saying: expected) {
        _ = try store.view(try DatasetName("v"), of: version, framing: framing)
      }
    }
    refuse(
      "Could not make the view 'v': a window of 0 readings makes no sense. Give a whole number from 1 "
        + "on.", Framing(lengthInSamples: 0, strideInSamples: 1))
    refuse(
      "Could not make the view 'v': a stride of -3 readings makes no sense. Give a whole number from 1 "
        + "on.", Framing(lengthInSamples: 5, strideInSamples: -3))
    for share in [-0.1, 1.5, .nan, .infinity] {
      refuse(
        "Could not make the view 'v': a missing share of \(share) makes no sense. Give a number from 0 "
          + "to 1.",
        Framing(
          lengthInSamples: 5, strideInSamples: 5,
          missingValues: MissingValuePolicy(maximumMissingFraction: share)))
    }
    refuse(
      "Could not make the view 'v': the list of channels is empty. Name some, or leave `--channels` out "
        + "for all.", Framing(lengthInSamples: 5, strideInSamples: 5, channels: []))
    refuse(
      "Could not make the view 'v': recording 'a' has no label track 'gesture'. It has: activity.",
      Framing(lengthInSamples: 5, strideInSamples: 5, labelRule: LabelRule(track: "gesture")))
    refuse(
      "Could not make the view 'v': no window of 101 readings fits the rules; the longest of 3 "
        + "recordings has 100 readings. Choose a shorter window or other labels.",
      Framing(lengthInSamples: 101, strideInSamples: 5))
    refuse(
      "Could not make the view 'v': no window of 5 readings fits the rules; the longest of 3 "
        + "recordings has 100 readings. Choose a shorter window or other labels.",
      Framing(
        lengthInSamples: 5, strideInSamples: 5, labelRule: LabelRule(track: "activity", codes: [77])
      ))
    #expect(try store.view(named: try DatasetName("v")).hash == known.hash)
  }

  @Test("is refused over recordings that do not go together")
  func unlike() throws {
    func refuse(
      _ expected: String, channels: [String]? = nil, _ change: (inout RecordingSketch) -> Void
    )
      throws
    {
      let store = try StoreFolder().create()
      let version = try store.commit([
        RecordingSketch("a"), RecordingSketch("b").with(change),
      ]).version
      expectStoreError(.badRequest, saying: expected) {
        _ = try store.makeView("v", of: version, channels: channels)
      }
    }
    try refuse(
      "Could not make the view 'v': recording 'b' has 20.0 Hz, 'a' has 10.0 Hz. Ingest recordings of "
        + "different rates as different datasets."
    ) { $0.rateInHertz = 20 }
    try refuse(
      "Could not make the view 'v': recording 'b' has no channel 'gyro-z'. Choose channels that all "
        + "recordings have."
    ) { $0.channels.removeLast() }
    try refuse(
      "Could not make the view 'v': channel 'acc-y' is in 'm/s^2' in 'b' and in 'g' in 'a'. Choose "
        + "channels of one unit.", channels: ["acc-y"]
    ) { $0.channels[1].unit = "m/s^2" }
  }

  @Test("takes channels that recordings have in another order")
  func otherOrder() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([
      RecordingSketch("a"), RecordingSketch("b").with { $0.channels.reverse() },
    ]).version
    let view = try store.makeView(of: version, channels: ["acc-x", "gyro-z"])
    #expect(view.channels.map(\.name) == ["acc-x", "gyro-z"])
  }
}
