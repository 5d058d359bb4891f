internal import Signals

/// The clock of a recording of other origin.
struct SeriesTiming {
  /// Readings per second.
  let rate: SampleRate
  /// The time of the first reading.
  let startTimeInSeconds: Double
  /// The times, where they are not just those of the rate.
  let times: [Double]?

  /// Joins what is known.
  ///
  /// - Parameters:
  ///   - times: The measured times in seconds, where there are any.
  ///   - rateInHertz: The rate that somebody stated.
  ///   - startTimeInSeconds: The start that somebody stated.
  ///   - subject: The name of the file.
  ///   - place: What the rate is looked for of, for errors.
  /// - Throws: `.clockBackwards`, `.badMapping` without a rate or with one that is none.
  init(
    times: [Double]?, rateInHertz: Double?, startTimeInSeconds: Double?, subject: String,
    place: String
  ) throws(ImportError) {
    if let times {
      if let index = times.firstIndex(where: { !$0.isFinite }) {
        throw .clock(
          subject, row: index, found: "\(times[index])", expected: "a finite number of seconds is")
      }
      if let index = TimeGrid.firstFall(in: times) {
        throw .clock(
          subject, row: index, found: "\(times[index]) s",
          expected: "at least \(times[index - 1]) s as in the row before are")
      }
    }
    let grid = times.flatMap(TimeGrid.init)
    guard let hertz = rateInHertz ?? grid?.rateInHertz else {
      throw .noRate(subject, place: place)
    }
    guard let rate = SampleRate(hertz: hertz) else {
      throw .mapping(
        subject, found: "the rate is \(hertz)", expected: "a number above 0 is")
    }
    self.rate = rate
    self.startTimeInSeconds = startTimeInSeconds ?? times?.first ?? 0
    self.times = times.flatMap { TimeGrid.isRegular($0, rateInHertz: hertz) ? nil : $0 }
  }
}
