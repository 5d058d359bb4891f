import Durability
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// Something that publishes, with the ground that it needs.
struct PublishingTrial: Sendable, CustomTestStringConvertible {
  let name: String
  /// Leads up to the moment before.
  let prepare: @Sendable (Store) throws -> Void
  /// Publishes.
  let publish: @Sendable (Store) throws -> Void

  var testDescription: String { name }

  static let all = [createFirst, append, replace, view, split, checkpoint, finish]

  private static func base(_ store: Store) throws {
    try store.commit([
      RecordingSketch("a"), RecordingSketch("b").with { $0.subject = "S2" },
    ])
  }

  private static func version(_ store: Store) throws -> Version {
    try store.version(try VersionReference("daily@1"))
  }

  private static func begunRun(_ store: Store) throws {
    try base(store)
    let view = try store.makeView(of: try version(store))
    let split = try store.makeSplit(of: view, by: .subject, test: "S2")
    let run = try store.beginRun(
      RunPlan(study: "s", split: split, seed: 1, settings: ["a": "1"], environment: [:]))
    try store.checkpoint(
      [1], epoch: 1, metrics: [MetricPoint("loss", step: 1, value: 1)], seconds: 1, stepCount: 1,
      of: run)
  }

  static let createFirst = PublishingTrial(
    name: "the first version of a dataset", prepare: { _ in },
    publish: { try $0.commit([RecordingSketch("a"), RecordingSketch("b")]) })

  static let append = PublishingTrial(
    name: "a version with appended recordings", prepare: base,
    publish: { try $0.commit([RecordingSketch("c"), RecordingSketch("d")], mode: .appending) })

  static let replace = PublishingTrial(
    name: "a version with a replaced recording, compressed", prepare: base,
    publish: {
      try $0.commit([RecordingSketch("b", seed: 9)], mode: .replacing, storage: .compressed)
    })

  static let view = PublishingTrial(
    name: "a view", prepare: base,
    publish: { _ = try $0.makeView(of: try version($0)) })

  static let split = PublishingTrial(
    name: "a split",
    prepare: { store in
      try base(store)
      _ = try store.makeView(of: try version(store))
    },
    publish: { store in
      let view = try store.view(named: try DatasetName("windows"))
      _ = try store.makeSplit(of: view, by: .subject, test: "S2")
    })

  static let checkpoint = PublishingTrial(
    name: "a checkpoint", prepare: begunRun,
    publish: { store in
      try store.checkpoint(
        [2, 2], epoch: 2, metrics: [MetricPoint("loss", step: 2, value: 0.5)], seconds: 2,
        stepCount: 2, of: try store.run(1))
    })

  static let finish = PublishingTrial(
    name: "the model of a run", prepare: begunRun,
    publish: { store in
      _ = try store.finish(try store.run(1), model: [3, 3, 3], seconds: 3, stepCount: 3)
    })

  /// The ground as a value, the catalogue at rest.
  func ground() throws -> DiskSnapshot {
    let folder = try StoreFolder()
    // In a scope of its own, so that the connections are closed.
    try { try prepare(try folder.create()) }()
    return try DiskSnapshot(of: folder.root)
  }
}

extension DiskSnapshot {
  /// The sealed objects.
  var objects: [String: Entry] {
    entries.filter { $0.key.hasPrefix("objects/") && $0.key.contains(".") }
  }

  /// The objects whose bytes are not what their names say.
  var damagedObjects: [String] {
    objects.keys.filter { path in
      let name = path.split(separator: "/").last?.prefix { $0 != "." } ?? ""
      return bytes(at: path).map { ContentHash(of: $0).hexText } != String(name)
    }.sorted()
  }
}
