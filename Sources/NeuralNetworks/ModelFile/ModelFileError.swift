/// A model file that cannot be written or read, one code for each way of being malformed.
public struct ModelFileError: Error, Sendable, CustomStringConvertible {
  /// What is wrong.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case tooShort, headerTooLarge, headerBeyondEnd, headerNotObject, headerNotJSON, headerNotText
      case duplicateKey, metadataNotText, fieldMissing, elementType, shape, offsets, byteCount
      case hole, overlap, incompleteBuffer, fileTooLarge, reservedName, settings, version
      case tensorMissing, tensorUnexpected, tensorShape, tensorType
    }

    private let kind: Kind

    /// The name of the code.
    public var description: String { kind.rawValue }

    /// The file has no room for the length of its header.
    public static let tooShort = Code(kind: .tooShort)
    /// The header is longer than the limit.
    public static let headerTooLarge = Code(kind: .headerTooLarge)
    /// The header is longer than the file.
    public static let headerBeyondEnd = Code(kind: .headerBeyondEnd)
    /// The header is not a JSON object.
    public static let headerNotObject = Code(kind: .headerNotObject)
    /// The header is not JSON.
    public static let headerNotJSON = Code(kind: .headerNotJSON)
    /// The header is not UTF-8.
    public static let headerNotText = Code(kind: .headerNotText)
    /// A key appears twice.
    public static let duplicateKey = Code(kind: .duplicateKey)
    /// The metadata are not text to text.
    public static let metadataNotText = Code(kind: .metadataNotText)
    /// A tensor has no element type, shape or offsets.
    public static let fieldMissing = Code(kind: .fieldMissing)
    /// The element type is unknown.
    public static let elementType = Code(kind: .elementType)
    /// The shape is not a list of lengths, or has too many elements.
    public static let shape = Code(kind: .shape)
    /// The offsets are not two positions in order inside the file.
    public static let offsets = Code(kind: .offsets)
    /// Shape and element type need another number of bytes than the offsets span.
    public static let byteCount = Code(kind: .byteCount)
    /// Bytes between two tensors belong to none.
    public static let hole = Code(kind: .hole)
    /// Two tensors share bytes.
    public static let overlap = Code(kind: .overlap)
    /// The file goes on after the last tensor.
    public static let incompleteBuffer = Code(kind: .incompleteBuffer)
    /// The file is longer than the limit.
    public static let fileTooLarge = Code(kind: .fileTooLarge)
    /// A name that the format keeps for itself.
    public static let reservedName = Code(kind: .reservedName)
    /// The description of a network is missing or cannot be read.
    public static let settings = Code(kind: .settings)
    /// The file was made by a newer build.
    public static let version = Code(kind: .version)
    /// A tensor that the description needs is missing.
    public static let tensorMissing = Code(kind: .tensorMissing)
    /// A tensor that no description names.
    public static let tensorUnexpected = Code(kind: .tensorUnexpected)
    /// A tensor has another shape than the description needs.
    public static let tensorShape = Code(kind: .tensorShape)
    /// A tensor has another element type than is being read.
    public static let tensorType = Code(kind: .tensorType)
  }

  /// What is wrong.
  public let code: Code
  /// The tensor, key or part of the file at fault.
  public let subject: String
  /// One complete sentence for people, and what to do.
  public let message: String
  /// The error underneath, if there is one.
  public let cause: (any Error)?
  /// Where in the source the error was made: file and line.
  public let location: String

  /// The message.
  public var description: String { message }
}

extension ModelFileError {
  private static func reading(
    _ code: Code, _ subject: String, _ finding: String,
    _ advice: String = "Get an undamaged copy of the file", cause: (any Error)? = nil,
    location: String
  ) -> ModelFileError {
    ModelFileError(
      code: code, subject: subject,
      message: "Could not read the model file: \(finding). \(advice).", cause: cause,
      location: location)
  }

  static func tooShort(
    bytes: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .tooShort, "header", "it has \(bytes) bytes, a header needs at least 10",
      location: "\(file):\(line)")
  }

  static func headerTooLarge(
    bytes: UInt64, limit: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .headerTooLarge, "header", "its header claims \(bytes) bytes, the limit is \(limit)",
      location: "\(file):\(line)")
  }

  static func headerBeyondEnd(
    bytes: Int, available: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .headerBeyondEnd, "header",
      "its header claims \(bytes) bytes, the file has \(available) after the length",
      location: "\(file):\(line)")
  }

  static func headerNotObject(
    file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .headerNotObject, "header", "its header does not start with '{', it has to be a JSON object",
      location: "\(file):\(line)")
  }

  static func headerNotText(file: StaticString = #fileID, line: UInt = #line) -> ModelFileError {
    reading(
      .headerNotText, "header", "its header is not UTF-8 text, it has to be JSON",
      location: "\(file):\(line)")
  }

  static func headerNotJSON(
    position: Int, expected: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .headerNotJSON, "header",
      "its header breaks off at byte \(position), JSON has \(expected) there",
      location: "\(file):\(line)")
  }

  static func duplicateKey(
    _ key: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .duplicateKey, key, "the key '\(key)' appears twice, every key has to be unique",
      location: "\(file):\(line)")
  }

  static func metadataNotText(
    _ key: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .metadataNotText, key, "the metadata under '\(key)' are not text, they have to be",
      location: "\(file):\(line)")
  }

  static func fieldMissing(
    _ tensor: String, field: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .fieldMissing, tensor, "tensor '\(tensor)' has no '\(field)' of the right form, it needs one",
      location: "\(file):\(line)")
  }

  static func elementType(
    _ tensor: String, found: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .elementType, tensor,
      "tensor '\(tensor)' has the element type '\(found)', which is not one of safetensors",
      "Convert the file", location: "\(file):\(line)")
  }

  static func shape(
    _ tensor: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .shape, tensor,
      "the shape of tensor '\(tensor)' does not multiply to a 64-bit count, it has to",
      location: "\(file):\(line)")
  }

  static func offsets(
    _ tensor: String, begin: Int, end: Int, available: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) -> ModelFileError {
    reading(
      .offsets, tensor,
      "tensor '\(tensor)' lies from byte \(begin) to \(end), the file has \(available) bytes of "
        + "data",
      location: "\(file):\(line)")
  }

  static func byteCount(
    _ tensor: String, found: Int, expected: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .byteCount, tensor,
      "tensor '\(tensor)' spans \(found) bytes, its shape and element type need \(expected)",
      location: "\(file):\(line)")
  }

  static func hole(
    before tensor: String, bytes: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .hole, tensor, "\(bytes) bytes before tensor '\(tensor)' belong to no tensor, all have to",
      location: "\(file):\(line)")
  }

  static func overlap(
    _ tensor: String, bytes: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .overlap, tensor,
      "tensor '\(tensor)' shares \(bytes) bytes with the one before, none may be shared",
      location: "\(file):\(line)")
  }

  static func incompleteBuffer(
    used: Int, available: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .incompleteBuffer, "data",
      "its tensors cover \(used) bytes of data, the file has \(available)",
      location: "\(file):\(line)")
  }

  static func fileTooLarge(
    bytes: Int, limit: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .fileTooLarge, "file", "it has \(bytes) bytes, the limit is \(limit)", "Raise the limit",
      location: "\(file):\(line)")
  }

  static func version(
    found: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .version, "signalstore.model", "it has the format '\(found)', this build knows '1'",
      "Update signalstore", location: "\(file):\(line)")
  }

  static func settings(
    _ subject: String, cause: (any Error)?, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .settings, subject,
      "the description '\(subject)' is missing or cannot be read, every model needs one",
      cause: cause, location: "\(file):\(line)")
  }

  static func tensorMissing(
    _ tensor: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .tensorMissing, tensor, "tensor '\(tensor)' is missing, its network's description needs it",
      location: "\(file):\(line)")
  }

  static func tensorUnexpected(
    _ tensor: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    reading(
      .tensorUnexpected, tensor, "tensor '\(tensor)' belongs to no network that the file describes",
      location: "\(file):\(line)")
  }

  static func tensorShape(
    _ tensor: String, found: String, expected: String, file: StaticString = #fileID,
    line: UInt = #line
  ) -> ModelFileError {
    reading(
      .tensorShape, tensor,
      "tensor '\(tensor)' has the shape \(found), its network's description needs \(expected)",
      location: "\(file):\(line)")
  }

  static func tensorType(
    _ tensor: String, found: String, expected: String, file: StaticString = #fileID,
    line: UInt = #line
  ) -> ModelFileError {
    reading(
      .tensorType, tensor,
      "tensor '\(tensor)' has the element type \(found), the model is being read as \(expected)",
      "Read it in its own precision", location: "\(file):\(line)")
  }

  static func reservedName(
    _ name: String, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    ModelFileError(
      code: .reservedName, subject: name,
      message: "Could not write the model file: the name '\(name)' is used twice or kept for the "
        + "format itself. Choose another name.",
      cause: nil, location: "\(file):\(line)")
  }

  static func unwritableSettings(
    _ name: String, cause: any Error, file: StaticString = #fileID, line: UInt = #line
  ) -> ModelFileError {
    ModelFileError(
      code: .settings, subject: name,
      message: "Could not write the model file: the settings of '\(name)' are not finite numbers, "
        + "JSON takes no others. Change the settings.",
      cause: cause, location: "\(file):\(line)")
  }
}
