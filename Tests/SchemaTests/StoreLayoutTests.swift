import Durability
import Foundation
import GRDB
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("schemas/store-layout.md")
struct StoreLayoutTests {
  @Test("lists every file that a store can have, and its mode")
  func files() throws {
    let ground = try SchemaGround()
    try ground.store.sitting(on: ground.running.number).release()
    // A process that died while it was writing.
    let files = FaultyFileSystem(failingCall: nil, with: .crash)
    let store = try ground.folder.open(on: files)
    let calls = files.callCount
    let crashing = try ground.folder.open(
      on: FaultyFileSystem(failingCall: calls + 2, with: .crash))
    #expect(throws: StoreError.self) { try crashing.commit([RecordingSketch("lost")], to: "lost") }
    let rows = try #require(try Documents.tables(in: "store-layout.md").first).rows
    let patterns = rows.map { cells in
      (
        pattern: cells[0].replacing("`", with: "").replacing("HASH", with: "[0-9a-f]{64}")
          .replacing("HH", with: "[0-9a-f]{2}").replacing("NAME", with: "[0-9a-f]{32}")
          .replacing("NUMBER", with: "[0-9]+").replacing(".", with: "\\."), mode: cells[1]
      )
    }
    var unseen = Set(patterns.map(\.pattern))
    for (path, entry) in try DiskSnapshot(of: store.root).entries {
      guard case .file(_, let permissions) = entry else { continue }
      let fitting = try patterns.filter { try Regex($0.pattern).wholeMatch(in: path) != nil }
      #expect(fitting.count == 1, "\(path)")
      for one in fitting {
        unseen.remove(one.pattern)
        let mode = "0" + String(permissions.rawValue, radix: 8)
        if !one.mode.isEmpty { #expect(mode == one.mode, "\(path)") }
      }
    }
    #expect(unseen.isEmpty)
  }

  @Test("says the application id that the catalogue has")
  func applicationIdentifier() throws {
    let ground = try SchemaGround()
    let queue = try DatabaseQueue(path: ground.folder.root.appending("catalog.sqlite").string)
    let identifier = try queue.read { try Int.fetchOne($0, sql: "PRAGMA application_id") }
    #expect(identifier == "SigS".utf8.reduce(0) { $0 << 8 | Int($1) })
    let words = "application id \(identifier ?? 0) (`SigS`)"
    #expect(try Documents.text("store-layout.md").contains(words))
  }

  /// Computes every hash and id of a store anew, by the words of the document.
  private static let script = #"""
    import glob, hashlib, json, os, sqlite3, sys
    import h5py, numpy as np

    root = sys.argv[1]
    catalogue = sqlite3.connect("file:%s/catalog.sqlite?mode=ro" % root, uri=True)
    catalogue.row_factory = sqlite3.Row
    sha256 = lambda data: hashlib.sha256(data).hexdigest()
    compared = {}

    def canonical(value):
        if isinstance(value, dict):
            members = sorted((k, v) for k, v in value.items() if v is not None)
            return "{" + ",".join(canonical(k) + ":" + canonical(v) for k, v in members) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(canonical, value)) + "]"
        if isinstance(value, float):
            text = repr(value)
            return text[:-2] if text.endswith(".0") else text
        return json.dumps(value, ensure_ascii=False)

    def check(what, found, expected):
        compared[what] = compared.get(what, 0) + 1
        if found != expected:
            sys.exit("%s: %s computed, %s recorded" % (what, found, expected))

    hash_of = lambda value: sha256(canonical(value).encode())
    rows = lambda sql, *values: catalogue.execute(sql, values).fetchall()

    objects = {}
    for row in rows("SELECT * FROM object"):
        path = os.path.join(root, "objects", row["hash"][:2], row["hash"] + "." + row["extension"])
        data = open(path, "rb").read()
        check("object", sha256(data), row["hash"])
        check("size", len(data), row["sizeInBytes"])
        objects[row["hash"]] = path

    for row in rows("SELECT * FROM channelSet"):
        check("channel set", hash_of(json.loads(row["channels"])), row["hash"])
        check("text", canonical(json.loads(row["channels"])), row["channels"])
    for row in rows("SELECT * FROM vocabulary"):
        check("vocabulary", hash_of(json.loads(row["terms"])), row["hash"])

    for row in rows("SELECT * FROM recording"):
        values, times, codes = [], [], {}
        for segment in rows("SELECT * FROM segment WHERE recordingID = ? ORDER BY position", row["id"]):
            with h5py.File(objects[segment["objectHash"]], "r") as file:
                group = file[segment["place"]]
                values.append(group["x"][:])
                if "time" in group:
                    times.append(group["time"][:].astype("<f8").tobytes())
                for track in group.get("labels", {}):
                    codes.setdefault(track, b"")
                    codes[track] += group["labels"][track][:].astype("<i4").tobytes()
        readings = np.concatenate(values)
        kind = str(readings.dtype)
        lead = ("%s %d\n" % (kind, readings.shape[1])).encode()
        content = sha256(lead + readings.astype(readings.dtype.newbyteorder("<")).tobytes())
        check("content", content, row["contentHash"])
        tracks = [
            {"name": label["track"], "codes": sha256(codes[label["track"]]), "vocabulary": label["vocabularyHash"]}
            for label in rows("SELECT * FROM recordingLabel WHERE recordingID = ? ORDER BY track", row["id"])
        ]
        check("recording", hash_of({
            "channels": row["channelSetHash"], "content": content, "isSimulated": bool(row["isSimulated"]),
            "name": row["name"], "place": row["place"], "rateInHertz": row["rateInHertz"],
            "session": row["session"], "source": row["sourceName"], "sourceHash": row["sourceHash"],
            "startTimeInSeconds": row["startTimeInSeconds"], "subject": row["subject"],
            "times": sha256(b"".join(times)) if times else None, "tracks": tracks,
        }), row["hash"])

    for row in rows("SELECT version.*, dataset.kind FROM version JOIN dataset ON dataset.id = datasetID"):
        members = rows("""SELECT recording.id, recording.name, recording.hash FROM versionRecording
            JOIN recording ON recording.id = recordingID WHERE versionID = ? ORDER BY position""", row["id"])
        names = [member["name"] for member in members]
        check("order", names, sorted(names))
        check("version", hash_of({
            "format": 1, "kind": row["kind"], "recordings": [member["hash"] for member in members],
        }), row["hash"])
        shards = {s["objectHash"] for m in members for s in
                  rows("SELECT objectHash FROM segment WHERE recordingID = ?", m["id"])}
        check("shard root", sha256("\n".join(sorted(shards)).encode()), row["shardRoot"])

    for row in rows("""SELECT view.*, dataset.name, version.number, version.hash AS versionHash FROM view
            JOIN version ON version.id = versionID JOIN dataset ON dataset.id = datasetID"""):
        check("text", canonical(json.loads(row["framing"])), row["framing"])
        check("view", hash_of({
            "codeVersion": row["codeVersion"], "dataset": row["name"], "framing": json.loads(row["framing"]),
            "number": row["number"], "versionHash": row["versionHash"],
        }), row["hash"])
    for row in rows("SELECT split.*, view.hash AS viewHash FROM split JOIN view ON view.id = viewID"):
        check("text", canonical(json.loads(row["rule"])), row["rule"])
        check("split", hash_of([row["viewHash"], row["rule"], row["objectHash"]]), row["hash"])
    for row in rows("SELECT * FROM run"):
        check("text", canonical(json.loads(row["manifest"])), row["manifest"])
        if row["status"] == "finished":
            metrics = [{k: metric[k] for k in metric.keys() if k != "runID"} for metric in
                       rows("SELECT * FROM metric WHERE runID = ? ORDER BY name", row["id"])]
            check("run", hash_of({
                "manifest": row["manifest"], "metrics": metrics, "model": row["modelHash"],
            }), row["hash"])
    print(" ".join(sorted(compared)))
    """#

  @Test(
    "says how hashes and ids are computed so well that another program computes the same ones",
    .enabled(if: PythonPeer.has("h5py", "numpy", "sqlite3"), "needs python3 with h5py"))
  func identities() throws {
    let ground = try SchemaGround()
    let compared = try PythonPeer.run(
      script: Self.script, arguments: [ground.folder.root.string])
    #expect(
      compared.split(whereSeparator: \.isNewline).first
        == "channel set content object order recording run shard root size split text version view vocabulary"
    )
    // And every kind of id has a row in the document.
    let rows = try Documents.tables(in: "store-layout.md").last?.rows.map { $0[0] }
    #expect(
      rows == [
        "object", "source", "channel set", "vocabulary", "content", "recording", "version",
        "shard root", "view", "split", "run",
      ])
  }

  @Test("describes ids that no later release may change")
  func literals() throws {
    let ground = try SchemaGround()
    let ids =
      try ground.store.recordings(of: ground.version).map(\.hash)
      + [ground.version.hash, ground.view.hash, ground.split.hash, ground.finished.hash ?? ""]
    #expect(ids == Self.firstRelease)
  }

  /// The ids of the two recordings, the version, the view, the split and the run of `SchemaGround` in
  /// release 0.1.0, where the script above computed the same ones.
  private static let firstRelease = [
    "6e91a767dab1bd4949db78ef925327596259012a52ddbf75165f17a9da92cc23",
    "cfdf545583840aca210817c0d59d6e562ecb01434acee8b29d85a85d5e8b4c54",
    "2000d1dcf0c7bfb122b9ea15f0495ff76e0a4b3fc5e2ae16beb2ca7fd2408c32",
    "217580a8fe0fa5e8472ceb41c4b0e5008a0ae61f7f2786d45e4d3627e08fa0f1",
    "86c003a56af75800852e21cc6ab513515ecbb5a7e961599f476aa2f73d22806b",
    "cef9135691d5608193c12277336a885f8e737a6c5aeceb753f701f2be052c888",
  ]
}
