import Foundation
import HDF5
import Randomness
import SystemPackage
import Testing

@Suite("A damaged file", .timeLimit(.minutes(3)))
struct DamageTests {
  @Test("is known to be cut, at whatever byte")
  func truncated() throws {
    let image = try sampleImage()
    for length in 0..<image.count {
      let code = length < 8 ? H5.Failure.Code.notHDF5 : .truncated
      expectFailure(code) { try H5.File.open(image: Array(image[..<length])) }
    }
  }

  @Test("is known to be cut on a disk too")
  func truncatedOnDisk() throws {
    let folder = try TemporaryFolder()
    let image = try sampleImage()
    for length in stride(from: 8, to: image.count, by: 509) {
      try Data(image[..<length]).write(to: folder.file("x.h5"))
      expectFailure(.truncated) { try H5.File.open(FilePath(folder.file("x.h5").path)) }
    }
  }

  /// Changes 1 to 8 bytes of a file and reads everything. Ends with 77, after printing each seed.
  static func readChanged(_ original: [UInt8], seeds: some Sequence<Int>) {
    for seed in seeds {
      print("seed", seed)
      fflush(nil)
      var generator = Seed(UInt64(seed)).child("damage").generator()
      var bytes = original
      for _ in 0..<(1 + generator.nextIndex(below: 8)) {
        bytes[generator.nextIndex(below: bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      do throws(H5.Failure) {
        _ = readEverything(in: try H5.File.open(image: bytes))
      } catch {
        continue
      }
    }
    exit(77)
  }

  @Test("with random bytes changed, in the format that we write, is read or refused")
  func changedBytes() async {
    await #expect(processExitsWith: .exitCode(77)) {
      // The last one leaves less of a chunk than its checksum: libhdf5 would read outside memory.
      DamageTests.readChanged(try sampleImage(), seeds: Array(0..<4_000) + [25_233])
    }
  }

  @Test(
    "with random bytes changed, in a newer format, at worst ends the process that reads it",
    .enabled(if: Python.hasH5py, Python.missing))
  func changedBytesInNewerFormat() async throws {
    let folder = try TemporaryFolder()
    _ = try Python.runTool("make_hdf5_foreign.py", [folder.url.path])
    let path = folder.file("others_latest.h5").path
    let total = 1_000
    var (next, ends): (Int, [Int: Int]) = (0, [:])
    while next < total {
      let (first, last) = (next, total)
      let result = await #expect(
        processExitsWith: .failure, observing: [\.exitStatus, \.standardOutputContent]
      ) { [path = path as String, first = first as Int, last = last as Int] in
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        DamageTests.readChanged(bytes, seeds: first..<last)
      }
      let ended = try #require(result)
      if ended.exitStatus == .exitCode(77) { break }
      guard case .signal(let number) = ended.exitStatus else {
        Issue.record("The reading process ended with \(ended.exitStatus).")
        break
      }
      // libhdf5 1.10 crashes by itself (SIGSEGV, SIGABRT, SIGBUS, SIGFPE). A Swift trap (SIGILL,
      // SIGTRAP) would be ours.
      #expect(![SIGILL, SIGTRAP].contains(number), "seed after \(first)")
      ends[Int(number), default: 0] += 1
      let printed = String(decoding: ended.standardOutputContent, as: UTF8.self)
      let seeds = printed.split(separator: "\n").filter { $0.hasPrefix("seed ") }
      let seed = try #require(seeds.last.flatMap { Int($0.dropFirst(5)) })
      next = seed + 1
    }
    let crashes = ends.values.reduce(0, +)
    print("libhdf5 \(H5.libraryVersion) crashed for \(crashes) of \(total) changed files: \(ends)")
    #expect(crashes < total / 10)
  }
}
