public import Durability
public import Randomness
public import SystemPackage

/// Writes logs exactly in the OPPORTUNITY format, for trying everything without the real data.
///
/// The files have 250 columns, plausible units and magnitudes, drop-outs as runs of NaN (most of them
/// in the Bluetooth accelerometers), modes of locomotion of 5 to 40 s, and people who wear their
/// sensors differently. They are always marked, see `SimulationMark`. The same settings give the same
/// bytes on every machine: no function of the C library takes part, only sums, products and roots.
///
/// What can be learnt is known: the channels in `informativeChannels` follow the labelled locomotion.
/// Every other acceleration, gyroscope and velocity channel follows an unlabelled life of its own, of
/// the same kind and with the same distribution; places, headings, switches and the labels of arms
/// are unrelated to locomotion too.
public struct OpportunitySimulator: Sendable {
  /// What is simulated.
  public struct Settings: Codable, Hashable, Sendable {
    /// How many people, "S1", "S2", …
    public var subjects: Int
    /// How many runs each: "ADL1" to "ADL5", then "Drill", as in the real data; more are "ADL6", …
    public var runs: Int
    /// How long each run is.
    public var minutes: Double
    /// Where all chance comes from.
    public var seed: Seed

    /// Chooses.
    public init(subjects: Int = 4, runs: Int = 6, minutes: Double = 20, seed: Seed = Seed(1)) {
      self.subjects = subjects
      self.runs = runs
      self.minutes = minutes
      self.seed = seed
    }
  }

  /// The names of the channels from which locomotion can be told, in the order of the columns: six of
  /// the fifteen jacket accelerations, the hip and the upper right knee, and both shoes.
  public static let informativeChannels: [String] = OpportunityColumns.sensorRange
    .filter(informativeColumns.contains)
    .map { OpportunityColumns.published.columns[$0].name }

  /// The positions of the same channels in a line, from 0.
  static let informativeColumns: Set<Int> = {
    let jacket = [37, 39, 51, 63, 78, 90]  // BACK X and Z, RUA Y, RLA X, LUA Y, LLA Y
    return Set(jacket + [1, 2, 3, 4, 5, 6] + [108, 109, 110, 124, 125, 126])
  }()

  /// What a driven channel shows of an activity. The six informative jacket channels show each of the
  /// six kinds once; among the other nine each kind occurs once or twice.
  static func kindIndex(ofColumn column: Int) -> Int {
    let jacket = [37: 0, 39: 1, 51: 2, 63: 3, 78: 4, 90: 5]
    return jacket[column] ?? column % DrivenChannel.Kind.allCases.count
  }

  private let settings: Settings

  /// Stores the settings.
  /// - Throws: `.badSettings` for less than one subject, run or line, or for more than 1,000
  ///   subjects, 100 runs or 600 minutes.
  public init(_ settings: Settings) throws(ImportError) {
    guard (1...1000).contains(settings.subjects) else {
      throw .simulation("subjects", found: "\(settings.subjects)", expected: "1 to 1000")
    }
    guard (1...100).contains(settings.runs) else {
      throw .simulation("runs", found: "\(settings.runs)", expected: "1 to 100")
    }
    guard settings.minutes * 60 * LogClock.rateInHertz >= 1, settings.minutes <= 600 else {
      throw .simulation("minutes", found: "\(settings.minutes)", expected: "0.001 to 600")
    }
    self.settings = settings
  }

  /// The names of the logs, by subject and run.
  public var logNames: [String] {
    (1...settings.subjects).flatMap { subject in
      (1...settings.runs).map { run in
        let kind = run == 6 ? "Drill" : "ADL\(run < 6 ? run : run - 1)"
        return "S\(subject)-\(kind).dat"
      }
    }
  }

  /// How many lines each log has.
  public var lineCount: Int {
    Int((settings.minutes * 60 * LogClock.rateInHertz).rounded())
  }

  /// The content of the log at a position in `logNames`.
  /// - Precondition: The position exists.
  public func log(at index: Int) -> [UInt8] {
    precondition(logNames.indices.contains(index), "There is no log at position \(index).")
    let person = settings.seed.child("subject").child(index / settings.runs)
    let run = person.child("run").child(index % settings.runs)
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
      entries, seed: settings.seed.value, minutes: settings.minutes)
    try receive(SimulationMark.fileName, Array(list.utf8))
  }

  /// Writes every file into a folder that exists and holds none of them.
  ///
  /// Durability: files are written, not synced: they can be made again from the settings.
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - fileSystem: What writes them.
  ///   - report: Called with the name and length of each file once it is written.
  /// - Throws: `.alreadyExists` for a file that is there, `.noSpace` and the other codes of a disk.
  public func simulate(
    into folder: FilePath, on fileSystem: any FileSystem,
    reportingTo report: (_ name: String, _ sizeInBytes: Int) -> Void = { _, _ in }
  ) throws(FileFault) {
    try forEachFile { (name, content) throws(FileFault) in
      try fileSystem.write(
        content, toNew: folder.appending(name),
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      report(name, content.count)
    }
  }
}
