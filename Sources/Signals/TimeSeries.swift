/// Readings of several channels at the same instants, with labels.
public struct TimeSeries: Hashable, Sendable {
  /// The channels, in the order of the last axis of `values`.
  public let channels: [Channel]
  /// Readings per second.
  public let rate: SampleRate
  /// The time of the first reading, in seconds of the source's own clock (GPS seconds for strain).
  public let startTimeInSeconds: Double
  /// The numbers, shape `[time, channel]`, last axis fastest; a missing reading is NaN.
  public let values: SampleValues
  /// The time of each reading in seconds of the source's clock, where the source states one and it
  /// is not just `startTimeInSeconds + index / rate`.
  public let times: [Double]?
  /// The label tracks.
  public let labels: [LabelTrack]

  /// Puts a series together.
  /// - Precondition: `values`, `times` and every label track hold the same whole number of readings.
  public init(
    channels: [Channel], rate: SampleRate, startTimeInSeconds: Double = 0, values: SampleValues,
    times: [Double]? = nil, labels: [LabelTrack] = []
  ) {
    precondition(!channels.isEmpty, "A time series has at least one channel.")
    precondition(
      values.count % channels.count == 0,
      "\(values.count) values do not fill \(channels.count) channels evenly.")
    let readings = values.count / channels.count
    precondition(
      times == nil || times?.count == readings, "Each reading of a time series has one time.")
    precondition(
      labels.allSatisfy { $0.codes.count == readings },
      "Each label track of a time series has one code for each reading.")
    self.channels = channels
    self.rate = rate
    self.startTimeInSeconds = startTimeInSeconds
    self.values = values
    self.times = times
    self.labels = labels
  }

  /// How many readings each channel has.
  public var sampleCount: Int { values.count / channels.count }

  /// The time of the reading at `index` in seconds of the source's clock.
  public func time(atSample index: Int) -> Double {
    times?[index] ?? startTimeInSeconds + rate.seconds(atSample: index)
  }
}
