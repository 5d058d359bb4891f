public import SystemPackage

/// Why a store's lock could not be taken.
public struct StoreLockError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The situation, for programs; it can grow, so a `switch` over it needs a default.
  public struct Code: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    private enum Name: String, CaseIterable { case held, unsupported, file }

    private let name: Name

    /// Somebody else holds it and did not let go in time.
    public static let held = Code(name: .held)
    /// The file system has no locks between processes.
    public static let unsupported = Code(name: .unsupported)
    /// The lock file could not be opened or written; `fault` says why.
    public static let file = Code(name: .file)

    /// Every code of this build.
    public static var allCases: [Code] { Name.allCases.map(Code.init(name:)) }

    /// The code as it is written in JSON output.
    public var description: String { name.rawValue }
  }

  /// The situation.
  public let code: Code
  /// The lock file.
  public let subject: FilePath
  /// One complete sentence, or two: what was wrong, and what to do.
  public let message: String
  /// Who holds the lock, where that is known.
  public let holder: LockHolder?
  /// The fault beneath, for the codes `file` and `unsupported`.
  public let cause: FileFault?
  /// The source line that noticed it, as `module/file:line`.
  public let location: String

  /// The message.
  public var description: String { message }

  /// Somebody else holds the lock.
  package static func held(
    _ path: FilePath, by holder: LockHolder?, isStopped: Bool = false, file: String = #fileID,
    line: Int = #line
  ) -> StoreLockError {
    let who =
      if let holder {
        "process \(holder.process.number)\(isStopped ? " (stopped)" : "") has been writing since "
          + Timestamp.text(secondsSince1970: holder.sinceInSecondsSince1970)
      } else {
        "another process is writing"
      }
    let advice =
      isStopped ? "Let it continue (kill -CONT), or end it." : "Wait, or pass `--wait 60`."
    return StoreLockError(
      code: .held, subject: path,
      message: "Could not lock \(Words.quoted(path)): \(who). \(advice)",
      holder: holder, cause: nil, location: "\(file):\(line)")
  }

  /// The file system has no locks between processes.
  package static func unsupported(
    _ path: FilePath, answer: Errno, file: String = #fileID, line: Int = #line
  ) -> StoreLockError {
    StoreLockError(
      code: .unsupported, subject: path,
      message:
        "Could not lock \(Words.quoted(path)): its file system has no locks between processes "
        + "(errno \(answer.rawValue)). Keep the store on a local disk.",
      holder: nil, cause: .systemCall(answer, during: .lock, at: path),
      location: "\(file):\(line)")
  }

  /// The lock file could not be opened or written.
  package static func file(
    _ fault: FileFault, file: String = #fileID, line: Int = #line
  ) -> StoreLockError {
    StoreLockError(
      code: .file, subject: fault.subject, message: fault.description, holder: nil, cause: fault,
      location: "\(file):\(line)")
  }
}
