import Durability
import Foundation
import Randomness
import Signals
import VersionedStore

/// Recordings that a small network learns in seconds: each activity has its own level and its own
/// rhythm in two of three channels; the third is noise.
struct Waves {
  /// Activities in the order of their codes.
  static let vocabulary = Vocabulary([
    Vocabulary.Term(code: 1, name: "rest"), Vocabulary.Term(code: 2, name: "walk"),
    Vocabulary.Term(code: 3, name: "run"),
  ])
  /// The names of the channels.
  static let channels = ["acc-x", "acc-y", "noise"]

  /// The code of each stretch of 20 readings, in order.
  var codes: [Int32] = (0..<30).map { $0 % 3 + 1 }
  /// How far the levels of the activities are apart; the noise has a deviation of 1.
  var separation = 3.0
  /// What all readings are multiplied by.
  var unit = 1.0
  /// Every reading whose number is a multiple of this is missing; 0 means none.
  var missingEvery = 0
  /// What the numbers come from.
  var seed = Seed(11)

  /// The recording of a person.
  func recording(of subject: String) -> Recording {
    var random = seed.child(subject).generator()
    var values: [Float] = []
    let length = 20
    for (stretch, code) in codes.enumerated() {
      let phase = random.nextUniform() * 2 * Double.pi
      for sample in 0..<length {
        let time = Double(sample) / 10
        let rhythm = sin(2 * Double.pi * Double(code) * 0.7 * time + phase)
        let level = separation * Double(code - 2)
        for channel in [level + rhythm, rhythm - level, 0] {
          let value = Float(unit * (channel + random.nextNormal()))
          let number = (stretch * length + sample) * 3 + 1
          values.append(missingEvery > 0 && number % missingEvery == 0 ? .nan : value)
        }
      }
    }
    let labels = codes.flatMap { [Int32](repeating: $0, count: length) }
    guard let rate = SampleRate(hertz: 10) else { preconditionFailure("10 Hz is a rate.") }
    let text = Array("\(subject) \(seed.value)".utf8)
    return Recording(
      source: SourceReference(
        name: "\(subject).csv", sizeInBytes: text.count, sha256: ContentHash(of: text).hexText),
      name: subject, subject: subject, isSimulated: true,
      series: TimeSeries(
        channels: Self.channels.map { Channel(name: $0, unit: "g") }, rate: rate,
        values: .float32(values),
        labels: [LabelTrack(name: "activity", codes: labels, vocabulary: Self.vocabulary)]))
  }
}
