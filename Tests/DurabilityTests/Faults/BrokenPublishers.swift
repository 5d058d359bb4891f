import Durability
import Synchronization
import SystemPackage
import TestSupport

/// A disk whose owner deleted one line of the publisher: the calls that `isOmitted` selects report
/// success and do nothing.
final class OmittingFileSystem: FileSystem {
  enum Omission: String, CaseIterable {
    case fileSync = "does not sync the file"
    case seal = "does not make the file read-only"
    case folderSync = "does not sync the object's folder"
    case parentSync = "does not sync the folder of folders"
  }

  private let base: any FileSystem
  private let omission: Omission

  init(_ base: any FileSystem, omitting omission: Omission) {
    self.base = base
    self.omission = omission
  }

  func sync(_ path: FilePath) throws(FileFault) {
    if omission != .fileSync { try base.sync(path) }
  }
  func setPermissions(_ permissions: FilePermissions, of path: FilePath) throws(FileFault) {
    if omission != .seal { try base.setPermissions(permissions, of: path) }
  }
  func syncDirectory(_ path: FilePath) throws(FileFault) {
    let isParent = path.lastComponent?.string == "objects"
    if omission == (isParent ? .parentSync : .folderSync) { return }
    try base.syncDirectory(path)
  }

  func write(
    _ bytes: RawSpan, toNew path: FilePath, permissions: FilePermissions
  ) throws(FileFault) { try base.write(bytes, toNew: path, permissions: permissions) }
  func append(_ bytes: RawSpan, to path: FilePath) throws(FileFault) {
    try base.append(bytes, to: path)
  }
  func rename(
    _ source: FilePath, toNew target: FilePath
  ) throws(FileFault) -> RenameOutcome { try base.rename(source, toNew: target) }
  func replace(_ target: FilePath, with source: FilePath) throws(FileFault) {
    try base.replace(target, with: source)
  }
  func createDirectory(_ path: FilePath, permissions: FilePermissions) throws(FileFault) {
    try base.createDirectory(path, permissions: permissions)
  }
  func remove(_ path: FilePath) throws(FileFault) { try base.remove(path) }
  func contents(of directory: FilePath) throws(FileFault) -> [FilePath] {
    try base.contents(of: directory)
  }
  func status(of path: FilePath) throws(FileFault) -> FileStatus { try base.status(of: path) }
  func read(_ path: FilePath, limitInBytes: Int) throws(FileFault) -> [UInt8] {
    try base.read(path, limitInBytes: limitInBytes)
  }
  func read(_ range: Range<Int64>, of path: FilePath) throws(FileFault) -> [UInt8] {
    try base.read(range, of: path)
  }
  func readBlocks(
    of path: FilePath, lengthInBytes: Int, _ receive: (RawSpan) throws(FileFault) -> Void
  ) throws(FileFault) {
    try base.readBlocks(of: path, lengthInBytes: lengthInBytes, receive)
  }
  func freeSpaceInBytes(at path: FilePath) throws(FileFault) -> Int64 {
    try base.freeSpaceInBytes(at: path)
  }
}

/// Publishers that have every step, in an order or under a condition that looks harmless.
enum MisorderedPublisher: String, CaseIterable {
  case syncsAfterNaming = "syncs the file only after it has its name"
  case sealsAfterSync = "makes the file read-only after the sync"
  case writesInPlace = "writes under the final name"
  case syncsParentIfMade = "syncs the folder of folders only if it made the folder itself"

  func publish(
    _ bytes: [UInt8], root: FilePath, temporaryName: String, on disk: any FileSystem
  ) throws(FileFault) {
    let publisher = ObjectPublisher(root: root, on: disk)
    let target = publisher.path(of: ContentHash(of: bytes), fileExtension: "h5")
    let folder = target.removingLastComponent()
    let temporary = self == .writesInPlace ? target : root.appending("tmp/\(temporaryName)")

    let madeFolder = try !disk.exists(folder)
    if madeFolder { try disk.createDirectory(folder) }
    if try disk.exists(target) {
      try disk.syncDirectory(folder)
      if self != .syncsParentIfMade { try disk.syncDirectory(publisher.objectFolder) }
      return
    }
    try disk.write(bytes, toNew: temporary)
    if self != .sealsAfterSync { try disk.setPermissions(.sealed, of: temporary) }
    if self != .syncsAfterNaming { try disk.sync(temporary) }
    if self == .sealsAfterSync { try disk.setPermissions(.sealed, of: temporary) }
    if self != .writesInPlace { _ = try disk.rename(temporary, toNew: target) }
    if self == .syncsAfterNaming { try disk.sync(target) }
    try disk.syncDirectory(folder)
    if madeFolder || self != .syncsParentIfMade {
      try disk.syncDirectory(publisher.objectFolder)
    }
  }
}
