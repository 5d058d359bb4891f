import Durability
import Randomness
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// A way in which readings are stored.
struct Storing: Sendable, CustomTestStringConvertible {
  let storage: ShardLayout.Storage
  let isDouble: Bool

  static let all = ShardLayout.Storage.allCases.flatMap { storage in
    [false, true].map { Storing(storage: storage, isDouble: $0) }
  }

  var testDescription: String { "\(storage.rawValue) float\(isDouble ? 64 : 32)" }
}

@Suite("Readings come back")
struct SeriesReaderTests {
  private static func slice(
    _ sketch: RecordingSketch, samples: Range<Int>, channels: [Int]
  ) -> [Float] {
    let values = sketch.values
    return samples.flatMap { sample in
      channels.map { Float(values[sample * sketch.channels.count + $0]) }
    }
  }

  private static func read(
    _ reader: SeriesReader, recording: Int, samples: Range<Int>, channels: [Int]
  ) throws -> [Float] {
    var target = [Float](repeating: -999, count: samples.count * channels.count)
    try target.withUnsafeMutableBufferPointer { target in
      try reader.read(recording: recording, samples: samples, channels: channels, into: target)
    }
    return target
  }

  @Test("bit by bit, missing ones too", arguments: Storing.all)
  func exact(storing: Storing) throws {
    let folder = try StoreFolder()
    let sketches = (0..<3).map { number in
      RecordingSketch("r\(number)").with {
        $0.isDouble = storing.isDouble
        $0.sampleCount = [1, 64, 1000][number]
        $0.missingEvery = [0, 3, 11][number]
      }
    }
    let version = try folder.create().commit(sketches, storage: storing.storage).version
    let store = try folder.open(for: .reading)
    for (number, sketch) in sketches.enumerated() {
      #expect(
        try bits(store.readings(of: version, recording: number))
          == bits(sketch.values.map { Float($0) }))
    }
  }

  @Test(
    "in any slice of time and any choice of channels, in the order asked for",
    arguments: Storing.all)
  func slices(storing: Storing) throws {
    let sketch = RecordingSketch("a").with {
      $0.isDouble = storing.isDouble
      $0.sampleCount = 5
    }
    let store = try StoreFolder().create()
    let version = try store.commit(
      [RecordingSketch("0"), sketch], storage: storing.storage
    ).version
    let reader = try SeriesReader(of: version, in: store)
    let choices = [[0], [2], [0, 1, 2], [2, 0], [1, 1], [2, 1, 0], [0, 1]]
    for first in 0..<5 {
      for last in (first + 1)...5 {
        for channels in choices {
          #expect(
            try bits(Self.read(reader, recording: 1, samples: first..<last, channels: channels))
              == bits(Self.slice(sketch, samples: first..<last, channels: channels)),
            "\(first)..<\(last) of \(channels)")
        }
      }
    }
  }

  @Test("extreme numbers and signed zeros included")
  func extremes() throws {
    let numbers: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      -.infinity, .nan, 1e-21, 16_777_216,
    ]
    let rate = try #require(SampleRate(hertz: 1))
    func recording(_ name: String, _ values: SampleValues) throws -> Recording {
      Recording(
        source: try RecordingSketch(name).recording.source, name: name,
        series: TimeSeries(channels: [Channel(name: "x")], rate: rate, values: values))
    }
    let doubles: [Double] = [1e300, -1e300, 1e-300, 0.1, 1.0 / 3, 1e-21, 16_777_217, .nan]
    for storage in ShardLayout.Storage.allCases {
      let store = try StoreFolder().create()
      var staged = try store.stage(
        try DatasetName("d"), kind: "recordings", storage: storage)
      try staged.append(try recording("a", .float32(numbers)))
      try staged.append(try recording("b", .float64(doubles)))
      let version = try staged.commit(
        because: "", ingestion: IngestionRecord(reader: "recordings")
      ).version
      #expect(try bits(store.readings(of: version, recording: 0)) == bits(numbers))
      // Read as single precision: rounded to nearest, as Swift and NumPy do.
      #expect(
        try bits(store.readings(of: version, recording: 1)) == bits(doubles.map { Float($0) }))
    }
  }

  @Test("with their labels and times")
  func labelsAndTimes() throws {
    let store = try StoreFolder().create()
    let sketches = [
      RecordingSketch("a").with { $0.hasTimes = true },
      RecordingSketch("b").with { $0.runLength = 7 },
    ]
    let version = try store.commit(sketches).version
    let reader = try SeriesReader(of: version, in: store)
    for (position, sketch) in sketches.enumerated() {
      #expect(try reader.codes(ofTrack: "activity", recording: position) == sketch.codes)
    }
    #expect(try reader.times(recording: 0) == (try sketches[0].recording.series.times))
    #expect(try reader.times(recording: 1) == nil)
  }

  @Test(
    "of a recording that is longer than a shard",
    arguments: [
      Storing(storage: .contiguous, isDouble: false), Storing(storage: .compressed, isDouble: true),
    ])
  func severalShards(storing: Storing) throws {
    // 512 or 256 bytes of readings, 8 of time and 4 of labels a row: more than 48 MiB.
    let rowInBytes = (storing.isDouble ? 512 : 256) + 12
    let sampleCount = (48 << 20) / rowInBytes + 1_000
    let sketch = RecordingSketch("long").with {
      $0.channels = (0..<64).map { Channel(name: "c\($0)") }
      $0.sampleCount = sampleCount
      $0.isDouble = storing.isDouble
      $0.hasTimes = true
    }
    let folder = try StoreFolder()
    let store = try folder.create()
    let outcome = try store.commit(
      [RecordingSketch("a"), sketch, RecordingSketch("z")], storage: storing.storage)
    // The short one before, the first 48 MiB, the rest, and the short one after.
    #expect(outcome.shardsWritten == 4)
    for shard in try store.shards(of: outcome.version) { #expect(shard.sizeInBytes <= 64 << 20) }
    let recording = try sketch.recording
    let reader = try SeriesReader(of: outcome.version, in: store)
    // Around the border, and all of it.
    let border = (48 << 20) / rowInBytes
    for samples in [(border - 3)..<(border + 3), 0..<sampleCount, (sampleCount - 1)..<sampleCount] {
      let channels = samples.count < 10 ? [63, 0] : Array(0..<64)
      let found = try Self.read(reader, recording: 1, samples: samples, channels: channels)
      var isEqual = true
      for (slot, sample) in samples.enumerated() {
        for (place, channel) in channels.enumerated() {
          let index = sample * 64 + channel
          let expected =
            switch recording.series.values {
            case .float32(let values): values[index]
            case .float64(let values): Float(values[index])
            }
          isEqual = isEqual && found[slot * channels.count + place] == expected
        }
      }
      #expect(isEqual, "\(samples)")
    }
    #expect(try reader.codes(ofTrack: "activity", recording: 1) == sketch.codes)
    #expect(try reader.times(recording: 1) == recording.series.times)
    #expect(try store.commit([RecordingSketch("a"), sketch, RecordingSketch("z")]).isNew == false)
  }

  @Test("whether a track has few words or more than an attribute holds")
  func longVocabulary() throws {
    let terms = (0..<3_000).map { Vocabulary.Term(code: Int32($0), name: "meaning number \($0)") }
    let sketch = try RecordingSketch("a").recording
    let recording = Recording(
      source: sketch.source, name: "a",
      series: TimeSeries(
        channels: (0..<300).map { Channel(name: String(repeating: "long ", count: 30) + "\($0)") },
        rate: sketch.series.rate, values: .float32([Float](repeating: 1, count: 600)),
        labels: [LabelTrack(name: "t", codes: [7, 2_999], vocabulary: Vocabulary(terms))]))
    let store = try StoreFolder().create()
    var staged = try store.stage(try DatasetName("d"), kind: "recordings")
    try staged.append(recording)
    let version = try staged.commit(
      because: "", ingestion: IngestionRecord(reader: "recordings")
    ).version
    let summary = try #require(try store.recordings(of: version).first)
    #expect(summary.labels[0].vocabulary == Vocabulary(terms))
    #expect(
      try SeriesReader(of: version, in: store).codes(ofTrack: "t", recording: 0) == [7, 2_999])
  }
}

@Suite("A shard that is not what was published")
struct DamagedShardTests {
  /// A store with one recording, and the path of its shard.
  private static func store() throws -> (
    folder: StoreFolder, store: Store, shard: FilePath, hash: String
  ) {
    let folder = try StoreFolder()
    let store = try folder.create()
    let version = try store.commit([RecordingSketch("a")]).version
    let hash = try #require(try store.shards(of: version).first).hash
    let path = folder.root.appending("objects").appending(String(hash.prefix(2)))
      .appending("\(hash).h5")
    return (folder, store, path, hash)
  }

  private static let advice =
    "Version daily@1 depends on it. Restore it from a copy of the store; `signalstore "
    + "verify` lists what depends on it."

  @Test("is never read: one bit is enough", arguments: [0, 9, 1_000, -1])
  func flippedBit(place: Int) throws {
    let (folder, _, path, hash) = try Self.store()
    let files = LocalFileSystem()
    var bytes = try files.read(path, limitInBytes: 1 << 20)
    bytes[place < 0 ? bytes.count - 1 : place] ^= 1
    try files.remove(path)
    try files.write(bytes, toNew: path)
    let found = ContentHash(of: bytes).hexText
    let store = try folder.open(for: .reading)
    let version = try store.version(try VersionReference("daily"))
    expectStoreError(
      .damaged,
      saying: "Could not read object \(hash.prefix(12))…: its bytes have SHA-256 "
        + "\(found.prefix(12))…. \(Self.advice)"
    ) { _ = try store.readings(of: version, recording: 0) }
  }

  @Test("is named when it is gone")
  func removed() throws {
    let (folder, _, path, hash) = try Self.store()
    try LocalFileSystem().remove(path)
    let store = try folder.open(for: .reading)
    let version = try store.version(try VersionReference("daily"))
    let error = expectStoreError(.damaged) {
      _ = try SeriesReader(of: version, in: store).codes(ofTrack: "activity", recording: 0)
    }
    #expect(
      error?.message.hasPrefix("Could not read object \(hash.prefix(12))…: Could not") == true)
    #expect(error?.message.hasSuffix(Self.advice) == true)
  }

  @Test("is named when it is cut, empty, or a link to the right bytes")
  func replaced() throws {
    let files = LocalFileSystem()
    for kind in ["cut", "empty", "link"] {
      let (folder, _, path, _) = try Self.store()
      let bytes = try files.read(path, limitInBytes: 1 << 20)
      try files.remove(path)
      switch kind {
      case "cut": try files.write(Array(bytes.dropLast(100)), toNew: path)
      case "empty": try files.write([], toNew: path)
      default:
        try files.write(bytes, toNew: folder.root.appending("tmp").appending("elsewhere"))
        let link = try ChildProcess.run("ln", ["-s", "../../tmp/elsewhere", path.string])
        #expect(link.status == 0)
      }
      let store = try folder.open(for: .reading)
      let version = try store.version(try VersionReference("daily"))
      expectStoreError(.damaged) { _ = try store.readings(of: version, recording: 0) }
    }
  }
}
