extension H5 {
  /// Where a chunk of a dataset lies.
  public struct Chunk: Hashable, Sendable {
    /// The place of its first element in the dataset.
    public let corner: [Int]
    /// Its bytes in the file, packed.
    public let storedSizeInBytes: Int
    /// Where it begins in the file; nil where the file has a user block, because library versions
    /// differ on what the address is counted from.
    public let offsetInBytes: Int?
    /// Bit n is set where filter n was left out for this chunk.
    public let filterMask: UInt32
  }

  /// A chunk as it is stored, before its filters are undone.
  public struct RawChunk: Hashable, Sendable {
    /// The place of its first element in the dataset.
    public let corner: [Int]
    /// The stored bytes.
    public let bytes: [UInt8]
    /// Bit n is set where filter n was left out for this chunk.
    public let filterMask: UInt32
  }
}

extension H5.Dataset {
  /// The number of chunks that are stored; chunks that were never written are not counted.
  ///
  /// - Throws: `.shape` if the dataset is not stored in chunks, `.library`.
  public func chunkCount() throws(H5.Failure) -> Int {
    try requireChunks()
    return try library("read", subject) { () throws(CallFault) in
      // A space of its own: the count is of the chunks selected, and `space` carries the last read's.
      try Calls.chunkCount(handle, try Calls.space(of: handle))
    }
  }

  /// Where all stored chunks lie, in the order of the file's index.
  ///
  /// Complexity: O(chunks²), because libhdf5 1.10 walks its index for each of them; made for shards
  /// with some hundred chunks.
  ///
  /// - Throws: `.shape` if the dataset is not stored in chunks, `.overLimit`, `.library`.
  public func chunks() throws(H5.Failure) -> [H5.Chunk] {
    let count = try chunkCount()
    guard count <= file.limits.objectCount else {
      throw .overLimit(
        "list the chunks of", subject, found: "there are \(count)",
        limit: "\(file.limits.objectCount)")
    }
    return try library("read", subject) { () throws(CallFault) in
      let whole = try Calls.space(of: handle)
      var chunks: [H5.Chunk] = []
      for index in 0..<count {
        let chunk = try Calls.chunk(handle, whole, at: index, rank: rank)
        chunks.append(
          H5.Chunk(
            corner: chunk.offset.map { Int(clamping: $0) },
            storedSizeInBytes: Int(clamping: chunk.size),
            offsetInBytes: file.userBlockInBytes == 0
              ? chunk.address.flatMap(Int.init(exactly:)) : nil,
            filterMask: chunk.filterMask))
      }
      return chunks
    }
  }

  /// Reads a chunk as it is stored, without undoing its filters, so that it can be unpacked elsewhere.
  ///
  /// - Parameter corner: The place of its first element, a multiple of the chunk shape.
  /// - Throws: `.shape` if the dataset is not stored in chunks, `.selection` if there is no such chunk,
  ///   `.overLimit` before reading, `.library`.
  public func readRawChunk(at corner: [Int]) throws(H5.Failure) -> H5.RawChunk {
    let chunkShape = try requireChunks()
    let isCorner =
      corner.count == rank
      && shape.indices.allSatisfy {
        corner[$0] >= 0 && corner[$0] < shape[$0] && corner[$0] % chunkShape[$0] == 0
      }
    guard isCorner else { throw .noSuchChunk(subject, chunk: "at \(corner)") }
    return try locked { () throws(H5.Failure) in
      // The call that reads takes no length: the room is made by this size and nothing else.
      let size = try library("read", subject) { () throws(CallFault) in
        try Calls.chunkSize(handle, at: corner)
      }
      guard size > 0 else { throw .noSuchChunk(subject, chunk: "at \(corner)") }
      guard let room = Int(exactly: size), room <= file.limits.chunkInBytes else {
        throw .overLimit(
          "read", subject, found: "the chunk at \(corner) is stored in \(size) bytes",
          limit: "\(file.limits.chunkInBytes) bytes")
      }
      var bytes = [UInt8](repeating: 0, count: room)
      var mask: UInt32 = 0
      try library("read", subject) { () throws(CallFault) in
        try bytes.withMutableAddress { (start) throws(CallFault) in
          mask = try Calls.readChunk(handle, at: corner, into: start)
        }
      }
      return H5.RawChunk(corner: corner, bytes: bytes, filterMask: mask)
    }
  }

  @discardableResult
  private func requireChunks() throws(H5.Failure) -> [Int] {
    guard let chunkShape else { throw .notChunked(subject) }
    return chunkShape
  }
}
