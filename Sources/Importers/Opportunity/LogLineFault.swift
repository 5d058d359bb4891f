/// What is wrong with one line of an OPPORTUNITY log.
enum LogLineFault: Hashable, Sendable {
  /// Another number of columns than 250.
  case columnCount(found: Int)
  /// The file ends inside the line, in this column (from 1).
  case cut(column: Int)
  /// A field that is neither a number nor NaN.
  case notANumber(column: Int, name: String, text: String)
  /// A label field that is no whole number.
  case notALabel(column: Int, track: String, text: String)
  /// A label without meaning; `known` lists the codes that have one.
  case unknownLabel(column: Int, track: String, label: Int32, known: String)
  /// A time before the one above it, in milliseconds.
  case clockBackwards(found: String, previous: String)

  /// The kind of fault, to count dropped lines by.
  var kind: String {
    switch self {
    case .columnCount: "with another number of columns"
    case .cut: "cut"
    case .notANumber: "with a field that is no number"
    case .notALabel: "with a field that is no label"
    case .unknownLabel: "with a label that is not in the legend"
    case .clockBackwards: "with a clock that runs backwards"
    }
  }
}
