import Testing
import HDF5
import Randomness
import SystemPackage
import Foundation

func sample() throws -> [UInt8] {
  try H5.File.image { root in
    try root.setAttribute("rate", 50.0)
    try root.setAttribute("names", ["a", "bb", "µ"])
    let g = try root.createGroup("g")
    try g.createDataset("x", shape: [40, 6], values: (0..<240).map { Float($0) })
    try g.createDataset("z", shape: [40, 6], values: (0..<240).map { Int32($0) }, chunk: [16, 6], filters: [.shuffle, .deflate(level: 1), .fletcher32])
    try root.createDataset("s", shape: [3], values: ["one", "two", "three"])
    try root.createSoftLink("soft", to: "/g/x")
    try root.createHardLink("hard", to: g)
  }
}
func readAll(_ bytes: [UInt8]) throws(H5.Failure) {
  let file = try H5.File.open(image: bytes)
  try file.root.walk { (v) throws(H5.Failure) in
    let object: H5.Object
    switch v { case .group(let g): object = g; case .dataset(let d): object = d
      if d.elementType.isNumeric { _ = try d.read(as: Double.self); _ = try d.read(as: Int8.self) } else { _ = try d.readStrings() }
      if d.chunkShape != nil { for c in try d.chunks() { _ = try d.readRawChunk(at: c.corner) } }
    default: return }
    for n in try object.attributeNames() { let a = try object.attribute(n); if a.elementType.isString { _ = try a.strings() } else { _ = try a.numbers(as: Float.self) } }
  }
}
@Test func truncations() throws {
  let bytes = try sample()
  print("size", bytes.count, "lib", H5.libraryVersion, H5.mayLoadPlugins)
  var counts: [String: Int] = [:]
  for n in 0..<bytes.count {
    do throws(H5.Failure) { try readAll(Array(bytes[..<n])); counts["ok", default: 0] += 1; print("ok at", n) } catch { 
      counts["\(error.code)", default: 0] += 1
      if error.code == .library, counts["library"]! < 200, counts["library"]! % 10 == 0 { print(n, error.message) } }
  }
  print(counts); fflush(stdout)
}
@Test func flips() throws {
  let bytes = try sample()
  var counts: [String: Int] = [:]
  for s in Int(ProcessInfo.processInfo.environment["START"] ?? "0")!..<5000 {
    var g = Seed(UInt64(s)).generator()
    var b = bytes
    for _ in 0..<(1 + g.nextIndex(below: 8)) { b[g.nextIndex(below: b.count)] = UInt8(truncatingIfNeeded: g.next()) }
    try? FileManager.default.createDirectory(atPath: "/tmp/flip", withIntermediateDirectories: true)
    try "\(s)".write(toFile: "/tmp/flip/last", atomically: false, encoding: .utf8)
    do throws(H5.Failure) { try readAll(b); counts["ok", default: 0] += 1 } catch { counts["\(error.code)", default: 0] += 1 }
  }
  print(counts); fflush(stdout)
}
