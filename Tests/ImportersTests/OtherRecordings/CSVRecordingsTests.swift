import Compression
import Foundation
import Importers
import Randomness
import Signals
import SystemPackage
import TestSupport
import Testing

@Suite("Recordings in CSV")
struct CSVRecordingsTests {
  @Test("give channels, times, labels, subject and session")
  func everything() throws {
    let text = """
      Time,acc x,"gyro ""z"", fast",activity,subject,Session
      0.00,1,0.5,1,anna,morning
      0.02,,NaN,,anna,morning
      0.04,-3,2.5e3,2.0,anna,morning
      """
    let (recording, report) = try MappedText.csv(text)
    #expect(recording.name == "t" && recording.subject == "anna" && recording.session == "morning")
    let series = recording.series
    #expect(series.channels.map(\.name) == ["acc x", #"gyro "z", fast"#])
    #expect(series.rate.hertz == 50 && series.times == nil && series.startTimeInSeconds == 0)
    #expect(series.labels.map(\.name) == ["activity"])
    #expect(series.labels[0].codes == [1, -1, 2])
    #expect(series.labels[0].vocabulary.terms.map(\.name) == ["1", "2"])
    let values = recording.floats
    #expect(values.count == 6 && values[0] == 1 && values[1] == 0.5 && values[5] == 2500)
    #expect(values[2].isNaN && values[3].isNaN)
    #expect(report.warnings.isEmpty && report.rowCount == 3)
    #expect(report.unpackedInBytes == text.utf8.count)
  }

  @Test(
    "take every liberty of the format",
    arguments: [
      "t,a,b\n0,1,2\n1,3,4\n", "t,a,b\r\n0,1,2\r\n1,3,4", "t;a;b\n0;1;2\n1;3;4\n",
      "t\ta\tb\n0\t1\t2\n1\t3\t4\n", "\u{feff}t, a , b\n0, 1 ,2 \n1,3,4\n\n",
      "\"t\",\"a\",\"b\"\n\"0\",\"1\",\"2\"\n1,\"3\" ,4\n", "\n t,a,b\n\n0,1,2\n  \n1,3,4\n",
    ])
  func liberties(text: String) throws {
    let recording = try MappedText.csv(text).recording
    #expect(recording.floats == [1, 2, 3, 4])
    #expect(recording.series.channels.map(\.name) == ["a", "b"])
    #expect(recording.series.rate.hertz == 1)
  }

  @Test("are read from packed files, and from files of tabs")
  func packed() throws {
    let folder = try ImportFolder(["b.tsv": "t\ta\n0\t1\n1\t2\n"])
    try folder.write(Deflater.gzip(Array("t,a\n0,1\n1,2\n".utf8)), to: "a.csv.gz")
    let scan = try MappedReader().sources(in: [folder.path])
    #expect(scan.sources.map(\.name) == ["a.csv.gz", "b.tsv"])
    #expect(try MappedText.read(folder, "a.csv.gz").recordings[0].name == "a")
    #expect(try MappedText.read(folder, "b.tsv").recordings[0].floats == [1, 2])
  }

  @Test("are read as a mapping says")
  func mapping() throws {
    let text =
      "n|clock;b;a;what\n"
      + "x;1000;1;10;walk\ny;1100;2;20;\nz;1200;3;30;sit\n"
    let (recording, _) = try MappedText.csv(
      text.replacing("n|clock", with: "n;clock"),
      mapping: """
        {"time": "clock", "timeUnit": "ms", "label": "what", "labelTrack": "deed", "channels":
         ["a", "b"],
         "units": ["g", "V"], "labelNames": {"3": "sit", "4": "walk"}, "subject": "{file}-1"}
        """)
    #expect(recording.floats == [10, 1, 20, 2, 30, 3])
    #expect(
      recording.series.channels == [Channel(name: "a", unit: "g"), Channel(name: "b", unit: "V")])
    #expect(recording.series.labels[0].codes == [4, -1, 3])
    #expect(recording.series.labels[0].name == "deed")
    #expect(recording.series.rate.hertz == 10 && recording.series.startTimeInSeconds == 1)
    #expect(recording.subject == "t-1" && recording.session == "t")
  }

  @Test("keep all digits: 64 bits where 32 would change a number")
  func precision() throws {
    let mapping = #"{"rateInHertz": 1}"#
    let exact = try MappedText.csv("a,b\n0.5,16777216\n,3\n", mapping: mapping).recording
    #expect(exact.series.values.typeName == "float32")
    let wide = try MappedText.csv("a,b\n0.1,16777217\n1e-21,3\n", mapping: mapping).recording
    #expect(wide.doubles == [0.1, 16_777_217, 1e-21, 3])
  }

  @Test("find the rate of times that are rounded, have gaps, or no order at all")
  func rates() throws {
    func series(_ times: [String], _ name: String = "ms") throws -> TimeSeries {
      let rows = times.map { "\($0),1" }.joined(separator: "\n")
      return try MappedText.csv("\(name),a\n\(rows)\n").recording.series
    }
    let rounded = try series((0..<50).map { String(($0 * 1000 + 15) / 30) })
    #expect(rounded.rate.hertz == 30 && rounded.times == nil)
    let gap = try series(["0", "10", "20", "30", "90", "100"])
    #expect(gap.rate.hertz == 100 && gap.times?.count == 6)
    let odd = try series(["0", "1", "3", "4", "6"], "time")
    #expect(odd.times == [0, 1, 3, 4, 6] && odd.rate.hertz == 0.5)
    let slow = try series(["0", "0.75", "1.5"], "seconds")
    #expect(slow.rate.hertz == 1 / 0.75)
  }

  @Test(
    "cut from OPPORTUNITY by others are read with a rate",
    .enabled(if: RealData.folder != nil, "needs the real data"))
  func real() throws {
    let folder = try #require(RealData.folder).appending("opportunity/tsb_ad_u")
    let mapping = try RecordingMapping(
      json: Array(#"{"rateInHertz": 30, "units": ["milli g"]}"#.utf8))
    let reader = MappedReader(.init(mapping: mapping))
    let scan = try reader.sources(in: [folder])
    #expect(scan.sources.count == 18)
    var found: [String: Recording] = [:]
    for source in scan.sources {
      try reader.read(source) { found[String($0.name.prefix(3))] = $0 }
    }
    for (id, rows, least, most, flagged) in [
      ("842", 29_182, -671, 1248, 330), ("846", 22_194, -1064, 945, 818),
      ("856", 9057, -2050, 2796, 1142), ("868", 22_194, -1113, 1098, 818),
    ] {
      let recording = try #require(found[id])
      #expect(recording.series.sampleCount == rows)
      #expect(recording.floats.min() == Float(least) && recording.floats.max() == Float(most))
      #expect(recording.series.labels[0].codes.count { $0 == 1 } == flagged)
      #expect(recording.series.channels == [Channel(name: "Data", unit: "milli g")])
    }
  }

  struct BadTable: Sendable, CustomTestStringConvertible {
    let text: String
    var mapping: String?
    let code: ImportError.Code
    let middle: String
    var testDescription: String { middle }
  }

  private static let rate = #"{"rateInHertz": 1}"#

  static let badTables = [
    BadTable(
      text: "", code: .empty,
      middle: "it holds no readings, at least one is expected. Copy or download it again."),
    BadTable(
      text: "t,a\n", code: .empty,
      middle: "it holds no readings, at least one is expected. Copy or download it again."),
    BadTable(
      text: "t,a\n0,1\n1\n2,3\n", code: .badLine,
      middle: "line 3 has 1 field, 2 as in the header are expected. Correct the file."),
    BadTable(
      text: "t,a\n0,1\n\n1,2,3\n", code: .badLine,
      middle: "line 4 has 3 fields, 2 as in the header are expected. Correct the file."),
    BadTable(
      text: "t,a,b\n0,1,2\n1,2", code: .cutLine,
      middle: "line 3 has 2 fields, 3 as in the header are expected. Correct the file."),
    BadTable(
      text: "t,a\n0,x\n", code: .badLine,
      middle: "line 2, column 'a' holds 'x', a number with a decimal point, NaN or nothing is "
        + "expected. Correct the file."),
    BadTable(
      text: "t;a\n0;1,5\n", code: .badLine,
      middle: "line 2, column 'a' holds '1,5', a number with a decimal point, NaN or nothing is "
        + "expected. Correct the file."),
    BadTable(
      text: "t,a\n,1\n", code: .badLine,
      middle: "line 2, column 't' holds '', a number with a decimal point is expected. "
        + "Correct the file."),
    BadTable(
      text: "t,a\n1,1\n0.5,1\n", code: .clockBackwards,
      middle: "line 3, column 't' holds '0.5', at least 1.0 as in the row before is expected. "
        + "Correct the file."),
    BadTable(
      text: "t,a,y\n1,1,walk\n", code: .badLabel,
      middle: "line 2, column 'y' holds 'walk', a whole number, or a name that 'labelNames' of a "
        + "mapping file gives a code, is expected. Correct the file."),
    BadTable(
      text: "t,a,y\n1,1,-2\n", code: .badLabel,
      middle: "line 2, column 'y' holds '-2', a code from 0 on, or -1 for unlabelled, is expected. "
        + "Correct the file."),
    BadTable(
      text: "t,a,user\n1,1,anna\n2,2,otto\n", code: .unsupported,
      middle: "line 3, column 'user' holds 'otto', one user for a whole file ('anna' here) is "
        + "expected. Correct the file."),
    BadTable(
      text: "a,b\n1,2\n3,4\n", code: .badMapping,
      middle: "nothing states the rate of the table, an attribute such as 'sampling_rate_hz' or "
        + "times are expected. Add one, or give 'rateInHertz' in a mapping file."),
    BadTable(
      text: "t,a\n0,1\n", code: .badMapping,
      middle: "nothing states the rate of the table, an attribute such as 'sampling_rate_hz' or "
        + "times are expected. Add one, or give 'rateInHertz' in a mapping file."),
    BadTable(
      text: "0,1\n1,2\n", code: .badLine,
      middle: "line 1 begins with the number '0', the names of the columns are expected. "
        + "Correct the file."),
    BadTable(
      text: "t,a,a\n0,1,2\n", code: .badLine,
      middle: "line 1 names the column 'a' twice, different names are expected. Correct the file."),
    BadTable(
      text: "t,y\n0,1\n", code: .badLine,
      middle: "line 1 names no channel among 2 columns, at least one is expected. Correct the file."
    ),
    BadTable(
      text: "t,\"a\n0,1\n", code: .badLine,
      middle: "line 1 ends inside double quotes, a closing quote is expected. Correct the file."),
    BadTable(
      text: "t,a\n0,\"1\"2\n", code: .badLine,
      middle: "line 2 goes on after a closing quote, a delimiter is expected. Correct the file."),
    BadTable(
      text: "t,acc\n0,1\n", mapping: #"{"channels": ["ac"]}"#, code: .badMapping,
      middle: "there is no column 'ac', 'acc' is, the name of a column is expected. "
        + "Correct the file or its mapping."),
    BadTable(
      text: "a\n1\n", mapping: #"{"rateInHertz": 1, "units": ["g", "V"]}"#, code: .badMapping,
      middle: "2 units for 1 channel, one for each or one for all is expected. "
        + "Correct the file or its mapping."),
    BadTable(
      text: "a\n1\n", mapping: #"{"rateInHertz": 1, "session": "{group"}"#, code: .badMapping,
      middle: "'session' holds '{group' without a '}', one after each '{' is expected. "
        + "Correct the file or its mapping."),
  ]

  @Test("are refused in one sentence with the line", arguments: badTables)
  func refusals(table: BadTable) throws {
    let error = importError { _ = try MappedText.csv(table.text, mapping: table.mapping) }
    #expect(error?.message == "Could not read 't.csv': \(table.middle)")
    #expect(error?.code == table.code)
  }

  @Test("leave out columns without a name, and tell of codes without one")
  func warnings() throws {
    let (recording, report) = try MappedText.csv(
      ",a,y\n0,1,1\n1,2,5\n", mapping: #"{"rateInHertz": 1, "labelNames": {"1": "sit"}}"#)
    #expect(recording.series.channels.map(\.name) == ["a"])
    #expect(
      report.warnings == [
        "'t.csv': 1 column without a name left out.",
        "'t.csv': the labels hold codes without a name (5).",
      ])
  }

  @Test("never trap, whatever is changed in a table (20,000 seeded mutations)")
  func fuzz() throws {
    let good = Array("time,\"a\"\"b\",c,label\n0,1,2.5,1\n0.1,,NaN,-1\n0.2,-1e3,4,2\n".utf8)
    var counts = [0, 0]
    try Mutations.run(good, alphabet: Array(",;\t\"\r\n .-+eN0129\u{0}".utf8), count: 20_000) {
      bytes, folder in
      try folder.write(bytes, to: "t.csv")
      do {
        let recordings = try MappedText.read(folder, "t.csv", mapping: Self.rate).recordings
        #expect(recordings[0].series.sampleCount > 0)
        counts[0] += 1
      } catch let error as ImportError {
        #expect(error.message.hasPrefix("Could not read 't.csv': "))
        counts[1] += 1
      }
    }
    #expect(counts[0] > 2000 && counts[1] > 2000, "\(counts)")
  }
}
