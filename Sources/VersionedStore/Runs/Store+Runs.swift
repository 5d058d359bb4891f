import Durability
import Foundation
import GRDB

extension Store {
  /// Writes down everything that a training will depend on, and gives it a number.
  public func beginRun(_ plan: RunPlan) throws(StoreError) -> Run {
    let split = plan.split
    let version = split.view.version
    let manifest = RunManifest(
      format: 1, study: plan.study, dataset: version.dataset.text, datasetVersion: version.number,
      versionHash: version.hash, viewHash: split.view.hash, splitHash: split.hash, seed: plan.seed,
      settings: plan.settings, environment: plan.environment)
    let text = try CanonicalJSON.text(manifest)
    let now = environment.time.secondsSince1970
    let identity = environment.freshName()
    return try catalog.write("begin a run of '\(plan.study)'") { database in
      try database.execute(
        sql: """
          INSERT INTO run
            (identity, study, status, versionID, splitID, viewName, splitName, seed, manifest,
             started, seconds, stepCount)
          VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, 0, 0)
          """,
        arguments: [
          identity, plan.study, version.rowID, split.rowID, split.view.name, split.name,
          String(plan.seed), text, now,
        ])
      let rowID = database.lastInsertedRowID
      for (name, value) in plan.settings {
        try database.execute(
          sql: "INSERT INTO setting (runID, name, value, number) VALUES (?, ?, ?, ?)",
          arguments: [rowID, name, value, Double(value).flatMap { $0.isFinite ? $0 : nil }])
      }
      return try Self.fetchRun(rowID, from: database)
    }
  }

  /// Adds values to the metrics of a run, in one transaction; a value at a step that has one takes its
  /// place.
  /// - Throws: `.badRequest` if a value is not finite or the run is not running.
  public func record(_ points: [MetricPoint], of run: Run) throws(StoreError) {
    let action = "record metrics of run \(run.number)"
    try catalog.write(action) { database in
      try Self.requireRunning(run, to: action, in: database)
      try MetricStore.add(points, run: Int64(run.number), in: database)
    }
  }

  /// Keeps a JSON document with a run, such as a confusion matrix; one of that name is replaced.
  public func record(
    document content: some Encodable, named name: String, of run: Run
  ) throws(StoreError) {
    let text = try CanonicalJSON.text(content)
    let action = "record '\(name)' of run \(run.number)"
    try catalog.write(action) { database in
      try Self.requireRunning(run, to: action, in: database)
      try database.execute(
        sql: "INSERT OR REPLACE INTO runDocument (runID, name, content) VALUES (?, ?, ?)",
        arguments: [run.number, name, text])
    }
  }

  /// Publishes the state of a training; the run's earlier checkpoint is no longer referred to.
  public func checkpoint(
    _ bytes: [UInt8], epoch: Int, metrics: [MetricPoint], seconds: Double, stepCount: Int,
    of run: Run
  ) throws(StoreError) {
    let action = "keep a checkpoint of run \(run.number)"
    let lock = try writeLock(to: action, patiently: true)
    defer { withExtendedLifetime(lock) {} }
    let object = try publish(bytes, kind: .checkpoint, extension: "safetensors")
    let now = environment.time.secondsSince1970
    try catalog.write(action) { database in
      try Self.requireRunning(run, to: action, in: database)
      try object.insert(in: database, now: now)
      try MetricStore.add(metrics, run: Int64(run.number), in: database)
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO checkpoint (runID, objectHash, epoch, created)
          VALUES (?, ?, ?, ?)
          """,
        arguments: [run.number, object.hash, epoch, now])
      try database.execute(
        sql: "UPDATE run SET seconds = ?, stepCount = ? WHERE id = ?",
        arguments: [seconds, stepCount, run.number])
    }
  }

  /// Publishes the model of a run and ends it.
  ///
  /// Durability: when this returns, run, metrics and model survive power loss.
  public func finish(
    _ run: Run, model: [UInt8], seconds: Double, stepCount: Int
  ) throws(StoreError) -> Run {
    let lock = try writeLock(to: "publish the model of run \(run.number)", patiently: true)
    defer { withExtendedLifetime(lock) {} }
    let object = try publish(model, kind: .model, extension: "safetensors")
    let now = environment.time.secondsSince1970
    let action = "finish run \(run.number)"
    return try catalog.write(action) { database in
      try Self.requireRunning(run, to: action, in: database)
      try object.insert(in: database, now: now)
      try MetricStore.consolidate(run: Int64(run.number), in: database)
      let metrics = try MetricStore.summaries(run: Int64(run.number), in: database)
      let hash = try CanonicalJSON.hash(
        Outcome(manifest: run.manifest, model: object.hash, metrics: metrics))
      try database.execute(
        sql: """
          UPDATE run SET status = 'finished', hash = ?, modelHash = ?, finished = ?, seconds = ?,
            stepCount = ?, message = NULL
          WHERE id = ?
          """,
        arguments: [hash, object.hash, now, seconds, stepCount, run.number])
      try database.execute(
        sql: "DELETE FROM checkpoint WHERE runID = ?", arguments: [run.number])
      return try Self.fetchRun(Int64(run.number), from: database)
    }
  }

  /// What does not agree between the record of a finished run and its hash.
  func differences(of run: Run) throws(StoreError) -> [String] {
    var found: [String] = []
    let outcome = Outcome(
      manifest: run.manifest, model: run.modelHash ?? "", metrics: try metrics(of: run))
    if try CanonicalJSON.hash(outcome) != run.hash {
      found.append("its manifest, model and metrics give another hash")
    }
    let manifest = try CanonicalJSON.value(
      RunManifest.self, from: run.manifest, of: "run \(run.number)")
    if try settings(of: run) != manifest.settings {
      found.append("its settings are not those of its manifest")
    }
    return found
  }

  private struct Outcome: Encodable {
    let manifest: String
    let model: String
    let metrics: [MetricSummary]
  }

  /// Notes that a run ended without a model; its newest checkpoint is kept.
  public func stop(
    _ run: Run, as status: Run.Status, message: String?
  ) throws(StoreError) {
    precondition(
      status == .failed || status == .interrupted, "A run is stopped by failure or from outside.")
    let now = environment.time.secondsSince1970
    let action = "note how run \(run.number) ended"
    try catalog.write(action) { database in
      try Self.requireRunning(run, to: action, in: database)
      try database.execute(
        sql: "UPDATE run SET status = ?, message = ?, finished = ? WHERE id = ?",
        arguments: [status.rawValue, message, now, run.number])
    }
  }

  /// Takes up a run that did not finish.
  ///
  /// Metrics of epochs after the checkpoint are removed; the training will compute them again.
  /// - Returns: the run, and the bytes and epoch of its checkpoint; no checkpoint means a start
  ///   from the beginning.
  /// - Throws: `.badRequest` if the run is finished.
  public func resume(_ number: Int) throws(StoreError) -> (run: Run, checkpoint: Checkpoint?) {
    let run = try self.run(number)
    guard run.status != .finished else {
      throw .badRequest(
        "run \(number)",
        "Could not resume run \(number): it is finished. Train anew with other "
          + "settings or another seed.")
    }
    let found = try catalog.write("resume run \(number)") { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT objectHash, epoch, sizeInBytes FROM checkpoint
            JOIN object ON object.hash = checkpoint.objectHash WHERE runID = ?
          """, arguments: [number])
      let found = row.map {
        (
          hash: $0["objectHash"] as String, epoch: $0["epoch"] as Int,
          size: $0["sizeInBytes"] as Int
        )
      }
      try MetricStore.truncate(
        run: Int64(number), afterStep: found?.epoch ?? Int.min, in: database)
      try database.execute(
        sql: "UPDATE run SET status = 'running', message = NULL, finished = NULL WHERE id = ?",
        arguments: [number])
      return found
    }
    guard let found else { return (try self.run(number), nil) }
    let bytes = try readObject(
      hash: found.hash, extension: "safetensors", sizeInBytes: found.size,
      neededBy: "Run \(number) depends on it. ")
    return (try self.run(number), Checkpoint(epoch: found.epoch, bytes: bytes))
  }

  /// The state of a training at the end of an epoch.
  public struct Checkpoint: Sendable {
    /// The epochs that were complete.
    public let epoch: Int
    /// What the trainer wrote.
    public let bytes: [UInt8]
  }

  /// The run of a number.
  /// - Throws: `.notFound`
  public func run(_ number: Int) throws(StoreError) -> Run {
    let (run, last) = try catalog.read("read run \(number)") { database in
      (
        try Self.fetchRunIfPresent(Int64(number), from: database),
        try Int.fetchOne(database, sql: "SELECT max(id) FROM run")
      )
    }
    guard let run else {
      throw .unknown("run", String(number), known: last.map { ["1 to \($0)"] } ?? [])
    }
    return run
  }

  /// The metrics of a run, by name.
  public func metrics(of run: Run) throws(StoreError) -> [MetricSummary] {
    try catalog.read("read the metrics of run \(run.number)") { database in
      try MetricStore.summaries(run: Int64(run.number), in: database)
    }
  }

  /// All values of a metric of a run, by step.
  public func series(_ name: String, of run: Run) throws(StoreError) -> [MetricPoint] {
    try catalog.read("read metric '\(name)' of run \(run.number)") { database in
      try MetricStore.series(run: Int64(run.number), name: name, in: database)
    }
  }

  /// The settings of a run, by name.
  public func settings(of run: Run) throws(StoreError) -> [String: String] {
    let pairs = try catalog.read("read the settings of run \(run.number)") { database in
      try Row.fetchAll(
        database, sql: "SELECT name, value FROM setting WHERE runID = ?", arguments: [run.number]
      ).map { ($0["name"] as String, $0["value"] as String) }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// A JSON document of a run.
  public func document(_ name: String, of run: Run) throws(StoreError) -> String? {
    try catalog.read("read '\(name)' of run \(run.number)") { database in
      try String.fetchOne(
        database, sql: "SELECT content FROM runDocument WHERE runID = ? AND name = ?",
        arguments: [run.number, name])
    }
  }

  /// The bytes of the model of a finished run, their hash checked.
  public func model(of run: Run) throws(StoreError) -> [UInt8] {
    guard let hash = run.modelHash else {
      throw .badRequest(
        "run \(run.number)",
        "Could not read the model of run \(run.number): the run is "
          + "\(run.status.rawValue), not finished. Resume it with `--resume \(run.number)`.")
    }
    let size = try catalog.read("find the model of run \(run.number)") { database in
      try Int.fetchOne(
        database, sql: "SELECT sizeInBytes FROM object WHERE hash = ?", arguments: [hash])
    }
    return try readObject(
      hash: hash, extension: "safetensors", sizeInBytes: size ?? 0,
      neededBy: "Run \(run.number) depends on it. ")
  }

  /// A run that has ended is never changed: its hash stands for what it holds.
  private static func requireRunning(
    _ run: Run, to action: String, in database: Database
  ) throws {
    let status = try String.fetchOne(
      database, sql: "SELECT status FROM run WHERE id = ?", arguments: [run.number])
    guard status == Run.Status.running.rawValue else {
      throw StoreError.notRunning(run.number, status: status ?? "not there", doing: action)
    }
  }

  private static func fetchRun(_ rowID: Int64, from database: Database) throws -> Run {
    guard let run = try fetchRunIfPresent(rowID, from: database) else {
      preconditionFailure("A run that was just written can be read.")
    }
    return run
  }

  private static func fetchRunIfPresent(_ rowID: Int64, from database: Database) throws -> Run? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT run.*, dataset.name || '@' || version.number AS versionReference,
          version.hash AS versionHash, split.hash AS splitHash
        FROM run JOIN version ON version.id = run.versionID
          JOIN dataset ON dataset.id = version.datasetID JOIN split ON split.id = run.splitID
        WHERE run.id = ?
        """,
      arguments: [rowID])
    guard let row else { return nil }
    guard let status = Run.Status(rawValue: row["status"]), let seed = UInt64(row["seed"] as String)
    else {
      throw StoreError.damagedRow("run \(rowID)", "its status or seed is not one")
    }
    return Run(
      number: row["id"], identity: row["identity"], hash: row["hash"], study: row["study"],
      status: status, version: row["versionReference"], versionHash: row["versionHash"],
      view: row["viewName"], split: row["splitName"], splitHash: row["splitHash"], seed: seed,
      manifest: row["manifest"], modelHash: row["modelHash"], message: row["message"],
      started: row["started"], finished: row["finished"], seconds: row["seconds"],
      stepCount: row["stepCount"], splitRowID: row["splitID"])
  }
}
