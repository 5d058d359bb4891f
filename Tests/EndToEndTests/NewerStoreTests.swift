import SystemPackage
import TestSupport
import Testing

@Suite(
  "A store of a later release is not touched",
  .enabled(if: PythonPeer.has("sqlite3"), "needs python3 with sqlite3 to make one"))
struct NewerStoreTests {
  /// Runs a statement on the catalogue behind the program's back.
  private func change(_ workspace: Workspace, _ statement: String) throws {
    _ = try PythonPeer.run(
      script: """
        import sqlite3, sys
        catalogue = sqlite3.connect(sys.argv[1])
        catalogue.execute(sys.argv[2])
        catalogue.commit()
        catalogue.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        catalogue.close()
        """, arguments: [workspace.store.appending("catalog.sqlite").string, statement])
  }

  private static let end = ", which this build does not know. Update signalstore."

  @Test("With a feature that readers must know")
  func readerFeature() throws {
    let workspace = try SimulatedStore.sample()
    try change(workspace, "UPDATE store SET readerFlags = 72")
    let words =
      "Could not open the store 'store/catalog.sqlite': it needs the reader feature with flag 8"
      + Self.end
    try workspace.expectRefusal("datasets", status: 78, words: words)
    try workspace.expectRefusal(
      "ingest", "opportunity", "sample", "--as", "other", status: 78, words: words)
  }

  @Test("With a feature that writers must know, which readers may ignore")
  func writerFeature() throws {
    let workspace = try SimulatedStore.sample()
    try change(workspace, "UPDATE store SET writerFlags = 4")
    try workspace.expectRefusal(
      "ingest", "opportunity", "sample", "--as", "other", status: 78,
      words: "Could not open the store 'store/catalog.sqlite': it needs the writer feature with "
        + "flag 4" + Self.end)
    #expect(try workspace.answer("datasets")["datasets"].elements.count == 1)
  }

  @Test("With a catalogue of a later form")
  func laterCatalogue() throws {
    let workspace = try SimulatedStore.sample()
    try change(workspace, "INSERT INTO grdb_migrations (identifier) VALUES ('z-later')")
    try workspace.expectRefusal(
      "datasets", status: 78,
      words: "Could not open the store 'store/catalog.sqlite': it needs a later catalogue format"
        + Self.end)
  }

  @Test("A catalogue of another program is not taken over")
  func foreignCatalogue() throws {
    let workspace = try Workspace()
    try workspace.write("", to: "store/nothing")
    _ = try PythonPeer.run(
      script: """
        import sqlite3, sys
        notes = sqlite3.connect(sys.argv[1])
        notes.execute("CREATE TABLE note (text TEXT)")
        notes.commit()
        notes.close()
        """, arguments: [workspace.store.appending("catalog.sqlite").string])
    try workspace.expectRefusal(
      "datasets", status: 65,
      words: "Could not open the catalogue 'store/catalog.sqlite': it is a SQLite file of another "
        + "program. Name another store with `--store`.")
  }
}
