import Signals
import StoreSupport
import TestSupport
import VersionedStore

/// A store that holds one of everything.
struct SchemaGround {
  let folder: StoreFolder
  let store: Store
  let version: Version
  let view: View
  let split: Split
  let finished: Run
  let running: Run

  init() throws {
    folder = try StoreFolder()
    store = try folder.create()
    let sketches = [
      RecordingSketch("a").with { ($0.hasTimes, $0.missingEvery) = (true, 17) },
      RecordingSketch("b").with { ($0.subject, $0.session, $0.isDouble) = ("S2", "m", true) },
    ]
    version = try store.commit(sketches).version
    view = try store.makeView(of: version)
    split = try store.makeSplit(of: view, by: .subject, test: "S2")
    let plan = RunPlan(
      study: "classifier", split: split, seed: 18_446_744_073_709_551_615,
      settings: ["learning_rate": "0.001", "Zoom": "1", "name": "a \"quoted\" näme/x\n"],
      environment: ["release": "0.1.0"])
    let begun = try store.beginRun(plan)
    for epoch in 1...3 {
      try store.record(
        [
          MetricPoint("loss", step: epoch, value: 1 / Double(epoch)),
          MetricPoint("tiny", step: epoch, value: 1e-21),
        ], of: begun)
    }
    finished = try store.finish(begun, model: Array("a model".utf8), seconds: 2, stepCount: 3)
    running = try store.beginRun(plan)
    try store.checkpoint(
      Array("a checkpoint".utf8), epoch: 1, metrics: [], seconds: 1, stepCount: 1, of: running)
    // Kinds of recordings that no view needs.
    try store.commit(
      [RecordingSketch("c").with { ($0.runLength, $0.subject) = (nil, nil) }], to: "unlabelled",
      storage: .compressed)
    try stageLongVocabulary()
  }

  /// Names and meanings that are too long for attributes.
  private func stageLongVocabulary() throws {
    let sketch = try RecordingSketch("d").recording
    let channels = (0..<300).map { number in
      Channel(
        name: String(repeating: "long ", count: 30) + "\(number)",
        unit: String(repeating: "m", count: 120))
    }
    let terms = (0..<3_000).map { Vocabulary.Term(code: Int32($0), name: "meaning number \($0)") }
    var staged = try store.stage(try DatasetName("long"), kind: "recordings")
    try staged.append(
      Recording(
        source: sketch.source, name: "d",
        series: TimeSeries(
          channels: channels, rate: sketch.series.rate,
          values: .float32([Float](repeating: 1, count: 600)),
          labels: ["t", "u"].map {
            LabelTrack(name: $0, codes: [7, 2_999], vocabulary: Vocabulary(terms))
          })))
    _ = try staged.commit(because: "", ingestion: IngestionRecord(reader: "recordings"))
  }
}
