/// The raw file that a recording came from, told by its content, not by where it lay.
public struct SourceReference: Hashable, Sendable, Codable {
  /// The path below the folder that was given to the reader ("S1-ADL1.dat").
  public let name: String
  /// The length of the file.
  public let sizeInBytes: Int
  /// The SHA-256 of the file as 64 hexadecimal digits.
  public let sha256: String

  /// Refers to a file.
  public init(name: String, sizeInBytes: Int, sha256: String) {
    self.name = name
    self.sizeInBytes = sizeInBytes
    self.sha256 = sha256
  }
}

/// What came out of one raw source, still uncut.
public struct Recording: Hashable, Sendable {
  /// The raw file.
  public let source: SourceReference
  /// The place inside the raw file ("/recording_1"); empty where the file is the recording.
  public let place: String
  /// The name of the recording, unique within a dataset version.
  public let name: String
  /// The person, animal or instrument that was measured.
  public let subject: String?
  /// The sitting in which it was measured; readings of one session are never independent.
  public let session: String?
  /// Whether a program made it up.
  public let isSimulated: Bool
  /// The readings.
  public let series: TimeSeries

  /// Describes a recording.
  public init(
    source: SourceReference, place: String = "", name: String, subject: String? = nil,
    session: String? = nil, isSimulated: Bool = false, series: TimeSeries
  ) {
    self.source = source
    self.place = place
    self.name = name
    self.subject = subject
    self.session = session
    self.isSimulated = isSimulated
    self.series = series
  }
}
