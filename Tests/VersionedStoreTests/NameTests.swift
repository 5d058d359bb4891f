import StoreSupport
import Testing
import VersionedStore

@Suite("Names and references")
struct NameTests {
  @Test(
    "are accepted as they are written",
    arguments: [
      "a", "7", "hapt", "S1-ADL1.dat", "a_b", "A.B-c_9", String(repeating: "x", count: 64),
    ])
  func accepted(text: String) throws {
    #expect(try DatasetName(text).text == text)
  }

  @Test(
    "are refused when a disk, a shell or a URL could take them for something else",
    arguments: [
      "", ".", "..", "-rf", "_a", ".hidden", "a/b", "a b", "a\nb", "a@b", "näh", "日本", "a\u{0}b",
      "a*", "a\u{202e}b", "e\u{301}", String(repeating: "x", count: 65),
    ])
  func refused(text: String) {
    expectStoreError(
      .badReference,
      saying: "Could not use '\(text)' as a name: a name has 1 to 64 letters, digits, '-', '_' or "
        + "'.', and starts with a letter or digit."
    ) { _ = try DatasetName(text) }
  }

  @Test(
    "of versions are read and written",
    arguments: [
      ("hapt", "hapt@latest"), ("hapt@latest", "hapt@latest"), ("hapt@1", "hapt@1"),
      ("hapt@0012", "hapt@12"), ("hapt@paper", "hapt@paper"), ("hapt@1a", "hapt@1a"),
    ])
  func references(text: String, written: String) throws {
    let reference = try VersionReference(text)
    #expect(reference.description == written)
    #expect(try VersionReference(written) == reference)
  }

  @Test("tell numbers, tags and the newest version apart")
  func selectors() throws {
    #expect(try VersionReference("d@2").selector == .number(2))
    #expect(try VersionReference("d@v2").selector == .tag("v2"))
    #expect(try VersionReference("d@latest").selector == .latest)
    #expect(VersionReference(latestOf: try DatasetName("d")) == (try VersionReference("d")))
  }

  @Test(
    "of versions are refused when they name none",
    arguments: ["d@0", "d@00", "d@99999999999999999999"])
  func noVersion(text: String) {
    expectStoreError(
      .badReference,
      saying: "Could not read '\(text)' as a dataset version: expected NAME@3, NAME@latest or "
        + "NAME@TAG."
    ) { _ = try VersionReference(text) }
  }

  @Test(
    "of versions are refused when a part is no name", arguments: ["", "@1", "d@", "d@-1", "d@@1"])
  func noName(text: String) {
    expectStoreError(.badReference) { _ = try VersionReference(text) }
  }
}
