public import Signals
public import SystemPackage

/// A format that recordings can be read from.
///
/// A new data set is one conformer. A reader is a value that holds only its settings, so that what
/// was read can be written down and read again.
public protocol RecordingReader: Sendable {
  /// What can be chosen about reading.
  associatedtype Settings: Codable & Hashable & Sendable

  /// The word for the format on the command line ("opportunity").
  static var formatName: String { get }

  /// Stores the settings.
  init(_ settings: Settings)

  /// Finds the files of the format.
  ///
  /// A file that is named itself is taken as it is; in folders, and folders below them, files that
  /// are not of the format are passed over and listed with a reason.
  /// - Throws: `.notFound` for a path where nothing is, `.notAFile` for one that is neither a file
  ///   nor a folder, `.noSource` where nothing of the format is found, `.duplicateName` where two
  ///   files would become one.
  func sources(in paths: [FilePath]) throws(ImportError) -> SourceScan

  /// Reads one file and hands over its recordings one at a time.
  ///
  /// - Parameters:
  ///   - source: A file from `sources(in:)`.
  ///   - receive: Called with each recording; what it throws ends the reading. Recordings that were
  ///     received count only once the call has returned: a file that changes while it is read is
  ///     noticed at its end.
  /// - Returns: What was read, and what the user should know about it.
  /// - Throws: `ImportError`, or what `receive` throws.
  @discardableResult
  func read(
    _ source: SourceFile, _ receive: (Recording) throws -> Void
  ) throws -> SourceReport
}

/// What came out of reading one file.
public struct SourceReport: Hashable, Sendable {
  /// The file, told by its content.
  public let reference: SourceReference
  /// How many recordings the file held.
  public let recordingCount: Int
  /// How many readings of all channels the recordings have together.
  public let rowCount: Int
  /// The length of the file once unpacked.
  public let unpackedInBytes: Int
  /// What is odd but no reason to refuse the file: complete sentences that name it.
  public let warnings: [String]

  /// Collects what was read.
  public init(
    reference: SourceReference, recordingCount: Int, rowCount: Int, unpackedInBytes: Int,
    warnings: [String]
  ) {
    self.reference = reference
    self.recordingCount = recordingCount
    self.rowCount = rowCount
    self.unpackedInBytes = unpackedInBytes
    self.warnings = warnings
  }
}

/// What happens to a line that cannot be read.
public enum BadLinePolicy: String, Codable, Hashable, Sendable, CaseIterable {
  /// The file is refused.
  case refuse
  /// The line is left out, and a warning tells how many were.
  case drop
}
