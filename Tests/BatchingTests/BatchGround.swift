import Batching
import Signals
import StoreSupport
import TestSupport
import VersionedStore

/// A store with a view and a split, and the plain way to cut an example.
struct BatchGround {
  let store: Store
  let sketches: [RecordingSketch]
  let view: View
  private let index: ExampleIndex
  /// The filled channels of the view, recording by recording.
  private let columns: [[[Float]]]

  init(
    _ sketches: [RecordingSketch], window: Int = 10, stride: Int? = nil, channels: [String]? = nil,
    labelled: Bool = true, fill: MissingValuePolicy.Fill = .linear,
    storage: ShardLayout.Storage = .contiguous
  ) throws {
    self.sketches = sketches
    store = try StoreFolder().create()
    let version = try store.commit(sketches, storage: storage).version
    view = try store.makeView(
      of: version, window: window, stride: stride, channels: channels, labelled: labelled,
      missingValues: MissingValuePolicy(fill: fill))
    index = try store.examples(of: view)
    let chosen = view.channels
    columns = sketches.map { sketch in
      let values = sketch.values
      return chosen.map { channel in
        let place = sketch.channels.firstIndex(of: channel) ?? 0
        let column = (0..<sketch.sampleCount).map { sample in
          Float(values[sample * sketch.channels.count + place])
        }
        return NaiveFill.filled(column, fill)
      }
    }
  }

  /// Four subjects with a recording each.
  static func people(stride: Int = 10) throws -> BatchGround {
    try BatchGround(
      (1...4).map { number in
        RecordingSketch("r\(number)").with {
          ($0.subject, $0.sampleCount) = ("S\(number)", 70 + 10 * number)
        }
      }, stride: stride)
  }

  /// The example cut from the sketch, filled the plainest way.
  func naiveExample(_ example: Int) -> [Float] {
    let columns = columns[Int(index.recordings[example])]
    let start = Int(index.starts[example])
    return (start..<(start + view.framing.lengthInSamples)).flatMap { sample in
      columns.map { $0[sample] }
    }
  }
}

/// Fills missing readings of one channel by looking around each of them.
enum NaiveFill {
  static func filled(_ column: [Float], _ fill: MissingValuePolicy.Fill) -> [Float] {
    column.indices.map { place in
      guard column[place].isNaN else { return column[place] }
      switch fill {
      case .keep: return .nan
      case .zero: return 0
      case .linear:
        let before = column[..<place].lastIndex { !$0.isNaN }
        let after = column[place...].firstIndex { !$0.isNaN }
        switch (before, after) {
        case (let before?, let after?):
          let share = Float(place - before) / Float(after - before)
          return column[before] + (column[after] - column[before]) * share
        case (let only?, nil), (nil, let only?): return column[only]
        case (nil, nil): return 0
        }
      }
    }
  }
}

extension ExampleReader {
  /// One example as an array.
  func example(_ number: Int) throws -> [Float] {
    var values = [Float](repeating: -999, count: exampleLength)
    try values.withUnsafeMutableBufferPointer { try read(number, into: $0) }
    return values
  }
}
