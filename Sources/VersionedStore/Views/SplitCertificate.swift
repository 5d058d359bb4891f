import Signals

/// The checked statement that the parts of a split share nothing that they must not share.
///
/// It is computed from the raw intervals of all examples and from content hashes, not from the rule
/// that made the split, so that it holds whatever the rule did.
public struct SplitCertificate: Hashable, Sendable, Codable {
  /// What two parts share.
  public struct Overlap: Hashable, Sendable, Codable {
    /// The two parts.
    public let parts: [SplitPart]
    /// The recordings concerned: one, or several that hold the same readings.
    public let recordings: [String]
    /// How many seconds of raw signal both parts use.
    public let seconds: Double
    /// The first shared stretch, in seconds from the start of the recording.
    public let from: Double
    /// The end of the last shared stretch.
    public let to: Double
  }

  /// Whether nothing is shared at or below the unit of the split, and the gap is kept.
  public let clean: Bool
  /// What the parts promise not to share.
  public let unit: SplitRule.Unit
  /// Subjects with examples in more than one part.
  public let sharedSubjects: [String]
  /// Sessions with examples in more than one part; a session is told by its name and its subject.
  public let sharedSessions: [String]
  /// Seconds of raw signal that more than one part uses.
  public let sharedSeconds: Double
  /// Where they are.
  public let overlaps: [Overlap]
  /// The gap that was asked for, in seconds.
  public let requiredGapInSeconds: Double
  /// The smallest distance between raw intervals of different parts of one recording, in seconds;
  /// nothing where no recording is in two parts.
  public let smallestGapInSeconds: Double?

  private enum CodingKeys: String, CodingKey {
    case clean, unit, overlaps
    case sharedSubjects = "shared_subjects"
    case sharedSessions = "shared_sessions"
    case sharedSeconds = "shared_seconds"
    case requiredGapInSeconds = "required_gap_seconds"
    case smallestGapInSeconds = "smallest_gap_seconds"
  }
}

extension SplitCertificate {
  /// Checks a division of examples.
  ///
  /// - Parameters:
  ///   - parts: the part code of every example.
  ///   - windowLength: how many readings an example takes.
  /// - Complexity: O(examples · log(examples)).
  package static func check(
    parts: [UInt8], index: ExampleIndex, recordings: [RecordingSummary], windowLength: Int,
    rule: SplitRule
  ) -> SplitCertificate {
    let subjects = sharedGroups(parts: parts, index: index) { recordings[$0].subject }.sorted()
    // Sources often number the sessions of each subject from 1 on; those are not one session.
    let sittings = sharedGroups(parts: parts, index: index) { position in
      let recording = recordings[position]
      return recording.session.map { Sitting(subject: recording.subject, session: $0) }
    }
    let sessions = Set(sittings.map(\.session)).sorted()
    let intervals = RawIntervals(
      parts: parts, index: index, recordings: recordings, windowLength: windowLength)
    let overlaps = intervals.overlaps()
    let sharedSeconds = overlaps.reduce(0) { $0 + $1.seconds }
    let smallestGap = intervals.smallestGapInSeconds()
    let keepsGap = (smallestGap ?? .infinity) >= (rule.unit == .time ? keptGap(rule, intervals) : 0)
    let clean =
      overlaps.isEmpty && keepsGap
      && (rule.unit != .subject || (subjects.isEmpty && sessions.isEmpty))
      && (rule.unit != .session || sessions.isEmpty)
    return SplitCertificate(
      clean: clean, unit: rule.unit, sharedSubjects: subjects, sharedSessions: sessions,
      sharedSeconds: sharedSeconds, overlaps: overlaps, requiredGapInSeconds: rule.gapInSeconds,
      smallestGapInSeconds: smallestGap)
  }

  /// The distance that must remain between the end of one part's windows and the start of the
  /// next part's: the gap counts from the border, and windows reach over it by up to their length.
  private static func keptGap(_ rule: SplitRule, _ intervals: RawIntervals) -> Double {
    max(0, rule.gapInSeconds - intervals.longestWindowInSeconds)
  }

  private struct Sitting: Hashable {
    let subject: String?
    let session: String
  }

  private static func sharedGroups<Group: Hashable>(
    parts: [UInt8], index: ExampleIndex, _ group: (Int) -> Group?
  ) -> some Collection<Group> {
    var partsOfGroup: [Group: Set<UInt8>] = [:]
    for (part, recording) in zip(parts, index.recordings) where part != 0 {
      guard let name = group(Int(recording)) else { continue }
      partsOfGroup[name, default: []].insert(part)
    }
    return partsOfGroup.filter { $0.value.count > 1 }.keys
  }
}
