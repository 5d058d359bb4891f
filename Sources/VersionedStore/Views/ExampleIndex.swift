/// Where every example of a view lies: column by column, in the order of the examples.
///
/// Examples are ordered by recording (as in the version: by name), then by time.
public struct ExampleIndex: Hashable, Sendable {
  /// The position of the example's recording among the recordings of the version.
  public internal(set) var recordings: [Int32] = []
  /// The first reading of the example.
  public internal(set) var starts: [Int64] = []
  /// The label; `LabelTrack.unlabelled` where the framing gives none.
  public internal(set) var labels: [Int32] = []
  /// The share of the chosen readings that are missing.
  public internal(set) var missingFractions: [Float] = []

  /// How many examples there are.
  public var count: Int { starts.count }

  /// The labels that occur and how often, by rising code.
  public var labelCounts: [(code: Int32, count: Int)] {
    var counts: [Int32: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { (code: $0.key, count: $0.value) }
  }
}
