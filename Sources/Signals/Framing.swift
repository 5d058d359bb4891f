/// How examples are cut out of recordings: the whole recipe as a value.
///
/// A framing is written down with every view; the same framing on the same version gives the same
/// examples in the same order.
public struct Framing: Hashable, Sendable, Codable {
  /// The length of a window.
  public var lengthInSamples: Int
  /// The distance between the starts of neighbouring windows of one recording.
  public var strideInSamples: Int
  /// The channels that examples hold, in this order; nothing means all channels of the version.
  public var channels: [String]?
  /// How an example gets its label; nothing means that examples have none.
  public var labelRule: LabelRule?
  /// What happens to missing readings.
  public var missingValues: MissingValuePolicy

  /// Describes a way to cut examples.
  public init(
    lengthInSamples: Int, strideInSamples: Int, channels: [String]? = nil,
    labelRule: LabelRule? = nil, missingValues: MissingValuePolicy = MissingValuePolicy()
  ) {
    self.lengthInSamples = lengthInSamples
    self.strideInSamples = strideInSamples
    self.channels = channels
    self.labelRule = labelRule
    self.missingValues = missingValues
  }
}

/// How a window gets one label from the labels of its readings.
public struct LabelRule: Hashable, Sendable, Codable {
  /// The way in which the readings of a window agree on a label.
  public enum Agreement: String, Sendable, Codable, CaseIterable {
    /// All readings have the same code; other windows are left out.
    case pure
    /// The code of most readings; of equally frequent codes the lowest.
    case majority
  }

  /// The label track.
  public var track: String
  /// How readings agree.
  public var agreement: Agreement
  /// The codes that examples may have; windows with others are left out. Nothing means every code
  /// but `LabelTrack.unlabelled`.
  public var codes: [Int32]?

  /// Describes a rule.
  public init(track: String, agreement: Agreement = .pure, codes: [Int32]? = nil) {
    self.track = track
    self.agreement = agreement
    self.codes = codes?.sorted()
  }

  /// The label of a window with the given codes, or nothing where the window is left out.
  public func label(of window: ArraySlice<Int32>) -> Int32? {
    guard let first = window.first else { return nil }
    let code: Int32
    switch agreement {
    case .pure:
      guard window.allSatisfy({ $0 == first }) else { return nil }
      code = first
    case .majority:
      var counts: [Int32: Int] = [:]
      for code in window { counts[code, default: 0] += 1 }
      let most = counts.values.max() ?? 0
      code = counts.filter { $0.value == most }.keys.min() ?? first
    }
    if let codes { return codes.contains(code) ? code : nil }
    return code == LabelTrack.unlabelled ? nil : code
  }
}

/// What happens to missing readings (NaN) of the chosen channels.
public struct MissingValuePolicy: Hashable, Sendable, Codable {
  /// How a missing reading is replaced when an example is served.
  public enum Fill: String, Sendable, Codable, CaseIterable {
    /// Linear interpolation over time within the recording; the ends repeat the nearest reading;
    /// a channel with no reading at all becomes zero.
    case linear
    /// Zero, before scaling.
    case zero
    /// NaN stays NaN.
    case keep
  }

  /// Windows in which more than this share of the chosen readings is missing are left out.
  public var maximumMissingFraction: Double
  /// How the others are filled.
  public var fill: Fill

  /// Describes a policy.
  public init(maximumMissingFraction: Double = 1, fill: Fill = .linear) {
    self.maximumMissingFraction = maximumMissingFraction
    self.fill = fill
  }
}
