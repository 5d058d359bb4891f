internal import Glibc
internal import SystemPackage

/// Finds the regular files in some paths, in an order that does not depend on the file system.
///
/// Links are followed, because people collect recordings by links; a folder that is reached a
/// second time is not entered again. Nothing is opened but folders, so a FIFO cannot block the
/// scan.
struct FolderScan {
  /// A file that was found.
  struct Entry {
    /// The file.
    let file: SourceFile
    /// Whether the path of the file itself was given.
    let isNamedDirectly: Bool
  }

  /// How deep folders may lie inside each other.
  static let depthLimit = 64

  private(set) var entries: [Entry] = []
  private(set) var skipped: [SourceScan.Skipped] = []
  private var visitedFolders: Set<FileIdentity> = []

  private struct FileIdentity: Hashable {
    let device: UInt
    let inode: UInt
  }

  /// Looks at each path in turn.
  /// - Throws: `.notFound`, `.notAFile`, `.permission`, `.inputOutput`.
  init(_ paths: [FilePath]) throws(ImportError) {
    for path in paths {
      let status = try Self.status(of: path)
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        let name = path.lexicallyNormalized().lastComponent?.string ?? path.string
        let file = SourceFile(path: path, name: name, sizeInBytes: Int(status.st_size))
        entries.append(Entry(file: file, isNamedDirectly: true))
      case S_IFDIR:
        try enter(path, status, name: "", depth: 0)
      default:
        throw .notAFile(path.string, found: Self.kind(of: status))
      }
    }
  }

  private mutating func enter(
    _ folder: FilePath, _ status: stat, name: String, depth: Int
  ) throws(ImportError) {
    let identity = FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    guard visitedFolders.insert(identity).inserted else {
      skipped.append(.init(name: name, reason: "this folder was already looked at"))
      return
    }
    guard depth < Self.depthLimit else {
      skipped.append(.init(name: name, reason: "more than \(Self.depthLimit) folders deep"))
      return
    }
    for component in try Self.components(in: folder) {
      let path = folder.appending(component)
      let below = name.isEmpty ? component.string : "\(name)/\(component.string)"
      let status: stat
      do {
        status = try Self.status(of: path)
      } catch  where error.code == .notFound {
        skipped.append(.init(name: below, reason: "a link to nothing"))
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        try enter(path, status, name: below, depth: depth + 1)
      case S_IFREG where component.string.hasPrefix("."):
        skipped.append(.init(name: below, reason: "a hidden file"))
      case S_IFREG:
        let file = SourceFile(path: path, name: below, sizeInBytes: Int(status.st_size))
        entries.append(Entry(file: file, isNamedDirectly: false))
      default:
        skipped.append(.init(name: below, reason: "\(Self.kind(of: status)), not a file"))
      }
    }
  }

  private static func components(
    in folder: FilePath
  ) throws(ImportError) -> [FilePath.Component] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else {
      throw .systemCall(Errno(rawValue: errno), during: "list", folder.string)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else {
          throw .systemCall(Errno(rawValue: errno), during: "list", folder.string)
        }
        break
      }
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
    }
    let dots: [[UInt8]] = [Array(".".utf8), Array("..".utf8)]
    return names.filter { !dots.contains($0) }
      .sorted { $0.lexicographicallyPrecedes($1) }
      .compactMap { name in
        (name + [0]).withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CInterop.PlatformChar.self) { characters in
            characters.baseAddress.flatMap { FilePath.Component(platformString: $0) }
          }
        }
      }
  }

  private static func status(of path: FilePath) throws(ImportError) -> stat {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else {
      throw .systemCall(Errno(rawValue: errno), during: "look at", path.string)
    }
    return status
  }

  /// What stands there, in words.
  static func kind(of status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFREG: "a regular file"
    case S_IFDIR: "a folder"
    case S_IFIFO: "a FIFO"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something of an unknown kind"
    }
  }
}
