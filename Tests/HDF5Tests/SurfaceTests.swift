import Foundation
import Testing

@Suite("The calls into libhdf5")
struct SurfaceTests {
  @Test("are listed in schemas/hdf5-surface.txt, each once and in order")
  func areListed() throws {
    let calls = try Repository.text("Sources/HDF5/Mechanism/Calls.swift")
    let found = Set(calls.matches(of: /\bH5[A-Z]*[a-z]\w*(?=\()/).map { String($0.output) })
    let listed = try Repository.text("schemas/hdf5-surface.txt")
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    #expect(listed == found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(listed.count > 100)
  }

  @Test("stand in one file, the only one that imports the C headers")
  func standInOneFile() throws {
    let folder = Repository.file("Sources/HDF5")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    var importers: [String] = []
    for name in try #require(names) where name.hasSuffix(".swift") {
      let text = try Repository.text("Sources/HDF5/\(name)")
      if text.contains("import CHDF5") { importers.append(name) }
    }
    #expect(importers == ["Mechanism/Calls.swift"])
  }
}
