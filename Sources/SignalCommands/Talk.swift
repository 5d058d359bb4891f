import Foundation

/// Standard output for results, standard error for everything else.
struct Talk: Sendable {
  let isQuiet: Bool
  let isJSON: Bool
  let usesColor: Bool
  let outputIsTerminal: Bool
  let errorIsTerminal: Bool

  init(options: GlobalOptions, environment: [String: String]) {
    isQuiet = options.quiet
    isJSON = options.json
    outputIsTerminal = isatty(STDOUT_FILENO) == 1
    errorIsTerminal = isatty(STDERR_FILENO) == 1
    usesColor =
      outputIsTerminal && !options.noColor && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Prints a result.
  func print(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
  }

  /// Says something that is no result.
  func note(_ text: String) {
    guard !isQuiet else { return }
    Self.complain(text)
  }

  /// Says what someone should look at.
  func warn(_ text: String) {
    Self.complain("Warning: \(text)")
  }

  /// Writes a line to standard error, whatever the options.
  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  /// How many columns a table may take.
  var width: Int {
    guard outputIsTerminal else { return 200 }
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : 80
  }
}
