import Foundation
import HDF5
import Testing

@Suite("A chunk")
struct ChunkTests {
  private static let values = (0..<35).map { UInt16($0) }

  private static func image(_ filters: [H5.Filter]) throws -> [UInt8] {
    try H5.File.image { root in
      try root.createDataset("x", shape: [7, 5], values: values, chunk: [3, 2], filters: filters)
      try root.createDataset("plain", shape: [2], values: [1.0, 2])
    }
  }

  @Test("lies where it is said to lie")
  func places() throws {
    let image = try Self.image([])
    let dataset = try H5.File.open(image: image).dataset("x")
    #expect(dataset.layout == .chunked)
    #expect(try dataset.chunkCount() == 9)
    let chunks = try dataset.chunks()
    #expect(
      chunks.map(\.corner).sorted { $0.lexicographicallyPrecedes($1) }
        == [0, 3, 6].flatMap { row in [0, 2, 4].map { [row, $0] } })
    for chunk in chunks {
      let raw = try dataset.readRawChunk(at: chunk.corner)
      let offset = try #require(chunk.offsetInBytes)
      #expect(chunk.storedSizeInBytes == 12)
      #expect(raw.bytes == Array(image[offset..<offset + 12]))
      #expect(raw.filterMask == 0)
      // The first row of the chunk: two values, or one at the right edge.
      let index = chunk.corner[0] * 5 + chunk.corner[1]
      #expect(raw.bytes[0] == UInt8(Self.values[index]))
    }
    #expect(dataset.storedSizeInBytes() == 108)
    #expect(dataset.storageOffsetInBytes() == nil)
    // A selection read before does not change the count.
    _ = try dataset.read(.rows(0..<1), as: UInt16.self)
    #expect(try dataset.chunkCount() == 9)
  }

  @Test("can be taken packed, with its filters told")
  func packed() throws {
    let filters: [H5.Filter] = [.shuffle, .deflate(level: 6), .fletcher32]
    let dataset = try H5.File.open(image: try Self.image(filters)).dataset("x")
    #expect(dataset.filters == filters)
    #expect(dataset.filters.map(\.number) == [2, 1, 3])
    let raw = try dataset.readRawChunk(at: [3, 2])
    // A zlib stream, and four bytes of checksum behind it.
    #expect(raw.bytes[0] & 0x0F == 8)
    #expect((Int(raw.bytes[0]) << 8 + Int(raw.bytes[1])) % 31 == 0)
  }

  @Test("is refused where there is none")
  func refusals() throws {
    let file = try H5.File.open(image: try Self.image([]))
    for corner in [[1, 0], [0], [9, 0], [-3, 0], [0, 6]] {
      expectFailure(.selection) { try file.dataset("x").readRawChunk(at: corner) }
    }
    expectFailure(.shape) { try file.dataset("plain").readRawChunk(at: [0]) }
    expectFailure(.shape) { try file.dataset("plain").chunkCount() }
  }

  @Test(
    "that was never written holds the fill value", arguments: [[], [H5.Filter.deflate(level: 1)]])
  func sparse(_ filters: [H5.Filter]) throws {
    let image = try H5.File.image { root in
      let dataset = try root.createDataset(
        "x", shape: [10], of: Float.self, chunk: [5], filters: filters, fill: 3)
      try dataset.write([1] as [Float], to: .slab(start: [7], count: [1]))
      try root.createDataset("none", shape: [4], of: Int8.self, chunk: [2], filters: filters)
    }
    let file = try H5.File.open(image: image)
    let dataset = try file.dataset("x")
    #expect(try dataset.chunkCount() == 1)
    expectFailure(.selection) { try dataset.readRawChunk(at: [0]) }
    #expect(try dataset.read(as: Float.self) == [3, 3, 3, 3, 3, 3, 3, 1, 3, 3])
    #expect(try file.dataset("none").chunkCount() == 0)
    #expect(try file.dataset("none").chunks() == [])
    #expect(try file.dataset("none").read(as: Int.self) == [0, 0, 0, 0])
  }

  @Test("is not larger than the limit allows, whatever is read of it")
  func limit() throws {
    var limits = H5.Limits.standard
    limits.chunkInBytes = 11
    let image = try Self.image([])
    expectFailure(.overLimit) { try H5.File.open(image: image, limits: limits).dataset("x") }
    limits.chunkInBytes = 12
    _ = try H5.File.open(image: image, limits: limits).dataset("x").read(as: Int.self)
  }

  @Test("is kept unpacked by a cache that is large enough")
  func cache() throws {
    let file = try H5.File.open(image: try Self.image([.deflate(level: 1)]))
    let dataset = try file.root.dataset("x", chunkCacheInBytes: 16 << 20)
    #expect(dataset.path == "/x")
    for row in 0..<7 {
      #expect(
        try dataset.read(.rows(row..<row + 1), as: UInt16.self)
          == Array(Self.values[row * 5..<row * 5 + 5]))
    }
  }
}
