/// Why compressed bytes could not be unpacked.
public struct CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The situation; a struct over a private enum, so that it can grow.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String { case notGzip, damaged, cut, trailingBytes, tooLarge, outOfMemory }
    private let kind: Kind

    /// The bytes do not begin as gzip does.
    public static let notGzip = Code(kind: .notGzip)
    /// The bytes contradict themselves or their checksum.
    public static let damaged = Code(kind: .damaged)
    /// The bytes end before the compressed stream does.
    public static let cut = Code(kind: .cut)
    /// Something that is neither gzip nor padding follows the end of the stream.
    public static let trailingBytes = Code(kind: .trailingBytes)
    /// The unpacked bytes exceed a limit.
    public static let tooLarge = Code(kind: .tooLarge)
    /// zlib got no memory.
    public static let outOfMemory = Code(kind: .outOfMemory)

    /// The name of the code.
    public var description: String { kind.rawValue }
  }

  /// The situation.
  public let code: Code
  /// Where in the unpacked stream it was noticed, in bytes from its beginning.
  public let unpackedInBytes: Int
  /// What was found, without the name of a file, in the form "<found> <expected>. <What to do>.".
  public let message: String

  /// The message.
  public var description: String { message }

  static func notGzip() -> CompressionError {
    CompressionError(
      code: .notGzip, unpackedInBytes: 0,
      message: "the first bytes are not those of a gzip stream (1f 8b). "
        + "Check how the file was compressed.")
  }

  static func damaged(afterUnpacking count: Int, reason: String) -> CompressionError {
    CompressionError(
      code: .damaged, unpackedInBytes: count,
      message: "the compressed stream is damaged after \(count) unpacked bytes (\(reason)). "
        + "Copy or download it again.")
  }

  static func cut(afterUnpacking count: Int) -> CompressionError {
    CompressionError(
      code: .cut, unpackedInBytes: count,
      message: "the compressed stream is cut after \(count) unpacked bytes. "
        + "Copy or download it again.")
  }

  static func trailingBytes(afterUnpacking count: Int) -> CompressionError {
    CompressionError(
      code: .trailingBytes, unpackedInBytes: count,
      message: "bytes that are no gzip stream follow the end of one after \(count) unpacked "
        + "bytes. Copy or download it again.")
  }

  static func tooLarge(afterUnpacking count: Int, limit: String) -> CompressionError {
    CompressionError(
      code: .tooLarge, unpackedInBytes: count,
      message: "the stream unpacks to more than \(limit). "
        + "Unpack it yourself where that much is really expected.")
  }

  static func outOfMemory() -> CompressionError {
    CompressionError(
      code: .outOfMemory, unpackedInBytes: 0,
      message: "zlib got no memory for its window. Close other programs and try again.")
  }
}
