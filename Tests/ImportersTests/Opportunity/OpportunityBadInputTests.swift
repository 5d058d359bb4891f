import Compression
import Importers
import Signals
import Testing

@Suite("Bad input to the OPPORTUNITY reader")
struct OpportunityBadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let code: ImportError.Code
    let sentence: String

    init(_ name: String, _ text: String, _ code: ImportError.Code, _ sentence: String) {
      self.name = name
      self.text = text
      self.code = code
      self.sentence = sentence
    }

    var testDescription: String { name }
  }

  private static func line(_ index: Int, columns: Int) -> String {
    let fields = LogText.fields(index) + ["1", "2", "3"]
    return fields.prefix(columns).joined(separator: " ")
  }

  private static let start = LogText.log(lineCount: 2)

  static let cases: [Case] = [
    Case(
      "a line with 249 columns",
      start + line(2, columns: 249) + "\n" + line(3, columns: 250) + "\n",
      .badLine,
      "Could not read 'S1-ADL1.dat': line 3 has 249 columns, OPPORTUNITY has 250. "
        + "Re-download the file or pass `--on-bad-line drop`."),
    Case(
      "a line with 251 columns", start + line(2, columns: 251) + "\n", .badLine,
      "Could not read 'S1-ADL1.dat': line 3 has 251 columns, OPPORTUNITY has 250. "
        + "Re-download the file or pass `--on-bad-line drop`."),
    Case(
      "a line with one column", start + "x\n" + line(3, columns: 250), .badLine,
      "Could not read 'S1-ADL1.dat': line 3 has 1 column, OPPORTUNITY has 250. "
        + "Re-download the file or pass `--on-bad-line drop`."),
    Case(
      "a cut last line", start + line(2, columns: 100), .cutLine,
      "Could not read 'S1-ADL1.dat': line 3, the last one, is cut in column 100, OPPORTUNITY has "
        + "250. Re-download the file or pass `--on-bad-line drop`."),
    Case(
      "a last line cut inside its last field", start + line(2, columns: 249) + " -", .cutLine,
      "Could not read 'S1-ADL1.dat': line 3, the last one, is cut in column 250, OPPORTUNITY has "
        + "250. Re-download the file or pass `--on-bad-line drop`."),
    Case(
      "a comma for a decimal point", LogText.log(lineCount: 3, line: 2, replacing: [38: "1,5"]),
      .badLine,
      "Could not read 'S1-ADL1.dat': line 2, column 38 (InertialMeasurementUnit BACK accX) holds "
        + "'1,5', a number with a decimal point or NaN is expected. "
        + "Correct the file or pass `--on-bad-line drop`."),
    Case(
      "a clock that is missing", LogText.log(lineCount: 3, line: 2, replacing: [1: "NaN"]),
      .badLine,
      "Could not read 'S1-ADL1.dat': line 2, column 1 (MILLISEC) holds 'NaN', a number with a "
        + "decimal point or NaN is expected. Correct the file or pass `--on-bad-line drop`."),
    Case(
      "a label that is missing", LogText.log(lineCount: 3, line: 1, replacing: [244: "NaN"]),
      .badLabel,
      "Could not read 'S1-ADL1.dat': line 1, column 244 (Locomotion) holds 'NaN', the whole number "
        + "of a label is expected. Correct the file or pass `--on-bad-line drop`."),
    Case(
      "a label that is not in a short legend",
      LogText.log(lineCount: 3, line: 3, replacing: [244: "3"]), .badLabel,
      "Could not read 'S1-ADL1.dat': line 3, column 244 (Locomotion) holds label 3, the legend has "
        + "0, 1, 2, 4, 5. Correct the file, name the label in label_legend.txt, or pass "
        + "`--on-bad-line drop`."),
    Case(
      "a label that is not in a long legend",
      LogText.log(lineCount: 3, line: 3, replacing: [250: "40651"]), .badLabel,
      "Could not read 'S1-ADL1.dat': line 3, column 250 (ML_Both_Arms) holds label 40651, the "
        + "legend "
        + "has 18 others. Correct the file, name the label in label_legend.txt, or pass "
        + "`--on-bad-line drop`."),
    Case(
      "a clock that runs backwards", LogText.log(lineCount: 5, line: 5, replacing: [1: "99"]),
      .clockBackwards,
      "Could not read 'S1-ADL1.dat': line 5, column 1 (MILLISEC) holds 99 ms, at least 100 ms are "
        + "expected because the line before has them. "
        + "Correct the file or pass `--on-bad-line drop`."),
    Case(
      "an empty file", "", .empty,
      "Could not read 'S1-ADL1.dat': it holds no readings, at least one is expected. "
        + "Copy or download it again."),
    Case(
      "a file of blank lines", "\n \r\n\t\n", .empty,
      "Could not read 'S1-ADL1.dat': it holds no readings, at least one is expected. "
        + "Copy or download it again."),
    Case(
      "a control character in a field",
      LogText.log(lineCount: 3, line: 2, replacing: [5: "1\u{1b}[2J"]), .badLine,
      "Could not read 'S1-ADL1.dat': line 2, column 5 (Accelerometer HIP accX) holds "
        + "'1\\u{1b}[2J', "
        + "a number with a decimal point or NaN is expected. "
        + "Correct the file or pass `--on-bad-line drop`."),
    Case(
      "a line without an end", String(repeating: "7", count: 1_100_000), .badLine,
      "Could not read 'S1-ADL1.dat': line 1 has more than 1048576 bytes, a table of numbers has "
        + "shorter lines. Check that this is the right file."),
  ]

  @Test("gets one sentence with the line and what to do", arguments: cases)
  func sentences(one: Case) throws {
    let folder = try ImportFolder(["S1-ADL1.dat": one.text])
    var received = 0
    let error = importError {
      try OpportunityReader().read(folder.source("S1-ADL1.dat")) { _ in received += 1 }
    }
    #expect(error?.message == one.sentence)
    #expect(error?.code == one.code)
    #expect(error?.subject == "S1-ADL1.dat")
    #expect(received == 0, "Nothing of a refused file is handed over.")
  }

  @Test(
    "is not taken for numbers",
    arguments: [
      "", "-", "+", ".", "-.", "1e", "1e+", "e5", "inf", "Infinity", "0x10", "1_000", "1 000x",
      "--5",
      "1-2", "NaN1", "na", "1e39", "-4e38", "１", "5\r6", "1.2.3",
    ])
  func notNumbers(field: String) throws {
    for column in [2, 100, 243] {
      let text = LogText.log(lineCount: 2, line: 1, replacing: [column: field])
      let folder = try ImportFolder(["x.dat": text])
      let error = importError { _ = try LogText.read(folder, "x.dat") }
      #expect(error?.code == .badLine, "column \(column)")
    }
  }

  @Test("is dropped and counted where the user says so")
  func dropped() throws {
    let text = LogText.log(lineCount: 12) { index, fields in
      switch index {
      case 2: fields.removeLast()
      case 3: fields[10] = "?"
      case 5: fields[243] = "3"
      case 7: fields[0] = "1"
      case 8: fields[249] = "x"
      case 9: fields[20] = "!"
      default: break
      }
    }
    let folder = try ImportFolder(["x.dat": text])
    let (recording, report) = try LogText.read(folder, "x.dat", onBadLine: .drop)
    #expect(recording.series.sampleCount == 6)
    #expect(recording.series.times == [0, 0.033, 0.133, 0.2, 0.333, 0.367])
    #expect(
      report.warnings == [
        "'x.dat': 6 lines dropped (1 with a clock that runs backwards, 1 with a field that is no "
          + "label, 2 with a field that is no number, 1 with a label that is not in the legend, "
          + "1 with another number of columns).",
        "'x.dat': the clock leaves out 6 steps of 33.3 ms.",
      ])
  }

  @Test("is refused after all where nothing is left")
  func allDropped() throws {
    let folder = try ImportFolder(["x.dat": "1 2 3\n4 5 6\n"])
    let error = importError { _ = try LogText.read(folder, "x.dat", onBadLine: .drop) }
    #expect(
      error?.message
        == "Could not read 'x.dat': none of its 2 lines can be read, at least one is expected. "
        + "The first of them: Could not read 'x.dat': line 1 has 3 columns, OPPORTUNITY has 250. "
        + "Re-download the file or pass `--on-bad-line drop`.")
    #expect(error?.cause is ImportError)
  }

  @Test("in a packed log is refused with the reason")
  func packed() throws {
    var packed = try Deflater.gzip(Array(LogText.log(lineCount: 50).utf8))
    let folder = try ImportFolder(["x.dat.gz": "no gzip"])
    #expect(
      importError { _ = try LogText.read(folder, "x.dat.gz") }?.message
        == "Could not read 'x.dat.gz': the first bytes are not those of a gzip stream (1f 8b). "
        + "Check how the file was compressed.")
    try folder.write(Array(packed.dropLast(100)), to: "x.dat.gz")
    let cut = importError { _ = try LogText.read(folder, "x.dat.gz") }
    #expect(cut?.code == .damaged || cut?.code == .cutLine)
    packed[packed.count - 6] ^= 1
    try folder.write(packed, to: "x.dat.gz")
    let flipped = importError { _ = try LogText.read(folder, "x.dat.gz") }
    #expect(flipped?.code == .damaged)
    #expect(flipped?.cause is CompressionError)
  }

  @Test("never traps, whatever is changed in a log (10,000 seeded mutations)")
  func fuzz() throws {
    let good = Array(LogText.log(lineCount: 3) { $1[9] = "NaN" }.utf8)
    var counts = [0, 0]
    try Mutations.run(good, alphabet: Array(" \t\r\n-+.eENan019\u{0}\u{ff}".utf8), count: 10_000) {
      bytes, folder in
      try folder.write(bytes, to: "x.dat")
      for policy in BadLinePolicy.allCases {
        do {
          let (recording, report) = try LogText.read(folder, "x.dat", onBadLine: policy)
          #expect(report.rowCount == recording.series.sampleCount)
          counts[0] += 1
        } catch let error as ImportError {
          #expect(error.message.hasPrefix("Could not "))
          counts[1] += 1
        }
      }
    }
    // Both ways out are taken often, or the mutations are too tame or too wild.
    #expect(counts[0] > 1000 && counts[1] > 1000, "\(counts)")
  }
}
