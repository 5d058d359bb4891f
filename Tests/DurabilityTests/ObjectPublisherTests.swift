import Durability
import Randomness
import SystemPackage
import TestSupport
import Testing

@Suite("A published object", .timeLimit(.minutes(1)))
struct ObjectPublisherTests {
  private let root: TemporaryDirectory
  private let disk = LocalFileSystem()

  init() throws {
    root = try TemporaryDirectory()
    try ObjectPublisher(root: root.path, on: LocalFileSystem()).createFolders()
  }

  @Test("has the name of its hash, all its bytes, and a mode that forbids writing")
  func isWhole() throws {
    let publisher = ObjectPublisher(root: root.path, on: disk)
    for length in [0, 1, 4095, 4096, 100_000] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      let object = try publisher.publish(bytes, fileExtension: "h5", temporaryName: "7-\(length)")
      let hexText = ContentHash(of: bytes).hexText
      #expect(object.hash.hexText == hexText)
      #expect(object.sizeInBytes == Int64(length))
      #expect(object.outcome == .written)
      #expect(object.path == root.appending("objects/\(hexText.prefix(2))/\(hexText).h5"))
      #expect(object.path == publisher.path(of: object.hash, fileExtension: "h5"))
      #expect(try disk.read(object.path, limitInBytes: length) == bytes)
      #expect(try disk.status(of: object.path).permissions.rawValue == 0o444)
    }
    #expect(try disk.contents(of: publisher.temporaryFolder) == [])
  }

  @Test("is made by exactly these steps, in this order")
  func stepsAreInOrder() throws {
    let recorder = RecordingFileSystem()
    let publisher = ObjectPublisher(root: root.path, on: recorder)
    let object = try publisher.publish([1, 2, 3], fileExtension: "h5", temporaryName: "t")
    let temporary = root.appending("tmp/t")
    let folder = object.path.removingLastComponent()
    let steps: [FileOperation] = [
      .write(temporary, bytes: [1, 2, 3], permissions: .newFile),
      .setPermissions(temporary, permissions: .sealed),
      .sync(temporary),
      .createDirectory(folder, permissions: .newDirectory),
      .rename(temporary, to: object.path),
      .syncDirectory(folder),
      .syncDirectory(root.appending("objects")),
    ]
    #expect(recorder.operations == steps)
  }

  @Test("is kept once, however often it is published")
  func isKeptOnce() throws {
    let publisher = ObjectPublisher(root: root.path, on: disk)
    let first = try publisher.publish([1, 2, 3], fileExtension: "h5", temporaryName: "1")
    let before = try disk.status(of: first.path)
    let second = try publisher.publish([1, 2, 3], fileExtension: "h5", temporaryName: "2")
    #expect(second.outcome == .alreadyPresent)
    #expect(second.path == first.path)
    #expect(second.hash == first.hash)
    #expect(try disk.status(of: first.path) == before)
    #expect(try disk.contents(of: publisher.temporaryFolder) == [])
    // Another extension is another object: a model is no shard.
    let model = try publisher.publish(
      [1, 2, 3], fileExtension: "safetensors", temporaryName: "3")
    #expect(model.outcome == .written)
  }

  @Test("is never taken to be there because something else is", arguments: 0..<4)
  func noticesDamage(kind: Int) throws {
    let publisher = ObjectPublisher(root: root.path, on: disk)
    let bytes: [UInt8] = [1, 2, 3]
    let target = publisher.path(of: ContentHash(of: bytes), fileExtension: "h5")
    try disk.createDirectory(target.removingLastComponent())
    let elsewhere = root.appending("elsewhere")
    try disk.write(bytes, toNew: elsewhere)
    let code: FileFault.Code
    switch kind {
    case 0:
      try disk.write([1, 2, 4], toNew: target)
      code = .damaged
    case 1:
      try disk.write([1, 2], toNew: target)
      code = .damaged
    case 2:
      // A link, even one to the right bytes.
      try makeLink(target, to: elsewhere.string)
      code = .notRegularFile
    default:
      try makeFIFO(target)
      code = .notRegularFile
    }
    let before = try disk.status(of: target)
    expectFault(code) { () throws(FileFault) in
      _ = try publisher.publish(bytes, fileExtension: "h5", temporaryName: "t")
    }
    #expect(try disk.status(of: target) == before)
    #expect(try disk.contents(of: publisher.temporaryFolder) == [])
    #expect(try disk.read(elsewhere, limitInBytes: 9) == bytes)
  }

  @Test("never lands outside the store through a link in place of its folder")
  func staysInside() throws {
    let publisher = ObjectPublisher(root: root.path, on: disk)
    let outside = try TemporaryDirectory()
    let target = publisher.path(of: ContentHash(of: [1]), fileExtension: "h5")
    try makeLink(target.removingLastComponent(), to: outside.path.string)
    let fault = expectFault(.other) { () throws(FileFault) in
      _ = try publisher.publish([1], fileExtension: "h5", temporaryName: "t")
    }
    #expect(fault?.message.contains("it is a symbolic link, a directory is expected") == true)
    #expect(try disk.contents(of: outside.path) == [])
    #expect(try disk.contents(of: publisher.temporaryFolder) == [])
  }

  @Test("leaves a temporary file alone that belongs to somebody else")
  func respectsForeignTemporaries() throws {
    let publisher = ObjectPublisher(root: root.path, on: disk)
    let temporary = publisher.temporaryFolder.appending("t")
    try disk.write([9], toNew: temporary)
    expectFault(.alreadyExists) { () throws(FileFault) in
      _ = try publisher.publish([1], fileExtension: "h5", temporaryName: "t")
    }
    #expect(try disk.read(temporary, limitInBytes: 9) == [9])
    #expect(try disk.contents(of: publisher.objectFolder) == [])
  }

  @Test("needs folders, which are made once and found again")
  func makesFolders() throws {
    let bare = try TemporaryDirectory()
    let recorder = RecordingFileSystem()
    let publisher = ObjectPublisher(root: bare.path, on: recorder)
    expectFault(.notFound) { () throws(FileFault) in
      _ = try publisher.publish([1], fileExtension: "h5", temporaryName: "t")
    }
    try publisher.createFolders()
    try publisher.createFolders()
    #expect(recorder.operations.last == .syncDirectory(bare.path))
    _ = try publisher.publish([1], fileExtension: "h5", temporaryName: "t")
  }

  @Test("may have random content, in any order")
  func randomContents() {
    SeededCases.check(randomCount: 30) { generator in
      (0..<5).map { _ in
        (0..<generator.nextIndex(below: 3)).map { _ in UInt8(generator.nextIndex(below: 2)) }
      }
    } _: { contents in
      let root = try TemporaryDirectory()
      let publisher = ObjectPublisher(root: root.path, on: disk)
      try publisher.createFolders()
      var known: Set<[UInt8]> = []
      for (index, bytes) in contents.enumerated() {
        let object = try publisher.publish(
          bytes, fileExtension: "h5", temporaryName: "\(index)")
        #expect((object.outcome == .written) == known.insert(bytes).inserted)
      }
      for bytes in known {
        let path = publisher.path(of: ContentHash(of: bytes), fileExtension: "h5")
        #expect(try disk.read(path, limitInBytes: 9) == bytes)
      }
    }
  }

  @Test("cannot be asked for with a name that is a path")
  func refusesPathsAsNames() async {
    await #expect(processExitsWith: .failure) {
      let publisher = ObjectPublisher(root: "/nowhere", on: LocalFileSystem())
      _ = try publisher.publish([1], fileExtension: "h5", temporaryName: "../t")
    }
    await #expect(processExitsWith: .failure) {
      let publisher = ObjectPublisher(root: "/nowhere", on: LocalFileSystem())
      _ = try publisher.publish([1], fileExtension: "h5/../x", temporaryName: "t")
    }
  }
}
