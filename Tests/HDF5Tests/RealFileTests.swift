import Foundation
import HDF5
import SystemPackage
import Testing

private enum RealData {
  static let folder = Repository.root.deletingLastPathComponent()
    .appendingPathComponent("shared/realdata")

  static let isThere = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("MANIFEST.csv").path)

  static func files(in folders: [String], _ extensions: Set<String>) throws -> [URL] {
    try folders.flatMap { name in
      try FileManager.default.contentsOfDirectory(
        at: folder.appendingPathComponent(name), includingPropertiesForKeys: nil)
    }.filter { extensions.contains($0.pathExtension) }.sorted { $0.path < $1.path }
  }
}

@Suite(
  "A real file", .enabled(if: RealData.isThere, "../shared/realdata is needed"),
  .enabled(if: Python.hasH5py, Python.missing))
struct RealFileTests {
  @Test("of HAPT, LIGO or Gravity Spy is read bit by bit as h5py reads it, within the limits")
  func bitEqual() throws {
    let files = try RealData.files(in: ["hapt", "strain", "gravityspy"], ["h5", "hdf5", "hdf"])
    #expect(files.count >= 20)
    let listing = try ListedObject.listing(of: files)
    var comparison = Comparison()
    for url in files {
      let file = try H5.File.open(FilePath(url.path))
      let listed = try #require(listing[url.path])
      try comparison.compare(file, with: listed)
      let datasets = listed.filter { $0.value.kind == "dataset" }.keys.sorted()
      #expect(try file.root.datasetPaths().sorted() == datasets)
    }
    #expect(comparison.count > 200)
  }

  @Test("of HAPT gives windows of all channels, and its channel names")
  func windows() throws {
    let url = RealData.folder.appendingPathComponent("hapt/user01.h5")
    let file = try H5.File.open(FilePath(url.path))
    #expect(
      try file.root.attribute("channels").strings() == [
        "acc-x", "acc-y", "acc-z", "gyro-x", "gyro-y", "gyro-z",
      ])
    let signals = try file.dataset("recording_1/signals")
    let all = try signals.read(as: Float.self)
    for first in stride(from: 0, to: 20_000, by: 1_777) {
      let window = try signals.read(.rows(first..<first + 128), as: Float.self)
      #expect(window == Array(all[first * 6..<(first + 128) * 6]))
    }
    let series = try file.root.datasetPaths { $0.rank == 2 && $0.elementType.kind == .float }
    #expect(series == ["/recording_1/signals", "/recording_2/signals"])
  }

  @Test("of Gravity Spy gives the columns of its Astropy table by name")
  func table() throws {
    let url = RealData.folder.appendingPathComponent("gravityspy/scratchy_results_table.h5")
    let table = try H5.File.open(FilePath(url.path)).dataset("__astropy_table__")
    let scratchy = try table.read(member: "Scratchy", as: Float.self)
    #expect(scratchy.count == table.elementCount)
    #expect(scratchy.allSatisfy { (0...1).contains($0) })
    let texts = table.elementType.members.filter(\.type.isString)
    for member in texts { #expect(try !table.readStrings(member: member.name).isEmpty) }
  }
}
