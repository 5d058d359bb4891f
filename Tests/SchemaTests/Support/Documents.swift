import Foundation
import SystemPackage
import TestSupport
import Testing

/// The documents of the format.
enum Documents {
  static let folder = URL(fileURLWithPath: RealData.packageRoot.appending("schemas").string)

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// Expects a document to have exactly this text.
  ///
  /// With `RECORD_OUTPUTS=1` in the environment the document is written instead, and the test fails,
  /// so that nobody takes it for one that compares.
  static func expect(
    _ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["RECORD_OUTPUTS"] == "1" {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      Issue.record(
        "schemas/\(name) was written; read it, then test again", sourceLocation: sourceLocation)
      return
    }
    let document = try self.text(name)
    guard !document.utf8.elementsEqual(text.utf8) else { return }
    let found = document.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }
    let words =
      line.map { "line \($0.offset + 1) is '\($0.element.0)', the code gives '\($0.element.1)'" }
      ?? "\(found.count) lines, the code gives \(expected.count)"
    Issue.record(
      "schemas/\(name): \(words). RECORD_OUTPUTS=1 writes it anew.", sourceLocation: sourceLocation)
  }

  /// The tables of a Markdown document: rows of cells, without the heading, by the section they are in.
  static func tables(in name: String) throws -> [(section: String, rows: [[String]])] {
    var tables: [(section: String, rows: [[String]])] = []
    var section = ""
    var isInside = false
    for line in try text(name).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { section = line.drop { $0 == "#" || $0 == " " }.description }
      guard line.hasPrefix("|") else {
        isInside = false
        continue
      }
      let cells = line.dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      )
      .map { $0.trimmingCharacters(in: .whitespaces) }
      if !isInside {
        tables.append((section, []))
        isInside = true
      } else if !cells.allSatisfy({ $0.allSatisfy { "-:".contains($0) } && !$0.isEmpty }) {
        tables[tables.count - 1].rows.append(cells)
      }
    }
    return tables
  }
}
