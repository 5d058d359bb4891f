internal import Foundation
public import SystemPackage

/// A folder with a unique name that exists as long as this object does.
public final class TemporaryDirectory: Sendable {
  /// The folder.
  public let path: FilePath

  /// Where a temporary folder is made.
  public enum Medium: Sendable {
    /// In the system's folder for temporary files, usually on a disk.
    case disk
    /// In memory where the system offers that (`/dev/shm`), otherwise as `disk`. Syncing costs
    /// nothing there, which suits tests that sync thousands of small files.
    case memory
  }

  /// Makes an empty folder.
  public init(on medium: Medium = .disk) throws {
    let name = "signal-store-\(UUID().uuidString)"
    let shared = "/dev/shm"
    let parent =
      medium == .memory && FileManager.default.isWritableFile(atPath: shared)
      ? URL(fileURLWithPath: shared) : FileManager.default.temporaryDirectory
    let folder = parent.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    path = FilePath(folder.path)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path.string)
    } catch {
      print("Could not remove '\(path)': \(error). Remove it by hand.")
    }
  }

  /// A path inside the folder.
  public func appending(_ relative: String) -> FilePath {
    path.appending(relative)
  }
}
