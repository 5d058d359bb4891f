public import SystemPackage

/// Why a call to the disk did not do what was asked.
public struct FileFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The situation, for programs; it can grow, so a `switch` over it needs a default.
  public struct Code: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    private enum Name: String, CaseIterable {
      case notFound, alreadyExists, noSpace, permission, readOnly, inputOutput
      case tooManyOpenFiles, notRegularFile, shortRead, tooLarge, damaged, other
    }

    private let name: Name

    /// Nothing stands at the path, or a folder on the way to it is missing.
    public static let notFound = Code(name: .notFound)
    /// Something stands at the path already.
    public static let alreadyExists = Code(name: .alreadyExists)
    /// The file system is full, or the user's quota is used up.
    public static let noSpace = Code(name: .noSpace)
    /// The process may not do this to the path.
    public static let permission = Code(name: .permission)
    /// The file system is mounted read-only.
    public static let readOnly = Code(name: .readOnly)
    /// The device failed.
    public static let inputOutput = Code(name: .inputOutput)
    /// The process or the machine has no file descriptor left.
    public static let tooManyOpenFiles = Code(name: .tooManyOpenFiles)
    /// A link, directory, FIFO, socket or device stands where a regular file is expected.
    public static let notRegularFile = Code(name: .notRegularFile)
    /// The file ends before the bytes that were asked for.
    public static let shortRead = Code(name: .shortRead)
    /// The file is longer than the caller's or the system's limit.
    public static let tooLarge = Code(name: .tooLarge)
    /// The content of a sealed file is not what its name says.
    public static let damaged = Code(name: .damaged)
    /// Anything else; the message carries the system's own words.
    public static let other = Code(name: .other)

    /// Every code of this build.
    public static var allCases: [Code] { Name.allCases.map(Code.init(name:)) }

    /// The code as it is written in JSON output.
    public var description: String { name.rawValue }
  }

  /// The situation.
  public let code: Code
  /// The path that the call was about.
  public let subject: FilePath
  /// One complete sentence, or two: what was wrong, and what to do.
  public let message: String
  /// What the system call answered, where there was one.
  public let cause: Errno?
  /// The source line that noticed it, as `module/file:line`.
  public let location: String
  /// What failed in addition while cleaning up after this fault; names what is left behind.
  public private(set) var duringCleanup: [FileFault] = []

  fileprivate init(
    _ code: Code, _ subject: FilePath, _ message: String, cause: Errno?, location: String
  ) {
    self.code = code
    self.subject = subject
    self.message = message
    self.cause = cause
    self.location = location
  }

  /// The message, followed by what failed while cleaning up.
  public var description: String {
    ([message] + duringCleanup.map(\.message)).joined(separator: " ")
  }

  /// The same fault with a second one that occurred while cleaning up after it.
  func adding(duringCleanup fault: FileFault) -> FileFault {
    var result = self
    result.duringCleanup.append(fault)
    return result
  }
}

// The factories: one per situation, and the only place where errno becomes one of our codes.
extension FileFault {
  /// What a failed system call means.
  ///
  /// Public so that other file systems, those of tests among them, report in the same words.
  /// - Parameters:
  ///   - cause: What the call answered.
  ///   - action: What was being done.
  ///   - path: To which path.
  ///   - lengthInBytes: How much was to be written, where that matters.
  ///   - freeInBytes: How much room is left, where it is known.
  ///   - file: The calling source file.
  ///   - line: The calling source line.
  public static func systemCall(
    _ cause: Errno, during action: FileAction, at path: FilePath, lengthInBytes: Int? = nil,
    freeInBytes: Int64? = nil, file: String = #fileID, line: Int = #line
  ) -> FileFault {
    let subject = Words.quoted(path)
    var phrase = "\(action.rawValue) \(subject)"
    let code: Code
    let rest: String
    switch cause {
    case .noSuchFileOrDirectory, .notDirectory:
      code = .notFound
      rest = "there is no such file or folder. Check the path and its parent folders."
    case .fileExists:
      code = .alreadyExists
      rest =
        "the name is taken, a new one is expected. Remove what stands there, or choose another name."
    case .noSpace, .diskQuotaExceeded:
      code = .noSpace
      if let lengthInBytes {
        phrase = "\(action.rawValue) \(Words.byteCount(Int64(lengthInBytes))) to \(subject)"
      }
      let free = freeInBytes.map { " (\(Words.byteCount($0)) free)" } ?? ""
      rest = "no space left\(free). Make room, then run the command again."
    case .permissionDenied, .notPermitted:
      code = .permission
      rest =
        "this process may not do that. Check the owner and the mode of the path and its folder."
    case .readOnlyFileSystem:
      code = .readOnly
      rest = "the file system is read-only. Mount it writable, or use another folder."
    case .ioError:
      code = .inputOutput
      rest = "the device reported an input/output error. Check the disk before you try again."
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
      code = .tooManyOpenFiles
      rest = "no file descriptor is left. Close some programs, or raise the limit (ulimit -n)."
    case .tooManySymbolicLinkLevels, .isDirectory, .noSuchAddressOrDevice:
      code = .notRegularFile
      rest =
        "a link, folder or FIFO stands there, a regular file is expected. Replace it by the file itself."
    case .fileTooLarge:
      code = .tooLarge
      rest = "the file would exceed the system's size limit. Raise the limit (ulimit -f)."
    default:
      code = .other
      rest = "the system answered '\(cause)' (errno \(cause.rawValue)). Check the file system."
    }
    return FileFault(
      code, path, "Could not \(phrase): \(rest)", cause: cause, location: "\(file):\(line)")
  }

  /// Something other than a regular file stands where one is expected.
  public static func notRegularFile(
    _ found: FileKind, during action: FileAction, at path: FilePath,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .notRegularFile, path,
      "Could not \(action.rawValue) \(Words.quoted(path)): it is \(found.rawValue), a regular file is "
        + "expected. Replace it by the file itself.",
      cause: nil, location: "\(file):\(line)")
  }

  /// Something other than a directory stands where one is expected.
  public static func notDirectory(
    _ found: FileKind, during action: FileAction, at path: FilePath,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .other, path,
      "Could not \(action.rawValue) \(Words.quoted(path)): it is \(found.rawValue), a directory is "
        + "expected. Replace it by the directory itself.",
      cause: nil, location: "\(file):\(line)")
  }

  /// The file ends before the bytes that were asked for.
  public static func shortRead(
    of path: FilePath, endsAtByte end: Int64, wanted range: Range<Int64>,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .shortRead, path,
      "Could not read bytes \(range.lowerBound) to \(range.upperBound) of \(Words.quoted(path)): the file "
        + "ends at byte \(end). Restore the file, it is shorter than it was.",
      cause: nil, location: "\(file):\(line)")
  }

  /// A file has another length than was just written to it.
  package static func cutWrite(
    to path: FilePath, foundInBytes: Int64, expectedInBytes: Int64,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .inputOutput, path,
      "Could not write \(Words.quoted(path)): the file has \(foundInBytes) bytes, \(expectedInBytes) are "
        + "expected. Check the disk before you try again.",
      cause: nil, location: "\(file):\(line)")
  }

  /// The file is longer than the caller accepts.
  public static func tooLarge(
    _ path: FilePath, sizeInBytes: Int64, limitInBytes: Int,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .tooLarge, path,
      "Could not read \(Words.quoted(path)): it has \(Words.byteCount(sizeInBytes)), at most "
        + "\(Words.byteCount(Int64(limitInBytes))) are expected. Check that this is the right file.",
      cause: nil, location: "\(file):\(line)")
  }

  /// A sealed file does not hold what its name says.
  package static func damaged(
    _ path: FilePath, found: ContentHash, expected: ContentHash,
    file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .damaged, path,
      "Could not publish to \(Words.quoted(path)): the file there has SHA-256 \(found.shortText)…, "
        + "\(expected.shortText)… is expected. Run `signalstore verify`, then restore it from a copy.",
      cause: nil, location: "\(file):\(line)")
  }

  /// A file of the system, such as those in `/proc`, has another form than its documentation says.
  package static func unreadableSystemFile(
    _ path: FilePath, found: String, file: String = #fileID, line: Int = #line
  ) -> FileFault {
    FileFault(
      .other, path,
      "Could not read \(Words.quoted(path)): it holds '\(found)', the fields of proc(5) are expected. "
        + "Check that /proc is mounted.",
      cause: nil, location: "\(file):\(line)")
  }
}
