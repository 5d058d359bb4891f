/// SQL expressions for the value that a run has of a field, for columns and sorting.
enum QueryValueSQL {
  /// The value as a scalar expression over a row of `run`; NULL where the run has none.
  ///
  /// - Precondition: a run has at most one value of the field.
  static func value(of field: QueryField, parameters: inout QueryParameters) -> String {
    switch field {
    case .run: "run.id"
    case .hash: "run.hash"
    case .study: "run.study"
    case .status: "run.status"
    case .seconds: "run.seconds"
    case .steps: "run.stepCount"
    case .started: "run.started"
    case .finished: "run.finished"
    case .seed: "run.seed"
    case .version: "(SELECT number FROM version WHERE version.id = run.versionID)"
    case .because: "(SELECT because FROM version WHERE version.id = run.versionID)"
    case .dataset:
      """
      (SELECT dataset.name FROM version JOIN dataset ON dataset.id = version.datasetID \
      WHERE version.id = run.versionID)
      """
    case .split: "run.splitName"
    case .view: "run.viewName"
    case .metric(let name, .atStep(let step)):
      point(of: name, atStep: step, parameters: &parameters)
    case .metric(let name, let statistic):
      """
      (SELECT \(column(of: statistic)) FROM metric \
      WHERE runID = run.id AND name = \(parameters.bind(name)))
      """
    case .setting(let name):
      """
      (SELECT \(wholeIfWhole(text: "value", otherwise: "coalesce(number, value)")) FROM setting \
      WHERE runID = run.id AND name = \(parameters.bind(name)))
      """
    case .tag, .subject, .session, .recording, .source, .text:
      preconditionFailure("A field of which a run has several cannot be a column or a sort key.")
    }
  }

  /// The value as it is shown: times as ISO 8601 in UTC, seeds as integers where they fit.
  static func shown(_ field: QueryField, parameters: inout QueryParameters) -> String {
    let value = value(of: field, parameters: &parameters)
    return switch field {
    case .started, .finished: "strftime('%Y-%m-%dT%H:%M:%SZ', \(value), 'unixepoch')"
    case .seed: wholeIfWhole(text: value, otherwise: value)
    default: value
    }
  }

  /// The keys that put a field in order; a seed needs two, see `QueryCondition`.
  static func sortKeys(of field: QueryField, parameters: inout QueryParameters) -> [String] {
    let value = value(of: field, parameters: &parameters)
    return field == .seed ? ["length(\(value))", value] : [value]
  }

  /// SQL for the integer that a text writes, and for something else where it writes none that fits.
  private static func wholeIfWhole(text: String, otherwise: String) -> String {
    """
    CASE WHEN CAST(CAST(\(text) AS INTEGER) AS TEXT) = \(text) \
    THEN CAST(\(text) AS INTEGER) ELSE \(otherwise) END
    """
  }

  /// The column of the table `metric` that holds a statistic.
  static func column(of statistic: MetricStatistic) -> String {
    switch statistic {
    case .last: "last"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .atStep: preconditionFailure("The value at one step has no column; see point(of:atStep:).")
    }
  }

  /// The recorded value at one step: the newest block that begins at or before it is searched.
  static func point(
    of name: String, atStep step: Int64, parameters: inout QueryParameters
  ) -> String {
    let bound = parameters.bind(step)
    return """
      (SELECT \(MetricPointFunction.name)(points, \(bound)) FROM metricPoints \
      WHERE runID = run.id AND name = \(parameters.bind(name)) AND firstStep <= \(bound) \
      ORDER BY firstStep DESC LIMIT 1)
      """
  }
}
