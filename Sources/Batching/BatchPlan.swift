public import Randomness
public import VersionedStore

/// Which examples are served in which order: the whole recipe as a value.
///
/// The order of an epoch is a pure function of (examples of the part, seed, epoch); the number of
/// threads, the size of memory and what was served before do not enter.
public struct BatchPlan: Hashable, Sendable, Codable {
  /// How the examples of a part follow one another.
  public enum Order: String, Hashable, Sendable, Codable {
    /// As in the view: by recording, then by time.
    case sequential
    /// A new random order in every epoch.
    case shuffled
  }

  /// The part of the split.
  public var part: SplitPart
  /// How many examples a batch has; the last batch of an epoch may have fewer.
  public var batchSize: Int
  /// The order.
  public var order: Order
  /// What the random orders come from.
  public var seed: Seed
  /// Whether a last batch with fewer examples is left out.
  public var dropsLastPartialBatch: Bool

  /// Describes a plan.
  /// - Precondition: `batchSize` is positive.
  public init(
    part: SplitPart, batchSize: Int, order: Order, seed: Seed, dropsLastPartialBatch: Bool = false
  ) {
    precondition(batchSize > 0, "A batch has at least one example.")
    self.part = part
    self.batchSize = batchSize
    self.order = order
    self.seed = seed
    self.dropsLastPartialBatch = dropsLastPartialBatch
  }
}

/// The whole state of an iteration: written down, it lets another process go on at the same batch.
public struct BatchCursor: Hashable, Sendable, Codable {
  /// The epoch, from 0 on.
  public var epoch: Int
  /// The batch within the epoch, from 0 on.
  public var batch: Int

  /// Points to a batch.
  public init(epoch: Int = 0, batch: Int = 0) {
    self.epoch = epoch
    self.batch = batch
  }
}

/// The order of the examples of one epoch.
public struct EpochOrder: Sendable {
  /// Positions among the examples of the part, in the order in which they are served.
  public let positions: [Int]
  private let plan: BatchPlan

  /// Computes the order of an epoch of `count` examples.
  public init(_ plan: BatchPlan, count: Int, epoch: Int) {
    self.plan = plan
    positions =
      switch plan.order {
      case .sequential: Array(0..<count)
      case .shuffled:
        Permutation.shuffled(count: count, seed: plan.seed.child("epoch").child(epoch))
      }
  }

  /// How many batches the epoch has.
  public var batchCount: Int {
    plan.dropsLastPartialBatch
      ? positions.count / plan.batchSize
      : (positions.count + plan.batchSize - 1) / plan.batchSize
  }

  /// The positions that a batch serves.
  public func batch(_ index: Int) -> ArraySlice<Int> {
    let start = index * plan.batchSize
    return positions[start..<min(start + plan.batchSize, positions.count)]
  }
}
