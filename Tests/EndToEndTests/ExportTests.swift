import SystemPackage
import TestSupport
import Testing

@Suite(
  "Other programs open what the program writes",
  .enabled(if: PythonPeer.has("h5py", "numpy"), "needs python3 with h5py and numpy"))
struct ExportTests {
  private func python(_ script: String, _ arguments: [String], in workspace: Workspace) throws
    -> JSON
  {
    let text = try PythonPeer.run(
      script: script, arguments: arguments.map { workspace.path($0).string })
    return try JSON(document: Array(text.utf8))
  }

  @Test("A view as HDF5 and as CSV holds the same examples, and those of the raw logs")
  func view() throws {
    let workspace = try SimulatedStore.split()
    for format in ["h5", "csv"] {
      let answer = try workspace.answer(
        "export", "windows", "--split", "people", "--format", format, "--out", "out.\(format)")
      expectKeys(PromisedKeys.export, in: answer)
      #expect(answer["path"] == .text("out.\(format)"))
    }
    let view = try workspace.answer(
      "view", "windows", "--on", "daily@1", "--window", "30", "--stride", "15", "--channels",
      SimulatedStore.channels, "--labels", "Locomotion")
    let found = try python(
      """
      import csv, h5py, json, numpy, sys
      h5, table, log = sys.argv[1:]
      with h5py.File(h5, "r") as file:
          x, label = file["x"][:], file["label"][:]
          name, part = [file[n].asstr()[:].tolist() for n in ("id", "split")]
          same = numpy.shares_memory(x, x) and file["x"].id == file["entry/data/x"].id
          data = file["entry/data"]
          time = data["time"][:].tolist()
          channels = data["channel"].asstr()[:].tolist()
          axes = [d.label for d in data["x"].dims]
          names = dict(zip(file["label"].attrs["codes"].tolist(),
                           [n.decode() for n in file["label"].attrs["names"]]))
          version = file.attrs["version_id"].decode()
      with open(table, newline="") as file:
          rows = list(csv.reader(file))
      values = numpy.array([[float(v) for v in row[4:]] for row in rows[1:]], numpy.float32)
      lead = [row[:3] for row in rows[1::30]]
      # The raw log, read without any of our code; windows of 'S1-ADL1' have no readings missing
      # that were not filled, so only those that were there are compared.
      raw = numpy.genfromtxt(log)
      columns = [line.split(" ", 2)[2].split(";")[0].strip()
                 for line in open(log.replace("S1-ADL1.dat", "column_names.txt"))
                 if line.startswith("Column:")]
      first = [i for i, n in enumerate(name) if n.startswith("S1-ADL1:")]
      worst = 0.0
      for i in first:
          start = int(name[i].split(":")[1])
          window = raw[start:start + 30][:, [columns.index(c) for c in channels]]
          there = ~numpy.isnan(window)
          worst = max(worst, float(numpy.abs(window[there] - x[i][there]).max()))
          assert set(raw[start:start + 30, columns.index("Locomotion")]) == {label[i]}
      print(json.dumps({
          "shape": list(x.shape), "axes": axes, "time": time[:2], "channels": channels,
          "version": version, "names": {str(k): v for k, v in names.items()},
          "finite": bool(numpy.isfinite(x).all()), "first": len(first), "worst": worst,
          "counts": {p: part.count(p) for p in sorted(set(part))},
          "labels": {str(k): int((label == k).sum()) for k in sorted(set(label.tolist()))},
          "header": rows[0][:4], "columns": rows[0][4:],
          "equal": bool((values.reshape(x.shape) == x).all()),
          "lead": lead == [[n, p, str(l)] for n, p, l in zip(name, part, label)],
      }))
      """, ["out.h5", "out.csv", "logs/S1-ADL1.dat"], in: workspace)
    #expect(found["shape"] == view["shape"])
    #expect(found["axes"] == ["window", "time", "channel"])
    #expect(found["time"] == [0, .number(1.0 / 30)])
    #expect(found["channels"] == view["channels"] && found["columns"] == view["channels"])
    #expect(found["header"] == ["id", "split", "label", "sample"])
    #expect(found["finite"] == true && found["equal"] == true && found["lead"] == true)
    #expect(found["first"].number > 50 && found["worst"].number == 0)
    for label in view["labels"].elements {
      let code = "\(Int(label["code"].number))"
      #expect(found["labels"][code] == label["examples"])
      #expect(found["names"][code] == label["name"])
    }
    #expect(found["counts"].names == ["training", "validation", "test"])
    let split = try workspace.answer(
      "split", "people", "--view", "windows", "--by", "subject", "--validation", "S2", "--test",
      "S3")
    for part in found["counts"].names { #expect(found["counts"][part] == split["counts"][part]) }
    let shown = try workspace.answer("show", "daily@1")
    #expect(found["version"] == shown["version_id"])
  }

  @Test("A version as HDF5 and as CSV holds the recordings to the last digit")
  func version() throws {
    let workspace = try SimulatedStore.sample()
    for format in ["h5", "csv"] {
      let answer = try workspace.answer(
        "export", "sample@1", "--format", format, "--out", "out.\(format)")
      expectKeys(PromisedKeys.export, in: answer)
      #expect(answer["examples"] == 1)
    }
    let found = try python(
      """
      import csv, h5py, json, numpy, sys
      h5, table, log = sys.argv[1:]
      raw = numpy.array([[float(v) for v in line.split()]
                         for line in open(log, encoding="utf-8-sig") if line.strip()])
      with h5py.File(h5, "r") as file:
          group = file["recordings/0"]
          x = group["x"][:]
          tracks = sorted(group["labels"])
          motion = group["labels/Locomotion"][:]
          rate = float(group.attrs["sampling_rate"])
          subject = group.attrs["subject"].decode()
      with open(table, newline="") as file:
          rows = list(csv.reader(file))
      values = numpy.array([[float(v or "nan") for v in row[4:246]] for row in rows[1:]],
                           numpy.float32)
      same = lambda a, b: bool(((a == b) | (numpy.isnan(a) & numpy.isnan(b))).all())
      print(json.dumps({
          "shape": list(x.shape), "rate": rate, "subject": subject, "tracks": len(tracks),
          "raw": same(x, raw[:, 1:243].astype(numpy.float32)), "csv": same(x, values),
          "labels": bool((motion == raw[:, 243]).all()), "rows": len(rows) - 1,
      }))
      """, ["out.h5", "out.csv", "sample/S9-ADL1.dat"], in: workspace)
    #expect(found["shape"] == [40, 242] && found["rows"] == 40)
    #expect(found["rate"] == 30 && found["subject"] == "S9" && found["tracks"] == 7)
    #expect(found["raw"] == true && found["csv"] == true && found["labels"] == true)
  }

  @Test("Every object of the store opens, with names, units and rates beside the numbers")
  func objects() throws {
    let workspace = try SimulatedStore.trained()
    let found = try python(
      """
      import collections, glob, h5py, hashlib, json, os, struct, sys
      counts = collections.Counter()
      wrong = []
      for path in sorted(glob.glob(sys.argv[1] + "/objects/*/*")):
          name, ending = os.path.splitext(os.path.basename(path))
          data = open(path, "rb").read()
          if hashlib.sha256(data).hexdigest() != name:
              wrong.append(path)
          if ending == ".safetensors":
              length = struct.unpack("<Q", data[:8])[0]
              header = json.loads(data[8:8 + length])
              ends = [v["data_offsets"][1] for k, v in header.items() if k != "__metadata__"]
              counts["model" if max(ends) == len(data) - 8 - length else "cut"] += 1
              continue
          with h5py.File(path, "r") as file:
              kind = file.attrs["format"].decode()
              counts[kind] += 1
              if kind != "signalstore-shard":
                  continue
              for group in file["recordings"].values():
                  x = group["x"]
                  good = (x.shape[1] == len(x.attrs["channels"]) == len(x.attrs["units"])
                          == len(group["channel"]) == len(group["channel_unit"])
                          and float(group.attrs["sampling_rate"]) == 30.0
                          and group.attrs["sampling_rate_unit"] == b"Hz"
                          and group["channel_unit"].asstr()[0] == "milli g"
                          and int(group.attrs["is_simulated"]) == 1
                          and len(group["labels/Locomotion"]) == len(x))
                  if not good:
                      wrong.append(path)
      print(json.dumps({"counts": counts, "wrong": wrong}))
      """, ["store"], in: workspace)
    #expect(found["wrong"] == [])
    #expect(
      found["counts"].names == [
        "signalstore-shard", "signalstore-view", "signalstore-split", "model",
      ])
    #expect(found["counts"]["signalstore-shard"].number >= 1)
  }
}
