internal import CZlib

/// Packs bytes as gzip does, for exports and for making test input.
public enum Deflater {
  /// The gzip stream of `bytes`: one member, no file name, no time, so the same bytes give the same
  /// stream with the same zlib.
  ///
  /// - Parameters:
  ///   - bytes: What to pack.
  ///   - level: 0 (store) to 9 (smallest).
  /// - Throws: `.outOfMemory`.
  /// - Precondition: `level` is in 0...9.
  public static func gzip(
    _ bytes: [UInt8], level: Int = 6
  ) throws(CompressionError) -> [UInt8] {
    try pack(bytes, level: level, windowBits: MAX_WBITS + 16)
  }

  /// The raw deflate stream of `bytes`, as it stands inside a ZIP archive.
  /// - Throws: `.outOfMemory`.
  /// - Precondition: `level` is in 0...9.
  public static func rawDeflate(
    _ bytes: [UInt8], level: Int = 6
  ) throws(CompressionError) -> [UInt8] {
    try pack(bytes, level: level, windowBits: -MAX_WBITS)
  }

  private static func pack(
    _ bytes: [UInt8], level: Int, windowBits: Int32
  ) throws(CompressionError) -> [UInt8] {
    precondition((0...9).contains(level), "A compression level is a number from 0 to 9.")
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard signalstore_deflate_init(stream, Int32(level), windowBits) == Z_OK else {
      throw .outOfMemory()
    }
    defer { deflateEnd(stream) }
    var packed: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    bytes.withUnsafeBufferPointer { source in
      var fed = 0
      var status = Z_OK
      while status == Z_OK {
        // zlib counts in 32 bits, so long input goes in by pieces.
        if stream.pointee.avail_in == 0, fed < source.count {
          let piece = min(source.count - fed, 1 << 30)
          stream.pointee.next_in = source.baseAddress.map {
            UnsafeMutablePointer(mutating: $0 + fed)
          }
          stream.pointee.avail_in = UInt32(piece)
          fed += piece
        }
        let isLast = fed == source.count
        block.withUnsafeMutableBufferPointer { room in
          stream.pointee.next_out = room.baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        }
        packed.append(contentsOf: block.prefix(block.count - Int(stream.pointee.avail_out)))
      }
    }
    return packed
  }
}
