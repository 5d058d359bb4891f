import Foundation
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite(
  "A version as one file", .enabled(if: PythonPeer.has("h5py", "numpy"), "needs python3 with h5py"))
struct VersionExportTests {
  private static let sketches = [
    RecordingSketch("a, the \"first\"").with { ($0.missingEvery, $0.hasTimes) = (10, true) },
    RecordingSketch("b").with { ($0.subject, $0.sampleCount) = (nil, 12) },
  ]

  private static func run(_ script: String, on bytes: [UInt8]) throws -> [[String]] {
    let folder = try TemporaryDirectory()
    let path = folder.appending("export").string
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let output = try PythonPeer.run(script: script, arguments: [path])
    return try JSONDecoder().decode([[String]].self, from: Data(output.utf8))
  }

  /// A row of a recording as text: times and values as Python prints doubles.
  private static func numbers(_ sketch: RecordingSketch, sample: Int) -> [Double?] {
    let width = sketch.channels.count
    return sketch.values[(sample * width)..<((sample + 1) * width)]
      .map { $0.isNaN ? nil : Double(Float($0)) }
  }

  @Test("is read back by Python's csv, every reading and label in its place")
  func csv() throws {
    let store = try StoreFolder().create()
    let version = try store.commit(Self.sketches).version
    let rows = try Self.run(
      """
      import csv, json, sys
      json.dump(list(csv.reader(open(sys.argv[1], newline=""))), sys.stdout)
      """, on: try VersionExport(version, in: store).csv())
    #expect(
      rows.first
        == ["recording", "subject", "session", "time", "acc-x", "acc-y", "gyro-z", "activity"])
    #expect(rows.count == 1 + 112)
    var position = 1
    for sketch in Self.sketches {
      for sample in 0..<sketch.sampleCount {
        let row = rows[position]
        position += 1
        #expect(row[0] == sketch.name && row[1] == sketch.subject ?? "" && row[2] == "")
        let time = sketch.hasTimes ? 5 + Double(sample) * 0.11 : 5 + Double(sample) / 10
        #expect(Double(row[3]) == time)
        #expect(
          row[4...6].map { Float($0) }
            == Self.numbers(sketch, sample: sample).map { $0.map { Float($0) } })
        #expect(Int32(row[7]) == sketch.codes[sample])
      }
    }
  }

  @Test("is read back by h5py, with names, units and rates as attributes")
  func hdf5() throws {
    let store = try StoreFolder().create()
    let version = try store.commit(Self.sketches).version
    let rows = try Self.run(
      """
      import json, sys
      import h5py
      def text(value): return value.decode() if isinstance(value, bytes) else str(value)
      rows = []
      with h5py.File(sys.argv[1], "r") as file:
          rows.append([text(file.attrs["format"]), text(file.attrs["dataset"]),
                       text(file.attrs["version"]), text(file.attrs["version_id"])])
          for key in sorted(file["recordings"]):
              group = file["recordings"][key]
              x = group["x"]
              rows.append([text(group.attrs["name"]), text(group.attrs["subject"]),
                           text(group.attrs["sampling_rate"]), text(group.attrs["sampling_rate_unit"]),
                           text(group.attrs["starting_time"]), text(group.attrs["starting_time_unit"])])
              rows.append([text(v) for v in x.attrs["channels"]])
              rows.append([text(v) for v in x.attrs["units"]])
              rows.append([text(v) for v in group["labels/activity"].attrs["names"]])
              rows.append([str(v) for v in group["labels/activity"][:]])
              rows.append([repr(v) for v in group["time"][:].tolist()] if "time" in group else [])
              rows.append([repr(float(v)) for v in x[:].ravel()])
      json.dump(rows, sys.stdout)
      """, on: try VersionExport(version, in: store).hdf5())
    #expect(rows[0] == ["signalstore-export", "daily", "1", version.hash])
    for (number, sketch) in Self.sketches.enumerated() {
      let part = Array(rows[(1 + 7 * number)..<(8 + 7 * number)])
      #expect(part[0] == [sketch.name, sketch.subject ?? "", "10.0", "Hz", "5.0", "s"])
      #expect(part[1] == ["acc-x", "acc-y", "gyro-z"] && part[2] == ["g", "g", "rad/s"])
      #expect(part[3] == ["rest", "walk"])
      #expect(part[4].map { Int32($0) } == sketch.codes.map { $0 })
      #expect(part[5].map { Double($0) } == (try sketch.recording.series.times ?? []).map { $0 })
      let expected = (0..<sketch.sampleCount).flatMap { Self.numbers(sketch, sample: $0) }
      #expect(part[6].map { Double($0).flatMap { $0.isNaN ? nil : $0 } } == expected)
    }
  }

  @Test("is the same file every time")
  func repeatable() throws {
    let store = try StoreFolder().create()
    let version = try store.commit(Self.sketches).version
    let export = try VersionExport(version, in: store)
    #expect(try export.hdf5() == export.hdf5())
    #expect(try export.csv() == VersionExport(version, in: store).csv())
  }

  @Test("is refused as one table where recordings have other channels or labels")
  func unlike() throws {
    let store = try StoreFolder().create()
    let version = try store.commit([
      RecordingSketch("a"), RecordingSketch("b").with { $0.channels.removeLast() },
    ]).version
    do {
      _ = try VersionExport(version, in: store).csv()
      Issue.record("nothing was thrown")
    } catch let error as StoreError {
      #expect(error.code == .badRequest)
      #expect(
        error.message
          == "Could not export 'daily@1' as one table: recording 'b' has other channels or labels than "
          + "'a'. Export it as h5.")
    }
    #expect(try VersionExport(version, in: store).hdf5().count > 1_000)
  }
}
