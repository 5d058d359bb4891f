public import Signals
public import SystemPackage

/// Reads recordings of other origin: HDF5 files, and CSV files with a header.
///
/// What stands where is said by a mapping, or found by the rules (`rulesText`).
public struct MappedReader: RecordingReader {
  /// What can be chosen.
  public struct Settings: Codable, Hashable, Sendable {
    /// What stands where, as far as the rules do not find it; nothing leaves all to them.
    public var mapping: RecordingMapping?

    /// Chooses.
    public init(mapping: RecordingMapping? = nil) {
      self.mapping = mapping
    }
  }

  /// "recordings".
  public static let formatName = "recordings"

  private let settings: Settings

  /// Stores the settings.
  public init(_ settings: Settings = Settings()) {
    self.settings = settings
  }

  private var mapping: RecordingMapping { settings.mapping ?? RecordingMapping() }

  /// Finds HDF5 files by their first bytes or their ending, and CSV files by their ending.
  ///
  /// A file that is named itself and is neither is refused with `.unsupported`.
  public func sources(in paths: [FilePath]) throws(ImportError) -> SourceScan {
    let scan = try FolderScan(paths)
    var sources: [SourceFile] = []
    var skipped = scan.skipped
    var nameOf: [String: String] = [:]
    for entry in scan.entries {
      let file = entry.file
      guard try FileKind(file) != nil else {
        if entry.isNamedDirectly {
          throw .unsupported(
            file.name, found: "it is neither HDF5 nor named *.csv or *.tsv",
            expected: "one of them is")
        }
        skipped.append(.init(name: file.name, reason: "not a recording"))
        continue
      }
      let base = Self.baseName(of: file.name)
      if let first = nameOf.updateValue(file.name, forKey: base) {
        throw .duplicateName(base, first: first, second: file.name)
      }
      sources.append(file)
    }
    guard !sources.isEmpty else {
      throw .noSource(
        in: paths.map(\.string), passedOver: skipped.count,
        expected: "HDF5 files or files named *.csv are")
    }
    return SourceScan(sources: sources, skipped: skipped)
  }

  /// Reads one file: a CSV file is one recording, an HDF5 file holds any number.
  @discardableResult
  public func read(
    _ source: SourceFile, _ receive: (Recording) throws -> Void
  ) throws -> SourceReport {
    switch try FileKind(source) {
    case .csv:
      let table = try CSVRecording(source, mapping)
      try receive(table.recording)
      return SourceReport(
        reference: table.recording.source, recordingCount: 1,
        rowCount: table.recording.series.sampleCount, unpackedInBytes: table.unpackedInBytes,
        warnings: table.warnings)
    case .hdf5:
      return try readHDF5(source, receive)
    case nil:
      throw ImportError.unsupported(
        source.name, found: "it is neither HDF5 nor named *.csv or *.tsv",
        expected: "one of them is")
    }
  }

  private func readHDF5(
    _ source: SourceFile, _ receive: (Recording) throws -> Void
  ) throws -> SourceReport {
    let before = try source.hashed()
    let reference = SourceReference(
      name: source.name, sizeInBytes: before.sizeInBytes, sha256: before.sha256 ?? "")
    let file = try HDF5Recordings(source, mapping, reference)
    var rowCount = 0
    for place in file.places {
      let recording = try file.recording(at: place)
      rowCount += recording.series.sampleCount
      try receive(recording)
    }
    // The library read the file by itself; that it read what was hashed shows only afterwards.
    _ = try before.hashed()
    return SourceReport(
      reference: reference, recordingCount: file.places.count, rowCount: rowCount,
      unpackedInBytes: reference.sizeInBytes, warnings: file.warnings)
  }

  private static let csvEndings = [".csv", ".tsv", ".csv.gz", ".tsv.gz"]
  private static let hdf5Endings = [".h5", ".hdf5", ".hdf", ".he5"]

  /// What a file is.
  private enum FileKind {
    case hdf5
    case csv

    /// - Throws: `.notFound`, `.permission`, `.inputOutput`.
    init?(_ file: SourceFile) throws(ImportError) {
      let name = file.name.lowercased()
      if csvEndings.contains(where: name.hasSuffix) {
        self = .csv
        return
      }
      // A file that only claims to be HDF5 is taken too, to be refused with a reason.
      if hdf5Endings.contains(where: name.hasSuffix) {
        self = .hdf5
        return
      }
      let opened = try OpenFile(file)
      guard try opened.firstBytes(count: 8) == HDF5Recordings.signature else { return nil }
      self = .hdf5
    }
  }

  /// The name of a file without its ending.
  static func baseName(of name: String) -> String {
    let lowered = name.lowercased()
    for ending in csvEndings.reversed() + hdf5Endings where lowered.hasSuffix(ending) {
      let base = name.dropLast(ending.count)
      if !base.isEmpty, !base.hasSuffix("/") { return String(base) }
    }
    return name
  }
}
