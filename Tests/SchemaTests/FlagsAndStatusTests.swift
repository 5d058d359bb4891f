import Foundation
import SignalCommands
import Testing
import VersionedStore

@Suite("schemas/feature-flags.md")
struct FeatureFlagsTests {
  @Test("lists the flags that this build knows, each bit once")
  func tables() throws {
    let tables = try Documents.tables(in: "feature-flags.md")
    for (section, known) in [
      ("Reader flags", FeatureFlags.knownReaderFlags),
      ("Writer flags", FeatureFlags.knownWriterFlags),
    ] {
      let table = try #require(tables.first { $0.section == section })
      let bits = table.rows.compactMap { Int64($0[0]) }
      #expect(bits.count == table.rows.count && Set(bits).count == bits.count)
      #expect(bits.allSatisfy { $0.nonzeroBitCount == 1 })
      #expect(bits.reduce(0, |) == known, "\(section)")
      #expect(table.rows.allSatisfy { $0.count == 4 && $0.allSatisfy { !$0.isEmpty } })
    }
  }
}

@Suite("schemas/exit-codes.md")
struct ExitStatusTests {
  @Test("lists every status in order, and no other")
  func table() throws {
    let rows = try #require(try Documents.tables(in: "exit-codes.md").first).rows
    #expect(rows.map { Int32($0[0]) } == ExitStatus.allCases.map(\.rawValue))
    #expect(rows.map { $0[1] } == ExitStatus.allCases.map { "\($0)" })
    #expect(rows.allSatisfy { $0[2].hasSuffix(".") })
  }
}

@Suite("schemas/README.md")
struct ReadmeTests {
  @Test("names every document, and only documents that are there")
  func documents() throws {
    let rows = try #require(try Documents.tables(in: "README.md").first).rows
    let named = rows.compactMap { $0[0].split(separator: "]").first?.dropFirst() }.map(String.init)
    let present = try FileManager.default.contentsOfDirectory(atPath: Documents.folder.path)
    #expect(Set(named) == Set(present).subtracting(["README.md"]))
    #expect(rows.allSatisfy { $0[0].contains("](\($0[0].split(separator: "]")[0].dropFirst()))") })
  }
}
