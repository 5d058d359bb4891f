extension H5 {
  /// What went wrong with an HDF5 file or object.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, for code that reacts to it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
      private enum Kind: String {
        case fileMissing, fileUnreadable, notHDF5, truncated, beingWritten
        case objectMissing, attributeMissing, wrongKind, wrongType, unsupportedType
        case externalStorage, externalLink, userDefinedLink, virtualDataset, softLinkLoop
        case filter, overLimit, checksum, valueOutOfRange, invalidText
        case selection, count, shape, name, alreadyExists, readOnly, library
      }
      private let kind: Kind
      private init(_ kind: Kind) { self.kind = kind }

      /// The name of the code, for example "truncated".
      public var description: String { kind.rawValue }

      /// There is no such file.
      public static let fileMissing = Code(.fileMissing)
      /// The file is no regular file, or the system refuses to open it.
      public static let fileUnreadable = Code(.fileUnreadable)
      /// The bytes are no HDF5 file.
      public static let notHDF5 = Code(.notHDF5)
      /// The file ends before its contents do.
      public static let truncated = Code(.truncated)
      /// The file is open for writing elsewhere, or its writer crashed.
      public static let beingWritten = Code(.beingWritten)
      /// There is no object at the path.
      public static let objectMissing = Code(.objectMissing)
      /// The object has no such attribute, or the compound type no such member.
      public static let attributeMissing = Code(.attributeMissing)
      /// The object is of another kind than asked for.
      public static let wrongKind = Code(.wrongKind)
      /// The elements are of another type than asked for.
      public static let wrongType = Code(.wrongType)
      /// The type of the elements cannot be read here.
      public static let unsupportedType = Code(.unsupportedType)
      /// The dataset keeps its values in another file.
      public static let externalStorage = Code(.externalStorage)
      /// The path leads into another file.
      public static let externalLink = Code(.externalLink)
      /// The path leads through a link whose meaning only its maker knows.
      public static let userDefinedLink = Code(.userDefinedLink)
      /// The dataset is put together from others.
      public static let virtualDataset = Code(.virtualDataset)
      /// Soft links lead to one another.
      public static let softLinkLoop = Code(.softLinkLoop)
      /// A filter is unknown, not permitted, or cannot be used this way.
      public static let filter = Code(.filter)
      /// The file asks for more than ``H5/Limits`` allows.
      public static let overLimit = Code(.overLimit)
      /// The stored bytes do not match their checksum.
      public static let checksum = Code(.checksum)
      /// A value does not fit the integer type asked for.
      public static let valueOutOfRange = Code(.valueOutOfRange)
      /// Text is not UTF-8.
      public static let invalidText = Code(.invalidText)
      /// The selection lies outside the dataset.
      public static let selection = Code(.selection)
      /// The number of values does not match.
      public static let count = Code(.count)
      /// The shape cannot be used.
      public static let shape = Code(.shape)
      /// The name cannot be used.
      public static let name = Code(.name)
      /// The name is taken.
      public static let alreadyExists = Code(.alreadyExists)
      /// The file was opened for reading, or the image is finished.
      public static let readOnly = Code(.readOnly)
      /// libhdf5 failed for another reason; `cause` holds its error stack.
      public static let library = Code(.library)
    }

    /// The kind of failure.
    public let code: Code
    /// The file and object concerned, for example "strain.hdf5:/strain/Strain".
    public let subject: String
    /// One complete sentence, and what to do.
    public let message: String
    /// What it was caused by: an ``H5/ErrorStack`` where a call into libhdf5 failed.
    public let cause: (any Error)?
    /// Where in our source the failure was made.
    public let location: String

    /// The message.
    public var description: String { message }

    init(
      _ code: Code, _ subject: String, _ message: String, cause: (any Error)? = nil,
      _ location: (file: String, line: Int)
    ) {
      self.code = code
      self.subject = subject
      self.message = message
      self.cause = cause
      self.location = "\(location.file):\(location.line)"
    }
  }
}
