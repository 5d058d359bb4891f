import Durability
import Foundation
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// A store with a split to train on.
struct RunGround {
  let folder: StoreFolder
  let store: Store
  let split: Split

  init(named name: String = "store", on fileSystem: any FileSystem = LocalFileSystem()) throws {
    folder = try StoreFolder(named: name)
    store = try folder.create(on: fileSystem)
    let version = try store.commit([
      RecordingSketch("a"), RecordingSketch("b").with { $0.subject = "S2" },
    ]).version
    split = try store.makeSplit(of: try store.makeView(of: version), by: .subject, test: "S2")
  }

  func plan(seed: UInt64 = 1, rate: String = "0.01") -> RunPlan {
    RunPlan(
      study: "classifier", split: split, seed: seed,
      settings: ["model": "cnn", "learning_rate": rate], environment: ["release": "0.1.0"])
  }

  /// A whole training: three epochs, each with a checkpoint.
  func train(_ plan: RunPlan, in store: Store? = nil, losses: [Double] = [3, 1, 2]) throws -> Run {
    let store = store ?? self.store
    let run = try store.beginRun(plan)
    for (epoch, loss) in losses.enumerated() {
      try store.checkpoint(
        [UInt8(epoch), 7], epoch: epoch + 1,
        metrics: [MetricPoint("loss", step: epoch + 1, value: loss)],
        seconds: Double(epoch + 1), stepCount: 10 * (epoch + 1), of: run)
    }
    try store.record([MetricPoint("test_f1", step: 0, value: 0.75)], of: run)
    return try store.finish(run, model: [1, 2, 3], seconds: 4, stepCount: 30)
  }
}

@Suite("A run")
struct RunTests {
  @Test("writes down everything it depends on before it begins")
  func begun() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan(seed: .max))
    #expect(run.number == 1 && run.status == .running && run.study == "classifier")
    #expect(run.hash == nil && run.modelHash == nil && run.finished == nil && run.message == nil)
    #expect(run.seed == .max && run.version == "daily@1" && run.view == "windows")
    #expect(run.split == "parts" && run.splitHash == ground.split.hash)
    #expect(run.versionHash == ground.split.view.version.hash)
    #expect(run.started == 1_767_225_600 && run.seconds == 0 && run.stepCount == 0)
    #expect(run.identity.utf8.count == 32)
    #expect(try ground.store.settings(of: run) == ["model": "cnn", "learning_rate": "0.01"])
    #expect(
      run.manifest
        == #"{"dataset":"daily","datasetVersion":1,"environment":{"release":"0.1.0"},"format":1,"#
        + #""seed":18446744073709551615,"settings":{"learning_rate":"0.01","model":"cnn"},"#
        + #""splitHash":"\#(ground.split.hash)","study":"classifier","#
        + #""versionHash":"\#(run.versionHash)","viewHash":"\#(ground.split.view.hash)"}"#)
    #expect(try ground.store.beginRun(ground.plan()).number == 2)
  }

  @Test("ends with a model, whose bytes come back")
  func finished() throws {
    let ground = try RunGround()
    let run = try ground.train(ground.plan())
    #expect(run.status == .finished && run.seconds == 4 && run.stepCount == 30)
    #expect(run.modelHash == ContentHash(of: [1, 2, 3]).hexText && run.hash?.utf8.count == 64)
    let store = try ground.folder.open(for: .reading)
    #expect(try store.run(1) == run)
    #expect(try store.model(of: run) == [1, 2, 3])
    #expect(try store.split(of: run).hash == ground.split.hash)
  }

  @Test("has the hash of an equal run, on another machine too, and of no other")
  func hash() throws {
    let ground = try RunGround()
    let other = try RunGround(named: "elsewhere")
    let run = try ground.train(ground.plan())
    #expect(try ground.train(ground.plan()).hash == run.hash)
    #expect(try other.train(other.plan()).hash == run.hash)
    #expect(try other.train(other.plan()).identity != run.identity)
    #expect(try ground.train(ground.plan(seed: 2)).hash != run.hash)
    #expect(try ground.train(ground.plan(rate: "0.02")).hash != run.hash)
    #expect(try ground.train(ground.plan(), losses: [3, 1, 2.5]).hash != run.hash)
  }

  @Test("shares the model object with an equal run")
  func sharedModel() throws {
    let ground = try RunGround()
    _ = try ground.train(ground.plan())
    let before = try DiskSnapshot(of: ground.folder.root.appending("objects"))
    _ = try ground.train(ground.plan())
    #expect(try DiskSnapshot(of: ground.folder.root.appending("objects")) == before)
  }

  @Test("that did not finish has no model", arguments: [Run.Status.failed, .interrupted])
  func stopped(status: Run.Status) throws {
    let ground = try RunGround()
    let begun = try ground.store.beginRun(ground.plan())
    try ground.store.stop(begun, as: status, message: "the lights went out")
    let run = try ground.store.run(1)
    #expect(run.status == status && run.message == "the lights went out" && run.finished != nil)
    expectStoreError(
      .badRequest,
      saying:
        "Could not read the model of run 1: the run is \(status.rawValue), not finished. Resume "
        + "it with `--resume 1`."
    ) { _ = try ground.store.model(of: run) }
  }

  @Test("goes on from its newest checkpoint, without the values after it")
  func resume() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    for epoch in 1...3 {
      try ground.store.checkpoint(
        [UInt8(epoch)], epoch: epoch,
        metrics: [
          MetricPoint("loss", step: epoch, value: Double(10 - epoch)),
          MetricPoint("start", step: 0, value: 5),
        ], seconds: Double(epoch), stepCount: epoch, of: run)
    }
    try ground.store.record(
      [
        MetricPoint("loss", step: 4, value: -1), MetricPoint("loss", step: 5, value: 99),
        MetricPoint("late", step: 4, value: 1),
      ], of: run)
    try ground.store.stop(run, as: .interrupted, message: nil)
    let (resumed, checkpoint) = try ground.folder.open().resume(1)
    #expect(resumed.status == .running && resumed.finished == nil && resumed.seconds == 3)
    #expect(checkpoint?.epoch == 3 && checkpoint?.bytes == [3])
    let loss = try #require(try ground.store.metrics(of: resumed).first { $0.name == "loss" })
    #expect(loss.last == 7 && loss.lastStep == 3 && loss.count == 3)
    #expect(
      loss.minimum == 7 && loss.minimumStep == 3 && loss.maximum == 9 && loss.maximumStep == 1)
    #expect(try ground.store.series("loss", of: resumed).map(\.value) == [9, 8, 7])
    #expect(try ground.store.metrics(of: resumed).map(\.name) == ["loss", "start"])
    #expect(try ground.store.series("late", of: resumed).isEmpty)
  }

  @Test("that has no checkpoint begins again from nothing")
  func resumeWithoutCheckpoint() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    try ground.store.record([MetricPoint("loss", step: 1, value: 1)], of: run)
    // As after a crash: still "running".
    let (resumed, checkpoint) = try ground.store.resume(1)
    #expect(checkpoint == nil && resumed.status == .running)
    #expect(try ground.store.metrics(of: resumed).isEmpty)
  }

  @Test("that was interrupted anywhere comes out with the hash of one that was not")
  func interrupted() throws {
    let expected = try {
      let ground = try RunGround()
      return try ground.train(ground.plan()).hash
    }()
    let losses = [3.0, 1, 2]
    for lastEpoch in 0...3 {
      for judgedAlready in [false, true] where lastEpoch == 3 || !judgedAlready {
        let ground = try RunGround()
        let run = try ground.store.beginRun(ground.plan())
        func epoch(_ epoch: Int, of run: Run) throws {
          try ground.store.checkpoint(
            [UInt8(epoch - 1), 7], epoch: epoch,
            metrics: [MetricPoint("loss", step: epoch, value: losses[epoch - 1])],
            seconds: Double(epoch), stepCount: 10 * epoch, of: run)
        }
        for number in 1...3 where number <= lastEpoch { try epoch(number, of: run) }
        // What was recorded after the checkpoint, and what an epoch cut short left behind.
        if judgedAlready {
          try ground.store.record([MetricPoint("test_f1", step: 0, value: 0.75)], of: run)
        }
        let (resumed, checkpoint) = try ground.store.resume(run.number)
        #expect((checkpoint?.epoch ?? 0) == lastEpoch)
        for number in 1...3 where number > lastEpoch { try epoch(number, of: resumed) }
        try ground.store.record([MetricPoint("test_f1", step: 0, value: 0.75)], of: resumed)
        let finished = try ground.store.finish(
          resumed, model: [1, 2, 3], seconds: 9, stepCount: 30)
        #expect(finished.hash == expected, "after epoch \(lastEpoch), judged: \(judgedAlready)")
      }
    }
  }

  @Test("that is finished cannot be taken up again")
  func resumeFinished() throws {
    let ground = try RunGround()
    _ = try ground.train(ground.plan())
    expectStoreError(
      .badRequest,
      saying:
        "Could not resume run 1: it is finished. Train anew with other settings or another seed."
    ) { _ = try ground.store.resume(1) }
  }

  @Test("that has ended is never changed", arguments: [Run.Status.finished, .failed, .interrupted])
  func ended(status: Run.Status) throws {
    let ground = try RunGround()
    let run: Run
    if status == .finished {
      run = try ground.train(ground.plan())
    } else {
      run = try ground.store.beginRun(ground.plan())
      try ground.store.stop(run, as: status, message: nil)
    }
    let before = try ground.store.run(1)
    let metrics = try ground.store.metrics(of: run)
    func refuse(_ action: String, _ body: () throws -> Void) {
      expectStoreError(
        .badRequest,
        saying:
          "Could not \(action): run 1 is \(status.rawValue), a running one is expected. Train "
          + "anew, or take up a run that did not finish with `--resume`.", body)
    }
    refuse("record metrics of run 1") {
      try ground.store.record([MetricPoint("loss", step: 9, value: 9)], of: run)
    }
    refuse("record 'note' of run 1") {
      try ground.store.record(document: ["a": 1], named: "note", of: run)
    }
    refuse("keep a checkpoint of run 1") {
      try ground.store.checkpoint(
        [9], epoch: 9, metrics: [], seconds: 0, stepCount: 0, of: run)
    }
    refuse("finish run 1") {
      _ = try ground.store.finish(run, model: [9], seconds: 0, stepCount: 0)
    }
    refuse("note how run 1 ended") { try ground.store.stop(run, as: .failed, message: "no") }
    #expect(try ground.store.run(1) == before)
    #expect(try ground.store.metrics(of: run) == metrics)
  }

  @Test("keeps documents by name, the latest of each")
  func documents() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    try ground.store.record(document: ["b": [1, 2], "a": [3]], named: "confusion", of: run)
    #expect(try ground.store.document("confusion", of: run) == #"{"a":[3],"b":[1,2]}"#)
    try ground.store.record(document: ["c": 4], named: "confusion", of: run)
    #expect(try ground.store.document("confusion", of: run) == #"{"c":4}"#)
    #expect(try ground.store.document("other", of: run) == nil)
  }

  @Test("refuses a document that JSON cannot hold")
  func badDocument() throws {
    let ground = try RunGround()
    let run = try ground.store.beginRun(ground.plan())
    let error = expectStoreError(.badRequest) {
      try ground.store.record(document: [Double.nan], named: "confusion", of: run)
    }
    #expect(error?.message.contains("Numbers must be finite.") == true)
    #expect(try ground.store.document("confusion", of: run) == nil)
  }

  @Test("keeps its split, view and version when their names move on")
  func namesMove() throws {
    let ground = try RunGround()
    let run = try ground.train(ground.plan())
    let next = try ground.store.commit([RecordingSketch("c")], mode: .appending).version
    let view = try ground.store.makeView(of: next, window: 5)
    _ = try ground.store.makeSplit(of: view, by: .time, test: "0.5")
    let split = try ground.store.split(of: run)
    #expect(split.hash == ground.split.hash && split.view.version.number == 1)
    #expect(split.view.framing.lengthInSamples == 10 && split.name == "parts")
  }

  @Test("finds its model damaged if one bit of it is")
  func damagedModel() throws {
    let ground = try RunGround()
    let run = try ground.train(ground.plan())
    let hash = try #require(run.modelHash)
    let path = ground.folder.root.appending("objects").appending(String(hash.prefix(2)))
      .appending("\(hash).safetensors")
    try LocalFileSystem().remove(path)
    try LocalFileSystem().write([1, 2, 2], toNew: path)
    let found = ContentHash(of: [1, 2, 2]).hexText.prefix(12)
    expectStoreError(
      .damaged,
      saying: "Could not read object \(hash.prefix(12))…: its bytes have SHA-256 \(found)…. Run 1 "
        + "depends on it. Restore it from a copy of the store; `signalstore verify` lists "
        + "what depends on it."
    ) { _ = try ground.store.model(of: run) }
  }

  @Test("is stopped only by failure or from outside")
  func stopPrecondition() async {
    await #expect(processExitsWith: .failure) {
      let ground = try RunGround()
      let (store, run) = (ground.store, try ground.store.beginRun(ground.plan()))
      // The folder goes now, because nothing can remove it after the trap.
      try FileManager.default.removeItem(atPath: store.root.removingLastComponent().string)
      try store.stop(run, as: .finished, message: nil)
    }
  }
}
