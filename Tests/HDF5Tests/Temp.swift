import HDF5
import Testing
import Foundation
import Randomness
@Suite(.serialized) struct Temp {
@Test func handles() throws {
      _ = readEverything(in: try H5.File.open(image: try sampleImage()))
      let before = H5.openHandleCount
      print("before", before)
      for cut in stride(from: 0, to: try sampleImage().count, by: 97) {
        let b1 = H5.openHandleCount
        var image = try sampleImage()
        let b2 = H5.openHandleCount
        _ = readEverything(in: try H5.File.open(image: image))
        let b3 = H5.openHandleCount
        image.removeLast(cut + 1)
        do { _ = try H5.File.open(image: image) } catch is H5.Failure {}
        let b4 = H5.openHandleCount
        if b4 != b1 { print(cut, b1, b2, b3, b4) }
      }
      do {
        let kept = try H5.File.open(image: try sampleImage()).dataset("names")
        print(H5.openHandleCount)
        // The dataset keeps its file open.
        #expect(try kept.readStrings().count == 3)
      }
      print(H5.openHandleCount)
}
@Test func changed() throws {
  let original = try sampleImage()
  let s0 = Int(ProcessInfo.processInfo.environment["START"] ?? "0")!
    for seed in s0..<60000 {
      try "\(seed)".write(toFile: "/tmp/flip/last", atomically: false, encoding: .utf8)
      var generator = Seed(UInt64(seed)).child("damage").generator()
      var bytes = original
      for _ in 0..<(1 + generator.nextIndex(below: 8)) {
        bytes[generator.nextIndex(below: bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      let t = ContinuousClock.now
      do throws(H5.Failure) {
        let f = readEverything(in: try H5.File.open(image: bytes))
        if ContinuousClock.now - t > .milliseconds(300) { print(seed, ContinuousClock.now - t, f.map { "\($0.code) \($0.message.prefix(120))" }) }
      } catch {
        if ContinuousClock.now - t > .milliseconds(300) { print(seed, ContinuousClock.now - t, error) }
        continue
      }
    }
}
}
