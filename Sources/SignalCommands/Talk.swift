import Foundation

/// Standard output for results, standard error for everything else.
struct Talk: Sendable {
  let isQuiet: Bool
  let errorIsTerminal: Bool
  private let outputIsTerminal: Bool
  private let style: TerminalStyle

  init(options: GlobalOptions, environment: [String: String]) {
    isQuiet = options.quiet
    outputIsTerminal = isatty(STDOUT_FILENO) == 1
    errorIsTerminal = isatty(STDERR_FILENO) == 1
    style = TerminalStyle(
      isTerminal: outputIsTerminal, environment: environment, isRefused: options.noColor)
  }

  /// Prints a result and ends the line.
  func print(_ text: String) {
    printExactly(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// Prints a result as it is.
  func printExactly(_ text: String) {
    // A reader that went away wants no more; that is no failure of the command.
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
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
    StandardError.write("\(safe(text))\n")
  }

  /// The text with everything written out that could steer a terminal; names come from data.
  private static func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { TerminalText.escaped(String($0)) }.joined(separator: "\n")
  }

  /// A table; a heading that begins with ">" stands over a column of numbers.
  func table(_ headings: [String], _ rows: [[String]]) -> String {
    var table = Table(
      headings.map { $0.hasPrefix(">") ? .right(String($0.dropFirst())) : .left($0) })
    for row in rows { table.append(row) }
    let width = outputIsTerminal ? Self.width(of: STDOUT_FILENO) : nil
    return String(table.rendered(width: width, style: style).dropLast())
  }

  /// The width of the terminal that standard error goes to.
  var errorWidth: Int { Self.width(of: STDERR_FILENO) }

  private static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    let found = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return found ? Int(size.ws_col) : 80
  }
}
