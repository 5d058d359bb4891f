public import Signals
public import SystemPackage

/// Reads the logs of the OPPORTUNITY data set: text, one line for each thirtieth of a second.
///
/// A line has 250 fields between blanks or tabs: the clock in milliseconds, 242 sensor channels, 7
/// labels. A missing reading is `NaN` in any mixture of small and capital letters. Lines end in LF
/// or CR LF, the last may end with the file; blank lines and a byte order mark are passed over; a
/// log may be packed with gzip. Names and legend come from `column_names.txt` and
/// `label_legend.txt` beside the log, or are built in.
///
/// One recording per file: name "S1-ADL1", subject "S1", session "S1-ADL1", float32. The clock
/// gives the start time; the times of all readings are kept only where one lies more than a
/// millisecond from its place on a grid of 30 Hz. Label code 0 is a class of its own, "Null".
public struct OpportunityReader: RecordingReader {
  /// What can be chosen.
  public struct Settings: Codable, Hashable, Sendable {
    /// What happens to a line that cannot be read.
    public var onBadLine: BadLinePolicy

    /// Chooses.
    public init(onBadLine: BadLinePolicy = .refuse) {
      self.onBadLine = onBadLine
    }
  }

  /// "opportunity".
  public static let formatName = "opportunity"

  private let settings: Settings

  /// Stores the settings.
  public init(_ settings: Settings = Settings()) {
    self.settings = settings
  }

  /// Finds `*.dat` and `*.dat.gz`, in folders and below them; a file that is named itself is taken
  /// whatever its name.
  public func sources(in paths: [FilePath]) throws(ImportError) -> SourceScan {
    let scan = try FolderScan(paths)
    var sources: [SourceFile] = []
    var skipped = scan.skipped
    var nameOf: [String: String] = [:]
    for entry in scan.entries {
      let file = entry.file
      if !entry.isNamedDirectly, !Self.isLogName(file.name) {
        let base = Self.lastPart(of: file.name)
        guard !OpportunityCompanions.fileNames.contains(base) else { continue }
        skipped.append(.init(name: file.name, reason: "not a recording"))
        continue
      }
      let recording = Self.recordingName(of: file.name)
      if let first = nameOf.updateValue(file.name, forKey: recording) {
        throw .duplicateName(recording, first: first, second: file.name)
      }
      sources.append(file)
    }
    guard !sources.isEmpty else {
      throw .noSource(
        in: paths.map(\.string), passedOver: skipped.count,
        expected: "logs named *.dat or *.dat.gz are")
    }
    return SourceScan(sources: sources, skipped: skipped)
  }

  /// Reads one log.
  @discardableResult
  public func read(
    _ source: SourceFile, _ receive: (Recording) throws -> Void
  ) throws -> SourceReport {
    let companions = try OpportunityCompanions(beside: source.path)
    let log = try OpportunityLog(source, companions, onBadLine: settings.onBadLine)
    let recording = log.recording(named: Self.recordingName(of: source.name))
    try receive(recording)
    return SourceReport(
      reference: recording.source, recordingCount: 1, rowCount: recording.series.sampleCount,
      unpackedInBytes: log.digest.unpackedInBytes, warnings: log.warnings)
  }

  private static func isLogName(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return lowered.hasSuffix(".dat") || lowered.hasSuffix(".dat.gz")
  }

  private static func lastPart(of name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  /// The name of the file without folders and without `.dat`, `.gz`.
  static func recordingName(of name: String) -> String {
    var base = lastPart(of: name)
    for ending in [".gz", ".dat"] where base.count > ending.count {
      if base.lowercased().hasSuffix(ending) { base = String(base.dropLast(ending.count)) }
    }
    return base
  }
}
