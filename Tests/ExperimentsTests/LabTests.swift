import Batching
import Durability
import Experiments
import Randomness
import StoreSupport
import Synchronization
import TestSupport
import Testing
import VersionedStore

@Suite("A lab writes down what happens to a run, whatever happens")
struct LabTests {
  let folder: StoreFolder
  let store: Store
  let split: Split
  let time = FixedTimeSource()

  init() throws {
    folder = try StoreFolder()
    store = try folder.create()
    let version = try store.commit(
      ["a", "b", "c", "d"].map { name in
        RecordingSketch(name).with { $0.subject = "S-\(name)" }
      }
    ).version
    split = try store.makeSplit(
      of: try store.makeView(of: version), by: .subject, validation: "S-b", test: "S-c,S-d")
  }

  /// What observers are told.
  private final class Reports {
    var list: [RunRecorder.EpochReport] = []
  }

  private func lab(
    release: String = "1", stoppingAfter epoch: Int? = nil, reports: Reports = Reports()
  ) -> Lab {
    let asked = Counter()
    return Lab(
      store: store, time: time, threadCount: 1, environment: ["release": release],
      isInterrupted: { epoch.map { asked.next() >= $0 } ?? false },
      report: { [time] report in
        reports.list.append(report)
        time.advance(bySeconds: 2)
      })
  }

  private func train(
    _ lab: Lab, _ ending: RehearsedStudy.Settings.Ending = .finish, seed: UInt64 = 1
  ) throws -> Run {
    var settings = RehearsedStudy.Settings()
    settings.ending = ending
    return try lab.train(RehearsedStudy.self, settings: settings, on: split, seed: Seed(seed))
  }

  @Test("A finished run has its plan, its metrics, its model and how long it took")
  func finished() throws {
    let reports = Reports()
    let run = try train(lab(reports: reports))
    #expect(run.status == .finished && run.number == 1 && run.study == "rehearsal")
    #expect(run.version == "daily@1" && run.split == "parts" && run.splitHash == split.hash)
    #expect(run.seed == 1 && run.stepCount == 30 && run.seconds == 6)
    #expect(try store.settings(of: run) == ["epochs": "3", "ending": "finish"])
    #expect(try store.model(of: run) == Array("model of \(Seed(1)) after 3".utf8))
    let metrics = try store.metrics(of: run)
    #expect(
      Set(metrics.map(\.name)) == ["loss", "rate", "epochs", "best_val_score", "test_score"])
    let loss = try #require(metrics.first { $0.name == "loss" })
    #expect(loss.count == 3 && loss.last == RehearsedStudy.loss(Seed(1), epoch: 3))
    #expect(metrics.first { $0.name == "best_val_score" }?.last == 10)
    #expect(metrics.first { $0.name == "test_score" }?.last == 20)
    #expect(
      try store.document("confusion_test", of: run)
        == #"{"classes":["rest","walk"],"counts":[[20,0],[0,0]]}"#)
    #expect(try store.document("confusion_val", of: run) != nil)
    #expect(reports.list.map(\.epoch) == [1, 2, 3])
    #expect(reports.list.allSatisfy { $0.epochLimit == 3 && $0.metrics.count == 2 })
    #expect(reports.list.last?.metrics.map(\.name) == ["loss", "rate"])
  }

  @Test("Equal plans give equal hashes; seed and environment are part of a plan")
  func hashes() throws {
    let first = try train(lab())
    #expect(try train(lab()).hash == first.hash)
    #expect(try train(lab(), seed: 2).hash != first.hash)
    #expect(try train(lab(release: "2")).hash != first.hash)
    #expect(first.hash?.count == 64)
  }

  @Test("Parts without examples are not judged")
  func missingParts() throws {
    let training = try store.makeSplit("all", of: split.view, by: .subject)
    let run = try lab().train(
      RehearsedStudy.self, settings: RehearsedStudy.Settings(), on: training, seed: Seed(1))
    #expect(try Set(store.metrics(of: run).map(\.name)) == ["loss", "rate", "epochs"])
    #expect(try store.document("confusion_test", of: run) == nil)
  }

  @Test("A run that fails is marked, keeps its checkpoint, and the failure is told as it was")
  func failed() throws {
    #expect(throws: RehearsedStudy.OddError.self) { try train(lab(), .fail) }
    let run = try store.run(1)
    #expect(run.status == .failed && run.message == "the sky fell")
    #expect(run.hash == nil && run.modelHash == nil && run.stepCount == 10)
    let (resumed, checkpoint) = try store.resume(1)
    #expect(resumed.status == .running && resumed.message == nil)
    #expect(checkpoint?.epoch == 1)
    #expect(checkpoint?.bytes == RehearsedStudy.state(afterEpoch: 1))
  }

  @Test("What was not written when a run failed is not written afterwards")
  func diverged() throws {
    let error = #expect(throws: ExperimentError.self) { try train(lab(), .diverge) }
    #expect(error?.code == .diverged)
    let run = try store.run(1)
    #expect(run.status == .failed && run.message == error?.message)
    #expect(try store.series("loss", of: run).map(\.step) == [1])
  }

  @Test("A run whose model cannot be judged is failed, not finished")
  func misjudged() throws {
    let error = #expect(throws: ExperimentError.self) { try train(lab(), .misjudge) }
    #expect(error?.message == "Could not judge 'windows'.")
    #expect(try store.run(1).status == .failed)
    #expect(try store.run(1).modelHash == nil)
  }

  @Test("A run that is stopped is marked, and goes on as if it had not been", arguments: [1, 2, 3])
  func interrupted(epoch: Int) throws {
    let whole = try train(lab())
    let error = #expect(throws: ExperimentError.self) { try train(lab(stoppingAfter: epoch)) }
    #expect(error?.code == .interrupted)
    #expect(error?.message == ExperimentError.interrupted(run: 2, epoch: epoch).message)
    let stopped = try store.run(2)
    #expect(stopped.status == .interrupted && stopped.message == error?.message)
    #expect(try store.series("loss", of: stopped).map(\.step) == Array(1...epoch))
    let resumed = try lab().resume(RehearsedStudy.self, run: 2)
    #expect(resumed.hash == whole.hash && resumed.modelHash == whole.modelHash)
    #expect(resumed.number == 2 && resumed.status == .finished && resumed.message == nil)
    #expect(resumed.stepCount == 30)
    // The clock moves two seconds after each epoch; those after the last checkpoint of a sitting
    // are not training.
    #expect(resumed.seconds == whole.seconds - 2)
  }

  @Test("A run is taken up only by its own study, and only while it is unfinished")
  func wrongResume() throws {
    _ = try train(lab())
    let finished = #expect(throws: StoreError.self) {
      try lab().resume(RehearsedStudy.self, run: 1)
    }
    #expect(
      finished?.message == "Could not resume run 1: it is finished. Train anew with other settings "
        + "or another seed.")
    let other = #expect(throws: ExperimentError.self) { try lab().resume(OtherStudy.self, run: 1) }
    #expect(
      other?.message == "Could not use the setting '--resume': run 1 belongs to the study "
        + "'rehearsal'. Name that study.")
    #expect(throws: StoreError.self) { try lab().resume(RehearsedStudy.self, run: 2) }
    #expect(try store.run(1).status == .finished)
  }
}

/// Counts how often it was asked.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// A study of another name.
private struct OtherStudy: Recipe {
  static let studyName = "other"

  init(_ settings: RehearsedStudy.Settings) {}

  func train(
    on split: Split, in store: Store, seed: Seed, from checkpoint: Store.Checkpoint?,
    recording recorder: RunRecorder
  ) throws -> TrainedModel {
    TrainedModel(bytes: [], stepCount: 0)
  }

  func evaluate(
    model: [UInt8], on selection: ExampleSelection, in store: Store, threadCount: Int
  ) throws -> Evaluation {
    Evaluation(metrics: [])
  }
}
