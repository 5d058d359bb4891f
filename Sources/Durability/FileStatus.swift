public import SystemPackage

/// What stands at a path.
public enum FileKind: String, Hashable, Sendable, CaseIterable {
  /// A file with bytes in it.
  case regular = "a regular file"
  /// A directory.
  case directory = "a directory"
  /// A symbolic link.
  case symbolicLink = "a symbolic link"
  /// A named pipe.
  case fifo = "a FIFO"
  /// A socket.
  case socket = "a socket"
  /// A character or block device.
  case device = "a device"
  /// Something this build knows no word for.
  case unknown = "something of an unknown kind"
}

/// The facts about a name in a directory, links not followed.
public struct FileStatus: Hashable, Sendable {
  /// What stands there.
  public let kind: FileKind
  /// The length of its content in bytes; for a link, the length of its text.
  public let sizeInBytes: Int64
  /// When its content last changed.
  public let modifiedInSecondsSince1970: Double
  /// Its mode: who may read, write and execute it.
  public let permissions: FilePermissions

  /// Collects the facts.
  public init(
    kind: FileKind, sizeInBytes: Int64, modifiedInSecondsSince1970: Double,
    permissions: FilePermissions
  ) {
    self.kind = kind
    self.sizeInBytes = sizeInBytes
    self.modifiedInSecondsSince1970 = modifiedInSecondsSince1970
    self.permissions = permissions
  }
}
