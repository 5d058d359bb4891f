import Compression
import Foundation
import Importers
import Randomness
import Signals
import SystemPackage
import TestSupport
import Testing

@Suite("The OPPORTUNITY reader")
struct OpportunityReaderTests {
  @Test("makes one recording of a log: names, subject, session, rate, labels")
  func oneRecording() throws {
    let text = LogText.log(lineCount: 4) { index, fields in
      fields[243] = ["0", "1", "1", "5"][index]
      fields[249] = "406516"
      fields[1] = ["NaN", "nan", "-0", "2.5"][index]
    }
    let folder = try ImportFolder(["S1-ADL1.dat": text])
    let (recording, report) = try LogText.read(folder)
    #expect(recording.name == "S1-ADL1")
    #expect(recording.subject == "S1")
    #expect(recording.session == "S1-ADL1")
    #expect(recording.place == "")
    #expect(!recording.isSimulated)
    #expect(recording.source.name == "S1-ADL1.dat")
    #expect(recording.source.sizeInBytes == text.utf8.count)
    #expect(recording.source.sha256 == (try folder.source("S1-ADL1.dat").hashed().sha256))
    let series = recording.series
    #expect(series.rate.hertz == 30)
    #expect(series.sampleCount == 4)
    #expect(series.channels == OpportunityColumns.published.channels)
    #expect(series.times == nil)
    #expect(series.labels.map(\.name) == OpportunityColumns.published.trackNames)
    #expect(series.labels[0].codes == [0, 1, 1, 5])
    #expect(series.labels[0].vocabulary.name(of: 0) == "Null")
    #expect(series.labels[6].codes == [406516, 406516, 406516, 406516])
    let values = recording.floats
    #expect(values[0].isNaN && values[242].isNaN)
    #expect(values[484] == 0 && values[484].sign == .minus)
    #expect(values[726] == 2.5)
    #expect(values[1] == 2 && values[241] == 242 && values[243] == 3)
    #expect(report.recordingCount == 1 && report.rowCount == 4)
    #expect(report.reference == recording.source)
    let sha256 = recording.source.sha256.prefix(8)
    #expect(
      report.warnings == [
        "'S1-ADL1.dat' is not the original of the data set: its SHA-256 begins with \(sha256), the "
          + "original's with 2b247432."
      ])
  }

  @Test("knows an original by length and content, not by name")
  func originals() throws {
    let first = try #require(OpportunityOriginal.named("S1-ADL1.dat"))
    #expect(
      OpportunityOriginal.withContent(sha256: first.sha256, sizeInBytes: first.sizeInBytes) == first
    )
    #expect(
      OpportunityOriginal.withContent(sha256: first.sha256, sizeInBytes: first.sizeInBytes - 1)
        == nil)
    #expect(OpportunityOriginal.named("S5-ADL1.dat") == nil)
  }

  @Test("finds in a log what NumPy finds (made by tools/golden/make_import_opportunity.py)")
  func golden() throws {
    struct Golden: Decodable {
      let sha256: String
      let rows: Int
      let sums: [Double]
      let missing: [Int]
      let labels: [[Int32]]
    }
    let root = RealData.packageRoot
    let json = root.appending("Tests/ImportersTests/Golden/opportunity-sample.json")
    let bytes = try #require(FileManager.default.contents(atPath: json.string))
    let golden = try JSONDecoder().decode(Golden.self, from: bytes)
    let reader = OpportunityReader()
    let scan = try reader.sources(in: [root.appending("data/opportunity/sample")])
    #expect(scan.sources.map(\.name) == ["S9-ADL1.dat"])
    #expect(scan.skipped.isEmpty)
    let report = try reader.read(scan.sources[0]) { recording in
      #expect(recording.isSimulated)
      #expect(recording.subject == "S9")
      #expect(recording.source.sha256 == golden.sha256)
      #expect(recording.series.sampleCount == golden.rows)
      #expect(recording.series.labels.map(\.codes) == golden.labels)
      expectClose(recording.sums, golden.sums, relative: 1e-12, absolute: 1e-9)
      let values = recording.floats
      let missing = (0..<242).map { column in
        stride(from: column, to: values.count, by: 242).count { values[$0].isNaN }
      }
      #expect(missing == golden.missing)
    }
    #expect(report.warnings.isEmpty)
  }

  struct Liberty: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
  }

  private static let good = LogText.log(lineCount: 3)
  private static let withReturns = good.replacing("\n", with: "\r\n")

  /// A text without its last bytes; "\r\n" counts as two.
  private static func cut(_ text: String, _ count: Int) -> String {
    String(decoding: text.utf8.dropLast(count), as: UTF8.self)
  }

  static let liberties = [
    Liberty(testDescription: "LF", text: good),
    Liberty(testDescription: "CR LF", text: withReturns),
    Liberty(testDescription: "tabs", text: good.replacing(" ", with: "\t")),
    Liberty(testDescription: "several blanks", text: good.replacing(" ", with: " \t ")),
    Liberty(testDescription: "no end of the last line", text: cut(good, 1)),
    Liberty(testDescription: "no end of the last line of CR LF", text: cut(withReturns, 2)),
    Liberty(testDescription: "only CR at the end", text: cut(withReturns, 1)),
    Liberty(testDescription: "a byte order mark", text: "\u{feff}" + good),
    Liberty(
      testDescription: "blanks before and after", text: "  " + good.replacing("\n", with: " \n")),
    Liberty(
      testDescription: "blank lines", text: "\n\n" + good.replacing("\n", with: "\n\n \t\n")),
    Liberty(testDescription: "blank lines at the end", text: good + "\n \r\n\t"),
  ]

  @Test("takes every liberty of the format", arguments: liberties)
  func takesLiberties(one: Liberty) throws {
    let expected = try LogText.read(try ImportFolder(["a.dat": Self.good]), "a.dat").recording
    let read = try LogText.read(try ImportFolder(["a.dat": one.text]), "a.dat").recording
    #expect(read.series == expected.series)
  }

  @Test("reads a packed log as the log, and knows it by the content too", arguments: [1, 6, 9])
  func packed(level: Int) throws {
    let text = LogText.log(lineCount: 700)
    let folder = try ImportFolder(["S1-ADL2.dat": text])
    try folder.write(Deflater.gzip(Array(text.utf8), level: level), to: "p/S1-ADL2.dat.gz")
    // What says gzip is the content; a wrong ending does not matter.
    try folder.write(Deflater.gzip(Array(text.utf8), level: level), to: "q/S1-ADL2.dat")
    let plain = try LogText.read(folder, "S1-ADL2.dat")
    for name in ["p/S1-ADL2.dat.gz", "q/S1-ADL2.dat"] {
      let packed = try LogText.read(folder, name)
      #expect(packed.recording.series == plain.recording.series)
      #expect(packed.recording.name == "S1-ADL2")
      #expect(packed.report.unpackedInBytes == text.utf8.count)
      #expect(packed.recording.source.sizeInBytes < text.utf8.count)
      #expect(packed.recording.source.sha256 != plain.recording.source.sha256)
    }
  }

  @Test("reads numbers as strtof does")
  func numbers() throws {
    var random = Seed(11).generator()
    var texts = [
      "0.1", "16777217", "16777219", "0.000001", "123456789", "9999999", "12345678", "-.5", "5.",
      "+7", "1e5", "1E-5", "3.4028234e38", "1e-45", "1e-60", "8388609.5", "0.30000001192092896",
      "1.00000005960464477539", "1.00000005960464477540", "340282356779733661637539395458142568447",
      "00000000000000000000012", "1.17549435e-38", "5.960464477539063e-8",
    ]
    while texts.count < 242 * 8 {
      let digits = random.nextIndex(below: 22) + 1
      var text = (0..<digits).map { _ in String(random.nextIndex(below: 10)) }.joined()
      if random.nextIndex(below: 2) == 0 {
        text.insert(".", at: text.index(text.startIndex, offsetBy: random.nextIndex(below: digits)))
      }
      if random.nextIndex(below: 4) == 0 { text += "e\(random.nextIndex(below: 50) - 25)" }
      if random.nextIndex(below: 2) == 0 { text = "-" + text }
      // What is beyond single precision is refused, see the bad input.
      if Float(text)?.isFinite == true { texts.append(text) }
    }
    texts = Array(texts.prefix(242 * 8))
    let log = LogText.log(lineCount: 8) { index, fields in
      for column in 0..<242 { fields[1 + column] = texts[index * 242 + column] }
    }
    let values = try LogText.read(try ImportFolder(["n.dat": log]), "n.dat").recording.floats
    for (text, value) in zip(texts, values) {
      let expected = try #require(Float(text.hasPrefix("+") ? String(text.dropFirst()) : text))
      #expect(value.bitPattern == expected.bitPattern, "\(text)")
    }
  }

  @Test("keeps the times only where the clock leaves the grid, and counts what is odd")
  func clocks() throws {
    func read(_ clocks: [String]) throws -> (Recording, SourceReport) {
      let text = LogText.log(lineCount: clocks.count) { $1[0] = clocks[$0] }
      let (recording, report) = try LogText.read(try ImportFolder(["x.dat": text]), "x.dat")
      return (recording, report)
    }
    // Rounded, cut off, and begun anywhere, as a piece of a longer log is.
    for clocks in [
      ["0", "33", "67", "100"], ["0", "33", "66", "100"], ["33", "67", "100", "133"],
      ["1000.5", "1033.8", "1067.2", "1100.5"],
    ] {
      let (recording, report) = try read(clocks)
      #expect(recording.series.times == nil, "\(clocks)")
      #expect(recording.series.startTimeInSeconds == (Double(clocks[0]) ?? -1) / 1000)
      #expect(report.warnings.isEmpty)
    }
    let (repeated, repeatReport) = try read(["0", "33", "33", "67"])
    #expect(repeated.series.times == [0, 0.033, 0.033, 0.067])
    #expect(
      repeatReport.warnings == [
        "'x.dat': the clock repeats 1 time less than half a step (33.3 ms) after the line before."
      ])
    let (gap, gapReport) = try read(["0", "33", "133", "500"])
    #expect(gap.series.times == [0, 0.033, 0.133, 0.5])
    #expect(gapReport.warnings == ["'x.dat': the clock leaves out 12 steps of 33.3 ms."])
    let (_, endless) = try read(["0", "33", "1e300", "1e300"])
    #expect(endless.warnings.count == 2)
  }

  @Test("takes names and legend from the files beside the log")
  func companions() throws {
    let names = OpportunityColumns.published.text.replacing("RKN^ accX", with: "KNEE up")
    let legend = OpportunityLegend.published.text + "\n7   -   Locomotion   -   Dance - fast"
    let text = LogText.log(lineCount: 2) { $1[243] = "7" }
    let folder = try ImportFolder([
      "S1-ADL1.dat": text, "column_names.txt": names, "label_legend.txt": legend,
    ])
    let recording = try LogText.read(folder).recording
    #expect(recording.series.channels[0].name == "Accelerometer KNEE up")
    #expect(recording.series.labels[0].vocabulary.name(of: 7) == "Dance - fast")
    let broken = try ImportFolder(["S1-ADL1.dat": text, "column_names.txt": "Column: 0 x"])
    #expect(importError { _ = try LogText.read(broken) }?.code == .badCompanion)
    let otherTracks = OpportunityColumns.published.text.replacing("Locomotion", with: "Moves")
    let alone = try ImportFolder(["S1-ADL1.dat": text, "column_names.txt": otherTracks])
    #expect(
      importError { _ = try LogText.read(alone) }?.message
        == "Could not use 'column_names.txt': other label tracks than the published ones, a "
        + "label_legend.txt for them is expected. "
        + "Correct it, or remove it to use the built-in list.")
  }

  @Test("finds logs in folders, in one order, and says what it passes over")
  func scan() throws {
    let text = LogText.log(lineCount: 1)
    let folder = try ImportFolder([
      "S2-ADL1.dat": text, "S1-ADL1.dat": text, "README.md": "x", "column_names.txt": "x",
      "label_legend.txt": "x", "deep/er/S3-Drill.DAT": text, ".hidden.dat": text, "a/doc.html": "x",
    ])
    let scan = try OpportunityReader().sources(in: [folder.path])
    #expect(scan.sources.map(\.name) == ["S1-ADL1.dat", "S2-ADL1.dat", "deep/er/S3-Drill.DAT"])
    #expect(scan.sources.map(\.sizeInBytes) == [text.utf8.count, text.utf8.count, text.utf8.count])
    #expect(
      scan.skipped == [
        .init(name: ".hidden.dat", reason: "a hidden file"),
        .init(name: "README.md", reason: "not a recording"),
        .init(name: "a/doc.html", reason: "not a recording"),
      ])
    // A file that is named itself is taken whatever its name.
    let named = try OpportunityReader().sources(in: [folder.path("README.md")])
    #expect(named.sources.map(\.name) == ["README.md"])
  }
}
