import SystemPackage
import TestSupport
import Testing

/// What an importer cannot read costs one sentence, and nothing else.
@Suite("A source that cannot be read is refused, and the store stays as it is")
struct BadSourceTests {
  /// A log with one fault, and how it is refused.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let words: String
    let spoil: @Sendable (inout SampleLog) -> Void
  }

  static let faults = [
    Fault(
      testDescription: "a line with 249 columns",
      words: "Could not read 'S5-ADL1.dat': line 12 has 249 columns, OPPORTUNITY has 250. "
        + "Re-download the file or pass `--on-bad-line drop`."
    ) { $0.cells[11].removeLast() },
    Fault(
      testDescription: "a label that is not in the legend",
      words: "Could not read 'S5-ADL1.dat': line 12, column 244 (Locomotion) holds label 77, the "
        + "legend has 0, 1, 2, 4, 5. Correct the file, name the label in label_legend.txt, or pass "
        + "`--on-bad-line drop`."
    ) { $0.cells[11][243] = "77" },
    Fault(
      testDescription: "a clock that runs backwards",
      words: "Could not read 'S5-ADL1.dat': line 12, column 1 (MILLISEC) holds 1 ms, at least 333 "
        + "ms are expected because the line before has them. Correct the file or pass "
        + "`--on-bad-line drop`."
    ) { $0.cells[11][0] = "1" },
    Fault(
      testDescription: "a cut last line",
      words: "Could not read 'S5-ADL1.dat': line 40, the last one, is cut in column 128, "
        + "OPPORTUNITY has 250. Re-download the file or pass `--on-bad-line drop`."
    ) {
      $0.cells[39].removeLast(122)
      $0.end = ""
    },
    Fault(
      testDescription: "an empty file",
      words: "Could not read 'S5-ADL1.dat': it holds no readings, at least one is expected. Copy "
        + "or download it again."
    ) {
      $0.cells = []
      $0.end = ""
    },
  ]

  @Test("An OPPORTUNITY log with", arguments: faults)
  func badLog(fault: Fault) throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    fault.spoil(&log)
    try workspace.write(log.text, to: "bad/S5-ADL1.dat")
    try workspace.expectRefusal(
      "ingest", "opportunity", "bad", "--as", "other", status: 65, words: fault.words)
    // Neither as a version of a dataset that is there, nor with an answer for programs.
    try workspace.expectRefusal(
      "ingest", "opportunity", "bad", "--as", "sample", "--append", "--json", status: 65,
      words: fault.words)
    #expect(try workspace.answer("datasets")["datasets"].elements.map(\.["latest"]) == [1])
  }

  @Test("A bad log after good ones leaves no trace in what the store tells")
  func badLogAfterGoodOnes() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.done(
      "simulate", "opportunity", "logs", "--subjects", "3", "--runs", "1", "--minutes", "0.2",
      "--quiet")
    var bytes = try workspace.bytes(of: "logs/S3-ADL1.dat")
    bytes.removeLast(20)
    try workspace.write(bytes, to: "logs/S3-ADL1.dat")
    let before = try workspace.fingerprint()
    let words = try workspace.refusal(
      ["ingest", "opportunity", "logs", "--as", "daily"], status: 65)
    #expect(words.contains("Could not read 'S3-ADL1.dat': line 360, the last one, is cut in "))
    // Shards of the first two may lie there, unnamed, until the store is collected; the catalogue
    // and everything that it names are the same to the byte.
    let after = try workspace.fingerprint()
    #expect(after.filter { before[$0.key] != nil } == before)
    #expect(try workspace.answer("datasets")["datasets"].elements.map(\.["name"]) == ["sample"])
    // With the third one repaired, the same command publishes all three.
    try workspace.done(
      "simulate", "opportunity", "again", "--subjects", "3", "--runs", "1", "--minutes", "0.2",
      "--quiet")
    let answer = try workspace.answer("ingest", "opportunity", "again", "--as", "daily")
    #expect(answer["version"] == 1 && answer["recordings"] == 3 && answer["rows"] == 1080)
  }

  @Test("Lines that may be dropped are dropped, counted and told")
  func droppedLine() throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    log.cells[11].removeLast()
    try workspace.write(log.text, to: "bad/S5-ADL1.dat")
    let answer = try workspace.answer(
      "ingest", "opportunity", "bad", "--as", "other", "--on-bad-line", "drop")
    #expect(answer["rows"] == 39)
    #expect(
      answer["warnings"] == [
        "'S5-ADL1.dat': 1 line dropped (1 with another number of columns).",
        "'S5-ADL1.dat': the clock leaves out 1 step of 33.3 ms.",
      ])
  }

  @Test("A folder without logs")
  func folderWithoutLogs() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.write("No log.", to: "none/readme.txt")
    try workspace.expectRefusal(
      "ingest", "opportunity", "none", "--as", "other", status: 66,
      words: "Could not find a recording in 'none': 1 file of other kinds found, logs named *.dat "
        + "or *.dat.gz are expected. Name the folder that holds the recordings.")
  }

  @Test("A path that is not there")
  func missingPath() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.expectRefusal(
      "ingest", "opportunity", "logs", "--as", "other", status: 66,
      words: "Could not find 'logs': there is no such file or folder. Check the path.")
  }

  @Test("A file that is no HDF5")
  func notHDF5() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.write("Not what the name says.", to: "files/walk.h5")
    try workspace.expectRefusal(
      "ingest", "recordings", "files", "--as", "other", status: 65,
      words: "Could not read 'walk.h5': it is no HDF5 file, the signature of one is expected at "
        + "its beginning. Copy or download it again, or leave it out.")
  }

  @Test("A recording that an earlier version holds with other content")
  func changedRecording() throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    log.cells.removeLast()
    try workspace.write(log.text, to: "other/S9-ADL1.dat")
    try workspace.expectRefusal(
      "ingest", "opportunity", "other", "--as", "sample", "--append", status: 65,
      words: "Could not append recording 'S9-ADL1': 'sample@1' holds it with other content. Pass "
        + "`--replace`, or ingest all sources without `--append`.")
    let replaced = try workspace.answer(
      "ingest", "opportunity", "other", "--as", "sample", "--append", "--replace")
    #expect(replaced["version"] == 2 && replaced["rows"] == 39 && replaced["recordings"] == 1)
  }

  @Test("Recordings of another kind than the dataset's")
  func anotherKind() throws {
    let workspace = try SimulatedStore.sample()
    try workspace.write("time,value\n0,1\n0.1,2\n0.2,3\n", to: "csv/one.csv")
    try workspace.expectRefusal(
      "ingest", "recordings", "csv", "--as", "sample", status: 65,
      words: "Could not add recordings to 'sample': the dataset holds opportunity. Ingest under "
        + "another name with `--as`.")
  }
}
