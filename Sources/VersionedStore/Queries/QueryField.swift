/// What a query can ask about a run.
///
/// In text a field is written as its name (`dataset`, `started`, …), `metric.NAME`, `metric.NAME.min`,
/// `metric.NAME.max`, `metric.NAME@STEP` or `setting.NAME`.
public enum QueryField: Hashable, Sendable {
  /// The number of the run in this store.
  case run
  /// The SHA-256 of a finished run, in hexadecimal digits.
  case hash
  /// The dataset that the run used, by name.
  case dataset
  /// The number of the dataset version that the run used.
  case version
  /// A tag of the dataset version that the run used.
  case tag
  /// Why the dataset version was made.
  case because
  /// The study that was trained.
  case study
  /// The view that the run's examples were cut by.
  case view
  /// The split that the run trained on.
  case split
  /// The seed of the run.
  case seed
  /// `running`, `finished`, `failed` or `interrupted`.
  case status
  /// When the run began.
  case started
  /// When the run ended; a run that goes on has no such time.
  case finished
  /// How long the run trained, in seconds.
  case seconds
  /// The number of training steps.
  case steps
  /// A subject of the recordings in the run's dataset version.
  case subject
  /// A session of the recordings in the run's dataset version.
  case session
  /// The name of a recording in the run's dataset version.
  case recording
  /// The name or the SHA-256 of a raw source of the run's dataset version.
  case source
  /// Any word in study, dataset, split, view, settings or the reason of the version.
  case text
  /// A measured value.
  case metric(String, MetricStatistic)
  /// A setting of the study.
  case setting(String)
}

/// Which value of a metric's curve is meant.
public enum MetricStatistic: Hashable, Sendable {
  /// The value at the last recorded step.
  case last
  /// The lowest value of the curve.
  case minimum
  /// The highest value of the curve.
  case maximum
  /// The value recorded at exactly this step.
  case atStep(Int64)
}

extension QueryField {
  /// The fields without a name of the user's choice, in the order of the documentation.
  static let plain: [(name: String, field: QueryField)] = [
    ("run", .run), ("hash", .hash), ("dataset", .dataset), ("version", .version), ("tag", .tag),
    ("because", .because), ("study", .study), ("view", .view), ("split", .split), ("seed", .seed),
    ("status", .status), ("started", .started), ("finished", .finished), ("seconds", .seconds),
    ("steps", .steps), ("subject", .subject), ("session", .session), ("recording", .recording),
    ("source", .source), ("text", .text),
  ]

  /// What the values of a field are, and so which operators and operands it takes.
  enum Kind {
    case name, dataset, version, number, seed, status, time, setting, words
  }

  /// The kind of this field's values.
  var kind: Kind {
    switch self {
    case .hash, .tag, .because, .study, .view, .split, .subject, .session, .recording, .source:
      .name
    case .dataset: .dataset
    case .version: .version
    case .run, .seconds, .steps, .metric: .number
    case .seed: .seed
    case .status: .status
    case .started, .finished: .time
    case .setting: .setting
    case .text: .words
    }
  }

  /// Whether a run has at most one value of the field, so that it can be shown and sorted by.
  var isSingleValued: Bool {
    switch self {
    case .tag, .subject, .session, .recording, .source, .text: false
    default: true
    }
  }
}

extension QueryField: CustomStringConvertible {
  /// The field as the query language writes it, which is also its name as a column.
  public var description: String {
    switch self {
    case .metric(let name, .last):
      // Without its statistic a name such as 'loss.min' would be read as the minimum of 'loss'.
      "metric." + (Self.endsInStatistic(name) ? QueryWord.quoted(name) : QueryWord.written(name))
    case .metric(let name, .minimum): "metric." + QueryWord.written(name) + ".min"
    case .metric(let name, .maximum): "metric." + QueryWord.written(name) + ".max"
    case .metric(let name, .atStep(let step)): "metric." + QueryWord.written(name) + "@\(step)"
    case .setting(let name): "setting." + QueryWord.written(name)
    default: Self.plain.first { $0.field == self }?.name ?? ""
    }
  }

  private static func endsInStatistic(_ name: String) -> Bool {
    ["last", "min", "max"].contains { name.lowercased().hasSuffix("." + $0) }
  }
}
