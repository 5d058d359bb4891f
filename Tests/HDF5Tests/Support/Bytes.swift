import HDF5
import Randomness

/// The bytes of numbers, for comparisons that tell each not-a-number and each zero apart.
func bytes<T: BitwiseCopyable>(of values: [T]) -> [UInt8] {
  values.withUnsafeBytes { Array($0) }
}

/// The checksum of zip and PNG files (ISO 3309), as Python's zlib.crc32 computes it.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    return value
  }
  var register = ~UInt32(0)
  for byte in bytes {
    let index = Int((register ^ UInt32(byte)) & 0xFF)
    register = table[index] ^ (register >> 8)
  }
  return ~register
}

extension SeededGenerator {
  /// Numbers of which every bit is random, not-a-number and infinity among them.
  mutating func values<T: H5.Element>(_ count: Int, as type: T.Type) -> [T] {
    let words = (0..<count).map { _ in next() }
    return words.map { word in
      withUnsafeBytes(of: word) { $0.loadUnaligned(as: T.self) }
    }
  }
}

/// Runs a generic test body for a number type.
protocol TypedBody {
  func run<T: H5.Element>(_ type: T.Type) throws
}

extension H5.NumericType {
  func run(_ body: some TypedBody) throws {
    switch self {
    case .int8: try body.run(Int8.self)
    case .int16: try body.run(Int16.self)
    case .int32: try body.run(Int32.self)
    case .int64: try body.run(Int64.self)
    case .uint8: try body.run(UInt8.self)
    case .uint16: try body.run(UInt16.self)
    case .uint32: try body.run(UInt32.self)
    case .uint64: try body.run(UInt64.self)
    case .float32: try body.run(Float.self)
    case .float64: try body.run(Double.self)
    }
  }
}

/// All shapes with `rank` axes of 0 to 3 places.
func smallShapes(rank: Int) -> [[Int]] {
  (0..<rank).reduce([[]]) { shapes, _ in shapes.flatMap { shape in (0...3).map { shape + [$0] } } }
}
