/// The names by which recordings of other origin are understood without a mapping file.
enum RecordingRules {
  static let signalNames = ["signals", "signal", "data", "x", "values"]
  static let labelNames = ["label", "labels", "y", "activity", "class"]
  static let rateNames = [
    "sampling_rate_hz", "sampling_rate", "sample_rate", "rate_hz", "rate", "fs", "frequency",
  ]
  static let channelNames = ["channels", "channel_names", "columns"]
  static let unitNames = ["units", "unit"]
  static let subjectNames = ["subject", "subject_id", "user", "participant"]
  static let sessionNames = ["session"]
  static let meaningNames = ["label_names", "labels", "class_names", "classes", "activities"]
  /// The names of times, and their unit.
  static let timeNames: [(name: String, unit: RecordingMapping.TimeUnit)] = [
    ("time", .seconds), ("t", .seconds), ("timestamp", .seconds), ("timestamps", .seconds),
    ("seconds", .seconds), ("time_s", .seconds), ("ms", .milliseconds),
    ("millisec", .milliseconds), ("milliseconds", .milliseconds), ("time_ms", .milliseconds),
    ("timestamp_ms", .milliseconds),
  ]

  /// Whether a name is one of `names`, in small or capital letters.
  static func matches(_ name: String, _ names: [String]) -> Bool {
    names.contains(name.lowercased())
  }

  /// The unit of a time with that name, where it is one.
  static func timeUnit(of name: String) -> RecordingMapping.TimeUnit? {
    timeNames.first { $0.name == name.lowercased() }?.unit
  }
}

extension MappedReader {
  /// The rules in words, for the help of the command: what is found where without a mapping file.
  public static let rulesText = """
    Without a mapping file, recordings are found by these rules (names in small or capital letters).

    HDF5: each group, the root too, is one recording if it holds
      a dataset [time, channel] named signals, signal, data, x or values,
      or else exactly one dataset [time, channel] of floats,
      or else datasets [time] of floats, all of one length (each is a channel), if there is a rate,
      or else a dataset [time] of integers named as above, if there is a rate.
    In the same group, a dataset [time] of integers named label, labels, y, activity or class holds
    the labels (-1: nobody labelled the reading), and one named time, t, timestamp, seconds (in
    seconds), ms, millisec or milliseconds holds the times.
    Attributes are looked for on the dataset, on its group, and on the groups above up to the root:
      rate: sampling_rate_hz, sampling_rate, sample_rate, rate_hz, rate, fs, frequency
      channels: channels, channel_names, columns (a list, or names between commas)
      units: units, unit (one for each channel, or one for all)
      subject: subject, subject_id, user, participant     session: session
      label names: label_1, label_2, …, or a dataset of texts named label_names, labels,
      class_names, classes or activities whose first text is the name of code 0
    The rate may be left out where there are times.

    CSV: the first line has the names of the columns; fields are separated by commas, semicolons or
    tabs and may stand between double quotes; an empty field is a missing reading.
      times: time, t, timestamp, seconds (in seconds), ms, millisec, milliseconds
      labels: label, labels, y, activity, class (whole numbers, empty: nobody labelled the reading)
      subject and session: columns with the names above; one value in a file
      all other columns are channels
    Without a column of times, a mapping file must say the rate.

    A recording is called after its file and group (user01/recording_1); that is also its session
    unless something else is said. Floats of 64 bits stay so; integers, and the numbers of a CSV
    file, become floats of 32 bits if all of them are exact in it, of 64 bits otherwise.
    """
}
