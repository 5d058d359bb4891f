public import Durability
public import Randomness
public import SystemPackage

/// Writes logs exactly in the OPPORTUNITY format, for trying everything without the real data.
///
/// The files have 250 columns, plausible units and magnitudes, drop-outs as runs of NaN (most of
/// them in the Bluetooth accelerometers), modes of locomotion of 5 to 40 s, and people who wear
/// their sensors differently. They are always marked, see `SimulationMark`. The same settings give
/// the same bytes on every machine: no function of the C library takes part, only sums, products
/// and roots.
///
/// What can be learnt is known: the channels in `informativeChannels` follow the labelled
/// locomotion. Every other acceleration, gyroscope and velocity channel follows an unlabelled life
/// of its own, of the same kind and with the same distribution; places, headings, switches and the
/// labels of arms are unrelated to locomotion too.
public struct OpportunitySimulator: Sendable {
  /// How many people, "S1", "S2", ….
  public let subjects: Int
  /// How many runs each: "ADL1" to "ADL5", then "Drill", as in the real data; more are "ADL6", ….
  public let runs: Int
  /// How long each run is.
  public let minutes: Double
  /// Where all chance comes from.
  public let seed: Seed

  /// The names of the channels from which locomotion can be told, in the order of the columns: six
  /// of the fifteen jacket accelerations, the hip and the upper right knee, and both shoes.
  public static let informativeChannels: [String] = OpportunityColumns.sensorRange
    .filter(informativeColumns.contains)
    .map { OpportunityColumns.published.columns[$0].name }

  /// The positions of the same channels in a line, from 0.
  static let informativeColumns: Set<Int> = {
    let jacket = [37, 39, 51, 63, 78, 90]  // BACK X and Z, RUA Y, RLA X, LUA Z, LLA Y
    return Set(jacket + [1, 2, 3, 4, 5, 6] + [108, 109, 110, 124, 125, 126])
  }()

  /// What a driven channel shows of an activity. The six informative jacket channels show each of
  /// the six kinds once; among the other nine each kind occurs once or twice.
  static func kindIndex(ofColumn column: Int) -> Int {
    let telling = [37, 39, 51, 63, 78, 90]
    let silent = [38, 50, 52, 64, 65, 76, 77, 89, 91]
    let count = DrivenChannel.Kind.allCases.count
    return (telling.firstIndex(of: column) ?? silent.firstIndex(of: column) ?? column) % count
  }

  /// Chooses what is simulated.
  ///
  /// - Parameters:
  ///   - subjects: How many people, 1 to 1,000.
  ///   - runs: How many runs each, 1 to 100.
  ///   - minutes: How long each run is, up to 600; at least one line.
  ///   - seed: Where all chance comes from.
  /// - Throws: `.badSettings` for a number out of range.
  public init(
    subjects: Int, runs: Int, minutes: Double, seed: Seed
  ) throws(ImportError) {
    guard (1...1000).contains(subjects) else {
      throw .simulation("subjects", found: "\(subjects)", expected: "1 to 1000")
    }
    guard (1...100).contains(runs) else {
      throw .simulation("runs", found: "\(runs)", expected: "1 to 100")
    }
    guard minutes * 60 * LogClock.rateInHertz >= 1, minutes <= 600 else {
      throw .simulation("minutes", found: "\(minutes)", expected: "0.001 to 600")
    }
    self.subjects = subjects
    self.runs = runs
    self.minutes = minutes
    self.seed = seed
  }

  /// The names of the logs, by subject and run.
  public var logNames: [String] {
    (1...subjects).flatMap { subject in
      (1...runs).map { run in
        let kind = run == 6 ? "Drill" : "ADL\(run < 6 ? run : run - 1)"
        return "S\(subject)-\(kind).dat"
      }
    }
  }

  /// How many lines each log has.
  public var lineCount: Int {
    Int((minutes * 60 * LogClock.rateInHertz).rounded())
  }

  /// The content of the log at a position in `logNames`.
  /// - Precondition: The position exists.
  public func log(at index: Int) -> [UInt8] {
    precondition(logNames.indices.contains(index), "There is no log at position \(index).")
    let person = seed.child("subject").child(index / runs)
    let run = person.child("run").child(index % runs)
    var log = SimulatedLog(person: person, run: run)
    var text: [UInt8] = []
    text.reserveCapacity(lineCount * 1100)
    for line in 0..<lineCount { log.appendLine(index: line, to: &text) }
    return text
  }

  /// Makes every file, one at a time: the column names, the legend, the logs, the list that marks
  /// them as simulated.
  ///
  /// - Parameter receive: Called with the name and the content of each file.
  /// - Throws: What `receive` throws.
  public func forEachFile<Failure: Error>(
    _ receive: (_ name: String, _ content: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try receive(OpportunityColumns.fileName, Array(OpportunityColumns.published.text.utf8))
    try receive(OpportunityLegend.fileName, Array(OpportunityLegend.published.text.utf8))
    var entries: [(name: String, sha256: String)] = []
    for (index, name) in logNames.enumerated() {
      let content = log(at: index)
      entries.append((name, ContentHash(of: content).hexText))
      try receive(name, content)
    }
    let list = SimulationMark.listText(
      entries, seed: seed.value, minutes: minutes)
    try receive(SimulationMark.fileName, Array(list.utf8))
  }

  /// A file that was written.
  public struct WrittenFile: Hashable, Sendable {
    /// Its name in the folder.
    public let name: String
    /// Its length.
    public let sizeInBytes: Int
  }

  /// Writes every file into a folder, which is made if it is not there; its parent must be.
  ///
  /// Durability: files are written, not synced: they can be made again from the settings.
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - fileSystem: What writes them.
  ///   - report: Called with each file once it is written.
  /// - Returns: The files in the order in which they were written.
  /// - Throws: `.alreadyExists` for a file that is there, which is left as it is; `.noSpace` and
  ///   the other codes of a disk.
  @discardableResult
  public func write(
    into folder: FilePath, on fileSystem: any FileSystem,
    reportingTo report: (WrittenFile) -> Void = { _ in }
  ) throws(FileFault) -> [WrittenFile] {
    if try !fileSystem.exists(folder) { try fileSystem.createDirectory(folder) }
    var written: [WrittenFile] = []
    try forEachFile { (name, content) throws(FileFault) in
      try fileSystem.write(
        content, toNew: folder.appending(name),
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      let file = WrittenFile(name: name, sizeInBytes: content.count)
      written.append(file)
      report(file)
    }
    return written
  }
}
