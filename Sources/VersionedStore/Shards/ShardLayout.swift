/// The names inside a shard; described for other programs in schemas/shard-layout.md.
public enum ShardLayout {
  /// How readings lie in a shard.
  public enum Storage: String, Hashable, Sendable, Codable, CaseIterable {
    /// One after the other: the fastest to read at random, the largest on disk.
    case contiguous
    /// In chunks that are shuffled, deflated and checked with fletcher32: smaller on disk.
    case compressed
  }

  /// The format and its number, in the attributes `format` and `format_version` of the root.
  static let shardFormat = "signalstore-shard"
  static let viewFormat = "signalstore-view"
  static let splitFormat = "signalstore-split"
  static let formatVersion = 1

  /// No shard holds more than this many bytes of readings, so that two fit in memory.
  static let largestShardInBytes = 48 << 20
  /// A shard that holds this much ends with the source file that it is filled from: what changes in
  /// one source leaves the shards of the others as they are.
  static let smallestShardInBytes = 256 << 10
  /// How many readings a compressed chunk holds, at most this many bytes.
  static let chunkInBytes = 512 << 10
}
