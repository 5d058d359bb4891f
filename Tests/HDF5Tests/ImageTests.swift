import HDF5
import Randomness
import Testing

@Suite("An image")
struct ImageTests {
  /// Writes every small shape of a type, plain and packed, and reads it back.
  private struct SmallShapes: TypedBody {
    func run<T: H5.Element>(_ type: T.Type) throws {
      var generator = Seed(11).child("\(T.numericType)").generator()
      let shapes = (0...3).flatMap { smallShapes(rank: $0) }
      #expect(shapes.count == 85)
      let contents = shapes.map { shape in
        generator.values(shape.reduce(1, *), as: T.self)
      }
      let image = try H5.File.image { root in
        for (index, (shape, values)) in zip(shapes, contents).enumerated() {
          try root.createDataset("plain\(index)", shape: shape, values: values)
          guard !shape.isEmpty else { continue }
          try root.createDataset(
            "packed\(index)", shape: shape, values: values, chunk: shape.map { _ in 2 },
            filters: [.shuffle, .deflate(level: 4), .fletcher32])
        }
      }
      let file = try H5.File.open(image: image)
      for (index, (shape, values)) in zip(shapes, contents).enumerated() {
        for name in ["plain\(index)"] + (shape.isEmpty ? [] : ["packed\(index)"]) {
          let dataset = try file.dataset(name)
          #expect(dataset.shape == shape)
          #expect(bytes(of: try dataset.read(as: T.self)) == bytes(of: values), "\(name)")
        }
      }
    }
  }

  @Test("gives back every value of every small shape", arguments: H5.NumericType.allCases)
  func allSmallShapes(_ type: H5.NumericType) throws { try type.run(SmallShapes()) }

  /// One random dataset: shape, layout, filters and values, read whole and by three selections.
  private struct RandomCase: TypedBody {
    let seed: Seed

    func run<T: H5.Element>(_ type: T.Type) throws {
      var generator = seed.generator()
      let shape = (0..<generator.nextIndex(below: 4) + 1).map { _ in
        generator.nextIndex(below: 12) + 1
      }
      let values = generator.values(shape.reduce(1, *), as: T.self)
      let isChunked = generator.nextIndex(below: 4) > 0
      let chunk = isChunked ? shape.map { generator.nextIndex(below: $0) + 1 } : nil
      let all: [H5.Filter] = [
        .shuffle, .deflate(level: generator.nextIndex(below: 10)), .fletcher32,
      ]
      let filters = isChunked ? all.filter { _ in generator.nextIndex(below: 2) == 0 } : []
      let image = try H5.File.image { root in
        try root.createDataset("x", shape: shape, values: values, chunk: chunk, filters: filters)
      }
      let dataset = try H5.File.open(image: image).dataset("x")
      #expect(dataset.filters == filters)
      #expect(dataset.chunkShape == chunk)
      #expect(bytes(of: try dataset.read(as: T.self)) == bytes(of: values))
      for _ in 0..<3 {
        let start = shape.map { generator.nextIndex(below: $0) }
        let stride = shape.map { _ in generator.nextIndex(below: 3) + 1 }
        let count = shape.indices.map { axis in
          generator.nextIndex(below: (shape[axis] - start[axis] - 1) / stride[axis] + 2)
        }
        let expected = picked(values, shape, start, count, stride)
        let found = try dataset.read(
          .slab(start: start, count: count, stride: stride), as: T.self)
        #expect(bytes(of: found) == bytes(of: expected), "\(start) \(count) \(stride)")
      }
    }

    /// The selection, element by element.
    private func picked<T>(
      _ values: [T], _ shape: [Int], _ start: [Int], _ count: [Int], _ stride: [Int]
    ) -> [T] {
      var offsets = [0]
      for axis in shape.indices {
        offsets = offsets.flatMap { offset in
          (0..<count[axis]).map { offset * shape[axis] + start[axis] + $0 * stride[axis] }
        }
      }
      return offsets.map { values[$0] }
    }
  }

  @Test("gives back random datasets and selections of them", arguments: 0..<200)
  func randomCases(_ index: Int) throws {
    let seed = Seed(2026).child("image").child(index)
    var generator = seed.child("type").generator()
    let types = H5.NumericType.allCases
    try types[generator.nextIndex(below: types.count)].run(RandomCase(seed: seed))
  }

  @Test("has the same bytes whenever the same calls are made")
  func isDeterministic() throws {
    let first = try sampleImage()
    #expect(first == (try sampleImage()))
    // Not an accident of an empty file.
    #expect(first.count > 4_000)
  }

  @Test("has the same bytes in another process, whatever lay in its memory before")
  func isDeterministicAcrossProcesses() async throws {
    let expected = crc32(try sampleImage())
    await #expect(processExitsWith: .success) { [expected = expected as UInt32] in
      // Blocks of all sizes are left behind full of a pattern, to be found by whoever asks next.
      let blocks = (4..<22).flatMap { power in
        (0..<50).map { _ in
          UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << power, alignment: 16)
        }
      }
      for block in blocks {
        block.initializeMemory(as: UInt8.self, repeating: 0xA5)
        block.deallocate()
      }
      let found = crc32(try sampleImage())
      #expect(found == expected)
    }
  }

  @Test("is in the earliest format, superblock 0, with no object of the newer kinds")
  func isInTheEarliestFormat() throws {
    let image = try sampleImage()
    #expect(Array(image[0..<8]) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(image[8] == 0)
    let text = String(decoding: image, as: Unicode.ASCII.self)
    #expect(!text.contains("OHDR") && !text.contains("FRHP") && text.contains("SNOD"))
  }

  @Test("lets large contents begin at multiples of 4 KiB")
  func alignsLargeContents() throws {
    let values = (0..<20_000).map { Float($0) }
    let image = try H5.File.image { root in
      try root.createDataset("small", shape: [3], values: [1, 2, 3] as [Float])
      try root.createDataset("large", shape: [20_000], values: values)
    }
    let dataset = try H5.File.open(image: image).dataset("large")
    let offset = try #require(dataset.storageOffsetInBytes())
    #expect(offset % 4_096 == 0)
    #expect(Array(image[offset..<offset + 80_000]) == bytes(of: values))
  }

  @Test("can be open together with other images, each with its own contents")
  func severalAtOnce() throws {
    let images = try (0..<5).map { number in
      try H5.File.image { root in try root.createDataset("x", shape: [1], values: [number]) }
    }
    let files = try images.map { try H5.File.open(image: $0) }
    for (number, file) in files.enumerated() {
      #expect(try file.dataset("x").read(as: Int.self) == [number])
    }
  }

  @Test("can be built inside another")
  func nestedBuilding() throws {
    var inner: [UInt8] = []
    let outer = try H5.File.image { root in
      try root.createDataset("x", shape: [], values: [1.0])
      inner = try H5.File.image { try $0.createDataset("x", shape: [], values: [2.0]) }
    }
    #expect(try H5.File.open(image: outer).dataset("x").read(as: Double.self) == [1])
    #expect(try H5.File.open(image: inner).dataset("x").read(as: Double.self) == [2])
  }

  @Test("is finished when it is returned: what outlives it cannot be written to")
  func isSealed() throws {
    var kept: H5.Group?
    var keptDataset: H5.Dataset?
    _ = try H5.File.image { root in
      kept = try root.createGroup("g")
      keptDataset = try root.createDataset("x", shape: [1], values: [1.0])
    }
    let (group, dataset) = (try #require(kept), try #require(keptDataset))
    expectFailure(.readOnly) { try group.createGroup("late") }
    expectFailure(.readOnly) { try group.setAttribute("late", 1) }
    expectFailure(.readOnly) { try dataset.write([2.0]) }
    expectFailure(.readOnly) { try dataset.makeScale("late") }
  }

  @Test("passes on what its closure throws")
  func passesErrorsOn() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try H5.File.image { root in
        try root.createGroup("g")
        throw Stop()
      }
    }
    let typed = { () throws(H5.Failure) in
      try H5.File.image { (root) throws(H5.Failure) in _ = try root.group("none") }
    }
    expectFailure(.objectMissing) { try typed() }
  }

  @Test("takes values in parts, and shows the fill value elsewhere")
  func partialWriting() throws {
    let image = try H5.File.image { root in
      let dataset = try root.createDataset("x", shape: [4, 3], of: Int16.self, fill: -7)
      try dataset.write([1, 2, 3, 4, 5, 6] as [Int16], to: .rows(1..<3))
      try dataset.write([9] as [Int16], to: .slab(start: [3, 2], count: [1, 1]))
    }
    let found = try H5.File.open(image: image).dataset("x").read(as: Int16.self)
    #expect(found == [-7, -7, -7, 1, 2, 3, 4, 5, 6, -7, -7, 9])
  }

  @Test("takes values from spans")
  func spans() throws {
    let values: [Double] = [1, 2, 3]
    let image = try H5.File.image { root in
      try root.createDataset("x", shape: [3], values: values.span)
    }
    #expect(try H5.File.open(image: image).dataset("x").read(as: Double.self) == values)
  }

  @Test("refuses what does not fit together")
  func refusesWhatDoesNotFit() throws {
    _ = try H5.File.image { root in
      try root.createDataset("x", shape: [2], values: [1, 2])
      expectFailure(.alreadyExists) { try root.createDataset("x", shape: [1], values: [1]) }
      expectFailure(.alreadyExists) { try root.createGroup("x") }
      expectFailure(.count) { try root.createDataset("a", shape: [3], values: [1, 2]) }
      expectFailure(.shape) { try root.createDataset("a", shape: [-1], values: [Int]()) }
      expectFailure(.shape) { try root.createDataset("a", shape: [.max, 3], of: Int8.self) }
      expectFailure(.shape) {
        try root.createDataset("a", shape: Array(repeating: 1, count: 33), values: [1])
      }
      expectFailure(.shape) { try root.createDataset("a", shape: [2], values: [1, 2], chunk: [0]) }
      expectFailure(.shape) {
        try root.createDataset("a", shape: [2], values: [1, 2], chunk: [1, 1])
      }
      expectFailure(.filter) {
        try root.createDataset("a", shape: [2], values: [1, 2], filters: [.shuffle])
      }
      expectFailure(.filter) {
        try root.createDataset(
          "a", shape: [2], values: [1, 2], chunk: [2], filters: [.deflate(level: 10)])
      }
      expectFailure(.filter) {
        try root.createDataset(
          "a", shape: [2], values: [1, 2], chunk: [2],
          filters: [.other(number: 32015, name: "Zstandard")])
      }
      for name in ["", ".", "a/b", "a\0b", "a/\u{301}b"] {
        expectFailure(.name) { try root.createGroup(name) }
      }
      expectFailure(.wrongType) { try root.dataset("x").write([1.0, 2.0]) }
      expectFailure(.count) { try root.dataset("x").write([1]) }
      let names = try root.children().map(\.name)
      #expect(names == ["x"])
    }
  }
}
