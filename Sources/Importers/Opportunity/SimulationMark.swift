internal import Signals

/// How simulated logs are told from real ones without leaving the 250-column format.
///
/// Two marks, either of which is enough:
/// - a file `SIMULATED.txt` beside the logs lists each one with its SHA-256 and the seed;
/// - the first line of a log holds, in the 12 columns of the location tags (232 to 243), the codes
///   of the letters `SIMULATED-V1` as millimetres. It survives when a log is copied alone or
///   renamed, and is beyond chance: all four tags would lie within a decimetre of each other and
///   the origin.
public enum SimulationMark {
  /// The name of the list beside the logs.
  public static let fileName = "SIMULATED.txt"

  /// The 12 values in the first line of a log.
  public static let firstLineValues: [Int] = Array("SIMULATED-V1".utf8).map(Int.init)

  /// The positions of the 12 values in a line, from 0.
  public static let firstLineColumns = 231..<243

  /// Whether the 242 readings of a first line carry the mark.
  static func isIn(firstLine readings: UnsafePointer<Float>) -> Bool {
    let offset = firstLineColumns.lowerBound - OpportunityColumns.sensorRange.lowerBound
    return firstLineValues.indices.allSatisfy {
      readings[offset + $0] == Float(firstLineValues[$0])
    }
  }

  /// The content of the list.
  static func listText(
    _ entries: [(name: String, sha256: String)], seed: UInt64, minutes: Double
  ) -> String {
    let head = """
      # The logs in this folder were made up by a program (signalstore simulate opportunity).
      # They have the format of the OPPORTUNITY data set and nothing else in common with it.
      # seed \(seed), \(minutes) minutes each; SHA-256 and name of each log:

      """
    return head + entries.map { "\($0.sha256)  \($0.name)\n" }.joined()
  }

  /// The SHA-256 of each log that a list names.
  static func entries(inList text: String) -> [String: String] {
    var entries: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let fields = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard fields.count == 2, fields[0].count == 64 else { continue }
      entries[String(fields[1].drop { $0 == " " || $0 == "*" })] = fields[0].lowercased()
    }
    return entries
  }
}
