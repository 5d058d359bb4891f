internal import Foundation
internal import SystemPackage
public import Testing

/// Text that a program wrote once, was read by a person, and must stay as it is.
///
/// With the environment variable `RECORD_OUTPUTS=1` the texts are written anew. A test that records
/// fails, so that nobody takes it for one that compares.
public enum RecordedOutput {
  /// Expects `text` to equal the committed file `Recorded/<name>` beside the calling test.
  ///
  /// - Parameters:
  ///   - text: What the program wrote this time.
  ///   - name: The file's name, such as `help.txt`.
  ///   - testFile: The calling source file.
  ///   - sourceLocation: The calling line.
  /// - Throws: If the file cannot be written while recording.
  public static func expect(
    _ text: String, matches name: String, testFile: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = FilePath(testFile).removingLastComponent().appending("Recorded")
    let path = folder.appending(name).string
    if ProcessInfo.processInfo.environment["RECORD_OUTPUTS"] == "1" {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      Issue.record(
        "'\(name)' was recorded; read it, then test again", sourceLocation: sourceLocation)
      return
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      Issue.record(
        "'Recorded/\(name)' does not exist; RECORD_OUTPUTS=1 writes it",
        sourceLocation: sourceLocation)
      return
    }
    let recorded = String(decoding: bytes, as: UTF8.self)
    if let difference = firstDifference(text, recorded) {
      Issue.record("'Recorded/\(name)' differs: \(difference)", sourceLocation: sourceLocation)
    }
  }

  /// The first line in which two texts differ; `nil` if they are equal to the byte.
  static func firstDifference(_ actual: String, _ expected: String) -> String? {
    // Swift compares canonically equivalent texts as equal; recorded bytes are stricter.
    guard !actual.utf8.elementsEqual(expected.utf8) else { return nil }
    let actualLines = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(actualLines.count, expectedLines.count) {
      let found = index < actualLines.count ? actualLines[index] : "(the end)"
      let wanted = index < expectedLines.count ? expectedLines[index] : "(the end)"
      if !found.utf8.elementsEqual(wanted.utf8) {
        return "line \(index + 1) is '\(found)', '\(wanted)' is expected"
      }
    }
    return "the same lines with other line ends"
  }
}
