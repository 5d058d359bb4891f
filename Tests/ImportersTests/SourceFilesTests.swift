import Foundation
import Glibc
import Importers
import SystemPackage
import TestSupport
import Testing

@Suite("Finding and opening source files")
struct SourceFilesTests {
  private let reader = OpportunityReader()

  @Test("refuses what is not there, without a source, or no file, in one sentence")
  func refusals() throws {
    let folder = try ImportFolder(["notes/README.md": "x", "a.txt": "y"])
    let missing = folder.path("nothing")
    let notFound = importError { _ = try reader.sources(in: [missing]) }
    #expect(notFound?.code == .notFound)
    #expect(
      notFound?.message
        == "Could not find '\(missing)': there is no such file or folder. Check the path.")
    let none = importError { _ = try reader.sources(in: [folder.path]) }
    #expect(none?.code == .noSource)
    #expect(none?.code.isMissingInput == true)
    #expect(
      none?.message
        == "Could not find a recording in '\(folder.path)': 2 files of other kinds found, logs "
        + "named "
        + "*.dat or *.dat.gz are expected. Name the folder that holds the recordings.")
    let two = importError {
      _ = try reader.sources(in: [folder.path("notes"), folder.path("notes")])
    }
    #expect(two?.message.contains("and 1 other path: ") == true)
    let folderAsFile = importError {
      let source = SourceFile(path: folder.path, name: "f", sizeInBytes: 0)
      try reader.read(source) { _ in }
    }
    #expect(
      folderAsFile?.message
        == "Could not read '\(folder.path)': it is a folder, a regular file is expected. "
        + "Name a file, or a folder that holds files.")
    let gone = SourceFile(path: folder.path("gone.dat"), name: "gone.dat", sizeInBytes: 1)
    #expect(importError { try reader.read(gone) { _ in } }?.code == .notFound)
  }

  @Test("never waits for a FIFO, named or in a folder")
  func fifos() throws {
    let folder = try ImportFolder(["S1-ADL1.dat": LogText.log(lineCount: 1)])
    let fifo = folder.path("S2-ADL1.dat")
    try #require(mkfifo(fifo.string, 0o600) == 0)
    let scan = try reader.sources(in: [folder.path])
    #expect(scan.sources.map(\.name) == ["S1-ADL1.dat"])
    #expect(scan.skipped == [.init(name: "S2-ADL1.dat", reason: "a FIFO, not a file")])
    let named = importError { _ = try reader.sources(in: [fifo]) }
    #expect(
      named?.message
        == "Could not read '\(fifo)': it is a FIFO, a regular file is expected. "
        + "Name a file, or a folder that holds files.")
    let opened = importError {
      try reader.read(SourceFile(path: fifo, name: "S2-ADL1.dat", sizeInBytes: 0)) { _ in }
    }
    #expect(opened?.code == .notAFile)
  }

  @Test("follows links, but in no circle and to nothing")
  func links() throws {
    let folder = try ImportFolder(["real/S1-ADL1.dat": LogText.log(lineCount: 1)])
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: folder.path("real/again").string, withDestinationPath: folder.path("real").string)
    try manager.createSymbolicLink(
      atPath: folder.path("broken.dat").string, withDestinationPath: "nowhere")
    try manager.createSymbolicLink(
      atPath: folder.path("S2-ADL1.dat").string, withDestinationPath: "real/S1-ADL1.dat")
    let scan = try reader.sources(in: [folder.path])
    #expect(scan.sources.map(\.name) == ["S2-ADL1.dat", "real/S1-ADL1.dat"])
    #expect(
      scan.skipped == [
        .init(name: "broken.dat", reason: "a link to nothing"),
        .init(name: "real/again", reason: "this folder was already looked at"),
      ])
    try manager.createSymbolicLink(atPath: folder.path("loop").string, withDestinationPath: "loop")
    let loop = importError { _ = try reader.sources(in: [folder.path("loop")]) }
    #expect(loop?.code == .inputOutput)
    #expect(
      loop?.message
        == "Could not look at '\(folder.path("loop"))': the system answered 'Too many levels of "
        + "symbolic links'. Check the disk and try again.")
  }

  @Test("refuses two files that would be one recording")
  func duplicates() throws {
    let text = LogText.log(lineCount: 1)
    let folder = try ImportFolder(["a/S1-ADL1.dat": text, "b/S1-ADL1.dat.gz": text])
    let error = importError { _ = try reader.sources(in: [folder.path]) }
    #expect(error?.code == .duplicateName)
    #expect(
      error?.message
        == "Could not take both 'a/S1-ADL1.dat' and 'b/S1-ADL1.dat.gz': each would be 'S1-ADL1', "
        + "names are expected to differ. Name only one of them.")
  }

  @Test("refuses a file that changed since it was hashed, or while it was read")
  func changes() throws {
    let folder = try ImportFolder(["S1-ADL1.dat": LogText.log(lineCount: 2)])
    let hashed = try folder.source("S1-ADL1.dat").hashed()
    try reader.read(hashed) { _ in }
    try folder.write(
      LogText.log(lineCount: 2, line: 1, replacing: [2: "9"]), to: "S1-ADL1.dat")
    let error = importError { try reader.read(hashed) { _ in } }
    #expect(error?.code == .changedWhileReading)
    let before = try #require(hashed.sha256).prefix(8)
    let after = try #require(folder.source("S1-ADL1.dat").hashed().sha256).prefix(8)
    #expect(
      error?.message
        == "Could not read 'S1-ADL1.dat': it changed while it was read (SHA-256 \(after)… found, "
        + "\(before)… expected). Wait until it is complete, then try again.")
  }

  @Test("quotes names so that they cannot move the cursor")
  func quoting() throws {
    let folder = try ImportFolder(["\u{1b}[31mred\u{202e}.dat": ""])
    let scan = try reader.sources(in: [folder.path])
    let error = importError { try reader.read(scan.sources[0]) { _ in } }
    #expect(error?.message.hasPrefix("Could not read '\\u{1b}[31mred\\u{202e}.dat': ") == true)
  }
}
