import Foundation
import HDF5
import SystemPackage
import Testing

@Suite("Opening a file")
struct OpeningTests {
  @Test("works for a sealed file that nobody may write")
  func sealedFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.h5").path
    try Data(try sampleImage()).write(to: folder.file("x.h5"))
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    let before = try Data(contentsOf: folder.file("x.h5"))
    for limits in [H5.Limits.standard, .trusted] {
      let file = try H5.File.open(FilePath(path), limits: limits)
      #expect(readEverything(in: file).map(\.code).allSatisfy { $0 != .library })
      #expect(try file.dataset("group/packed").read(.rows(39..<40), as: Int.self)[5] == 239_000)
    }
    #expect(try Data(contentsOf: folder.file("x.h5")) == before)
    // Twice at once: a reader does not lock out a reader.
    let both = (try H5.File.open(FilePath(path)), try H5.File.open(FilePath(path)))
    #expect(try both.0.root.children() == both.1.root.children())
  }

  @Test("says what is wrong with what is no HDF5 file")
  func noFile() throws {
    let folder = try TemporaryFolder()
    func open(_ name: String) throws -> H5.File {
      try H5.File.open(FilePath(folder.file(name).path))
    }
    expectFailure(.fileMissing) { try open("none.h5") }
    expectFailure(.fileUnreadable) { try H5.File.open(FilePath(folder.url.path)) }
    expectFailure(.fileUnreadable) { try open(String(repeating: "x", count: 300)) }
    for (name, contents) in [("empty", ""), ("short", "\u{89}HDF"), ("text", "a,b\n1,2\n")] {
      try Data(contents.utf8).write(to: folder.file(name))
      expectFailure(.notHDF5) { try open(name) }
      expectFailure(.notHDF5) { try H5.File.open(image: Array(contents.utf8)) }
    }
  }

  @Test("finds a file behind a user block")
  func userBlock() throws {
    let image = [UInt8](repeating: 0x20, count: 512) + (try sampleImage())
    // The superblock would have to say so; libhdf5 finds it all the same.
    let file = try H5.File.open(image: image)
    #expect(try file.dataset("names").readStrings() == ["one", "two", "three"])
  }

  @Test(
    "refuses a file that another process is writing",
    .enabled(if: Python.hasH5py, Python.missing), .timeLimit(.minutes(1)))
  func liveWriter() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.h5").path
    let writer = Process()
    let (input, output) = (Pipe(), Pipe())
    writer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    writer.arguments = [
      "python3", "-c",
      """
      import h5py, sys
      f = h5py.File(sys.argv[1], "w")
      f["x"] = [1, 2]
      f.flush()
      print("ready", flush=True)
      sys.stdin.read()
      f.close()
      """, path,
    ]
    writer.standardInput = input
    writer.standardOutput = output
    try writer.run()
    #expect(try output.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
    expectFailure(.beingWritten) { try H5.File.open(FilePath(path)) }
    try input.fileHandleForWriting.close()
    writer.waitUntilExit()
    #expect(writer.terminationStatus == 0)
    #expect(try H5.File.open(FilePath(path)).dataset("x").read(as: Int.self) == [1, 2])
  }

  @Test("never lets libhdf5 load code, and prints nothing")
  func noPlugins() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      #expect(!H5.mayLoadPlugins)
      expectFailure(.truncated) { try H5.File.open(image: Array(try sampleImage().dropLast(9))) }
      await withTaskGroup { group in
        for _ in 0..<8 {
          group.addTask {
            expectFailure(.objectMissing) {
              try H5.File.open(image: try sampleImage()).dataset("none")
            }
          }
        }
      }
    }
    let printed = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(!printed.contains("HDF5-DIAG"))
    #expect(H5.libraryVersion.hasPrefix("1."))
  }

  @Test("leaves no handle open, whether it succeeds or fails")
  func closesHandles() async {
    await #expect(processExitsWith: .success) {
      _ = readEverything(in: try H5.File.open(image: try sampleImage()))
      let before = H5.openHandleCount
      for cut in stride(from: 0, to: try sampleImage().count, by: 97) {
        var image = try sampleImage()
        _ = readEverything(in: try H5.File.open(image: image))
        image.removeLast(cut + 1)
        do { _ = try H5.File.open(image: image) } catch is H5.Failure {}
      }
      do {
        let kept = try H5.File.open(image: try sampleImage()).dataset("names")
        #expect(H5.openHandleCount > before)
        // The dataset keeps its file open.
        #expect(try kept.readStrings().count == 3)
      }
      #expect(H5.openHandleCount == before)
    }
  }

  @Test("and reading works from many threads at once")
  func threads() async throws {
    let image = try sampleImage()
    let expected = (0..<240).map { Float($0) / 7 }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<64 {
        group.addTask {
          let file = try H5.File.open(image: image)
          guard try file.dataset("group/plain").read(as: Float.self) == expected else {
            return false
          }
          let built = try H5.File.image { root in
            try root.createDataset("x", shape: [3], values: [index, index + 1, index + 2])
          }
          return try H5.File.open(image: built).dataset("x").read(as: Int.self)[2] == index + 2
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}
