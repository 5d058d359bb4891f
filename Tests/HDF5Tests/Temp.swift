import HDF5
import Testing
import Foundation
import Randomness
import SystemPackage
@Suite(.serialized) struct Temp {
@Test func speed() throws {
  let n = 20_000, w = 24 * 113
  let clock = ContinuousClock()
  func show(_ s: String, _ count: Int, _ b: () throws -> Void) rethrows { let t = try clock.measure(b); let sec = Double(t.components.attoseconds) * 1e-18 + Double(t.components.seconds); print(s, Int(Double(count) / sec), "/s", sec, "s") }
  var g = Seed(3).generator()
  let values = (0..<n * w).map { _ in Float(Int16(truncatingIfNeeded: g.next() >> 50)) }
  for (name, chunk, filters) in [("contiguous", nil, []), ("chunk1", [1, 24, 113], []), ("chunk64 gzip", [64, 24, 113], [H5.Filter.shuffle, .deflate(level: 1)])] as [(String, [Int]?, [H5.Filter])] {
    var image: [UInt8] = []
    try show("\(name) build", 1) { image = try H5.File.image { root in try root.createDataset("x", shape: [n, 24, 113], values: values, chunk: chunk, filters: filters) } }
    try Data(image).write(to: URL(fileURLWithPath: "/tmp/flip/speed.h5"))
    print(name, image.count)
    for (word, limits) in [("trusted", H5.Limits.trusted), ("standard", .standard)] {
      let d = try H5.File.open("/tmp/flip/speed.h5", limits: limits).dataset("x")
      var buffer = [Float](repeating: 0, count: w)
      let m = filters.isEmpty ? n : 1000
      var order = (0..<m).map { $0 * (n / m) }
      Permutation.shuffle(&order, seed: Seed(1))
      for _ in 0..<2 {
        try show("\(name) \(word) rows", m) { for i in order { try buffer.withUnsafeMutableBufferPointer { try d.read(.rows(i..<i + 1), into: $0) } } }
      }
      var big = [Float](repeating: 0, count: w * 64)
      try show("\(name) \(word) 64 rows sequential, examples", n / 64 * 64) { for i in 0..<n / 64 { try big.withUnsafeMutableBufferPointer { try d.read(.rows(i * 64..<i * 64 + 64), into: $0) } } }
      if let c = chunk, c[0] == 1 {
        try show("raw chunk", n) { for i in order { _ = try d.readRawChunk(at: [i, 0, 0]) } }
      }
    }
  }
}
}
