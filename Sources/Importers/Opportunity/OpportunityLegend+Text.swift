internal import Signals

extension OpportunityLegend {
  /// The name of the file beside the logs.
  public static let fileName = "label_legend.txt"

  private static let separator = "   -   "
  private static let heading = "Unique index   -   Track name   -   Label name"

  /// Reads a legend in the form of the official one: lines `code   -   track   -   name`.
  ///
  /// - Parameters:
  ///   - text: The content; line ends are LF or CR LF, the last may be missing.
  ///   - trackNames: The tracks that the logs have, in the order of their columns.
  ///   - subject: The name of the file, for errors.
  /// - Throws: `.badCompanion` for a line of another form, an unknown track, a code used twice.
  public init(
    text: String, trackNames: [String] = OpportunityColumns.published.trackNames,
    subject: String = fileName
  ) throws(ImportError) {
    var terms: [String: [Vocabulary.Term]] = [:]
    var lineNumber = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      lineNumber += 1
      // The heading, and notes that people may have added, do not begin with a number.
      guard let first = line.first(where: { $0 != " " }), first.isNumber else {
        continue
      }
      let (track, term) = try Self.entry(line, lineNumber, subject)
      guard trackNames.contains(track) else {
        throw .companion(
          subject, found: "line \(lineNumber) names the track \(track.quoted())",
          expected: "one of \(trackNames.joined(separator: ", ")) is")
      }
      let known = terms[track, default: []]
      guard term.code != 0, !known.contains(where: { $0.code == term.code }) else {
        throw .companion(
          subject, found: "line \(lineNumber) gives a meaning to code \(term.code) of \(track)",
          expected: "each code but 0 once is")
      }
      terms[track] = known + [term]
    }
    guard !terms.isEmpty else {
      throw .companion(subject, found: "no code has a name", expected: "at least one is")
    }
    self.init(trackNames.map { ($0, terms[$0, default: []]) })
  }

  private static func entry(
    _ line: Substring, _ number: Int, _ subject: String
  ) throws(ImportError) -> (track: String, term: Vocabulary.Term) {
    let parts = split(line)
    guard parts.count == 3, let code = Int32(parts[0]), !parts[1].isEmpty, !parts[2].isEmpty else {
      throw .companion(
        subject, found: "line \(number) holds \(String(line).quoted())",
        expected: "a code, a track and a name with '-' between them are")
    }
    return (parts[1], Vocabulary.Term(code: code, name: parts[2]))
  }

  /// The three fields of a line; only a dash with blanks on both sides separates.
  private static func split(_ line: Substring) -> [String] {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    let dashes = words.indices.filter { words[$0] == "-" }
    guard dashes.count >= 2 else { return [] }
    let fields = [
      words[..<dashes[0]], words[(dashes[0] + 1)..<dashes[1]], words[(dashes[1] + 1)...],
    ]
    return fields.map { $0.joined(separator: " ") }
  }

  /// The legend in the form of the official one, with LF and without an end of the last line.
  public var text: String {
    let lines = tracks.flatMap { track in
      track.vocabulary.terms.filter { $0.code != 0 }.map { term in
        [String(term.code), track.name, term.name].joined(separator: Self.separator)
      }
    }
    return ([Self.heading, ""] + lines).joined(separator: "\n")
  }
}
