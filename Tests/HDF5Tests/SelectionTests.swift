import HDF5
import Testing

@Suite("A selection")
struct SelectionTests {
  private static func dataset() throws -> H5.Dataset {
    let image = try H5.File.image { root in
      try root.createDataset("x", shape: [5, 3], values: (0..<15).map { Float($0) })
      try root.createDataset("one", shape: [], values: [7.0])
    }
    return try H5.File.open(image: image).dataset("x")
  }

  @Test("of rows fills memory of the caller, for all ranges of rows")
  func rowsIntoBuffer() throws {
    let dataset = try Self.dataset()
    for first in 0...5 {
      for end in first...5 {
        var buffer = [Float](repeating: -1, count: (end - first) * 3)
        try buffer.withUnsafeMutableBufferPointer { try dataset.read(.rows(first..<end), into: $0) }
        #expect(buffer == (first * 3..<end * 3).map { Float($0) })
      }
    }
  }

  @Test("fills the free places of an output span")
  func outputSpan() throws {
    let dataset = try Self.dataset()
    let found = try [Float](capacity: 7) { span in
      span.append(-1)
      try dataset.read(.rows(1..<3), into: &span)
    }
    #expect(found == [-1, 3, 4, 5, 6, 7, 8])
  }

  @Test("that lies outside the shape is refused")
  func outside() throws {
    let dataset = try Self.dataset()
    let outside: [H5.Selection] = [
      .rows(3..<6), .rows(-1..<2), .rows(6..<6), .slab(start: [0], count: [1]),
      .slab(start: [0, 0], count: [1, 4]), .slab(start: [0, 3], count: [1, 1]),
      .slab(start: [-1, 0], count: [1, 1]), .slab(start: [0, 0], count: [-1, 1]),
      .slab(start: [0, 0], count: [1, 1], stride: [0, 1]),
      .slab(start: [0, 0], count: [3, 1], stride: [.max, 1]),
      .slab(start: [.max, 0], count: [1, 1]), .slab(start: [0, 0], count: [.max, 1]),
      .slab(start: [0, 0], count: [3, 1], stride: [3, 1]),
    ]
    for selection in outside {
      expectFailure(.selection) { try dataset.read(selection, as: Float.self) }
    }
  }

  @Test("without any place gives nothing")
  func empty() throws {
    let dataset = try Self.dataset()
    #expect(try dataset.read(.rows(5..<5), as: Float.self) == [])
    #expect(try dataset.read(.slab(start: [2, 3], count: [2, 0]), as: Float.self) == [])
  }

  @Test("needs a buffer of its size")
  func wrongBuffer() throws {
    let dataset = try Self.dataset()
    var buffer = [Float](repeating: 0, count: 4)
    expectFailure(.count) {
      try buffer.withUnsafeMutableBufferPointer { try dataset.read(.rows(0..<1), into: $0) }
    }
    #expect(buffer == [0, 0, 0, 0])
  }

  @Test("of everything is the only one for a single value")
  func singleValue() throws {
    let image = try H5.File.image { try $0.createDataset("x", shape: [], values: [7.0]) }
    let dataset = try H5.File.open(image: image).dataset("x")
    #expect(try dataset.read(as: Double.self) == [7])
    expectFailure(.selection) { try dataset.read(.rows(0..<1), as: Double.self) }
  }
}
