public import Signals

/// A version in the making. Nobody sees any of it until `commit`; forgetting it discards it.
///
/// The type cannot be copied: a version is committed once, or not at all, and the compiler checks.
public struct StagedVersion: ~Copyable {
  private let stage: Stage

  init(_ stage: Stage) {
    self.stage = stage
  }

  /// Adds a recording.
  ///
  /// A recording that the store already holds is not stored again. Shards are published as they
  /// fill; no version refers to them before `commit`.
  ///
  /// - Throws: `.contract` if the recording has no readings, its channels or tracks cannot be told
  ///   apart, its name is taken, or, appended, it changes one that the dataset holds; `.noSpace`, `.storage` or `.permission` if the disk refuses. The staged
  ///   version is then of no further use, and the store is as it was.
  public mutating func append(_ recording: Recording) throws(StoreError) {
    try stage.append(recording)
  }

  /// Publishes everything added so far as the next version of the dataset.
  ///
  /// Durability: when this returns, the version survives power loss. When it throws, no reader can
  /// see any part of it, and a later `collect` removes what was written.
  /// - Parameters:
  ///   - reason: why the version is made, for those who read the log.
  ///   - ingestion: what was read and noticed.
  /// - Returns: the new version, or the present one where nothing differs.
  /// - Throws: `.conflict` if the dataset was made anew meanwhile, `.badRequest` if there is no
  ///   recording, or a failure of the disk.
  public consuming func commit(
    because reason: String, ingestion: IngestionRecord
  ) throws(StoreError) -> CommitOutcome {
    try stage.commit(because: reason, ingestion: ingestion)
  }
}

/// What a commit did.
public struct CommitOutcome: Hashable, Sendable {
  /// The new version, or the present one where nothing differs.
  public let version: Version
  /// Whether a version was made.
  public let isNew: Bool
  /// How many objects were written to disk.
  public let shardsWritten: Int
  /// How many objects of the version the store already had.
  public let shardsReused: Int
  /// Recordings whose readings the version holds under more than one name, name lists by content.
  public let sameContent: [[String]]
}

/// How a staged version relates to the newest version of its dataset.
public enum StagingMode: Hashable, Sendable {
  /// The version holds exactly what is added.
  case exactly
  /// The version holds the newest version's recordings too; a recording of the same name and other
  /// content is refused.
  case appending
  /// As `appending`, but a recording of the same name takes the other's place.
  case replacing
}
