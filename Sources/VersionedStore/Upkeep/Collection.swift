import Durability
import GRDB
import SystemPackage

/// What `collect` removed, or would remove.
public struct CollectionReport: Sendable {
  /// Something that stays, and why.
  public struct Kept: Hashable, Sendable {
    /// The file.
    public let file: String
    /// Why it stays.
    public let reason: String
  }

  /// The files that are gone, or would be.
  public internal(set) var removed: [String] = []
  /// Their size.
  public internal(set) var removedInBytes = 0
  /// Files that nothing needs and that stay for now.
  public internal(set) var kept: [Kept] = []
}

extension Store {
  /// Removes what nothing refers to: objects of commits that never happened, checkpoints that newer
  /// ones replaced, and files that were never finished.
  ///
  /// The catalogue alone decides what is needed. The write lock is held throughout, so that nothing
  /// is taken that a writer is about to name; files younger than the age guard stay all the same.
  ///
  /// Durability: an interrupted collection has removed some of what it would have removed, and
  /// nothing else.
  /// - Parameters:
  ///   - isDryRun: only tell.
  ///   - ageGuardInSeconds: how old a file must be.
  public func collect(
    isDryRun: Bool, ageGuardInSeconds: Double
  ) throws(StoreError) -> CollectionReport {
    let lock = try writeLock(to: "collect")
    defer { lock.release() }
    let now = environment.time.secondsSince1970
    var report = CollectionReport()
    try forgetUnneededRows(isDryRun: isDryRun)
    let needed = try neededFiles(isDryRun: isDryRun)
    for file in try filesOnDisk() where !needed.contains(file.name) {
      let age = now - file.status.modifiedInSecondsSince1970
      guard age >= ageGuardInSeconds else {
        report.kept.append(
          CollectionReport.Kept(
            file: file.name, reason: "only \(Words.seconds(max(0, age))) old"))
        continue
      }
      if !isDryRun {
        do throws(FileFault) {
          try environment.fileSystem.remove(file.path)
        } catch {
          throw .disk(error)
        }
      }
      report.removed.append(file.name)
      report.removedInBytes += Int(file.status.sizeInBytes)
    }
    return report
  }

  /// Rows of checkpoint objects that no run needs any more; the only objects that lose their use.
  private static let unneededObjects = """
    SELECT hash FROM object WHERE kind = 'checkpoint'
      AND hash NOT IN (SELECT objectHash FROM checkpoint)
      AND hash NOT IN (SELECT modelHash FROM run WHERE modelHash IS NOT NULL)
    """

  /// Rows go before files: a crash between the two leaves a file without a row, never the reverse.
  private func forgetUnneededRows(isDryRun: Bool) throws(StoreError) {
    guard !isDryRun else { return }
    try catalog.write("forget replaced checkpoints") { database in
      try database.execute(
        sql: "DELETE FROM object WHERE hash IN (\(Self.unneededObjects))")
    }
  }

  private func neededFiles(isDryRun: Bool) throws(StoreError) -> Set<String> {
    try catalog.read("list all objects") { database in
      let filter = isDryRun ? "WHERE hash NOT IN (\(Self.unneededObjects))" : ""
      let rows = try Row.fetchAll(
        database, sql: "SELECT hash, extension FROM object \(filter)")
      return Set(rows.map { "\($0["hash"] as String).\($0["extension"] as String)" })
    }
  }

  private func filesOnDisk() throws(StoreError) -> [(
    path: FilePath, name: String, status: FileStatus
  )] {
    let files = environment.fileSystem
    do throws(FileFault) {
      var found: [(path: FilePath, name: String, status: FileStatus)] = []
      var folders = [paths.temporary]
      for folder in try files.contents(of: paths.objects)
      where try files.status(of: folder).kind == .directory {
        folders.append(folder)
      }
      for folder in folders {
        for path in try files.contents(of: folder) {
          let status = try files.status(of: path)
          let name = path.lastComponent?.string ?? ""
          // A lock file is needed by whoever holds it, whatever its age.
          guard status.kind == .regular, !name.hasSuffix(".lock") else { continue }
          found.append((path, name, status))
        }
      }
      return found
    } catch {
      throw .disk(error)
    }
  }
}
