import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("What the program says was done is on the disk before it says so")
struct DurableAnswerTests {
  /// Whether system calls can be watched here: asked once, by doing it.
  static let mayTrace: Bool = {
    do {
      return try ChildProcess.run("strace", ["-o", "/dev/null", "true"], atMostSeconds: 30).status
        == 0
    } catch {
      return false
    }
  }()

  /// The system calls of a command, in order, each with the names of the files that it is about.
  private func calls(_ arguments: [String], in workspace: Workspace) throws -> [String] {
    let result = try ChildProcess.run(
      "strace",
      [
        "-f", "-y", "-e", "trace=pwrite64,write,fsync,fdatasync,renameat2,rename,link,linkat", "-o",
        workspace.path("calls.txt").string, try Program.path(),
      ] + arguments, environment: ["SIGNALSTORE_PATH": "store"],
      workingDirectory: workspace.folder)
    #expect(result.status == 0, "\(result.errorText)")
    return String(decoding: try workspace.bytes(of: "calls.txt"), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  @Test(
    "A commit is synced, and then the answer is written",
    .enabled(if: mayTrace, "needs strace, and a user who may use it"),
    arguments: [
      ["tag", "sample@1", "paper"],
      ["ingest", "opportunity", "more", "--as", "sample", "--append"],
      ["view", "windows", "--on", "sample@1", "--window", "8", "--stride", "8"],
    ])
  func commit(arguments: [String]) throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    log.cells.removeLast()
    try workspace.write(log.text, to: "more/S8-ADL1.dat")
    let calls = try calls(arguments, in: workspace)
    let answer = try #require(
      calls.lastIndex { $0.contains("write(1<") }, "nothing was answered")
    // Descriptors are shown with their paths: what SQLite writes ahead is the commit.
    let commit = calls[..<answer].lastIndex {
      $0.contains("pwrite64") && $0.contains("sqlite-wal>")
    }
    let written = try #require(commit, "nothing was committed")
    let isSynced = calls[written..<answer].contains {
      $0.contains("sync(") && $0.contains("sqlite-wal>") && $0.contains("= 0")
    }
    #expect(isSynced, "\(calls[written..<answer].joined(separator: "\n"))")
  }
}
