import Durability
import SystemPackage
import TestSupport
import Testing

@Suite("Publishing when a call to the disk fails")
struct PublishFaultTests {
  private static let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 31) }

  @Test(
    "leaves the object absent or whole, the rest as it was, and says so, whichever call it is",
    arguments: InjectedFault.allCases, [false, true])
  func eachCallFails(fault: InjectedFault, isPresentBefore: Bool) throws {
    let failedCallCount = try FaultyFileSystem.failingEachCall(with: fault) { fileSystem in
      let root = try TemporaryDirectory(on: .memory)
      let setUp = ObjectPublisher(root: root.path, on: LocalFileSystem())
      try setUp.createFolders()
      _ = try setUp.publish([7, 7, 7], fileExtension: "h5", temporaryName: "older")
      if isPresentBefore {
        _ = try setUp.publish(Self.bytes, fileExtension: "h5", temporaryName: "same")
      }
      let before = try DiskSnapshot(of: root.path)

      var reported: FileFault?
      do throws(FileFault) {
        _ = try ObjectPublisher(root: root.path, on: fileSystem)
          .publish(Self.bytes, fileExtension: "h5", temporaryName: "mine")
      } catch {
        reported = error
      }

      try check(
        root, before: before, fileSystem: fileSystem, fault: fault, reported: reported,
        isPresentBefore: isPresentBefore)

      // Whatever happened, the next one gets through, with a name of its own.
      let again = try setUp.publish(Self.bytes, fileExtension: "h5", temporaryName: "next")
      #expect(try LocalFileSystem().read(again.path, limitInBytes: 20_000) == Self.bytes)
    }
    // A successful publication makes exactly these calls; each of them has failed once.
    // Present: write, mode, sync, folder, status, rename, read, remove, sync, two directories.
    // Absent: write, mode, sync, folder, rename, two directories.
    #expect(failedCallCount == (isPresentBefore ? 11 : 7))
  }

  private func check(
    _ root: TemporaryDirectory, before: DiskSnapshot, fileSystem: FaultyFileSystem,
    fault: InjectedFault, reported: FileFault?, isPresentBefore: Bool
  ) throws {
    let trace = "\(fault) at call \(fileSystem.callCount): \(fileSystem.trace)"
    #expect((reported != nil) == fileSystem.hasFailed, "\(trace)")

    var after = try DiskSnapshot(of: root.path)
    let hash = ContentHash(of: Self.bytes).hexText
    let folder = "objects/\(hash.prefix(2))"
    let object = "\(folder)/\(hash).h5"
    // The object: absent, or whole and sealed; if it was there, it still is.
    let found = after.entries[object]
    #expect(
      found == nil || found == .file(bytes: Self.bytes, permissions: .sealed), "\(trace)")
    if isPresentBefore || reported == nil { #expect(found != nil, "\(trace)") }
    // The temporary: gone, or the fault says why it could not be removed.
    if after.entries["tmp/mine"] != nil {
      #expect(
        fault.endsTheProcess || reported?.duringCleanup.isEmpty == false
          || reported?.subject.lastComponent?.string == "mine", "\(trace)")
    }
    // Nothing else has changed, but that a folder for the object may be there.
    for name in [object, folder, "tmp/mine"] where before.entries[name] == nil {
      after.entries[name] = nil
    }
    #expect(after == before, "\(trace)")
  }

  @Test("never syncs a file again after a failed sync, and takes back what it named")
  func failedSyncIsFinal() throws {
    // Calls: write, mode, sync (3), folder, rename, sync of the folder (6), of its parent (7).
    for failingCall in [3, 6, 7] {
      let root = try TemporaryDirectory(on: .memory)
      try ObjectPublisher(root: root.path, on: LocalFileSystem()).createFolders()
      let fileSystem = FaultyFileSystem(failingCall: failingCall, with: .inputOutput)
      let fault = expectFault(.inputOutput) { () throws(FileFault) in
        _ = try ObjectPublisher(root: root.path, on: fileSystem)
          .publish(Self.bytes, fileExtension: "h5", temporaryName: "mine")
      }
      #expect(fault?.duringCleanup.isEmpty == true)
      #expect(fileSystem.trace[failingCall - 1].hasPrefix("sync"))
      #expect(fileSystem.trace.count == failingCall + 1)
      #expect(fileSystem.trace.last?.hasPrefix("remove") == true)
      let files = try DiskSnapshot(of: root.path).entries.filter { entry in
        if case .file = entry.value { true } else { false }
      }
      #expect(files.isEmpty)
    }
  }

  @Test(
    "says that there is no room on a full disk, and gets through once there is",
    .enabled(if: SmallDisk.isAvailable, "only the superuser can mount a small disk"))
  func realFullDisk() throws {
    let disk = try SmallDisk(sizeInKibibytes: 256)
    let publisher = ObjectPublisher(root: disk.path, on: LocalFileSystem())
    try publisher.createFolders()
    var published: [PublishedObject] = []
    var fault: FileFault?
    for index in 0..<100 where fault == nil {
      let bytes = [UInt8](repeating: UInt8(index), count: 50_000)
      do throws(FileFault) {
        published.append(
          try publisher.publish(bytes, fileExtension: "h5", temporaryName: "\(index)"))
      } catch {
        fault = error
      }
    }
    #expect(fault?.code == .noSpace)
    #expect(fault?.message.hasPrefix("Could not write 48.8 KiB to '") == true)
    #expect(fault?.message.contains(": no space left (") == true)
    #expect(fault?.duringCleanup == [])
    #expect(published.count >= 3)
    #expect(try LocalFileSystem().contents(of: publisher.temporaryFolder) == [])
    for object in published {
      #expect(try ContentHash(ofFile: object.path, on: LocalFileSystem()) == object.hash)
    }
    let oldest = try #require(published.first)
    try LocalFileSystem().remove(oldest.path)
    let bytes = [UInt8](repeating: UInt8(published.count), count: 50_000)
    let late = try publisher.publish(bytes, fileExtension: "h5", temporaryName: "late")
    #expect(late.outcome == .written)
  }
}

/// A file system of a few pages in memory, mounted as long as this object exists.
private final class SmallDisk {
  struct MountError: Error {}

  let path: FilePath
  private let folder: TemporaryDirectory

  /// Whether this process may mount file systems.
  static let isAvailable: Bool = {
    do {
      _ = try SmallDisk(sizeInKibibytes: 16)
      return true
    } catch {
      return false
    }
  }()

  init(sizeInKibibytes: Int) throws {
    folder = try TemporaryDirectory()
    path = folder.path
    let options = ["-t", "tmpfs", "-o", "size=\(sizeInKibibytes)k", "tmpfs", path.string]
    let result = try ChildProcess.run("mount", options)
    guard result.status == 0 else { throw MountError() }
  }

  deinit {
    do {
      let result = try ChildProcess.run("umount", [path.string])
      if result.status != 0 { print("Could not unmount '\(path)': \(result.errorText)") }
    } catch {
      print("Could not unmount '\(path)': \(error)")
    }
  }
}
