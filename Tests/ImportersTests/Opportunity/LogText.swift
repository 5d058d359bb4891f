import Importers
import Signals

/// Lines in the OPPORTUNITY format, made by hand.
struct LogText {
  /// The fields of one line: clock 33 ms apart, reading `column + index`, no labels.
  static func fields(_ index: Int) -> [String] {
    let clock = String((index * 1000 + 15) / 30)
    return [clock] + (1..<243).map { String($0 + index) } + Array(repeating: "0", count: 7)
  }

  /// A whole log; `change` may edit the fields of each line.
  static func log(
    lineCount: Int, lineEnd: String = "\n", change: (Int, inout [String]) -> Void = { _, _ in }
  ) -> String {
    (0..<lineCount).map { index in
      var fields = fields(index)
      change(index, &fields)
      return fields.joined(separator: " ") + lineEnd
    }.joined()
  }

  /// A whole log with some fields of one line (from 1) replaced, by column (from 1).
  static func log(lineCount: Int, line: Int, replacing fields: [Int: String]) -> String {
    log(lineCount: lineCount) { index, all in
      guard index + 1 == line else { return }
      for (column, text) in fields { all[column - 1] = text }
    }
  }

  /// Reads a log from a folder.
  static func read(
    _ folder: ImportFolder, _ name: String = "S1-ADL1.dat",
    onBadLine: BadLinePolicy = .refuse
  ) throws -> (recording: Recording, report: SourceReport) {
    var recordings: [Recording] = []
    let reader = OpportunityReader(.init(onBadLine: onBadLine))
    let report = try reader.read(folder.source(name)) { recordings.append($0) }
    return (recordings[0], report)
  }
}

extension Recording {
  /// The readings, where they are in single precision.
  var floats: [Float] { if case .float32(let values) = series.values { values } else { [] } }
  /// The readings, where they are in double precision.
  var doubles: [Double] { if case .float64(let values) = series.values { values } else { [] } }
  /// The sum of each channel, missing readings left out.
  var sums: [Double] {
    let count = series.channels.count
    var sums = [Double](repeating: 0, count: count)
    switch series.values {
    case .float32(let values):
      for (index, value) in values.enumerated() where !value.isNaN {
        sums[index % count] += Double(value)
      }
    case .float64(let values):
      for (index, value) in values.enumerated() where !value.isNaN { sums[index % count] += value }
    }
    return sums
  }
}
