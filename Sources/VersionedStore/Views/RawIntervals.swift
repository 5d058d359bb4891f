import Signals

/// The stretches of raw signal that each part uses, gathered by content.
struct RawIntervals {
  /// A run of readings, end excluded.
  struct Interval {
    var start: Int64
    var end: Int64
  }

  /// Readings that are the same wherever they are named.
  private struct Content {
    var names: [String] = []
    var rateInHertz: Double
    /// Sorted, disjoint intervals of each part, by part code.
    var intervals: [UInt8: [Interval]] = [:]
  }

  private var contents: [Content] = []
  let longestWindowInSeconds: Double

  init(
    parts: [UInt8], index: ExampleIndex, recordings: [RecordingSummary], windowLength: Int
  ) {
    var positionOfHash: [String: Int] = [:]
    var contentOfRecording: [Int] = []
    for recording in recordings {
      let position = positionOfHash[recording.contentHash] ?? contents.count
      if position == contents.count {
        positionOfHash[recording.contentHash] = position
        contents.append(Content(rateInHertz: recording.rate.hertz))
      }
      contents[position].names.append(recording.name)
      contentOfRecording.append(position)
    }
    for example in 0..<index.count where parts[example] != 0 {
      let start = index.starts[example]
      contents[contentOfRecording[Int(index.recordings[example])]]
        .intervals[parts[example], default: []]
        .append(Interval(start: start, end: start + Int64(windowLength)))
    }
    for position in contents.indices {
      contents[position].intervals = contents[position].intervals.mapValues(Self.merged)
    }
    longestWindowInSeconds =
      contents.map { Double(windowLength) / $0.rateInHertz }.max() ?? 0
  }

  private static func merged(_ intervals: [Interval]) -> [Interval] {
    var result: [Interval] = []
    for interval in intervals.sorted(by: { $0.start < $1.start }) {
      if let last = result.last, interval.start <= last.end {
        result[result.count - 1].end = max(last.end, interval.end)
      } else {
        result.append(interval)
      }
    }
    return result
  }

  private static let pairs: [(SplitPart, SplitPart)] = [
    (.training, .validation), (.training, .test), (.validation, .test),
  ]

  /// What pairs of parts share, content by content.
  func overlaps() -> [SplitCertificate.Overlap] {
    var overlaps: [SplitCertificate.Overlap] = []
    for content in contents {
      for (first, second) in Self.pairs {
        guard let left = content.intervals[first.code], let right = content.intervals[second.code]
        else { continue }
        let shared = Self.intersection(left, right)
        guard let start = shared.first?.start, let end = shared.last?.end else { continue }
        let samples = shared.reduce(0) { $0 + ($1.end - $1.start) }
        overlaps.append(
          SplitCertificate.Overlap(
            parts: [first, second], recordings: content.names.sorted(),
            seconds: Double(samples) / content.rateInHertz,
            from: Double(start) / content.rateInHertz, to: Double(end) / content.rateInHertz))
      }
    }
    return overlaps
  }

  private static func intersection(_ left: [Interval], _ right: [Interval]) -> [Interval] {
    var result: [Interval] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      let start = max(left[i].start, right[j].start)
      let end = min(left[i].end, right[j].end)
      if start < end { result.append(Interval(start: start, end: end)) }
      if left[i].end < right[j].end { i += 1 } else { j += 1 }
    }
    return result
  }

  /// The smallest distance between intervals of different parts of the same content; nothing where
  /// no content is in two parts, 0 where they touch or overlap.
  func smallestGapInSeconds() -> Double? {
    var smallest: Double?
    for content in contents {
      for (first, second) in Self.pairs {
        guard let left = content.intervals[first.code], let right = content.intervals[second.code]
        else { continue }
        let gap = Double(Self.distance(left, right)) / content.rateInHertz
        smallest = min(smallest ?? gap, gap)
      }
    }
    return smallest
  }

  private static func distance(_ left: [Interval], _ right: [Interval]) -> Int64 {
    var smallest = Int64.max
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      smallest = min(
        smallest, max(0, max(left[i].start, right[j].start) - min(left[i].end, right[j].end)))
      if left[i].end < right[j].end { i += 1 } else { j += 1 }
    }
    return smallest
  }
}
