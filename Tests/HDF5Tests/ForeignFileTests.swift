import Foundation
import HDF5
import SystemPackage
import Testing

/// Compares what we find in a file with what h5py finds.
struct Comparison {
  private struct Numbers: TypedBody {
    let read: ([UInt8], Double?) -> Void
    let dataset: H5.Dataset?
    let member: String?
    let attribute: H5.Attribute?

    func run<T: H5.Element>(_ type: T.Type) throws {
      let values: [T]
      if let attribute {
        values = try attribute.numbers(as: T.self)
      } else if let dataset, let member {
        values = try dataset.read(member: member, as: T.self)
      } else if let dataset {
        values = try dataset.read(as: T.self)
      } else {
        values = []
      }
      let sum = values.reduce(0.0) { sum, value in
        sum
          + ((value as? any BinaryInteger).map { Double($0) }
            ?? (value as? any BinaryFloatingPoint).map { Double($0) } ?? .nan)
      }
      read(bytes(of: values), sum)
    }
  }

  private static let types: [String: H5.NumericType] = [
    "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16,
    "u4": .uint32, "u8": .uint64, "f4": .float32, "f8": .float64,
  ]

  /// How many values were compared.
  private(set) var count = 0

  mutating func compare(_ file: H5.File, with listed: [String: ListedObject]) throws {
    for (path, expected) in listed.sorted(by: { $0.key < $1.key }) {
      switch expected.kind {
      case "group": try compare(file.group(path), path, expected.attributes)
      case "dataset":
        let dataset = try file.dataset(path)
        try compare(dataset, path, expected.attributes)
        guard let shape = expected.shape else { continue }
        #expect(dataset.shape == shape, "\(path)")
        // Bit fields are numbers to h5py; to us they are not.
        guard dataset.elementType.kind != .bitfield else { continue }
        try compare(path, expected.value, dataset, nil, nil)
        for (name, value) in expected.members ?? [:] {
          try compare("\(path).\(name)", value, dataset, name, nil)
        }
      default: expectFailure(.wrongKind) { try file.dataset(path) }
      }
    }
  }

  private mutating func compare(
    _ object: H5.Object, _ path: String, _ expected: [String: ListedValue]
  ) throws {
    for (name, value) in expected {
      let attribute = try object.attribute(name)
      #expect(attribute.shape == value.shape, "\(path)@\(name)")
      try compare("\(path)@\(name)", value, nil, nil, attribute)
    }
  }

  private mutating func compare(
    _ subject: String, _ expected: ListedValue, _ dataset: H5.Dataset?, _ member: String?,
    _ attribute: H5.Attribute?
  ) throws {
    if let strings = expected.strings {
      count += 1
      let found: [String]? =
        if let member { try dataset?.readStrings(member: member) } else {
          try attribute?.strings() ?? dataset?.readStrings()
        }
      #expect(found == strings, "\(subject)")
    }
    guard let checksum = expected.crc32, let name = expected.type else { return }
    count += 1
    let type = try #require(Self.types[name])
    try type.run(
      Numbers(
        read: { bytes, sum in
          #expect(crc32(bytes) == checksum, "\(subject) as \(name)")
          guard let sum, let expectedSum = expected.sum, type.isInteger else { return }
          #expect(abs(sum - expectedSum) <= 1e-9 * abs(expectedSum), "\(subject)")
        }, dataset: dataset, member: member, attribute: attribute))
  }
}

@Suite("A file written by h5py", .enabled(if: Python.hasH5py, Python.missing))
struct ForeignFileTests {
  @Test("is read bit by bit as h5py reads it, in the earliest and a newer format")
  func bitEqual() throws {
    let folder = try TemporaryFolder()
    _ = try Python.runTool("make_hdf5_foreign.py", [folder.url.path])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(names.count == 6)
    let files = names.map(folder.file)
    let listing = try ListedObject.listing(of: files)
    var comparison = Comparison()
    for file in files {
      let opened = try H5.File.open(FilePath(file.path))
      try comparison.compare(opened, with: try #require(listing[file.path]))
      #expect(try opened.root.datasetPaths().count >= 5)
    }
    #expect(comparison.count > 300)
    for version in ["earliest", "latest"] {
      try checkOthers(try H5.File.open(FilePath(folder.file("others_\(version).h5").path)))
      try checkStrings(try H5.File.open(FilePath(folder.file("strings_\(version).h5").path)))
      try checkNumbers(try H5.File.open(FilePath(folder.file("numbers_\(version).h5").path)))
    }
  }

  private func checkNumbers(_ file: H5.File) throws {
    #expect(try file.dataset("half").read(as: Float.self)[0...2] == [1.5, 0, .infinity])
    #expect(try file.dataset("half").read(as: Float.self)[1].sign == .minus)
    #expect(try file.dataset("half").elementType.description == "float16")
    #expect(try file.dataset("big/i4/packed").elementType.description == "big-endian int32")
    #expect(try file.dataset("big/i4/packed").elementType.byteOrder == .bigEndian)
    #expect(try file.dataset("little/u2/packed").elementType.kind == .integer(isSigned: false))
    let packed = try file.dataset("little/f8/packed")
    #expect(packed.filters == [.shuffle, .deflate(level: 4), .fletcher32])
    #expect(packed.chunkShape == [16, 2])
    #expect(try packed.chunkCount() == 10)
    #expect(try file.dataset("filled").read(as: Float.self) == Array(repeating: 7.5, count: 10))
  }

  private func checkStrings(_ file: H5.File) throws {
    #expect(try file.dataset("variable").elementType.kind == .variableString(isUTF8: true))
    #expect(
      try file.dataset("spaces").elementType.kind == .fixedString(padding: .spaces, isUTF8: false))
    #expect(try file.dataset("zero").readStrings() == ["ab    ", "abc"])
    #expect(try file.dataset("variable").readStrings(.rows(2..<3)) == ["\u{b5}m"])
    let nothing = try file.root.attribute("nothing")
    #expect(nothing.shape == [0])
    #expect(try nothing.numbers(as: Float.self) == [])
  }

  private func checkOthers(_ file: H5.File) throws {
    let table = try file.dataset("table")
    #expect(table.elementType.members.map(\.name) == ["time", "label", "count", "vector", "text"])
    #expect(try table.read(member: "time", .rows(1..<3), as: Float.self) == [1.5, 2.5])
    #expect(try table.read(member: "vector", as: Int.self) == Array(0..<12))
    #expect(try table.read(member: "vector", .rows(2..<3), as: Float.self) == [6, 7, 8])
    #expect(try table.readStrings(member: "label") == ["blip", "", "chirp", "scratc"])
    #expect(try table.readStrings(member: "text", .rows(1..<4)) == ["two", "", "four"])
    expectFailure(.attributeMissing) { try table.read(member: "none", as: Int.self) }
    expectFailure(.wrongType) { try table.read(member: "label", as: Int.self) }
    expectFailure(.wrongType) { try table.readStrings(member: "count") }
    expectFailure(.valueOutOfRange) { try table.read(member: "count", as: Int16.self) }

    let enumeration = try file.dataset("enumeration")
    #expect(try enumeration.read(as: Int8.self) == [1, 2, -3, 2])
    guard case .enumeration(let base, let cases) = enumeration.elementType.kind else {
      Issue.record("'\(enumeration.elementType)' is no enumeration.")
      return
    }
    #expect(base.kind == .integer(isSigned: true))
    #expect(
      Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0.value) }) == [
        "red": 1, "green": 2, "blue": -3,
      ])
    #expect(try file.dataset("truth").read(as: UInt8.self) == [1, 0, 1])
    #expect(try file.dataset("complex").read(member: "i", as: Double.self) == [2])
    let array = try file.dataset("array")
    #expect(array.elementType.valuesPerElement == 6)
    #expect(try array.read(as: Int32.self) == Array(0..<12))
    #expect(try array.read(.rows(1..<2), as: Int32.self) == Array(6..<12))
    for name in ["table", "sequences", "references", "opaque", "bits"] {
      let failure = expectFailure(.unsupportedType) { try file.dataset(name).read(as: Int.self) }
      #expect(failure?.subject.hasSuffix(":/\(name)") == true)
    }
  }

  @Test("and our images are read by h5py with the same bits, names and texts")
  func readBack() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("ours.h5")
    let image = try H5.File.image { root in
      let group = try root.createGroup("gr\u{fc}n")
      try group.setAttribute("one", 50.5)
      try group.setAttribute("some", [1, -2, 3] as [Int16])
      try group.setAttribute("text", "\u{b5}V")
      try group.setAttribute("texts", ["a", "", "ccc"])
      try group.createDataset(
        "f4", shape: [2, 3], values: [1, .nan, -0.0, 4, 5, .infinity] as [Float])
      try group.createDataset(
        "u8", shape: [5], values: [0, 1, .max, 3, 4] as [UInt64], chunk: [2],
        filters: [.shuffle, .deflate(level: 9), .fletcher32])
      try group.createDataset("none", shape: [0, 4], values: [Int8]())
      try group.createDataset("scalar", shape: [], values: [-1] as [Int8])
      try group.createDataset("names", shape: [2, 2], values: ["a", "\u{1f40c}", "", "d"])
      try root.createHardLink("x", to: try group.dataset("f4"))
      try root.createSoftLink("soft", to: "/gr\u{fc}n/u8")
    }
    try Data(image).write(to: url)
    let listed = try #require(try ListedObject.listing(of: [url])[url.path])
    #expect(listed.count >= 7)
    let group = try #require(listed["/gr\u{fc}n"])
    #expect(group.attributes["texts"]?.strings == ["a", "", "ccc"])
    #expect(group.attributes["text"]?.strings == ["\u{b5}V"])
    #expect(group.attributes["one"]?.sum == 50.5)
    #expect(listed["/gr\u{fc}n/names"]?.strings == ["a", "\u{1f40c}", "", "d"])
    #expect(
      listed["/gr\u{fc}n/u8"]?.crc32 == crc32(bytes(of: [0, 1, .max, 3, 4] as [UInt64])))
    var comparison = Comparison()
    try comparison.compare(try H5.File.open(FilePath(url.path)), with: listed)
    #expect(comparison.count >= 9)
  }
}
