/// Rows and columns for a terminal: aligned, and cut to its width.
///
///     var table = Table([.left("dataset"), .right("version")])
///     table.append(["hapt", "2"])
///     print(table.rendered(width: 80))
package struct Table: Sendable {
  /// The heading of a column and the side that its cells stand on.
  package struct Column: Hashable, Sendable {
    let heading: String
    let isRight: Bool

    /// A column of names and words, which may be cut.
    package static func left(_ heading: String) -> Column { Column(heading, isRight: false) }
    /// A column of numbers, which are never cut: a part of a number looks like another number.
    package static func right(_ heading: String) -> Column { Column(heading, isRight: true) }

    private init(_ heading: String, isRight: Bool) {
      self.heading = TerminalText.escaped(heading)
      self.isRight = isRight
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  /// Names are not cut shorter than this.
  private static let shortestCut = 6
  private static let gap = "  "

  /// Makes a table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; control characters in it are written out.
  ///
  /// - Precondition: there is one cell for every column.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "A row of a table has one cell for every column.")
    rows.append(cells.map(TerminalText.escaped))
  }

  /// The table as lines, each ending in a line feed.
  ///
  /// Where it is wider than the terminal, the widest columns of names are cut with `…` first; when
  /// that is not enough the last columns are left out, and `…` stands in their place.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal; nil for `--wide` and for output to a file or a pipe.
  ///   - style: whether the headings are emphasised.
  package func rendered(width: Int?, style: TerminalStyle = .plain) -> String {
    guard !columns.isEmpty else { return "" }
    var widths = columns.indices.map { index in
      rows.reduce(DisplayWidth.of(columns[index].heading)) {
        max($0, DisplayWidth.of($1[index]))
      }
    }
    var isComplete = true
    if let width { isComplete = fit(&widths, into: width) }
    let heading = line(columns.map(\.heading), widths, isComplete)
    let lines = rows.map { line($0, widths, isComplete) }
    return ([style.styled(heading, as: .heading)] + lines).map { $0 + "\n" }.joined()
  }

  /// Narrows the widths, and removes the last ones that do not fit; false when some were removed.
  private func fit(_ widths: inout [Int], into width: Int) -> Bool {
    let natural = widths
    while true {
      let isComplete = widths.count == columns.count
      // What is left out is shown as one more column, `…`.
      let available = width - (isComplete ? 0 : Self.gap.count + 1)
      let shown = natural[..<widths.count]
      let narrowest = total(of: shown, cutTo: Self.shortestCut)
      if narrowest <= available || widths.count == 1 {
        var low = Self.shortestCut
        var high = max(low, width)
        // The widest cut for which the table fits.
        while low < high {
          let middle = (low + high + 1) / 2
          if total(of: shown, cutTo: middle) <= available {
            low = middle
          } else {
            high = middle - 1
          }
        }
        for index in widths.indices { widths[index] = cut(natural[index], index, to: low) }
        return isComplete
      }
      widths.removeLast()
    }
  }

  private func cut(_ natural: Int, _ index: Int, to limit: Int) -> Int {
    columns[index].isRight ? natural : min(natural, limit)
  }

  private func total(of natural: ArraySlice<Int>, cutTo limit: Int) -> Int {
    let cells = natural.enumerated().reduce(0) { $0 + cut($1.element, $1.offset, to: limit) }
    return cells + Self.gap.count * (natural.count - 1)
  }

  private func line(_ cells: [String], _ widths: [Int], _ isComplete: Bool) -> String {
    var shown = widths.indices.map { index in
      let text =
        columns[index].isRight ? cells[index] : DisplayWidth.cut(cells[index], to: widths[index])
      return DisplayWidth.padded(
        text, to: widths[index], on: columns[index].isRight ? .before : .after)
    }
    if !isComplete { shown.append("…") }
    var line = shown.joined(separator: Self.gap)
    while line.last == " " { line.removeLast() }
    return line
  }
}
