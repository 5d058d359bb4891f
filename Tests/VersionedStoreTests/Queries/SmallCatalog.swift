import GRDB
import VersionedStore

/// Eight runs on two datasets, small enough to know by heart.
///
/// | run | dataset@version (tags)         | study      | split     | seed | status   | f1 (curve)       | model |
/// | 1   | hapt@1                         | classifier | by-person | 1    | finished | 0.80 (.3 .9 .80) | cnn   |
/// | 2   | hapt@2 (paper)                 | classifier | by-person | 2    | finished | 0.90             | cnn   |
/// | 3   | hapt@2 (paper)                 | classifier | by-person | 2^64-1 | finished | 0.85           | mlp   |
/// | 4   | hapt@3                         | classifier | by-person | 3    | running  | none             | cnn   |
/// | 5   | opportunity@1 (paper, old)     | classifier | by-time   | 1    | finished | 0.70             | mlp   |
/// | 6   | opportunity@1                  | loss-sharpness | by-time | 1  | failed   | none             | none  |
/// | 7   | opportunity@1                  | classifier | by-time   | 10   | finished | 0.90             | cnn   |
/// | 8   | opportunity@1                  | classifier | by-time   | 4    | interrupted | 0.10          | cnn   |
enum SmallCatalog {
  /// 2026-01-31T00:00:00Z.
  static let day = 1_769_817_600.0

  private static let made = Result { try make() }

  /// One catalogue for all tests that only read it.
  static func shared() throws -> DatabaseQueue { try made.get() }

  static func make() throws -> DatabaseQueue {
    let queue = try EmptyCatalog.inMemory()
    try queue.write { database in
      var fixture = CatalogFixture(database)
      let versions = try datasets(&fixture)
      let hapt = try versions.hapt.map { try fixture.split(of: $0) }
      let byTime = try fixture.split(of: versions.opportunity)
      for (index, plan) in plans.enumerated() {
        let isHapt = plan.haptVersion != nil
        let position = (plan.haptVersion ?? 1) - 1
        _ = try fixture.run(
          CatalogFixture.Run(
            study: plan.study, status: plan.status,
            version: isHapt ? versions.hapt[position] : versions.opportunity,
            split: isHapt ? hapt[position] : byTime,
            viewName: isHapt ? "windows" : "pictures",
            splitName: isHapt ? "by-person" : "by-time", seed: plan.seed,
            started: day + Double(index) * 43_200,
            finished: plan.status == "running" ? nil : day + Double(index) * 43_200 + 100,
            seconds: Double(index + 1) * 10, steps: 100 * (index + 1), settings: plan.settings,
            curves: plan.curves))
      }
    }
    return queue
  }

  private static func datasets(
    _ fixture: inout CatalogFixture
  ) throws -> (hapt: [Int64], opportunity: Int64) {
    let hapt = try fixture.dataset("hapt")
    let versions = [
      try fixture.version(of: hapt, number: 1, because: "first import"),
      try fixture.version(of: hapt, number: 2, because: "Four more people", tags: ["paper"]),
      try fixture.version(of: hapt, number: 3, because: "100% clean"),
    ]
    let opportunity = try fixture.version(
      of: try fixture.dataset("opportunity"), number: 1, tags: ["paper", "old"])
    try fixture.recording(
      "acc_exp01", subject: "P1", session: "1", source: "exp01.txt", in: versions)
    try fixture.recording(
      "acc_exp02", subject: "P2", session: nil, source: "exp02.txt", in: Array(versions[1...]))
    try fixture.recording(
      "S3-ADL1", subject: "S3", session: "ADL1", source: "S3-ADL1.dat", in: [opportunity])
    return (versions, opportunity)
  }

  /// What is planned for one run; the number of the run is its place, counted from 1.
  struct Plan {
    var haptVersion: Int?
    var study = "classifier"
    var seed: UInt64
    var status = "finished"
    var settings: [(name: String, value: String)] = []
    var curves: [(name: String, points: [(step: Int64, value: Double)])] = []
  }

  private static func settings(_ model: String, rate: String) -> [(name: String, value: String)] {
    [("model", model), ("learning_rate", rate), ("layers", "64,32")]
  }

  static let plans = [
    Plan(
      haptVersion: 1, seed: 1, settings: settings("cnn", rate: "0.01"),
      curves: [
        ("test_f1", [(1, 0.3), (2, 0.9), (5, 0.80)]),
        ("val_loss", [(1, 1.0), (2, 0.5), (3, 0.25), (4, 0.2), (5, 0.3), (9, 0.4)]),
      ]),
    Plan(
      haptVersion: 2, seed: 2, settings: settings("cnn", rate: "0.001"),
      curves: [("test_f1", [(5, 0.90)]), ("val_loss", [(5, 0.45), (6, 0.35)])]),
    Plan(
      haptVersion: 2, seed: .max, settings: settings("mlp", rate: "3"),
      curves: [("test_f1", [(5, 0.85)]), ("class f1 (walking)", [(5, 0.5)])]),
    Plan(haptVersion: 3, seed: 3, status: "running", settings: settings("cnn", rate: "0.01")),
    Plan(seed: 1, settings: settings("mlp", rate: "0.01"), curves: [("test_f1", [(5, 0.70)])]),
    Plan(study: "loss-sharpness", seed: 1, status: "failed"),
    Plan(seed: 10, settings: settings("cnn", rate: "0.1"), curves: [("test_f1", [(5, 0.90)])]),
    Plan(
      seed: 4, status: "interrupted", settings: settings("cnn", rate: "0.1"),
      curves: [("test_f1", [(5, 0.10)])]),
  ]
}
