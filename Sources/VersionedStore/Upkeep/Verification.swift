import Durability
import GRDB
import Signals
import SystemPackage

/// How much `verify` looks at.
public enum VerificationDepth: String, Sendable, CaseIterable {
  /// Kind, size and mode of every object, and the catalogue.
  case quick
  /// Also every byte of every object, against its hash.
  case standard
  /// Also every reading, against the content hash of its recording, and every split certificate.
  case full
}

/// Something that is not as it was published.
public struct VerificationProblem: Hashable, Sendable {
  /// What kind of problem.
  public enum Kind: String, Hashable, Sendable {
    /// The file of an object is not there.
    case missing
    /// The file is shorter than what was published.
    case cut
    /// The file is longer.
    case grown
    /// Something else stands in its place: a link, a folder, a FIFO.
    case replaced
    /// The bytes have another hash.
    case altered
    /// A published file can be written to.
    case writable
    /// The catalogue is damaged, or contradicts itself.
    case catalogue
    /// The readings of a recording are not those that were published.
    case content
    /// A split shares what its certificate says it does not.
    case certificate
  }

  /// What kind of problem.
  public let kind: Kind
  /// The hash of the object, or the name of what is concerned.
  public let object: String
  /// What was found and what was expected.
  public let detail: String
  /// The versions that depend on it, such as `hapt@2`.
  public let versions: [String]
  /// The runs that depend on it.
  public let runs: [Int]
}

/// What `verify` looked at and found.
public struct VerificationReport: Sendable {
  /// How many objects were looked at.
  public internal(set) var objectCount = 0
  /// How many of their bytes were read.
  public internal(set) var bytesRead = 0
  /// How many versions were recomputed.
  public internal(set) var versionCount = 0
  /// How many splits were certified again.
  public internal(set) var splitCount = 0
  /// What is not as it should be; nothing where all is well.
  public internal(set) var problems: [VerificationProblem] = []
}

extension Store {
  /// Checks the store against its promises; changes nothing.
  ///
  /// - Parameter progress: told how many bytes of how many were read.
  /// - Throws: a failure to read the catalogue at all; everything else is a problem in the report.
  public func verify(
    _ depth: VerificationDepth, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(StoreError) -> VerificationReport {
    var report = VerificationReport()
    try checkCatalogue(&report)
    try checkObjects(depth, &report, progress: progress)
    if depth == .full {
      try checkContents(&report)
      try checkCertificates(&report)
    }
    return report
  }

  // MARK: The catalogue

  private func checkCatalogue(_ report: inout VerificationReport) throws(StoreError) {
    let findings = try catalog.read("check the catalogue") { database in
      let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        .filter { $0 != "ok" }
      let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
        "a row of '\(row[0] as String)' refers to a row of '\(row[2] as String)' that is not there"
      }
      return integrity + dangling
    }
    for finding in findings {
      report.problems.append(
        VerificationProblem(
          kind: .catalogue, object: "catalog.sqlite", detail: finding, versions: [], runs: []))
    }
    let versions = try catalog.read("list all versions") { database in
      try Int64.fetchAll(database, sql: "SELECT id FROM version ORDER BY id")
    }
    for rowID in versions {
      do throws(StoreError) {
        try checkVersion(rowID, &report)
      } catch {
        try note(error, in: &report, runs: try dependentRuns(ofVersion: rowID))
      }
    }
    try checkRuns(&report)
  }

  /// Turns a row that cannot be read into a problem; what is not about damage is thrown on.
  private func note(
    _ error: StoreError, in report: inout VerificationReport, runs: [Int]
  ) throws(StoreError) {
    guard error.code == .damaged || error.code == .notFound else { throw error }
    // A damaged object is a problem of its own already.
    guard !report.problems.contains(where: { $0.object == error.subject }) else { return }
    report.problems.append(
      VerificationProblem(
        kind: .catalogue, object: error.subject, detail: error.message, versions: [], runs: runs))
  }

  /// Computes the hashes of finished runs again from manifest, model and metrics, and holds the
  /// settings against the manifest.
  private func checkRuns(_ report: inout VerificationReport) throws(StoreError) {
    let numbers = try catalog.read("list all runs") { database in
      try Int.fetchAll(database, sql: "SELECT id FROM run WHERE status = 'finished' ORDER BY id")
    }
    for number in numbers {
      do throws(StoreError) {
        let run = try run(number)
        for detail in try differences(of: run) {
          report.problems.append(
            VerificationProblem(
              kind: .catalogue, object: "run \(number)", detail: detail, versions: [run.version],
              runs: [number]))
        }
      } catch {
        try note(error, in: &report, runs: [number])
      }
    }
  }

  /// Computes the hashes of a version again from its recordings and shards.
  private func checkVersion(
    _ rowID: Int64, _ report: inout VerificationReport
  ) throws(StoreError) {
    let (reference, differences) = try catalog.read("check version \(rowID)") { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT dataset.name || '@' || version.number AS reference, dataset.kind AS kind,
            version.hash AS hash, version.shardRoot AS shardRoot,
            version.recordingCount AS recordingCount, version.sampleCount AS sampleCount
          FROM version JOIN dataset ON dataset.id = version.datasetID WHERE version.id = ?
          """, arguments: [rowID])
      guard let row else { return ("version \(rowID)", ["its dataset is missing"]) }
      let recordings = try Int64.fetchAll(
        database,
        sql: "SELECT recordingID FROM versionRecording WHERE versionID = ? ORDER BY position",
        arguments: [rowID])
      let content = try VersionContent.fetch(recordings, kind: row["kind"], from: database)
      var differences: [String] = []
      if content.hash != row["hash"] { differences.append("its recordings give another hash") }
      if content.shardRoot != row["shardRoot"] {
        differences.append("its shards give another root hash")
      }
      if content.recordingCount != row["recordingCount"]
        || content.sampleCount != row["sampleCount"]
      {
        differences.append("its recordings or readings are not as many as it says")
      }
      return (row["reference"] as String, differences)
    }
    report.versionCount += 1
    for difference in differences {
      report.problems.append(
        VerificationProblem(
          kind: .catalogue, object: reference, detail: difference, versions: [reference],
          runs: try dependentRuns(ofVersion: rowID)))
    }
  }

  private func dependentRuns(ofVersion rowID: Int64) throws(StoreError) -> [Int] {
    try catalog.read("find dependent runs") { database in
      try Int.fetchAll(
        database, sql: "SELECT id FROM run WHERE versionID = ? ORDER BY id", arguments: [rowID])
    }
  }

  private func dependentRuns(ofSplit rowID: Int64) throws(StoreError) -> [Int] {
    try catalog.read("find dependent runs") { database in
      try Int.fetchAll(
        database, sql: "SELECT id FROM run WHERE splitID = ? ORDER BY id", arguments: [rowID])
    }
  }

  // MARK: The objects

  private struct ObjectRow {
    let hash: String
    let fileExtension: String
    let sizeInBytes: Int
  }

  private func checkObjects(
    _ depth: VerificationDepth, _ report: inout VerificationReport,
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws(StoreError) {
    let rows = try catalog.read("list all objects") { database in
      try Row.fetchAll(
        database, sql: "SELECT hash, extension, sizeInBytes FROM object ORDER BY hash"
      ).map { row in
        ObjectRow(
          hash: row["hash"], fileExtension: row["extension"], sizeInBytes: row["sizeInBytes"])
      }
    }
    let total = rows.reduce(0) { $0 + $1.sizeInBytes }
    var done = 0
    for row in rows {
      report.objectCount += 1
      if let finding = finding(for: row, depth, bytesRead: &report.bytesRead) {
        let (versions, runs) = try dependents(ofObject: row.hash)
        report.problems.append(
          VerificationProblem(
            kind: finding.kind, object: row.hash, detail: finding.detail, versions: versions,
            runs: runs))
      }
      done += row.sizeInBytes
      progress(done, total)
    }
  }

  private func finding(
    for row: ObjectRow, _ depth: VerificationDepth, bytesRead: inout Int
  ) -> (kind: VerificationProblem.Kind, detail: String)? {
    let path = paths.object(row.hash, extension: row.fileExtension)
    do throws(FileFault) {
      let status = try environment.fileSystem.status(of: path)
      guard status.kind == .regular else {
        return (.replaced, "\(status.kind.rawValue) stands in its place")
      }
      let size = Int(status.sizeInBytes)
      guard size == row.sizeInBytes else {
        return (
          size < row.sizeInBytes ? .cut : .grown, "it has \(size) bytes, not \(row.sizeInBytes)"
        )
      }
      if depth != .quick {
        let found = try ContentHash(ofFile: path, on: environment.fileSystem).hexText
        bytesRead += size
        guard found == row.hash else {
          return (.altered, "its bytes have SHA-256 \(found)")
        }
      }
      guard status.permissions.isDisjoint(with: [.ownerWrite, .groupWrite, .otherWrite]) else {
        return (.writable, "its mode allows writing; set it to 0444")
      }
      return nil
    } catch {
      return (error.code == .notFound ? .missing : .replaced, error.message)
    }
  }

  /// The versions and runs that cannot do without an object.
  func dependents(ofObject hash: String) throws(StoreError) -> (versions: [String], runs: [Int]) {
    try catalog.read("find what depends on object \(hash.prefix(12))…") { database in
      let versions = try String.fetchAll(
        database,
        sql: """
          SELECT dataset.name || '@' || version.number FROM version
            JOIN dataset ON dataset.id = version.datasetID
          WHERE version.id IN (
            SELECT versionRecording.versionID FROM segment
              JOIN versionRecording ON versionRecording.recordingID = segment.recordingID
            WHERE segment.objectHash = :hash
            UNION SELECT view.versionID FROM view WHERE view.objectHash = :hash
            UNION SELECT view.versionID FROM split JOIN view ON view.id = split.viewID
              WHERE split.objectHash = :hash)
          ORDER BY dataset.name, version.number
          """, arguments: ["hash": hash])
      let runs = try Int.fetchAll(
        database,
        sql: """
          SELECT id FROM run WHERE modelHash = :hash
            OR id IN (SELECT runID FROM checkpoint WHERE objectHash = :hash)
            OR splitID IN (SELECT id FROM split WHERE objectHash = :hash
              OR viewID IN (SELECT id FROM view WHERE objectHash = :hash))
            OR versionID IN (
              SELECT versionRecording.versionID FROM segment
                JOIN versionRecording ON versionRecording.recordingID = segment.recordingID
              WHERE segment.objectHash = :hash)
          ORDER BY id
          """, arguments: ["hash": hash])
      return (versions, runs)
    }
  }

  // MARK: Readings and certificates

  private func checkContents(_ report: inout VerificationReport) throws(StoreError) {
    let versions = try catalog.read("list all versions") { database in
      try Int64.fetchAll(database, sql: "SELECT id FROM version ORDER BY id DESC").compactMap {
        try VersionRecord.fetch(rowID: $0, from: database)
      }
    }
    var checked: Set<Int64> = []
    for version in versions {
      let runs = try dependentRuns(ofVersion: version.rowID)
      do throws(StoreError) {
        let reader = try SeriesReader(of: version, in: self)
        for (position, recording) in try recordings(of: version).enumerated()
        where checked.insert(recording.rowID).inserted {
          let found = try reader.contentHash(ofRecording: position)
          guard found != recording.contentHash else { continue }
          report.problems.append(
            VerificationProblem(
              kind: .content, object: recording.name,
              detail: "its readings have SHA-256 \(found), not \(recording.contentHash)",
              versions: [version.reference], runs: runs))
        }
      } catch {
        try note(error, in: &report, runs: runs)
      }
    }
  }

  private func checkCertificates(_ report: inout VerificationReport) throws(StoreError) {
    let rows = try catalog.read("list all splits") { database in
      try Int64.fetchAll(database, sql: "SELECT id FROM split ORDER BY id")
    }
    for row in rows {
      do throws(StoreError) {
        let split = try split(rowID: row)
        let again = SplitCertificate.check(
          parts: try parts(of: split), index: try examples(of: split.view),
          recordings: try recordings(of: split.view.version),
          windowLength: split.view.framing.lengthInSamples, rule: split.rule)
        report.splitCount += 1
        guard again != split.certificate || !again.clean else { continue }
        report.problems.append(
          VerificationProblem(
            kind: .certificate, object: split.name,
            detail: "computed again, the parts share \(Words.seconds(again.sharedSeconds)), "
              + "\(again.sharedSubjects.count) subjects and \(again.sharedSessions.count) sessions",
            versions: [split.view.version.reference], runs: try dependentRuns(ofSplit: row)))
      } catch {
        try note(error, in: &report, runs: try dependentRuns(ofSplit: row))
      }
    }
  }
}
