/// What a mapping file says about recordings of other origin; whatever it leaves out is found by
/// the rules (`MappedReader.rulesText`).
///
/// The file is one JSON object, see `schemas/recording-mapping.schema.json`; a key that is not
/// listed here is refused.
public struct RecordingMapping: Codable, Hashable, Sendable {
  /// HDF5: where the signals are. One path of a dataset `[time, channel]` or `[time]`, or several
  /// paths of `[time]` datasets that are the channels of one recording. `*` stands for any letters
  /// of one name, so `/*/signals` are many recordings.
  public var signals: [String]?
  /// HDF5: which axis of a `[time, channel]` dataset is time: 0 (the rule) or 1.
  public var timeAxis: Int?
  /// HDF5: the dataset of times, from the group of the signals or, with a leading `/`, from the
  /// root; there `*` stands for what it stood for in `signals`. CSV: the column of times.
  public var time: String?
  /// The unit of the times: "s" (the rule), "ms", "us" or "ns".
  public var timeUnit: TimeUnit?
  /// HDF5: the dataset of labels, as for `time`. CSV: the column of labels.
  public var label: String?
  /// The name of the label track; the rule is the name of the dataset or column.
  public var labelTrack: String?
  /// What label codes mean, by code as text: `{"1": "walk"}`. Labels that are words get these
  /// codes.
  public var labelNames: [String: String]?
  /// The code of readings that nobody labelled, if it is not -1.
  public var unlabelled: Int?
  /// Readings per second.
  public var rateInHertz: Double?
  /// The time of the first reading.
  public var startTimeInSeconds: Double?
  /// The names of the channels. CSV: those columns and no others are channels.
  public var channels: [String]?
  /// The units of the channels: one for each, or one for all.
  public var units: [String]?
  /// The subject: a text in which `{file}` is the file name without ending, `{folder}` the name of
  /// its folder below the given one, `{group}` the path of the HDF5 group, `{*}` what the first `*`
  /// stood for, and `{@name}` the attribute `name` of the dataset, its group, or a group above.
  public var subject: String?
  /// The session, as for `subject`; the rule is the name of the recording.
  public var session: String?
  /// CSV: what separates fields: ",", ";" or a tab; the rule is the most frequent in the first
  /// line.
  public var delimiter: String?

  /// A unit of time.
  public enum TimeUnit: String, Codable, Hashable, Sendable, CaseIterable {
    /// Seconds.
    case seconds = "s"
    /// Thousandths of a second.
    case milliseconds = "ms"
    /// Millionths of a second.
    case microseconds = "us"
    /// Thousand-millionths of a second.
    case nanoseconds = "ns"

    /// How many make a second.
    var perSecond: Double {
      switch self {
      case .seconds: 1
      case .milliseconds: 1e3
      case .microseconds: 1e6
      case .nanoseconds: 1e9
      }
    }
  }

  /// A mapping that says nothing.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case signals, timeAxis, time, timeUnit, label, labelTrack, labelNames, unlabelled, rateInHertz
    case startTimeInSeconds, channels, units, subject, session, delimiter
  }

  /// The keys that a mapping file may have.
  public static let keys: [String] = CodingKeys.allCases.map(\.rawValue)

  /// The meanings of the codes, by rising code.
  var labelTerms: [(code: Int32, name: String)] {
    (labelNames ?? [:]).compactMap { key, name in Int32(key).map { ($0, name) } }
      .sorted { $0.code < $1.code }
  }
}
