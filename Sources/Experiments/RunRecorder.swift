import Durability
public import VersionedStore

/// Takes down what happens while a run trains.
///
/// Values wait in memory until an epoch is complete, so that a training writes to the catalogue
/// once an epoch, however many metrics it has.
public final class RunRecorder {
  /// The run.
  public let run: Run
  /// How many threads the training may use.
  public let threadCount: Int
  private let store: Store
  private let time: any TimeSource
  private let isInterrupted: @Sendable () -> Bool
  private let report: (EpochReport) -> Void
  private let secondsBefore: Double
  private let began: Double
  private var pending: [MetricPoint] = []

  /// What an observer is told after each epoch.
  public struct EpochReport {
    /// The epochs that are complete.
    public let epoch: Int
    /// The most epochs that there will be.
    public let epochLimit: Int
    /// The values of this epoch.
    public let metrics: [MetricPoint]
  }

  init(
    run: Run, store: Store, time: any TimeSource, threadCount: Int,
    isInterrupted: @escaping @Sendable () -> Bool, report: @escaping (EpochReport) -> Void
  ) {
    self.run = run
    self.store = store
    self.time = time
    self.threadCount = threadCount
    self.isInterrupted = isInterrupted
    self.report = report
    secondsBefore = run.seconds
    began = time.monotonicSeconds
  }

  /// The seconds of training so far, over all sittings.
  public var seconds: Double { secondsBefore + time.monotonicSeconds - began }

  /// Notes a value.
  public func record(_ name: String, step: Int, _ value: Double) {
    pending.append(MetricPoint(name, step: step, value: value))
  }

  /// Keeps a JSON document with the run.
  public func record(document: some Encodable, named name: String) throws(StoreError) {
    try store.record(document: document, named: name, of: run)
  }

  /// Ends an epoch: its values and the state of the training are on disk when this returns.
  ///
  /// - Parameter state: makes the bytes from which the training can go on.
  /// - Throws: `.interrupted` if the training was asked to stop; everything is kept.
  public func endEpoch(
    _ epoch: Int, of epochLimit: Int, stepCount: Int, state: () throws -> [UInt8]
  ) throws {
    let points = pending
    pending = []
    try store.checkpoint(
      try state(), epoch: epoch, metrics: points, seconds: seconds, stepCount: stepCount, of: run)
    report(EpochReport(epoch: epoch, epochLimit: epochLimit, metrics: points))
    if isInterrupted() { throw ExperimentError.interrupted(run: run.number, epoch: epoch) }
  }

  /// Writes what is still waiting.
  func flush() throws(StoreError) {
    guard !pending.isEmpty else { return }
    let points = pending
    pending = []
    try store.record(points, of: run)
  }
}
