internal import Compression
internal import HDF5
internal import SystemPackage

/// Why a raw source could not be turned into recordings.
public struct ImportError: Error, Sendable, CustomStringConvertible {
  /// The situation; a struct over a private enum, so that it can grow.
  public struct Code: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    private enum Kind: String, CaseIterable {
      case noSource, notFound, notAFile, permission, duplicateName
      case badLine, badLabel, clockBackwards, empty, cutLine, damaged
      case notHDF5, unsupported, badMapping, badCompanion, badSettings
      case changedWhileReading, inputOutput
    }
    private let kind: Kind

    /// A folder holds nothing of the format.
    public static let noSource = Code(kind: .noSource)
    /// Nothing is at the path.
    public static let notFound = Code(kind: .notFound)
    /// A folder, FIFO, socket or device stands where a file is expected.
    public static let notAFile = Code(kind: .notAFile)
    /// The file may not be read by this user.
    public static let permission = Code(kind: .permission)
    /// Two sources would give recordings of the same name.
    public static let duplicateName = Code(kind: .duplicateName)
    /// A line has another form than the format.
    public static let badLine = Code(kind: .badLine)
    /// A label has no meaning in the legend.
    public static let badLabel = Code(kind: .badLabel)
    /// A time lies before the one above it.
    public static let clockBackwards = Code(kind: .clockBackwards)
    /// There is not one reading.
    public static let empty = Code(kind: .empty)
    /// The file ends in the middle of a line.
    public static let cutLine = Code(kind: .cutLine)
    /// A compressed file contradicts itself.
    public static let damaged = Code(kind: .damaged)
    /// A file that should be HDF5 is not.
    public static let notHDF5 = Code(kind: .notHDF5)
    /// The file is sound but holds something that this build cannot read as recordings.
    public static let unsupported = Code(kind: .unsupported)
    /// A mapping file says something that cannot be, or that the source does not hold.
    public static let badMapping = Code(kind: .badMapping)
    /// A file that explains others (column names, legend) cannot be understood.
    public static let badCompanion = Code(kind: .badCompanion)
    /// A setting is out of range.
    public static let badSettings = Code(kind: .badSettings)
    /// The file became another one meanwhile.
    public static let changedWhileReading = Code(kind: .changedWhileReading)
    /// The disk failed.
    public static let inputOutput = Code(kind: .inputOutput)

    /// All codes.
    public static var allCases: [Code] { Kind.allCases.map(Code.init(kind:)) }
    /// The name of the code.
    public var description: String { kind.rawValue }
    /// Whether the input is missing, in contrast to being there and bad.
    public var isMissingInput: Bool { self == .noSource || self == .notFound }
  }

  /// The situation.
  public let code: Code
  /// The file, folder or mapping that it is about.
  public let subject: String
  /// One complete sentence, or two: what was found, what was expected, what to do.
  public let message: String
  /// The error of a lower floor that led to this one.
  public let cause: (any Error)?
  /// Where in this program it was noticed, as `module/file:line`.
  public let location: String

  /// The message.
  public var description: String { message }

  fileprivate init(
    _ code: Code, _ subject: String, _ message: String, cause: (any Error)? = nil,
    _ file: String, _ line: Int
  ) {
    self.code = code
    self.subject = subject
    self.message = message
    self.cause = cause
    location = "\(file):\(line)"
  }
}

// The factories: one per situation. `subject` is a name from a foreign file, so it is quoted.

// Files and folders.
extension ImportError {
  static func notFound(
    _ path: String, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .notFound, path,
      "Could not find \(path.quoted()): there is no such file or folder. Check the path.",
      file, line)
  }

  static func notAFile(
    _ subject: String, found: String, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .notAFile, subject,
      "Could not read \(subject.quoted()): it is \(found), a regular file is expected. "
        + "Name a file, or a folder that holds files.", file, line)
  }

  static func systemCall(
    _ errno: Errno, during action: String, _ subject: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    switch errno {
    case .noSuchFileOrDirectory, .notDirectory:
      return .notFound(subject, file: file, line: line)
    case .permissionDenied, .notPermitted:
      return ImportError(
        .permission, subject,
        "Could not \(action) \(subject.quoted()): this user may not read it. "
          + "Change its permissions or run as its owner.", cause: errno, file, line)
    case .noSuchAddressOrDevice:
      return .notAFile(subject, found: "a socket", file: file, line: line)
    default:
      return ImportError(
        .inputOutput, subject,
        "Could not \(action) \(subject.quoted()): the system answered "
          + "\("\(errno)".quoted()). Check the disk and try again.", cause: errno, file, line)
    }
  }

  static func noSource(
    in paths: [String], passedOver: Int, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    let subject = paths.first ?? "."
    let others = paths.count > 1 ? " and \(counted(paths.count - 1, "other path"))" : ""
    return ImportError(
      .noSource, subject,
      "Could not find a recording in \(subject.quoted())\(others): "
        + "\(counted(passedOver, "file")) of other kinds found, \(expected) expected. "
        + "Name the folder that holds the recordings.", file, line)
  }

  static func duplicateName(
    _ name: String, first: String, second: String, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .duplicateName, second,
      "Could not take both \(first.quoted()) and \(second.quoted()): each would be "
        + "\(name.quoted()), names are expected to differ. Name only one of them.", file, line)
  }

  static func changedWhileReading(
    _ subject: String, found: String, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .changedWhileReading, subject,
      "Could not read \(subject.quoted()): it changed while it was read (\(found) found, "
        + "\(expected) expected). Wait until it is complete, then try again.", file, line)
  }

  static func damaged(
    _ subject: String, _ cause: CompressionError, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .damaged, subject, "Could not read \(subject.quoted()): \(cause.message)", cause: cause,
      file, line)
  }
}

// Text in lines and columns.
extension ImportError {
  static func empty(
    _ subject: String, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .empty, subject,
      "Could not read \(subject.quoted()): it holds no readings, at least one is expected. "
        + "Copy or download it again.", file, line)
  }

  static func lineTooLong(
    _ subject: String, line number: Int, limitInBytes: Int,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badLine, subject,
      "Could not read \(subject.quoted()): line \(number) has more than \(limitInBytes) bytes, "
        + "a table of numbers has shorter lines. Check that this is the right file.", file, line)
  }

  static func allLinesDropped(
    _ subject: String, count: Int, first: ImportError,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      first.code, subject,
      "Could not read \(subject.quoted()): none of its \(counted(count, "line")) can be read, at "
        + "least one is expected. The first of them: \(first.message)", cause: first, file, line)
  }

  /// A line of an OPPORTUNITY log that is not as the format says.
  static func logLine(
    _ subject: String, line number: Int, _ fault: LogLineFault,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    let repair = "or pass `--on-bad-line drop`."
    var code = Code.badLine
    let sentences: String
    switch fault {
    case .columnCount(let found):
      sentences =
        "line \(number) has \(counted(found, "column")), OPPORTUNITY has 250. "
        + "Re-download the file \(repair)"
    case .cut(let found):
      code = .cutLine
      sentences =
        "line \(number), the last one, is cut in column \(found), OPPORTUNITY has 250. "
        + "Re-download the file \(repair)"
    case .notANumber(let column, let name, let text):
      sentences =
        "line \(number), column \(column) (\(name)) holds \(text.quoted()), a number "
        + "with a decimal point or NaN is expected. Correct the file \(repair)"
    case .notALabel(let column, let track, let text):
      code = .badLabel
      sentences =
        "line \(number), column \(column) (\(track)) holds \(text.quoted()), the whole "
        + "number of a label is expected. Correct the file \(repair)"
    case .unknownLabel(let column, let track, let label, let known):
      code = .badLabel
      sentences =
        "line \(number), column \(column) (\(track)) holds label \(label), the legend "
        + "has \(known). Correct the file, name the label in label_legend.txt, \(repair)"
    case .clockBackwards(let found, let previous):
      code = .clockBackwards
      sentences =
        "line \(number), column 1 (MILLISEC) holds \(found) ms, at least \(previous) ms "
        + "are expected because the line before has them. Correct the file \(repair)"
    }
    return ImportError(
      code, subject, "Could not read \(subject.quoted()): \(sentences)", file, line)
  }

  /// A file that explains others has a line that cannot be understood.
  static func companion(
    _ subject: String, found: String, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badCompanion, subject,
      "Could not use \(subject.quoted()): \(found), \(expected) expected. "
        + "Correct it, or remove it to use the built-in list.", file, line)
  }
}

// Settings.
extension ImportError {
  static func simulation(
    _ setting: String, found: String, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badSettings, setting,
      "Could not simulate logs: \(found) \(setting) found, \(expected) expected. "
        + "Choose another number of \(setting).", file, line)
  }
}

// Recordings of other origin.
extension ImportError {
  /// A mapping, or a rule in its place, that does not fit a source.
  static func mapping(
    _ subject: String, found: String, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badMapping, subject,
      "Could not read \(subject.quoted()): \(found), \(expected) expected. "
        + "Correct the file or its mapping.", file, line)
  }

  static func mappingFile(
    _ subject: String, found: String, expected: String, cause: (any Error)? = nil,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badMapping, subject,
      "Could not use the mapping \(subject.quoted()): \(found), \(expected) expected. "
        + "Correct the mapping.", cause: cause, file, line)
  }

  static func unknownMappingKey(
    _ subject: String, key: String, near: String?, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    let meant = near.map { "Did you mean '\($0)'?" } ?? "Remove it."
    return ImportError(
      .badMapping, subject,
      "Could not use the mapping \(subject.quoted()): it has the key \(key.quoted()), which is not "
        + "among the \(RecordingMapping.keys.count) known ones. \(meant)", file, line)
  }

  /// A sound file that holds something else than recordings that can be read.
  static func unsupported(
    _ subject: String, found: String, expected: String, cause: (any Error)? = nil,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .unsupported, subject,
      "Could not read \(subject.quoted()): \(found), \(expected) expected. "
        + "Say what stands where with `--mapping FILE`, or leave the file out.", cause: cause,
      file, line)
  }

  static func notHDF5(
    _ subject: String, cause: (any Error)?, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .notHDF5, subject,
      "Could not read \(subject.quoted()): it is no HDF5 file, the signature of one is expected at "
        + "its beginning. Copy or download it again, or leave it out.", cause: cause, file, line)
  }

  /// A failure of the HDF5 floor, whose sentence is already complete.
  static func hdf5(
    _ subject: String, _ failure: H5.Failure, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    let code: Code
    switch failure.code {
    case .notHDF5: return .notHDF5(subject, cause: failure, file: file, line: line)
    case .fileMissing: code = .notFound
    case .truncated, .checksum, .library: code = .damaged
    case .beingWritten: code = .changedWhileReading
    case .fileUnreadable: code = .inputOutput
    default: code = .unsupported
    }
    return ImportError(code, subject, failure.message, cause: failure, file, line)
  }

  /// A cell of a CSV file.
  static func cell(
    _ subject: String, line number: Int, column: String, text: String, expected: String,
    code: Code = .badLine, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      code, subject,
      "Could not read \(subject.quoted()): line \(number), column \(column.quoted()) holds "
        + "\(text.quoted()), \(expected) expected. Correct the file.", file, line)
  }

  /// A line of a CSV file.
  static func csvLine(
    _ subject: String, line number: Int, found: String, expected: String,
    code: Code = .badLine, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      code, subject,
      "Could not read \(subject.quoted()): line \(number) \(found), \(expected) expected. "
        + "Correct the file.", file, line)
  }

  static func noRate(
    _ subject: String, place: String, file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badMapping, subject,
      "Could not read \(subject.quoted()): nothing states the rate of \(place), an attribute such "
        + "as "
        + "'sampling_rate_hz' or times are expected. Add one, or give 'rateInHertz' in a mapping "
        + "file.",
      file, line)
  }
}

// Labels and clocks of recordings of other origin.
extension ImportError {
  static func badLabelCode(
    _ subject: String, path: String, row: Int, code: Int32,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .badLabel, subject,
      "Could not read \(subject.quoted()): \(path.quoted()) holds label \(code) in row \(row), "
        + "codes "
        + "from 0 on or -1 for unlabelled are expected. Give 'unlabelled' in a mapping file.",
      file, line)
  }

  static func clock(
    _ subject: String, row: Int, found: String, expected: String,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    ImportError(
      .clockBackwards, subject,
      "Could not read \(subject.quoted()): the time of row \(row) is \(found), \(expected) "
        + "expected. "
        + "Correct the times, or sort the rows.", file, line)
  }
}

// Quotes in CSV files.
extension ImportError {
  static func quotes(
    _ subject: String, line number: Int, _ fault: CSVFields.Fault,
    file: String = #fileID, line: Int = #line
  ) -> ImportError {
    switch fault {
    case .unclosedQuote:
      .csvLine(
        subject, line: number, found: "ends inside double quotes", expected: "a closing quote is",
        file: file, line: line)
    case .textAfterQuote:
      .csvLine(
        subject, line: number, found: "goes on after a closing quote", expected: "a delimiter is",
        file: file, line: line)
    }
  }
}
