import HDF5
import Testing

@Suite("A number read as another type")
struct ConversionTests {
  private static func dataset<T: H5.Element>(_ values: [T]) throws -> H5.Dataset {
    let image = try H5.File.image {
      try $0.createDataset("x", shape: [values.count], values: values)
      try $0.setAttribute("x", values)
    }
    return try H5.File.open(image: image).dataset("x")
  }

  /// Reads values of one type as another, and compares with what Swift says.
  private func check<From: H5.Element & BinaryInteger, To: H5.Element & BinaryInteger>(
    _ values: [From], as type: To.Type
  ) throws {
    for value in values {
      let image = try H5.File.image {
        try $0.createDataset("x", shape: [1], values: [value])
        try $0.setAttribute("x", value)
      }
      let file = try H5.File.open(image: image)
      if let expected = To(exactly: value) {
        #expect(try file.dataset("x").read(as: To.self) == [expected])
        #expect(try file.root.attribute("x").number(as: To.self) == expected)
      } else {
        expectFailure(.valueOutOfRange) { try file.dataset("x").read(as: To.self) }
        expectFailure(.valueOutOfRange) { try file.root.attribute("x").number(as: To.self) }
      }
    }
  }

  private func checkAll<From: H5.Element & FixedWidthInteger>(_ type: From.Type) throws {
    let values: [From] = [.min, .min + 1, 0, 1, 127, .max / 2 + 1, .max - 1, .max]
    try check(values, as: Int8.self)
    try check(values, as: Int16.self)
    try check(values, as: Int32.self)
    try check(values, as: Int64.self)
    try check(values, as: UInt8.self)
    try check(values, as: UInt16.self)
    try check(values, as: UInt32.self)
    try check(values, as: UInt64.self)
  }

  @Test("is exact or refused between all integer types")
  func integers() throws {
    try checkAll(Int8.self)
    try checkAll(Int16.self)
    try checkAll(Int32.self)
    try checkAll(Int64.self)
    try checkAll(UInt8.self)
    try checkAll(UInt16.self)
    try checkAll(UInt32.self)
    try checkAll(UInt64.self)
  }

  @Test("is refused as an integer if it is a fraction, infinite or no number")
  func floatsAsIntegers() throws {
    #expect(try Self.dataset([1.0, -3, 127]).read(as: Int8.self) == [1, -3, 127])
    for value in [0.5, 128, -129, .infinity, -.infinity, .nan, 1e300] {
      expectFailure(.valueOutOfRange) { try Self.dataset([value]).read(as: Int8.self) }
      let image = try H5.File.image { try $0.setAttribute("x", value) }
      let root = try H5.File.open(image: image).root
      expectFailure(.valueOutOfRange) { try root.attribute("x").number(as: Int8.self) }
    }
  }

  @Test("is rounded as a float, and infinite beyond its range")
  func asFloats() throws {
    let doubles = [0.1, -0.0, 1e300, -1e300, .infinity, 1e-60]
    let found = try Self.dataset(doubles).read(as: Float.self)
    #expect(bytes(of: found) == bytes(of: doubles.map { Float($0) }))
    #expect(try Self.dataset([Double.nan]).read(as: Float.self)[0].isNaN)
    let integers = [Int64.max, 16_777_217, -1]
    #expect(try Self.dataset(integers).read(as: Float.self) == integers.map { Float($0) })
    #expect(try Self.dataset(integers).read(as: Double.self) == integers.map { Double($0) })
  }
}
