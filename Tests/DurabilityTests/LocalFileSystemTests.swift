import Durability
import Randomness
import SystemPackage
import TestSupport
import Testing

/// The file systems that must behave alike: the real one, its path for old disks, and the two that
/// tests wrap around it.
private let fileSystems: [(name: String, make: @Sendable () -> any FileSystem)] = [
  ("local", { LocalFileSystem() }),
  ("local, linking instead of renaming", { LocalFileSystem(renamesAtomically: false) }),
  ("recording", { RecordingFileSystem() }),
  ("faulty without a fault", { FaultyFileSystem(failingCall: nil, with: .crash) }),
]

@Suite("A file system", .timeLimit(.minutes(1)))
struct LocalFileSystemTests {
  @Test("reads back what it wrote, at every small length and range", arguments: fileSystems.indices)
  func readsBack(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    for length in 0..<12 {
      let path = folder.appending("\(length)")
      let bytes = (0..<length).map { UInt8($0) }
      try fileSystem.write(bytes, toNew: path)
      #expect(try fileSystem.read(path, limitInBytes: length) == bytes)
      for start in 0...length {
        for end in start...length {
          let range = Int64(start)..<Int64(end)
          #expect(try fileSystem.read(range, of: path) == Array(bytes[start..<end]))
        }
        expectFault(.shortRead) { () throws(FileFault) in
          _ = try fileSystem.read(Int64(start)..<Int64(length + 1), of: path)
        }
      }
      expectFault(.shortRead) { () throws(FileFault) in
        _ = try fileSystem.read(-1..<0, of: path)
      }
      for blockLength in 1...13 {
        var blocks: [[UInt8]] = []
        try fileSystem.readBlocks(of: path, lengthInBytes: blockLength) { block in
          blocks.append(block.withUnsafeBytes { Array($0) })
        }
        #expect(Array(blocks.joined()) == bytes)
        #expect(blocks.dropLast().allSatisfy { $0.count == blockLength })
        #expect(blocks.allSatisfy { !$0.isEmpty })
      }
    }
  }

  @Test("never writes over a file", arguments: fileSystems.indices)
  func writesNewFilesOnly(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let path = folder.appending("file")
    try fileSystem.write([1, 2], toNew: path)
    expectFault(.alreadyExists) { () throws(FileFault) in
      try fileSystem.write([3], toNew: path)
    }
    #expect(try fileSystem.read(path, limitInBytes: 9) == [1, 2])
    // Not even through a link that leads nowhere: that would create a file elsewhere.
    try makeLink(folder.appending("link"), to: folder.appending("elsewhere").string)
    expectFault(.alreadyExists) { () throws(FileFault) in
      try fileSystem.write([3], toNew: folder.appending("link"))
    }
    #expect(try !fileSystem.exists(folder.appending("elsewhere")))
  }

  @Test("adds at the end of a file", arguments: fileSystems.indices)
  func appends(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let path = try TemporaryDirectory().appending("file")
    let folder = try TemporaryDirectory()
    let file = folder.appending("file")
    try fileSystem.write([1], toNew: file)
    try fileSystem.append([2, 3], to: file)
    try fileSystem.append([UInt8](), to: file)
    #expect(try fileSystem.read(file, limitInBytes: 9) == [1, 2, 3])
    expectFault(.notFound) { () throws(FileFault) in try fileSystem.append([1], to: path) }
  }

  @Test("sets modes, and tells what stands at a path", arguments: fileSystems.indices)
  func tellsStatus(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let file = folder.appending("file")
    let start = SystemTimeSource().secondsSince1970
    try fileSystem.write([1, 2, 3], toNew: file)
    var status = try fileSystem.status(of: file)
    #expect(status.kind == .regular)
    #expect(status.sizeInBytes == 3)
    #expect(status.permissions == .newFile)
    // File systems keep time to the tick of the kernel's clock, at most 10 ms.
    #expect(abs(status.modifiedInSecondsSince1970 - start) < 5)
    try fileSystem.setPermissions(.sealed, of: file)
    status = try fileSystem.status(of: file)
    #expect(status.permissions.rawValue == 0o444)
    try fileSystem.createDirectory(folder.appending("folder"))
    try makeLink(folder.appending("link"), to: "nowhere")
    try makeFIFO(folder.appending("fifo"))
    let kinds = try ["folder", "link", "fifo"].map {
      try fileSystem.status(of: folder.appending($0)).kind
    }
    #expect(kinds == [.directory, .symbolicLink, .fifo])
    #expect(try fileSystem.status(of: "/dev/null").kind == .device)
    #expect(try fileSystem.exists(folder.appending("link")))
    #expect(try !fileSystem.exists(folder.appending("none")))
  }

  @Test("renames to free names only", arguments: fileSystems.indices)
  func renames(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let (first, second) = (folder.appending("first"), folder.appending("second"))
    try fileSystem.write([1], toNew: first)
    #expect(try fileSystem.rename(first, toNew: second) == .renamed)
    #expect(try fileSystem.contents(of: folder.path) == [second])
    try fileSystem.write([2], toNew: first)
    #expect(try fileSystem.rename(first, toNew: second) == .alreadyExists)
    #expect(try fileSystem.read(first, limitInBytes: 9) == [2])
    #expect(try fileSystem.read(second, limitInBytes: 9) == [1])
    try fileSystem.replace(second, with: first)
    #expect(try fileSystem.contents(of: folder.path) == [second])
    #expect(try fileSystem.read(second, limitInBytes: 9) == [2])
  }

  @Test("lists names by their bytes, whatever they are", arguments: fileSystems.indices)
  func lists(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    #expect(try fileSystem.contents(of: folder.path) == [])
    let names = ["b", "B", "é", "-rf", "a b", "..x", "\u{202e}x", "e\u{301}"]
    for name in names { try fileSystem.write([], toNew: folder.appending(name)) }
    // Not UTF-8 at all.
    let odd: [CChar] = [CChar(bitPattern: 0xff), CChar(bitPattern: 0x80), 0]
    let oddPath = folder.path.appending(FilePath(platformString: odd).components)
    try fileSystem.write([7], toNew: oddPath)
    let found = try fileSystem.contents(of: folder.path)
    let expected = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(found.dropLast() == ArraySlice(expected.map { folder.appending($0) }))
    #expect(found.last == oddPath)
    #expect(try fileSystem.read(oddPath, limitInBytes: 1) == [7])
    for path in found { try fileSystem.remove(path) }
    #expect(try fileSystem.contents(of: folder.path) == [])
  }

  @Test(
    "makes directories, syncs what exists, and knows the free space", arguments: fileSystems.indices
  )
  func directories(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let inner = folder.appending("inner")
    try fileSystem.createDirectory(inner)
    expectFault(.alreadyExists) { () throws(FileFault) in try fileSystem.createDirectory(inner) }
    try fileSystem.write([1], toNew: inner.appending("file"))
    try fileSystem.sync(inner.appending("file"))
    try fileSystem.syncDirectory(inner)
    expectFault(.notRegularFile) { () throws(FileFault) in try fileSystem.remove(inner) }
    expectFault(.notRegularFile) { () throws(FileFault) in try fileSystem.sync(inner) }
    #expect(try fileSystem.freeSpaceInBytes(at: folder.path) > 0)
  }

  @Test("reports missing paths by their code, in every call", arguments: fileSystems.indices)
  func missingPaths(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let none = folder.appending("none").appending("at all")
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.write([UInt8](), toNew: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.append([1], to: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.sync(none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.rename(none, toNew: folder.appending("x"))
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.replace(folder.appending("x"), with: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.syncDirectory(none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.createDirectory(none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.remove(none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.setPermissions(.sealed, of: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.contents(of: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.status(of: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.read(none, limitInBytes: 1)
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.read(0..<1, of: none)
    }
    expectFault(.notFound) { () throws(FileFault) in
      try fileSystem.readBlocks(of: none, lengthInBytes: 1) { (_: RawSpan) in }
    }
    expectFault(.notFound) { () throws(FileFault) in
      _ = try fileSystem.freeSpaceInBytes(at: none)
    }
    #expect(try fileSystem.contents(of: folder.path) == [])
  }

  @Test(
    "refuses links, FIFOs, devices and folders as files, without waiting",
    arguments: fileSystems.indices)
  func refusesOtherKinds(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    let target = folder.appending("target")
    try fileSystem.write([1, 2, 3], toNew: target)
    try makeLink(folder.appending("link"), to: "target")
    try makeFIFO(folder.appending("fifo"))
    for path in [folder.appending("link"), folder.appending("fifo"), "/dev/zero", folder.path] {
      expectFault(.notRegularFile) { () throws(FileFault) in
        _ = try fileSystem.read(path, limitInBytes: 9)
      }
      expectFault(.notRegularFile) { () throws(FileFault) in
        _ = try fileSystem.read(0..<1, of: path)
      }
      expectFault(.notRegularFile) { () throws(FileFault) in
        try fileSystem.readBlocks(of: path, lengthInBytes: 1) { (_: RawSpan) in }
      }
      expectFault(.notRegularFile) { () throws(FileFault) in try fileSystem.append([1], to: path) }
      expectFault(.notRegularFile) { () throws(FileFault) in try fileSystem.sync(path) }
      expectFault(.notRegularFile) { () throws(FileFault) in
        try fileSystem.setPermissions(.sealed, of: path)
      }
      expectFault(.notRegularFile) { () throws(FileFault) in
        _ = try PositionalReader(opening: path)
      }
    }
    #expect(try fileSystem.read(target, limitInBytes: 9) == [1, 2, 3])
    #expect(try fileSystem.status(of: target).permissions == .newFile)
  }

  @Test("reads nothing of a file that is longer than the limit", arguments: fileSystems.indices)
  func keepsTheLimit(which: Int) throws {
    let fileSystem = fileSystems[which].make()
    let folder = try TemporaryDirectory()
    // A terabyte of nothing, which takes no room on the disk.
    let large = folder.appending("large")
    let made = try ChildProcess.run("truncate", ["-s", "1T", large.string])
    try #require(made.status == 0, "\(made.errorText)")
    let fault = expectFault(.tooLarge) { () throws(FileFault) in
      _ = try fileSystem.read(large, limitInBytes: 1 << 20)
    }
    #expect(fault?.message.contains("it has 1.0 TiB, at most 1.0 MiB are expected") == true)
    #expect(try fileSystem.read(1 << 39..<1 << 39 + 3, of: large) == [0, 0, 0])
  }

  @Test("reports a lack of rights", .enabled(if: !isPrivileged, "the superuser may do anything"))
  func reportsLackOfRights() throws {
    let folder = try TemporaryDirectory()
    let inner = folder.appending("inner")
    let fileSystem = LocalFileSystem()
    try fileSystem.createDirectory(inner, permissions: [.ownerReadExecute])
    expectFault(.permission) { () throws(FileFault) in
      try fileSystem.write([1], toNew: inner.appending("file"))
    }
  }

  private static let isPrivileged: Bool = {
    do {
      return try ChildProcess.run("id", ["-u"]).outputText == "0\n"
    } catch {
      return false
    }
  }()
}
