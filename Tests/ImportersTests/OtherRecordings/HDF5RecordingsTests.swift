import Foundation
import HDF5
import Importers
import Signals
import SystemPackage
import TestSupport
import Testing

@Suite("Recordings in HDF5")
struct HDF5RecordingsTests {
  private struct HAPTGolden: Decodable {
    struct Recording: Decodable {
      let name: String
      let subject: String
      let rows: Int
      let sums: [Double]
      let labels: [String: Int]
    }
    let recordings: [Recording]
  }

  private static func golden(_ name: String) throws -> Data {
    let path = RealData.packageRoot.appending("Tests/ImportersTests/Golden").appending(name)
    return try #require(FileManager.default.contents(atPath: path.string))
  }

  @Test(
    "of HAPT come out as h5py reads them (made by tools/golden/make_import_hapt.py)",
    .enabled(if: RealData.folder != nil, "needs the real data"))
  func hapt() throws {
    let folder = try #require(RealData.folder).appending("hapt")
    let expected = try JSONDecoder().decode(HAPTGolden.self, from: Self.golden("hapt.json"))
    let reader = MappedReader()
    let scan = try reader.sources(in: [folder])
    #expect(scan.sources.count == 20)
    #expect(scan.skipped == [.init(name: "README.md", reason: "not a recording")])
    var found: [Recording] = []
    var rows = 0
    for source in scan.sources {
      let report = try reader.read(source) { found.append($0) }
      #expect(report.warnings.isEmpty)
      rows += report.rowCount
    }
    #expect(found.count == 41)
    #expect(rows == 730_484)
    #expect(Set(found.compactMap(\.subject)).count == 20)
    for (recording, golden) in zip(found, expected.recordings) {
      #expect(recording.name == golden.name && recording.session == golden.name)
      #expect(recording.place == "/\(golden.name.split(separator: "/")[1])")
      #expect(recording.subject == golden.subject)
      #expect(recording.source.name == "\(golden.name.prefix(6)).h5")
      let series = recording.series
      #expect(series.rate.hertz == 50 && series.times == nil && series.sampleCount == golden.rows)
      #expect(
        series.channels.map(\.name) == ["acc-x", "acc-y", "acc-z", "gyro-x", "gyro-y", "gyro-z"])
      #expect(series.channels.map(\.unit) == ["g", "g", "g", "rad/s", "rad/s", "rad/s"])
      #expect(recording.floats.count == 6 * golden.rows)
      expectClose(recording.sums, golden.sums, relative: 1e-12, absolute: 1e-9)
      let track = try #require(series.labels.first)
      #expect(series.labels.count == 1 && track.name == "label")
      #expect(track.vocabulary.terms.map(\.code) == Array(1...12))
      #expect(track.vocabulary.name(of: 1) == "WALKING")
      #expect(track.vocabulary.name(of: 12) == "LIE_TO_STAND")
      let counts = Dictionary(grouping: track.codes, by: { String($0) }).mapValues(\.count)
      #expect(counts == golden.labels)
    }
  }

  @Test("by other habits are found by the rules (made by tools/golden/make_import_recordings.py)")
  func habits() throws {
    struct Golden: Decodable { let sums: [String: [Double]] }
    let golden = try JSONDecoder().decode(Golden.self, from: Self.golden("recordings.json"))
    let path = RealData.packageRoot.appending("Tests/ImportersTests/Golden")
    let reader = MappedReader()
    var found: [String: Recording] = [:]
    let scan = try reader.sources(in: [path])
    #expect(scan.sources.map(\.name) == ["recordings.h5"])
    let report = try reader.read(scan.sources[0]) { found[$0.name] = $0 }
    #expect(Set(found.keys) == Set(golden.sums.keys))
    for (name, sums) in golden.sums {
      expectClose(try #require(found[name]).sums, sums, relative: 1e-12, absolute: 1e-9)
    }
    #expect(
      report.warnings == ["'recordings.h5': '/e_empty/signals' holds no readings and was left out."]
    )
    let plain = try #require(found["recordings/a_plain"])
    #expect(plain.series.channels.map(\.name) == ["left", "right"])
    #expect(plain.series.channels.map(\.unit) == ["V", "V"])
    #expect(plain.series.rate.hertz == 25 && plain.doubles.count == 60)
    #expect(plain.subject == "P7" && plain.session == "recordings/a_plain")
    #expect(plain.series.labels.map(\.name) == ["activity"])
    #expect(plain.series.labels[0].codes.prefix(4) == [0, 1, 2, 0])
    #expect(plain.series.labels[0].vocabulary.terms.map(\.name) == ["rest", "work", "sleep"])
    let deep = try #require(found["recordings/b_deep/inner"])
    #expect(deep.subject == "12" && deep.session == "morning" && deep.series.rate.hertz == 12.5)
    #expect(deep.place == "/b_deep/inner" && deep.floats.count == 30)
    #expect(deep.series.channels.map(\.name) == ["channel_1", "channel_2", "channel_3"])
    let series = try #require(found["recordings/c_series"])
    #expect(series.series.channels.map(\.name) == ["x", "y", "z"])
    #expect(series.series.channels.map(\.unit) == ["g", "g", "m/s2"])
    #expect(
      series.series.labels[0].codes == Array(repeating: -1, count: 5)
        + Array(repeating: 3, count: 15))
    #expect(series.series.startTimeInSeconds == 0.5)
    // The file states 25 Hz, the times say 50: what is measured is kept.
    #expect(series.series.times?.last == 0.88)
    let whole = try #require(found["recordings/d_whole"])
    #expect(whole.doubles.count == 16 && whole.series.rate.hertz == 100)
  }

  @Test("are found by a mapping that says everything")
  func mapping() throws {
    let (recordings, report) = try MappedText.hdf5(
      mapping: """
        {"signals": ["/people/*/run*/acc"], "timeAxis": 1, "label": "/marks/*/run*", "labelTrack":
         "deed",
         "labelNames": {"0": "none", "7": "jump"}, "unlabelled": 9, "rateInHertz": 10,
         "startTimeInSeconds": 3.5, "channels": ["up", "down"], "units": ["g", "m"],
         "subject": "P{*}-{@id}", "session": "{file}:{group}"}
        """
    ) { (root) throws(H5.Failure) in
      let people = try root.createGroup("people")
      let marks = try root.createGroup("marks")
      for name in ["anna", "otto"] {
        let person = try people.createGroup(name)
        try person.setAttribute("id", name == "anna" ? 1 : 2)
        let ofPerson = try marks.createGroup(name)
        for run in ["run1", "run2"] {
          try person.createGroup(run).createDataset(
            "acc", shape: [2, 3], values: [1, 2, 3, 4, 5, 6] as [Int16])
          try ofPerson.createDataset(run, shape: [3], values: [0, 7, 9] as [UInt8])
        }
      }
    }
    #expect(
      recordings.map(\.name) == [
        "f/people/anna/run1", "f/people/anna/run2", "f/people/otto/run1", "f/people/otto/run2",
      ])
    #expect(recordings.map(\.subject) == ["Panna-1", "Panna-1", "Potto-2", "Potto-2"])
    #expect(recordings[1].session == "f:/people/anna/run2")
    let series = recordings[0].series
    #expect(recordings[0].floats == [1, 4, 2, 5, 3, 6])
    #expect(series.channels == [Channel(name: "up", unit: "g"), Channel(name: "down", unit: "m")])
    #expect(series.rate.hertz == 10 && series.startTimeInSeconds == 3.5)
    #expect(series.labels[0].name == "deed" && series.labels[0].codes == [0, 7, -1])
    #expect(series.labels[0].vocabulary.name(of: 7) == "jump")
    #expect(report.warnings.isEmpty && report.recordingCount == 4 && report.rowCount == 12)
  }

  @Test("keep their precision: 32 bits, 64 bits, integers where they are exact")
  func precision() throws {
    func values<T: H5.Element>(_ numbers: [T]) throws -> SampleValues {
      try MappedText.hdf5(mapping: #"{"rateInHertz": 1}"#) { (root) throws(H5.Failure) in
        try root.createDataset("signals", shape: [numbers.count, 1], values: numbers)
      }.recordings[0].series.values
    }
    #expect(try values([0.1, .nan] as [Float]).typeName == "float32")
    #expect(try values([1e-21, 2] as [Double]) == .float64([1e-21, 2]))
    #expect(try values([1, -2] as [Int8]) == .float32([1, -2]))
    #expect(try values([1, 16_777_216] as [Int32]) == .float32([1, 16_777_216]))
    #expect(try values([1, 16_777_217] as [Int32]) == .float64([1, 16_777_217]))
    let error = importError { _ = try values([1, 1 << 60 + 1] as [Int64]) }
    #expect(
      error?.message
        == "Could not read 'f.h5': '/signals' holds integers beyond 53 bits, numbers that are "
        + "exact "
        + "in double precision are expected. "
        + "Say what stands where with `--mapping FILE`, or leave the file out.")
  }

  @Test("of several series in one group by a mapping are one recording, or one each")
  func severalSeries() throws {
    func build(_ root: H5.Group) throws(H5.Failure) {
      for (name, value) in [("ax", 1), ("ay", 2), ("bx", 3), ("by", 4)] {
        try root.createDataset(name, shape: [2], values: [Float(value), Float(value)])
      }
    }
    let joined = try MappedText.hdf5(
      mapping: #"{"signals": ["*x", "*y"], "rateInHertz": 5}"#, build
    ).recordings
    #expect(joined.map(\.name) == ["f/ax", "f/bx"])
    #expect(joined[1].floats == [3, 4, 3, 4])
    #expect(joined[1].series.channels.map(\.name) == ["bx", "by"])
    let each = try MappedText.hdf5(mapping: #"{"signals": ["a*"], "rateInHertz": 5}"#, build)
    #expect(each.recordings.map(\.name) == ["f/ax", "f/ay"])
    #expect(each.recordings[0].series.channels.map(\.name) == ["ax"])
  }

  struct BadFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var mapping: String?
    let code: ImportError.Code
    let sentence: String
    let build: @Sendable (H5.Group) throws(H5.Failure) -> Void
  }

  private static let suffix = "Correct the file or its mapping."

  static let badFiles: [BadFile] = [
    BadFile(
      testDescription: "without a rate", code: .badMapping,
      sentence:
        "Could not read 'f.h5': nothing states the rate of '/signals', an attribute such as "
        + "'sampling_rate_hz' or times are expected. "
        + "Add one, or give 'rateInHertz' in a mapping file."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [2, 1], values: [1, 2] as [Float])
    },
    BadFile(
      testDescription: "with nothing like a recording", code: .unsupported,
      sentence: "Could not read 'f.h5': it is an HDF5 file without recordings, a dataset such as "
        + "'signals' with the axes time and channel is expected. "
        + "Say what stands where with `--mapping FILE`, or leave the file out."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("cube", shape: [1, 1, 1], values: [1] as [Float])
    },
    BadFile(
      testDescription: "with a series that has no rate", code: .unsupported,
      sentence:
        "Could not read 'f.h5': it is an HDF5 file without recordings that fit, a dataset such "
        + "as 'signals' with the axes time and channel is expected. "
        + "Say what stands where with `--mapping FILE`, or leave the file out."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("means", shape: [2], values: [1, 2] as [Float])
    },
    BadFile(
      testDescription: "with a rate of zero", code: .badMapping,
      sentence: "Could not read 'f.h5': the rate is 0.0, a number above 0 is expected. \(suffix)"
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [2, 1], values: [1, 2] as [Float])
      try root.setAttribute("fs", 0)
    },
    BadFile(
      testDescription: "with too few names", code: .badMapping,
      sentence: "Could not read 'f.h5': 1 name for 2 channels, one for each is expected. \(suffix)"
    ) { (root) throws(H5.Failure) in
      let dataset = try root.createDataset("signals", shape: [1, 2], values: [1, 2] as [Float])
      try dataset.setAttribute("fs", 5)
      try dataset.setAttribute("channels", ["a"])
    },
    BadFile(
      testDescription: "with one name for two channels", code: .badMapping,
      sentence:
        "Could not read 'f.h5': two channels of '/signals' have one name, different names are "
        + "expected. \(suffix)"
    ) { (root) throws(H5.Failure) in
      let dataset = try root.createDataset("signals", shape: [1, 2], values: [1, 2] as [Float])
      try dataset.setAttribute("fs", 5)
      try dataset.setAttribute("channels", ["a", "a"])
    },
    BadFile(
      testDescription: "with a label that is no code", code: .badLabel,
      sentence:
        "Could not read 'f.h5': '/label' holds label -5 in row 1, codes from 0 on or -1 for "
        + "unlabelled are expected. Give 'unlabelled' in a mapping file."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [2, 1], values: [1, 2] as [Float])
      try root.createDataset("label", shape: [2], values: [1, -5] as [Int8])
      try root.setAttribute("fs", 5)
    },
    BadFile(
      testDescription: "with times that fall", code: .clockBackwards,
      sentence:
        "Could not read 'f.h5': the time of row 2 is 0.5 s, at least 1.0 s as in the row before "
        + "are expected. Correct the times, or sort the rows."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [3, 1], values: [1, 2, 3] as [Float])
      try root.createDataset("time", shape: [3], values: [0, 1, 0.5])
    },
    BadFile(
      testDescription: "with a time that is missing", code: .clockBackwards,
      sentence: "Could not read 'f.h5': the time of row 1 is nan, a finite number of seconds is "
        + "expected. Correct the times, or sort the rows."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [3, 1], values: [1, 2, 3] as [Float])
      try root.createDataset("time", shape: [3], values: [0, .nan, 2.0])
    },
    BadFile(
      testDescription: "with labels that a mapping names and that are too few",
      mapping: #"{"label": "marks", "rateInHertz": 1}"#, code: .badMapping,
      sentence:
        "Could not read 'f.h5': '/marks' has 2 values for 3 readings, one for each is expected. "
        + suffix
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [3, 1], values: [1, 2, 3] as [Float])
      try root.createDataset("marks", shape: [2], values: [1, 2] as [Int8])
    },
    BadFile(
      testDescription: "without the dataset of the mapping", mapping: #"{"signals": ["/a/*/x"]}"#,
      code: .badMapping,
      sentence:
        "Could not read 'f.h5': no dataset is at '/a/*/x', one at least is expected. \(suffix)"
    ) { (root) throws(H5.Failure) in
      try root.createGroup("a")
    },
    BadFile(
      testDescription: "with a mapping that asks for an attribute that is not there",
      mapping: #"{"subject": "{@who}", "rateInHertz": 1}"#, code: .badMapping,
      sentence: "Could not read 'f.h5': 'subject' asks for {@who}, which is not there, {file}, "
        + "{folder}, {group}, {*} or {@attribute} with a value is expected. \(suffix)"
    ) { (root) throws(H5.Failure) in
      try root.createDataset("signals", shape: [3, 1], values: [1, 2, 3] as [Float])
    },
    BadFile(
      testDescription: "with texts where the mapping says signals",
      mapping: #"{"signals": ["words"], "rateInHertz": 1}"#, code: .unsupported,
      sentence: "Could not read 'f.h5': '/words' holds 'string of 3 bytes', numbers are expected. "
        + "Say what stands where with `--mapping FILE`, or leave the file out."
    ) { (root) throws(H5.Failure) in
      try root.createDataset("words", shape: [1], values: ["abc"])
    },
  ]

  @Test("are refused in one sentence", arguments: badFiles)
  func refusals(file: BadFile) throws {
    let error = importError { _ = try MappedText.hdf5(mapping: file.mapping, file.build) }
    #expect(error?.message == file.sentence)
    #expect(error?.code == file.code)
  }

  @Test("leave out labels and groups that do not fit, and say so")
  func leftOut() throws {
    let (recordings, report) = try MappedText.hdf5 { (root) throws(H5.Failure) in
      try root.setAttribute("fs", 5)
      try root.createDataset("signals", shape: [2, 1], values: [1, 2] as [Float])
      try root.createDataset("label", shape: [3], values: [1, 2, 3] as [Int8])
      let group = try root.createGroup("odd")
      try group.createDataset("a", shape: [2], values: [1, 2] as [Float])
      try group.createDataset("b", shape: [3], values: [1, 2, 3] as [Float])
    }
    #expect(recordings.map(\.name) == ["f"] && recordings[0].place == "")
    #expect(recordings[0].series.labels.isEmpty)
    #expect(
      report.warnings == [
        "'f.h5': '/label' has 3 values for 2 readings and was left out.",
        "'f.h5': group '/odd' holds 2 series of different lengths and was left out.",
      ])
  }

  @Test("that are no HDF5, whatever their name says, are refused")
  func notHDF5() throws {
    let folder = try ImportFolder(["text.h5": "this is text", "empty.h5": "", "a.bin": "x"])
    let scan = try MappedReader().sources(in: [folder.path])
    #expect(scan.sources.map(\.name) == ["empty.h5", "text.h5"])
    #expect(scan.skipped == [.init(name: "a.bin", reason: "not a recording")])
    let text = importError { _ = try MappedText.read(folder, "text.h5") }
    #expect(text?.code == .notHDF5)
    #expect(
      text?.message
        == "Could not read 'text.h5': it is no HDF5 file, the signature of one is expected at its "
        + "beginning. Copy or download it again, or leave it out.")
    #expect(text?.cause is H5.Failure)
    #expect(importError { _ = try MappedText.read(folder, "empty.h5") }?.code == .empty)
    let named = importError { _ = try MappedReader().sources(in: [folder.path("a.bin")]) }
    #expect(
      named?.message
        == "Could not read 'a.bin': it is neither HDF5 nor named *.csv or *.tsv, one of them is "
        + "expected. Say what stands where with `--mapping FILE`, or leave the file out.")
    let none = try ImportFolder(["README.md": "x"])
    let noSource = importError { _ = try MappedReader().sources(in: [none.path]) }
    #expect(
      noSource?.message
        == "Could not find a recording in '\(none.path)': 1 file of other kinds found, HDF5 files "
        + "or "
        + "files named *.csv are expected. Name the folder that holds the recordings.")
  }

  @Test("in a damaged file are refused by what is wrong, and never trap")
  func damaged() throws {
    let image = try H5.File.image { (root) throws(H5.Failure) in
      try root.setAttribute("fs", 5)
      try root.createDataset(
        "signals", shape: [40, 2], values: [Float](repeating: 1, count: 80), chunk: [10, 2],
        filters: [.deflate(level: 4), .fletcher32])
    }
    let folder = try ImportFolder()
    try folder.write(Array(image.prefix(image.count / 2)), to: "cut.h5")
    #expect(importError { _ = try MappedText.read(folder, "cut.h5") }?.code == .damaged)
    var refused = 0
    for place in stride(from: 8, to: image.count, by: 7) {
      var bytes = image
      bytes[place] ^= 0x55
      try folder.write(bytes, to: "f.h5")
      do {
        _ = try MappedText.read(folder, "f.h5")
      } catch is ImportError {
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  @Test("of a file that changes while it is read are refused at its end")
  func changes() throws {
    let folder = try ImportFolder()
    let image = try H5.File.image { (root) throws(H5.Failure) in
      try root.setAttribute("fs", 5)
      try root.createDataset("signals", shape: [2, 1], values: [1, 2] as [Float])
    }
    try folder.write(image, to: "f.h5")
    let source = try folder.source("f.h5")
    var received = 0
    let error = importError {
      try MappedReader().read(source) { _ in
        received += 1
        try folder.write(image + [0], to: "f.h5")
      }
    }
    #expect(error?.code == .changedWhileReading && received == 1)
  }

  @Test("pass on what the receiver throws")
  func receiverThrows() throws {
    struct Stop: Error {}
    let path = RealData.packageRoot.appending("Tests/ImportersTests/Golden/recordings.h5")
    let source = try MappedReader().sources(in: [path]).sources[0]
    #expect(throws: Stop.self) { try MappedReader().read(source) { _ in throw Stop() } }
  }
}
