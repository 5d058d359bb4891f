import Batching
import Foundation
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite(
  "A view as one file", .enabled(if: PythonPeer.has("h5py", "numpy"), "needs python3 with h5py"))
struct ViewExportTests {
  private static func read<Found: Decodable>(
    _ bytes: [UInt8], with script: String, as type: Found.Type
  ) throws -> Found {
    let folder = try TemporaryDirectory()
    let path = folder.appending("export").string
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let output = try PythonPeer.run(script: script, arguments: [path])
    return try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  private struct Found: Decodable {
    let names, axes, labels, scales, units, id, split, subject, session, code_names: [String]
    let entry_default, signal, x_units, time_units, nx_entry, nx_data, dataset, version_id: String
    let view_id, long_name, dtype: String
    let indices: [Int]
    let is_same: Bool
    let shape: [Int]
    let x: [Float?]
    let label: [Int32]
    let codes, start: [Int]
    let time: [Double]
    let channel, recording, source: [String]
    let missing: [Float]
  }

  private static let script = """
    import json, math, sys
    import h5py
    def text(value): return value.decode() if isinstance(value, bytes) else str(value)
    def texts(values): return [text(value) for value in values]
    with h5py.File(sys.argv[1], "r") as file:
        # The way a NeXus viewer takes to the default plot.
        entry = file[text(file.attrs["default"])]
        data = entry[text(entry.attrs["default"])]
        signal = text(data.attrs["signal"])
        axes = texts(data.attrs["axes"])
        x = data[signal]
        index = entry["index"]
        json.dump({
            "names": sorted(file.keys()), "entry_default": text(file.attrs["default"]),
            "nx_entry": text(entry.attrs["NX_class"]), "nx_data": text(data.attrs["NX_class"]),
            "signal": signal, "axes": axes, "indices": [int(data.attrs[a + "_indices"]) for a in axes],
            "is_same": file["x"].id.__hash__() == x.id.__hash__() or file["x"] == x,
            "labels": [d.label for d in x.dims], "scales": [list(d.keys())[0] for d in x.dims],
            "x_units": text(x.attrs["units"]), "long_name": text(x.attrs["long_name"]),
            "time_units": text(data["time"].attrs["units"]), "units": texts(data["channel"].attrs["units"]),
            "time": x.dims[1][0][:].tolist(), "channel": texts(x.dims[2][0][:]),
            "dtype": str(x.dtype), "shape": list(x.shape),
            "x": [None if math.isnan(v) else v for v in x[:].ravel().tolist()],
            "label": file["label"][:].tolist(),
            "codes": [int(v) for v in file["label"].attrs["codes"]] if "codes" in file["label"].attrs else [],
            "code_names": texts(file["label"].attrs["names"]) if "names" in file["label"].attrs else [],
            "id": texts(file["id"][:]), "split": texts(file["split"][:]),
            "dataset": text(file.attrs["dataset"]), "version_id": text(file.attrs["version_id"]),
            "view_id": text(file.attrs["view_id"]),
            "subject": texts(index["subject"][:]), "session": texts(index["session"][:]),
            "recording": texts(index["recording"][:]), "start": index["start_sample"][:].tolist(),
            "source": texts(index["source_sha256"][:]), "missing": index["missing_fraction"][:].tolist(),
        }, sys.stdout)
    """

  @Test("is read back by h5py: examples, labels, ids, parts, scales and the NeXus default plot")
  func hdf5() throws {
    let ground = try BatchGround(
      [
        RecordingSketch("a").with { $0.missingEvery = 9 },
        RecordingSketch("b").with { ($0.subject, $0.session) = ("S2", "evening") },
      ], channels: ["gyro-z", "acc-*"])
    let split = try ground.store.makeSplit(of: ground.view, by: .subject, test: "S2")
    let export = try ViewExport(ground.view, split: split, in: ground.store)
    let found = try Self.read(export.hdf5(), with: Self.script, as: Found.self)
    let count = ground.view.exampleCount
    #expect(
      found.names == ["entry", "id", "label", "split", "x"] && found.entry_default == "entry")
    #expect(found.nx_entry == "NXentry" && found.nx_data == "NXdata" && found.signal == "x")
    #expect(found.axes == ["window", "time", "channel"] && found.indices == [0, 1, 2])
    #expect(found.labels == found.axes && found.scales == found.axes && found.is_same)
    #expect(found.x_units == "" && found.units == ["rad/s", "g", "g"] && found.time_units == "s")
    #expect(found.long_name == "readings" && found.dtype == "float32")
    #expect(found.time == (0..<10).map { Double($0) / 10 })
    #expect(found.channel == ["gyro-z", "acc-x", "acc-y"] && found.shape == [count, 10, 3])
    let expected = (0..<count).flatMap { ground.naiveExample($0) }
    expectClose(found.x.map { $0 ?? .nan }, expected, relative: 1e-6, absolute: 1e-6)
    let index = try ground.store.examples(of: ground.view)
    #expect(found.label == index.labels && found.codes == [0, 1, 2])
    #expect(found.code_names == ["rest", "walk", "2"])
    let names = index.recordings.map { ["a", "b"][Int($0)] }
    #expect(found.recording == names && found.start == index.starts.map { Int($0) })
    #expect(
      found.id == zip(names, index.starts).map { "\($0):\($1)" } && Set(found.id).count == count)
    #expect(found.split == names.map { $0 == "a" ? "training" : "test" })
    #expect(found.subject == names.map { $0 == "a" ? "S1" : "S2" })
    #expect(found.session == names.map { $0 == "a" ? "" : "evening" })
    #expect(found.missing == index.missingFractions)
    #expect(found.dataset == "daily" && found.version_id == ground.view.version.hash)
    #expect(found.view_id == ground.view.hash && found.source.allSatisfy { $0.utf8.count == 64 })
  }

  @Test("without labels, split and filling keeps NaN, and says which unit all channels have")
  func plain() throws {
    let ground = try BatchGround(
      [RecordingSketch("a").with { $0.missingEvery = 9 }], channels: ["acc-*"], labelled: false,
      fill: .keep)
    let export = try ViewExport(ground.view, split: nil, in: ground.store)
    let found = try Self.read(export.hdf5(), with: Self.script, as: Found.self)
    #expect(found.x_units == "g" && found.codes.isEmpty && found.code_names.isEmpty)
    #expect(found.label.allSatisfy { $0 == -1 } && found.split.allSatisfy { $0 == "" })
    let expected = (0..<ground.view.exampleCount).flatMap { ground.naiveExample($0) }
    #expect(bits(found.x.map { $0 ?? .nan }) == bits(expected))
    #expect(found.x.contains(nil))
  }

  @Test("is read back by Python's csv, names with commas and quotes included")
  func csv() throws {
    let ground = try BatchGround(
      [
        RecordingSketch("a, \"quoted\"").with { $0.missingEvery = 9 },
        RecordingSketch("b").with { $0.subject = "S2" },
      ], fill: .keep)
    let split = try ground.store.makeSplit(of: ground.view, by: .subject, test: "S2")
    let rows = try Self.read(
      ViewExport(ground.view, split: split, in: ground.store).csv(),
      with: """
        import csv, json, sys
        json.dump(list(csv.reader(open(sys.argv[1], newline=""))), sys.stdout)
        """, as: [[String]].self)
    #expect(rows[0] == ["id", "split", "label", "sample", "acc-x", "acc-y", "gyro-z"])
    let index = try ground.store.examples(of: ground.view)
    #expect(rows.count == 1 + ground.view.exampleCount * 10)
    for example in 0..<ground.view.exampleCount {
      let isFirst = index.recordings[example] == 0
      let name = isFirst ? "a, \"quoted\"" : "b"
      let expected = ground.naiveExample(example)
      for sample in 0..<10 {
        let row = rows[1 + example * 10 + sample]
        #expect(
          row[..<4] == [
            "\(name):\(index.starts[example])", isFirst ? "training" : "test",
            "\(index.labels[example])", "\(sample)",
          ])
        let values = row[4...].map { $0.isEmpty ? Float.nan : Float($0) ?? -999 }
        #expect(bits(values) == bits(expected[(3 * sample)..<(3 * sample + 3)]))
      }
    }
  }

  @Test("is the same file every time")
  func repeatable() throws {
    let ground = try BatchGround.people()
    let export = try ViewExport(ground.view, split: nil, in: ground.store)
    #expect(try export.hdf5() == export.hdf5())
    #expect(try export.csv() == export.csv())
  }
}
