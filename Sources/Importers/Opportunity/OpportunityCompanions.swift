internal import SystemPackage

/// The files beside a log that explain it.
struct OpportunityCompanions {
  /// The columns: from `column_names.txt` beside the log, or built in.
  let columns: OpportunityColumns
  /// The legend: from `label_legend.txt` beside the log, or built in.
  let legend: OpportunityLegend
  /// What `SIMULATED.txt` beside the log lists: SHA-256 by name.
  let simulated: [String: String]

  /// The names that are explanations, not logs.
  static let fileNames = [
    OpportunityColumns.fileName, OpportunityLegend.fileName, SimulationMark.fileName,
  ]

  private static let limitInBytes = 1 << 20

  /// Reads what lies beside a log.
  /// - Throws: `.badCompanion`, `.permission`, `.inputOutput`.
  init(beside log: FilePath) throws(ImportError) {
    let folder = log.removingLastComponent()
    let columns =
      if let text = try Self.text(OpportunityColumns.fileName, in: folder) {
        try OpportunityColumns(text: text)
      } else {
        OpportunityColumns.published
      }
    self.columns = columns
    let labels = try Self.text(OpportunityLegend.fileName, in: folder)
    if let labels {
      legend = try OpportunityLegend(text: labels, trackNames: columns.trackNames)
    } else {
      guard columns.trackNames == OpportunityColumns.published.trackNames else {
        throw .companion(
          OpportunityColumns.fileName, found: "other label tracks than the published ones",
          expected: "a label_legend.txt for them is")
      }
      legend = .published
    }
    simulated =
      try Self.text(SimulationMark.fileName, in: folder).map(
        SimulationMark.entries(inList:)) ?? [:]
  }

  private static func text(
    _ name: String, in folder: FilePath
  ) throws(ImportError) -> String? {
    do throws(ImportError) {
      return try wholeText(of: folder.appending(name), name: name, limitInBytes: limitInBytes)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  /// The text of a small file; bytes that are no UTF-8 are replaced, a byte order mark is left out.
  /// - Throws: `.notFound`, `.notAFile`, `.badCompanion` beyond the limit, `.inputOutput`.
  static func wholeText(
    of path: FilePath, name: String, limitInBytes: Int
  ) throws(ImportError) -> String {
    let file = try OpenFile(SourceFile(path: path, name: name, sizeInBytes: 0))
    guard file.sizeInBytes <= limitInBytes else {
      throw .companion(
        name, found: "\(file.sizeInBytes) bytes", expected: "at most \(limitInBytes) are")
    }
    var bytes = try file.firstBytes(count: file.sizeInBytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
