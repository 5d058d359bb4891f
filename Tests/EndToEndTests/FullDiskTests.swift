import SystemPackage
import TestSupport
import Testing

/// A file system of 1 MiB in memory, for those who may mount one.
private final class SmallDisk {
  private let path: FilePath

  /// Mounts it on a folder that exists; `nil` where this user may not.
  init?(at path: FilePath) throws {
    self.path = path
    let result = try ChildProcess.run(
      "mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path.string], atMostSeconds: 30)
    guard result.status == 0 else { return nil }
  }

  /// Takes it away again; a folder cannot be removed while a disk is mounted on it.
  func unmount() {
    do {
      let result = try ChildProcess.run("umount", [path.string], atMostSeconds: 30)
      if result.status != 0 { print("Could not unmount '\(path)': \(result.errorText)") }
    } catch {
      print("Could not unmount '\(path)': \(error)")
    }
  }
}

@Suite("A disk without room")
struct FullDiskTests {
  /// Whether this process may mount: asked once, by doing it.
  static let mayMount: Bool = {
    do {
      let folder = try TemporaryDirectory()
      guard let disk = try SmallDisk(at: folder.path) else { return false }
      disk.unmount()
      return true
    } catch {
      return false
    }
  }()

  @Test(
    "A disk of 1 MiB: one sentence, and the store is as it was",
    .enabled(if: mayMount, "needs a user who may mount a tmpfs; the next test asks for less"))
  func smallDisk() throws {
    let workspace = try Workspace()
    try workspace.write("", to: "disk/here")
    let disk = try #require(try SmallDisk(at: workspace.path("disk")))
    defer { disk.unmount() }
    try workspace.copy(
      RealData.packageRoot.appending("data/opportunity/sample/S9-ADL1.dat"),
      to: "sample/S9-ADL1.dat")
    try workspace.done(
      "simulate", "opportunity", "logs", "--subjects", "1", "--runs", "1", "--minutes", "1",
      "--quiet")
    let option = ["--store", "disk/store"]
    try workspace.done(arguments: ["ingest", "opportunity", "sample", "--as", "sample"] + option)
    let before = try workspace.done(arguments: ["show", "sample@1", "--json"] + option)
    let words = try workspace.refusal(
      ["ingest", "opportunity", "logs", "--as", "daily"] + option, status: 74)
    // The shard has 1.8 MB; how much is free depends on the file system.
    try expectWords(
      words,
      like: #"Could not write 1\.[0-9] MiB to '[^']+': no space left \([0-9.]+ (bytes|[KM]iB) "#
        + #"free\)\. Make room, then run the command again\. The store was not changed\."#)
    #expect(try workspace.done(arguments: ["show", "sample@1", "--json"] + option) == before)
    let datasets = try workspace.done(arguments: ["datasets", "--json"] + option)
    #expect(try JSON(document: Array(datasets.utf8))["datasets"].elements.count == 1)
  }

  @Test("A limit on the size of files: the same")
  func limitedFiles() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.done(
      "simulate", "opportunity", "logs", "--subjects", "1", "--runs", "1", "--minutes", "1",
      "--quiet")
    let before = try workspace.fingerprint()
    let result = try workspace.limited(
      toKibibytes: 900, ["ingest", "opportunity", "logs", "--as", "daily"])
    #expect(result.status == 74 && !result.wasSignalled, "\(result.errorText)")
    try expectWords(
      result.errorText,
      like: #"Could not write '[^']+': the file would exceed the system's size limit\. Raise the "#
        + #"limit \(ulimit -f\)\. The store was not changed\.\n"#)
    #expect(result.output.isEmpty)
    try workspace.expectStore(before)
    #expect(try workspace.answer("datasets")["datasets"].elements.count == 1)
  }

  @Test("An export that does not fit leaves no half of a file")
  func export() throws {
    let workspace = try SimulatedStore.ingested()
    let result = try workspace.limited(
      toKibibytes: 900, ["export", "daily@1", "--format", "h5", "--out", "daily.h5"])
    #expect(result.status == 74 && !result.wasSignalled, "\(result.errorText)")
    #expect(try workspace.names(in: ".").contains { $0.hasPrefix("daily.h5") } == false)
    try workspace.done("export", "daily@1", "--format", "h5", "--out", "daily.h5")
    #expect(try workspace.names(in: ".").filter { $0.hasPrefix("daily.h5") } == ["daily.h5"])
  }
}
