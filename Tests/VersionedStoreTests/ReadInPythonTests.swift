import Durability
import Foundation
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("Other programs", .enabled(if: PythonPeer.has("h5py", "numpy"), "needs python3 with h5py"))
struct ReadInPythonTests {
  /// Opens every object below a folder and prints what it finds, one line for each fact.
  private static let script = """
    import glob, hashlib, json, os, sys
    import h5py, numpy as np

    def text(value):
        return value.decode() if isinstance(value, bytes) else str(value)

    def texts(values):
        return [text(value) for value in values]

    found = {"shards": [], "views": [], "splits": []}
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "objects", "*", "*.h5"))):
        name = os.path.basename(path)[:-3]
        assert hashlib.sha256(open(path, "rb").read()).hexdigest() == name, path
        assert os.stat(path).st_mode & 0o777 == 0o444, path
        with h5py.File(path, "r") as file:
            kind = text(file.attrs["format"])
            assert file.attrs["format_version"] == 1
            if kind == "signalstore-shard":
                for group in file["recordings"].values():
                    x = group["x"]
                    found["shards"].append({
                        "name": text(group.attrs["name"]), "subject": text(group.attrs["subject"]),
                        "session": text(group.attrs["session"]),
                        "rate": float(group.attrs["sampling_rate"]),
                        "rate_unit": text(group.attrs["sampling_rate_unit"]),
                        "start": float(group.attrs["starting_time"]),
                        "start_unit": text(group.attrs["starting_time_unit"]),
                        "simulated": int(group.attrs["is_simulated"]),
                        "source": text(group.attrs["source"]),
                        "channels": texts(x.attrs["channels"]), "units": texts(x.attrs["units"]),
                        "x_rate": float(x.attrs["sampling_rate"]), "long_name": text(x.attrs["long_name"]),
                        "channel": texts(group["channel"][:]),
                        "channel_unit": texts(group["channel_unit"][:]),
                        "channel_sensor": texts(group["channel_sensor"][:]),
                        "dtype": str(x.dtype), "shape": list(x.shape),
                        "compression": x.compression or "", "fletcher32": bool(x.fletcher32),
                        "values": [repr(v) for v in x[:].ravel().tolist()],
                        "codes": group["labels/activity"][:].tolist(),
                        "code_names": texts(group["labels/activity"].attrs["names"]),
                        "time": group["time"][:].tolist() if "time" in group else [],
                        "time_unit": text(group["time"].attrs["units"]) if "time" in group else "",
                    })
            elif kind == "signalstore-view":
                found["views"].append({
                    "dataset": text(file.attrs["dataset"]), "version": int(file.attrs["version"]),
                    "version_id": text(file.attrs["version_id"]), "rate": float(file.attrs["sampling_rate"]),
                    "rate_unit": text(file.attrs["sampling_rate_unit"]),
                    "window": int(file.attrs["window"]),
                    "channel": texts(file["channel"][:]), "channel_unit": texts(file["channel_unit"][:]),
                    "recording_name": texts(file["recording_name"][:]),
                    "recording": file["recording"][:].tolist(), "start": file["start"][:].tolist(),
                    "label": file["label"][:].tolist(),
                    "missing": file["missing_fraction"][:].tolist(),
                    "framing": json.loads(text(file["framing"][0])),
                })
            else:
                assert kind == "signalstore-split", kind
                names = texts(file.attrs["parts"])
                found["splits"].append({
                    "view_id": text(file.attrs["view_id"]), "rule": json.loads(text(file["rule"][0])),
                    "part": [names[code] for code in file["part"][:]],
                })
    json.dump(found, sys.stdout)
    """

  private struct Found: Decodable {
    struct Shard: Decodable {
      let name, subject, session, rate_unit, start_unit, source, long_name, dtype: String
      let compression, time_unit: String
      let rate, start, x_rate: Double
      let simulated: Int
      let channels, units, channel, channel_unit, channel_sensor, values, code_names: [String]
      let shape: [Int]
      let fletcher32: Bool
      let codes: [Int32]
      let time: [Double]
    }
    struct View: Decodable {
      let dataset, version_id, rate_unit: String
      let version, window: Int
      let rate: Double
      let channel, channel_unit, recording_name: [String]
      let recording: [Int32]
      let start: [Int64]
      let label: [Int32]
      let missing: [Float]
      let framing: Framing
    }
    struct Split: Decodable {
      let view_id: String
      let rule: SplitRule
      let part: [String]
    }
    let shards: [Shard]
    let views: [View]
    let splits: [Split]
  }

  private static func read(_ folder: StoreFolder) throws -> Found {
    let output = try PythonPeer.run(script: script, arguments: [folder.root.string])
    return try JSONDecoder().decode(Found.self, from: Data(output.utf8))
  }

  @Test("open every shard and find names, units, rates and every number", arguments: Storing.all)
  func shards(storing: Storing) throws {
    let folder = try StoreFolder()
    let sketches = [
      RecordingSketch("a").with { ($0.hasTimes, $0.missingEvery) = (true, 13) },
      RecordingSketch("b").with { ($0.subject, $0.session) = (nil, "evening") },
    ].map { sketch in sketch.with { $0.isDouble = storing.isDouble } }
    let version = try folder.create().commit(sketches, storage: storing.storage).version
    let found = try Self.read(folder).shards
    #expect(found.count == 2)
    for (sketch, shard) in zip(sketches, found) {
      let channels = sketch.channels
      #expect(shard.name == sketch.name && shard.source == "\(sketch.name).csv")
      #expect(shard.subject == sketch.subject ?? "" && shard.session == sketch.session ?? "")
      #expect(shard.rate == 10 && shard.x_rate == 10 && shard.rate_unit == "Hz")
      #expect(shard.start == 5 && shard.start_unit == "s" && shard.simulated == 1)
      #expect(shard.channels == channels.map(\.name) && shard.channel == shard.channels)
      #expect(shard.units == channels.map(\.unit) && shard.channel_unit == shard.units)
      #expect(shard.channel_sensor == channels.map(\.sensor))
      #expect(shard.long_name == "readings [time, channel]")
      #expect(shard.dtype == (storing.isDouble ? "float64" : "float32"))
      #expect(shard.shape == [100, 3])
      #expect(shard.compression == (storing.storage == .compressed ? "gzip" : ""))
      #expect(shard.fletcher32 == (storing.storage == .compressed))
      let values = sketch.values.map { storing.isDouble ? $0 : Double(Float($0)) }
      #expect(
        shard.values.map { Double($0)?.bitPattern }
          == values.map { $0.isNaN ? Double("nan")?.bitPattern : $0.bitPattern })
      #expect(shard.codes == sketch.codes && shard.code_names == ["rest", "walk"])
      #expect(shard.time == (try sketch.recording.series.times ?? []))
      #expect(shard.time_unit == (sketch.hasTimes ? "s" : ""))
    }
    #expect(version.recordingCount == 2)
  }

  @Test("open every view and every split and find the same examples in the same parts")
  func viewsAndSplits() throws {
    let ground = try SplitGround(subjects: 3)
    let view = try ground.store.makeView(of: ground.version, channels: ["gyro-z", "acc-x"])
    let split = try ground.store.makeSplit(of: view, by: .subject, validation: "S1", test: "S3")
    let found = try Self.read(ground.folder)
    let index = try ground.store.examples(of: view)
    let foundView = try #require(found.views.first)
    #expect(found.views.count == 1 && found.splits.count == 1)
    #expect(foundView.dataset == "daily" && foundView.version == 1 && foundView.window == 10)
    #expect(foundView.version_id == ground.version.hash)
    #expect(foundView.rate == 10 && foundView.rate_unit == "Hz")
    #expect(foundView.channel == ["gyro-z", "acc-x"] && foundView.channel_unit == ["rad/s", "g"])
    #expect(foundView.recording_name == ["S1-e", "S1-m", "S2-e", "S2-m", "S3-e", "S3-m"])
    #expect(foundView.recording == index.recordings && foundView.start == index.starts)
    #expect(foundView.label == index.labels && foundView.missing == index.missingFractions)
    #expect(foundView.framing == view.framing)
    let foundSplit = try #require(found.splits.first)
    #expect(foundSplit.view_id == view.hash && foundSplit.rule == split.rule)
    #expect(
      foundSplit.part
        == (try ground.store.parts(of: split)).map { SplitPart(code: $0)?.rawValue ?? "unused" })
  }
}
