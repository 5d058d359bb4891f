internal import Signals
public import SystemPackage

/// A raw file that a reader can read.
public struct SourceFile: Hashable, Sendable {
  /// Where the file lies.
  public let path: FilePath
  /// The path below the folder that was given ("user01.h5"), the last component of a file that was
  /// named itself.
  public let name: String
  /// The length that the file had when it was found.
  public let sizeInBytes: Int
  /// The SHA-256 that the file had when it was found, where somebody asked: 64 hexadecimal digits.
  /// A reader refuses a file whose content is another one by then.
  public let sha256: String?

  /// Describes a file.
  public init(path: FilePath, name: String, sizeInBytes: Int, sha256: String? = nil) {
    self.path = path
    self.name = name
    self.sizeInBytes = sizeInBytes
    self.sha256 = sha256
  }

  /// The same file with its SHA-256, found by reading it once.
  /// - Throws: `.notFound`, `.notAFile`, `.changedWhileReading`, `.inputOutput`.
  public func hashed() throws(ImportError) -> SourceFile {
    let stream = try SourceStream(self, unpacking: false)
    try stream.skipToEnd()
    let digest = try stream.finish()
    return SourceFile(
      path: path, name: name, sizeInBytes: sizeInBytes, sha256: digest.reference.sha256)
  }
}

/// What a reader found in the paths that it was given.
public struct SourceScan: Hashable, Sendable {
  /// A file that was passed over.
  public struct Skipped: Hashable, Sendable {
    /// The path below the folder that was given.
    public let name: String
    /// Why it was passed over.
    public let reason: String

    /// Gives a file the reason why it was passed over.
    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// The files to read: in the order of the given paths, inside a folder by the bytes of the name.
  public let sources: [SourceFile]
  /// The files that were passed over, in the same order.
  public let skipped: [Skipped]

  /// Collects what was found.
  public init(sources: [SourceFile], skipped: [Skipped] = []) {
    self.sources = sources
    self.skipped = skipped
  }
}
