internal import Foundation
public import SystemPackage

/// All folders and files below some root, as a value.
public struct DiskSnapshot: Hashable, Sendable {
  /// What stands under one name.
  public enum Entry: Hashable, Sendable {
    /// A folder.
    case directory(permissions: FilePermissions)
    /// A file with its content.
    case file(bytes: [UInt8], permissions: FilePermissions)

    /// Hashes what is cheap to hash: crash states have long contents in common.
    public func hash(into hasher: inout Hasher) {
      switch self {
      case .directory(let permissions): hasher.combine(permissions)
      case .file(let bytes, let permissions):
        hasher.combine(bytes.count)
        hasher.combine(bytes.last)
        hasher.combine(permissions)
      }
    }
  }

  /// The entries by their path below the root, such as `objects/ab/abcd.h5`.
  public var entries: [String: Entry]

  /// Collects entries.
  public init(entries: [String: Entry] = [:]) {
    self.entries = entries
  }

  /// Reads everything below `root`.
  public init(of root: FilePath) throws {
    let manager = FileManager.default
    var entries: [String: Entry] = [:]
    for name in try manager.subpathsOfDirectory(atPath: root.string) {
      let path = root.appending(name).string
      let attributes = try manager.attributesOfItem(atPath: path)
      let mode = (attributes[.posixPermissions] as? NSNumber)?.uint16Value ?? 0
      let permissions = FilePermissions(rawValue: CModeT(mode))
      if attributes[.type] as? FileAttributeType == .typeDirectory {
        entries[name] = .directory(permissions: permissions)
      } else {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        entries[name] = .file(bytes: Array(bytes), permissions: permissions)
      }
    }
    self.entries = entries
  }

  /// The content of the file at a path below the root; `nil` if no file stands there.
  public func bytes(at path: String) -> [UInt8]? {
    guard case .file(let bytes, _)? = entries[path] else { return nil }
    return bytes
  }

  /// Makes a folder with exactly this content, in memory where that is possible.
  public func materialised() throws -> TemporaryDirectory {
    let root = try TemporaryDirectory(on: .memory)
    let manager = FileManager.default
    // Parents sort before what is in them.
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let path = root.appending(name).string
      let permissions: FilePermissions
      switch entry {
      case .directory(let mode):
        permissions = mode
        try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
      case .file(let bytes, let mode):
        permissions = mode
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
      }
      try manager.setAttributes(
        [.posixPermissions: NSNumber(value: permissions.rawValue)], ofItemAtPath: path)
    }
    return root
  }
}
