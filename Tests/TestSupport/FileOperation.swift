public import SystemPackage

/// One change of a disk that a program asked for, with everything needed to do it again.
public enum FileOperation: Hashable, Sendable, CustomStringConvertible {
  /// A new file was written.
  case write(FilePath, bytes: [UInt8], permissions: FilePermissions)
  /// Bytes were added to a file.
  case append(FilePath, bytes: [UInt8])
  /// A file's content and mode were forced to the disk.
  case sync(FilePath)
  /// A file got a name that was free.
  case rename(FilePath, to: FilePath)
  /// A file took another one's place.
  case replace(FilePath, with: FilePath)
  /// A directory's names were forced to the disk.
  case syncDirectory(FilePath)
  /// A directory was made.
  case createDirectory(FilePath, permissions: FilePermissions)
  /// A name was removed.
  case remove(FilePath)
  /// A file's mode was set.
  case setPermissions(FilePath, permissions: FilePermissions)

  /// The operation and the last parts of its paths, for traces.
  public var description: String {
    func name(_ path: FilePath) -> String { path.lastComponent?.string ?? path.string }
    return switch self {
    case .write(let path, let bytes, _): "write \(name(path)) (\(bytes.count) bytes)"
    case .append(let path, let bytes): "append \(name(path)) (\(bytes.count) bytes)"
    case .sync(let path): "sync \(name(path))"
    case .rename(let source, let target): "rename \(name(source)) to \(name(target))"
    case .replace(let target, let source): "replace \(name(target)) with \(name(source))"
    case .syncDirectory(let path): "sync directory \(name(path))"
    case .createDirectory(let path, _): "create directory \(name(path))"
    case .remove(let path): "remove \(name(path))"
    case .setPermissions(let path, let permissions):
      "set mode of \(name(path)) to \(String(permissions.rawValue, radix: 8))"
    }
  }
}
