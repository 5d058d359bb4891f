internal import Durability
internal import Randomness
public import Signals

/// A small recording told by a few words: its numbers follow from a seed, so that a test can ask for
/// any of them again.
public struct RecordingSketch: Sendable {
  /// Three channels of two devices.
  public static let usualChannels = [
    Channel(name: "acc-x", unit: "g", sensor: "wrist"),
    Channel(name: "acc-y", unit: "g", sensor: "wrist"),
    Channel(name: "gyro-z", unit: "rad/s", sensor: "hip"),
  ]
  /// The meaning of the labels: 0 and 1 have one, 2 has none.
  public static let usualVocabulary = Vocabulary([
    Vocabulary.Term(code: 0, name: "rest"), Vocabulary.Term(code: 1, name: "walk"),
  ])

  /// The name of the recording, and of its file without the extension.
  public var name: String
  /// Who was measured.
  public var subject: String? = "S1"
  /// In which sitting.
  public var session: String?
  /// How many readings each channel has.
  public var sampleCount = 100
  /// The channels.
  public var channels = Self.usualChannels
  /// Readings per second.
  public var rateInHertz = 10.0
  /// What the numbers come from; recordings with the same seed and size have the same readings.
  public var seed: UInt64
  /// Whether the numbers have double precision.
  public var isDouble = false
  /// How many readings keep a label before the next one: 0, 1, 2, 0, …; nothing means no track.
  public var runLength: Int? = 20
  /// Every reading whose number in the file is a multiple of this is missing; 0 means none.
  public var missingEvery = 0
  /// Whether each reading has its own time.
  public var hasTimes = false

  /// Sketches a recording.
  public init(_ name: String, seed: UInt64? = nil) {
    self.name = name
    self.seed = seed ?? Seed(1).child(name).value
  }

  /// The same with some changes.
  public func with(_ change: (inout RecordingSketch) -> Void) -> RecordingSketch {
    var sketch = self
    change(&sketch)
    return sketch
  }

  /// The numbers in double precision, shape `[time, channel]`.
  public var values: [Double] {
    var generator = Seed(seed).generator()
    return (0..<(sampleCount * channels.count)).map { index in
      let value = generator.nextNormal()
      return missingEvery > 0 && index % missingEvery == 0 ? .nan : value
    }
  }

  /// The code of each reading.
  public var codes: [Int32] {
    guard let runLength else { return [] }
    return (0..<sampleCount).map { Int32($0 / runLength % 3) }
  }

  /// The recording.
  public var recording: Recording {
    get throws {
      let values = values
      guard let rate = SampleRate(hertz: rateInHertz) else {
        preconditionFailure("A sketch needs a rate that is finite and positive.")
      }
      let text = "\(name) \(seed) \(sampleCount)"
      return Recording(
        source: SourceReference(
          name: "\(name).csv", sizeInBytes: text.utf8.count,
          sha256: ContentHash(of: Array(text.utf8)).hexText),
        name: name, subject: subject, session: session, isSimulated: true,
        series: TimeSeries(
          channels: channels, rate: rate, startTimeInSeconds: 5,
          values: isDouble ? .float64(values) : .float32(values.map { Float($0) }),
          times: hasTimes ? (0..<sampleCount).map { 5 + Double($0) * 0.11 } : nil,
          labels: runLength == nil
            ? []
            : [LabelTrack(name: "activity", codes: codes, vocabulary: Self.usualVocabulary)]))
    }
  }
}
