package import Durability
import GRDB
package import HDF5
import SystemPackage

/// Why the store did not do what it was asked for; the store is then as it was before.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
      case notFound, alreadyExists, contract, leak, damaged, conflict, locked, newerFormat
      case notAStore, noSpace, permission, storage, catalogue, badReference, badRequest
    }
    private let kind: Kind

    /// Something that was named is not there.
    public static let notFound = Code(kind: .notFound)
    /// Something that was to be made is already there.
    public static let alreadyExists = Code(kind: .alreadyExists)
    /// Data does not fit what the store holds or promises.
    public static let contract = Code(kind: .contract)
    /// A split would share data between its parts.
    public static let leak = Code(kind: .leak)
    /// Bytes on disk are not what was published.
    public static let damaged = Code(kind: .damaged)
    /// Someone else changed the dataset meanwhile.
    public static let conflict = Code(kind: .conflict)
    /// Another process is writing.
    public static let locked = Code(kind: .locked)
    /// The store was written by a later release.
    public static let newerFormat = Code(kind: .newerFormat)
    /// The folder is no store.
    public static let notAStore = Code(kind: .notAStore)
    /// The disk is full.
    public static let noSpace = Code(kind: .noSpace)
    /// The operating system forbids it.
    public static let permission = Code(kind: .permission)
    /// The disk failed.
    public static let storage = Code(kind: .storage)
    /// SQLite failed.
    public static let catalogue = Code(kind: .catalogue)
    /// A name or number is not written as it should be.
    public static let badReference = Code(kind: .badReference)
    /// What was asked for makes no sense.
    public static let badRequest = Code(kind: .badRequest)
  }

  /// What kind of failure it was.
  public let code: Code
  /// What it happened to: a path, a dataset, a version, a split.
  public let subject: String
  /// One complete sentence, and what to do.
  public let message: String
  /// The failure underneath, where there is one.
  public let cause: (any Error)?
  /// Where in the source it was noticed.
  public let location: String

  /// The message.
  public var description: String { message }

  init(
    _ code: Code, subject: String, _ message: String, cause: (any Error)? = nil,
    file: String = #fileID, line: Int = #line
  ) {
    self.code = code
    self.subject = subject
    self.message = message
    self.cause = cause
    self.location = "\(file):\(line)"
  }
}

extension StoreError {
  static func notAStore(_ path: String) -> StoreError {
    StoreError(
      .notAStore, subject: path,
      "Could not open the store '\(path)': there is no catalogue in it. Make a store with "
        + "`signalstore init`, or name another with `--store`.")
  }

  static func alreadyAStore(_ path: String) -> StoreError {
    StoreError(
      .alreadyExists, subject: path,
      "Could not make a store in '\(path)': there is one already. Use it as it is, or choose "
        + "another folder with `--store`.")
  }

  static func notEmpty(_ path: String) -> StoreError {
    StoreError(
      .alreadyExists, subject: path,
      "Could not make a store in '\(path)': the folder holds other files. Choose a new or empty "
        + "folder with `--store`.")
  }

  static func newerFormat(_ path: String, found: String) -> StoreError {
    StoreError(
      .newerFormat, subject: path,
      "Could not open the store '\(path)': it needs \(found), which this build does not know. "
        + "Update signalstore.")
  }

  /// The write lock could not be taken.
  package static func lock(_ error: StoreLockError, doing action: String) -> StoreError {
    let code: Code =
      switch error.code {
      case .held: .locked
      case .unsupported: .storage
      default:
        error.cause?.code == .permission || error.cause?.code == .readOnly
          ? .permission : .storage
      }
    guard code == .locked, let holder = error.holder else {
      return StoreError(
        code, subject: error.subject.string, "Could not \(action). \(error.message)", cause: error)
    }
    return StoreError(
      .locked, subject: error.subject.string,
      "Could not \(action): process \(holder.process.number) has been writing since "
        + "\(Timestamp.text(secondsSince1970: holder.sinceInSecondsSince1970)). Wait, or pass "
        + "`--wait 60`.", cause: error)
  }

  static func datasetName(_ name: String) -> StoreError {
    StoreError(
      .badReference, subject: name,
      "Could not use '\(name)' as a name: a name has 1 to 64 letters, digits, '-', '_' or '.', and "
        + "starts with a letter or digit.")
  }

  static func versionReference(_ text: String) -> StoreError {
    StoreError(
      .badReference, subject: text,
      "Could not read '\(text)' as a dataset version: expected NAME@3, NAME@latest or NAME@TAG.")
  }

  static func unknown(_ what: String, _ name: String, known: [String]) -> StoreError {
    let hint =
      known.isEmpty
      ? "There is none yet." : "There are: \(known.prefix(12).joined(separator: ", "))."
    return StoreError(
      .notFound, subject: name, "Could not find \(what) '\(name)'. \(hint)")
  }

  static func wrongKind(_ dataset: String, found: String, expected: String) -> StoreError {
    StoreError(
      .contract, subject: dataset,
      "Could not add \(expected) to '\(dataset)': the dataset holds \(found). Ingest under another "
        + "name with `--as`.")
  }

  static func nothingToCommit(_ dataset: String) -> StoreError {
    StoreError(
      .badRequest, subject: dataset,
      "Could not make a version of '\(dataset)': nothing was ingested. Name at least one readable "
        + "source.")
  }

  static func duplicateRecording(_ name: String, dataset: String) -> StoreError {
    StoreError(
      .contract, subject: name,
      "Could not add recording '\(name)' to '\(dataset)': two sources give that name. Rename one "
        + "source, or ingest them as two datasets.")
  }

  static func unsuitableRecording(
    _ name: String, dataset: String, found: String, advice: String
  ) -> StoreError {
    StoreError(
      .contract, subject: name,
      "Could not add recording '\(name)' to '\(dataset)': \(found). \(advice)")
  }

  static func changedRecording(_ name: String, dataset: String, version: Int) -> StoreError {
    StoreError(
      .contract, subject: name,
      "Could not append recording '\(name)': '\(dataset)@\(version)' holds it with other content. "
        + "Pass `--replace`, or ingest all sources without `--append`.")
  }

  static func notRunning(_ run: Int, status: String, doing action: String) -> StoreError {
    StoreError(
      .badRequest, subject: "run \(run)",
      "Could not \(action): run \(run) is \(status), a running one is expected. Train anew, or take "
        + "up a run that did not finish with `--resume`.")
  }

  static func dataMoved(_ dataset: String) -> StoreError {
    StoreError(
      .conflict, subject: dataset,
      "Could not publish a version of '\(dataset)': the dataset was removed or made anew meanwhile. "
        + "Start again.")
  }

  static func damagedObject(_ hash: String, found: String, needed: String) -> StoreError {
    StoreError(
      .damaged, subject: hash,
      "Could not read object \(hash.prefix(12))…: \(found). \(needed)Restore it from a "
        + "copy of the store; `signalstore verify` lists what depends on it.")
  }

  static func damagedRow(_ subject: String, _ found: String) -> StoreError {
    StoreError(
      .damaged, subject: subject,
      "Could not read \(subject) in the catalogue: \(found). Run `signalstore verify`.")
  }

  /// HDF5 could not write or read an object.
  package static func format(_ failure: H5.Failure, doing action: String) -> StoreError {
    StoreError(
      .damaged, subject: failure.subject,
      "Could not \(action). \(failure.message)", cause: failure)
  }

  static func badRequest(_ subject: String, _ message: String) -> StoreError {
    StoreError(.badRequest, subject: subject, message)
  }

  static func leak(_ subject: String, _ message: String) -> StoreError {
    StoreError(.leak, subject: subject, message)
  }

  /// The disk refused, before anything was made visible.
  package static func disk(_ fault: FileFault) -> StoreError {
    let code: Code =
      switch fault.code {
      case .noSpace, .tooLarge: .noSpace
      case .permission, .readOnly: .permission
      case .notFound: .notFound
      default: .storage
      }
    return StoreError(
      code, subject: fault.subject.string, "\(fault.message) The store was not changed.",
      cause: fault)
  }

  /// SQLite refused, or what was asked of it inside a transaction did.
  package static func catalogue(_ error: any Error, doing action: String) -> StoreError {
    if let already = error as? StoreError { return already }
    guard let failure = error as? DatabaseError else {
      return StoreError(
        .catalogue, subject: "catalog.sqlite",
        "Could not \(action): \(error). The store was not changed.", cause: error)
    }
    let text = failure.message ?? "SQLite error \(failure.resultCode.rawValue)"
    let code: Code
    let advice: String
    switch failure.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      (code, advice) = (.locked, "Another process is writing; try again.")
    case .SQLITE_FULL:
      (code, advice) = (.noSpace, "Free some space and try again.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
      (code, advice) = (.permission, "Check the permissions of the store's folder.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      (code, advice) = (
        .damaged, "Run `signalstore verify`, and restore the catalogue from a copy."
      )
    default:
      (code, advice) = (.catalogue, "The store was not changed.")
    }
    return StoreError(
      code, subject: "catalog.sqlite", "Could not \(action): \(text). \(advice)", cause: error)
  }
}
