import Dispatch
import Durability
import Randomness
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite("A positional reader")
struct PositionalReaderTests {
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func file(_ bytes: [UInt8]) throws -> FilePath {
    let path = folder.appending("\(bytes.count)")
    try LocalFileSystem().write(bytes, toNew: path, permissions: .sealed)
    return path
  }

  @Test("reads and maps every range of small files, and no range beyond")
  func readsEveryRange() throws {
    for length in 0..<8 {
      let bytes = (0..<length).map { UInt8(200 + $0) }
      let reader = try PositionalReader(opening: try file(bytes))
      let mapped = try reader.mapped()
      #expect(reader.sizeInBytes == Int64(length))
      #expect(mapped.sizeInBytes == Int64(length))
      for start in -2...(length + 2) {
        for end in start...(length + 3) {
          let range = Int64(start)..<Int64(end)
          if start >= 0 && end <= length {
            let expected = Array(bytes[start..<end])
            #expect(try reader.read(range) == expected)
            var filled = [UInt8](repeating: 0, count: end - start)
            try filled.withUnsafeMutableBytes { try reader.read(at: Int64(start), into: $0) }
            #expect(filled == expected)
            #expect(
              try mapped.withBytes(range) { $0.withUnsafeBytes { Array($0) } } == expected)
          } else {
            expectFault(.shortRead) { () throws(FileFault) in _ = try reader.read(range) }
            expectFault(.shortRead) { () throws(FileFault) in
              try mapped.withBytes(range) { (_: RawSpan) in }
            }
          }
        }
      }
      for offset in [Int64.min, -1, Int64.max, Int64(length)] {
        var buffer: [UInt8] = [0, 0]
        #expect(throws: FileFault.self) {
          try buffer.withUnsafeMutableBytes { try reader.read(at: offset, into: $0) }
        }
      }
    }
  }

  @Test("serves many threads at once")
  func servesManyThreads() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let reader = try PositionalReader(opening: try file(bytes))
    let wrongCount = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      var generator = Seed(5).child(index).generator()
      for _ in 0..<50 {
        let start = generator.nextIndex(below: bytes.count)
        let end = start + generator.nextIndex(below: bytes.count - start + 1)
        do {
          let found = try reader.read(Int64(start)..<Int64(end))
          if found != Array(bytes[start..<end]) { wrongCount.withLock { $0 += 1 } }
        } catch {
          wrongCount.withLock { $0 += 1 }
        }
      }
    }
    #expect(wrongCount.withLock { $0 } == 0)
  }

  @Test("reports a file that was cut off after it was opened")
  func reportsCutFiles() throws {
    let path = folder.appending("cut")
    try LocalFileSystem().write([1, 2, 3, 4], toNew: path)
    let reader = try PositionalReader(opening: path)
    let cut = try ChildProcess.run("truncate", ["-s", "2", path.string])
    try #require(cut.status == 0)
    #expect(try reader.read(0..<2) == [1, 2])
    let fault = expectFault(.shortRead) { () throws(FileFault) in _ = try reader.read(1..<4) }
    #expect(fault?.message.contains("ends at byte 2") == true)
  }

  @Test("keeps its file although the name is removed or replaced")
  func keepsItsFile() throws {
    let path = folder.appending("kept")
    try LocalFileSystem().write([1, 2, 3], toNew: path)
    let reader = try PositionalReader(opening: path)
    let mapped = try reader.mapped()
    try LocalFileSystem().remove(path)
    try LocalFileSystem().write([9], toNew: path)
    #expect(try reader.read(0..<3) == [1, 2, 3])
    #expect(try mapped.withBytes(2..<3) { $0.unsafeLoad(fromByteOffset: 0, as: UInt8.self) } == 3)
  }
}
