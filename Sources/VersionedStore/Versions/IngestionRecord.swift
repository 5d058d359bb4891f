/// What was said and noticed while the sources of a version were read; kept with the version.
public struct IngestionRecord: Hashable, Sendable, Codable {
  /// A source that gave no recording.
  public struct Skipped: Hashable, Sendable, Codable {
    /// The file, as it was named.
    public let source: String
    /// Why it was left out.
    public let reason: String

    /// Notes a skipped source.
    public init(source: String, reason: String) {
      self.source = source
      self.reason = reason
    }
  }

  /// The reader ("opportunity").
  public var reader: String
  /// The reader's settings as JSON.
  public var settings: String
  /// Sources that gave no recording.
  public var skipped: [Skipped]
  /// What the reader wants people to know.
  public var warnings: [String]

  /// Describes an ingestion.
  public init(
    reader: String, settings: String = "{}", skipped: [Skipped] = [], warnings: [String] = []
  ) {
    self.reader = reader
    self.settings = settings
    self.skipped = skipped
    self.warnings = warnings
  }
}
