import Durability
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

/// A folder with a store and whatever a test puts beside it, and the program at work in it.
///
/// The program runs inside the folder, so that sentences name short paths and can be compared
/// letter by letter.
final class Workspace: Sendable {
  private let directory: TemporaryDirectory

  /// The folder.
  var folder: FilePath { directory.path }
  /// The store, as the program is told by the environment.
  var store: FilePath { folder.appending("store") }

  init() throws {
    directory = try TemporaryDirectory(on: .memory)
  }

  /// A path in the folder.
  func path(_ relative: String) -> FilePath { folder.appending(relative) }

  private static let environment = ["SIGNALSTORE_PATH": "store", "NO_COLOR": "1"]

  /// Starts the program.
  func start(_ arguments: [String]) throws -> ChildProcess {
    try ChildProcess(
      try Program.path(), arguments, environment: Self.environment, workingDirectory: folder)
  }

  /// Starts the program with what it says joined to what it answers, for tests that wait for words.
  ///
  /// The shell replaces itself, so that signals reach the program.
  func startJoined(_ arguments: [String]) throws -> ChildProcess {
    try ChildProcess(
      "sh", ["-c", "exec \"$0\" \"$@\" 2>&1", try Program.path()] + arguments,
      environment: Self.environment, workingDirectory: folder)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String]) throws -> ChildProcess.Result {
    try start(arguments).waitUntilExit()
  }

  /// Runs the program under a limit on the size of each file that it writes.
  func limited(toKibibytes limit: Int, _ arguments: [String]) throws -> ChildProcess.Result {
    try ChildProcess.run(
      "bash", ["-c", "ulimit -f \(limit); exec \"$0\" \"$@\"", try Program.path()] + arguments,
      environment: Self.environment, workingDirectory: folder)
  }

  /// Runs the program, which is expected to do what it was asked for.
  @discardableResult
  func done(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try done(arguments: arguments, sourceLocation: sourceLocation)
  }

  /// The same with a list.
  @discardableResult
  func done(
    arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments)
    try #require(
      result.status == 0 && !result.wasSignalled,
      "\(arguments) ended with \(result.status): \(result.errorText)",
      sourceLocation: sourceLocation)
    return result.outputText
  }

  /// Runs the program with `--json`; standard output must be one JSON document and nothing else.
  @discardableResult
  func answer(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSON {
    let result = try run(arguments + ["--json"])
    try #require(
      result.status == 0 && !result.wasSignalled,
      "\(arguments) ended with \(result.status): \(result.errorText)",
      sourceLocation: sourceLocation)
    return try JSON(document: result.output)
  }

  /// Runs the program, which is expected to refuse, with nothing on standard output.
  ///
  /// - Returns: What it says on standard error, without the line feed at its end.
  func refusal(
    _ arguments: [String], status: Int32, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments)
    #expect(
      result.status == status && !result.wasSignalled,
      "\(arguments) ended with \(result.status): \(result.errorText)",
      sourceLocation: sourceLocation)
    #expect(result.outputText.isEmpty, "\(arguments)", sourceLocation: sourceLocation)
    let words = result.errorText
    return words.hasSuffix("\n") ? String(words.dropLast()) : words
  }

  /// Runs the program, which is expected to refuse with exactly these words and to leave the store
  /// as it is, byte by byte.
  func expectRefusal(
    _ arguments: String..., status: Int32, words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try fingerprint()
    let found = try refusal(arguments, status: status, sourceLocation: sourceLocation)
    #expect(found == words, sourceLocation: sourceLocation)
    try expectStore(before, sourceLocation: sourceLocation)
  }

  /// Expects the store to be as it was when its fingerprint was taken.
  func expectStore(
    _ before: [String: String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let after = try fingerprint()
    let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    #expect(changed.isEmpty, "the store changed", sourceLocation: sourceLocation)
  }

  // MARK: What is on disk

  /// The SHA-256 of every file of the store, and of every table of its catalogue.
  ///
  /// Left out are files of which nobody promises anything: SQLite's side files, and lock files, which
  /// hold the words of their last owners. The catalogue counts by what it says: SQLite writes
  /// its own counters into the file when a program opens it that may write.
  func fingerprint() throws -> [String: String] {
    var hashes: [String: String] = [:]
    let manager = FileManager.default
    guard manager.fileExists(atPath: store.string) else { return [:] }
    for name in try manager.subpathsOfDirectory(atPath: store.string) {
      let isPassing = ["catalog.sqlite", "-wal", "-shm", ".lock"].contains { name.hasSuffix($0) }
      var isFolder: ObjCBool = false
      let path = store.appending(name).string
      guard !isPassing, manager.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        hashes[name] = "folder"
      } else {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        hashes[name] = ContentHash(of: Array(bytes)).hexText
      }
    }
    return hashes.merging(try tables()) { $1 }
  }

  /// The SHA-256 of the form and of the rows of every table of the catalogue.
  private func tables() throws -> [String: String] {
    let path = store.appending("catalog.sqlite").string
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration).read { database in
      let forms = try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
      var hashes: [String: String] = [:]
      for form in forms {
        let name: String = form["name"]
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM \"\(name)\"")
          .map(\.description).sorted()
        let text = ([form["sql"] ?? ""] + rows).joined(separator: "\n")
        hashes["catalog.sqlite/\(name)"] = ContentHash(of: Array(text.utf8)).hexText
      }
      return hashes
    }
  }

  /// Writes a file, and the folders on the way to it.
  func write(_ bytes: [UInt8], to relative: String) throws {
    let path = folder.appending(relative)
    try FileManager.default.createDirectory(
      atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path.string))
  }

  /// Writes a text.
  func write(_ text: String, to relative: String) throws {
    try write(Array(text.utf8), to: relative)
  }

  /// The names in a folder, sorted.
  func names(in relative: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(relative).string).sorted()
  }

  /// Reads a file.
  func bytes(of relative: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.appending(relative).string)))
  }

  /// Copies a file from anywhere.
  func copy(_ source: FilePath, to relative: String) throws {
    let path = folder.appending(relative)
    try FileManager.default.createDirectory(
      atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: source.string, toPath: path.string)
  }
}
