/// One published state of a dataset; it never changes.
public struct Version: Hashable, Sendable {
  /// The row in the catalogue; of no meaning outside this store.
  package let rowID: Int64
  /// The dataset.
  public let dataset: DatasetName
  /// What kind of recordings it holds ("opportunity", "recordings").
  public let kind: String
  /// 1 for the first version; never used twice.
  public let number: Int
  /// The SHA-256 of what the version holds: equal on every machine for equal content.
  public let hash: String
  /// The number of the version that it followed; nothing for the first.
  public let parent: Int?
  /// How many recordings it holds.
  public let recordingCount: Int
  /// How many readings in time all its recordings have together.
  public let sampleCount: Int
  /// The size of its shards; shards that it shares with other versions count in full.
  public let sizeInBytes: Int
  /// When it was published, in seconds since 1970.
  public let created: Double
  /// Why it was made, in the words of whoever made it.
  public let because: String
  /// The tags that point to it, in alphabetical order.
  public let tags: [String]

  /// The reference that names this version for good.
  public var reference: String { "\(dataset)@\(number)" }
}

/// A dataset in one line.
public struct DatasetSummary: Hashable, Sendable {
  /// The name.
  public let name: String
  /// What kind of recordings it holds.
  public let kind: String
  /// How many versions it has.
  public let versionCount: Int
  /// The number of the newest one.
  public let latest: Int
  /// The size of all shards of all versions, each counted once.
  public let sizeInBytes: Int
}
