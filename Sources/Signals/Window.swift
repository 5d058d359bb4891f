/// One example as a place in a recording: where it starts, what it is called, how much is missing.
public struct Window: Hashable, Sendable {
  /// The index of the first reading.
  public let startSample: Int
  /// The label, where the framing gives one.
  public let label: Int32?
  /// The share of the chosen readings that are missing, between 0 and 1.
  public let missingFraction: Float
}

extension Framing {
  /// The starts of all windows that fit into `sampleCount` readings, from the first reading on.
  ///
  /// Only whole windows count: the readings after the last whole window belong to no example.
  public func windowStarts(sampleCount: Int) -> StrideTo<Int> {
    let end = sampleCount - lengthInSamples + 1
    return stride(from: 0, to: max(0, end), by: strideInSamples)
  }

  /// The windows of a recording that the label rule and the missing-value policy let through.
  ///
  /// - Parameters:
  ///   - codes: the codes of the rule's track, one for each reading; nothing where the framing has
  ///     no label rule.
  ///   - missingCounts: how many of the chosen channels are missing in each reading.
  ///   - channelCount: how many channels are chosen.
  /// - Complexity: O(readings) for the missing counts and, for each window, its length.
  public func windows(codes: [Int32]?, missingCounts: [Int32], channelCount: Int) -> [Window] {
    var sums = [Int](repeating: 0, count: missingCounts.count + 1)
    for (index, count) in missingCounts.enumerated() {
      sums[index + 1] = sums[index] + Int(count)
    }
    var windows: [Window] = []
    for start in windowStarts(sampleCount: missingCounts.count) {
      let end = start + lengthInSamples
      let missing = Double(sums[end] - sums[start]) / Double(lengthInSamples * channelCount)
      guard missing <= missingValues.maximumMissingFraction else { continue }
      var label: Int32?
      if let labelRule, let codes {
        guard let agreed = labelRule.label(of: codes[start..<end]) else { continue }
        label = agreed
      }
      windows.append(
        Window(startSample: start, label: label, missingFraction: Float(missing)))
    }
    return windows
  }
}
