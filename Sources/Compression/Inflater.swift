internal import CZlib

/// What unpacking may cost; a small file can claim to hold petabytes.
public struct InflationLimits: Hashable, Sendable {
  /// The most bytes that may come out.
  public var unpackedInBytes: Int
  /// The most bytes that may come out for each byte that went in, counted once `graceInBytes` are
  /// exceeded. Deflate cannot pass 1032; number tables stay below 50.
  public var ratio: Int
  /// How many bytes may come out before `ratio` counts: short runs of blanks pack very well.
  public var graceInBytes: Int

  /// Sets the limits.
  public init(
    unpackedInBytes: Int = 1 << 36, ratio: Int = 500, graceInBytes: Int = 1 << 24
  ) {
    self.unpackedInBytes = unpackedInBytes
    self.ratio = ratio
    self.graceInBytes = graceInBytes
  }
}

/// Unpacks a gzip or a raw deflate stream from blocks into blocks, holding only zlib's window.
///
/// A gzip file of several members unpacks to their concatenation, and zero bytes after the last
/// member are padding, as in gzip(1). The checksum and length of each member are compared.
///
/// Isolation: not thread-safe; used by one reader at a time.
public final class Inflater {
  /// How the bytes are wrapped.
  public enum Format: Sendable, CaseIterable {
    /// RFC 1952: header, deflate stream, CRC-32 and length; members may follow each other.
    case gzip
    /// RFC 1951: one deflate stream without checksum.
    case rawDeflate
  }

  private enum Phase { case beforeMember, inMember, padding, finished }

  /// How many bytes have come out.
  public private(set) var unpackedInBytes = 0
  /// How many bytes have gone in.
  public private(set) var consumedInBytes = 0

  private let format: Format
  private let limits: InflationLimits
  private var phase: Phase
  private var membersFinished = 0
  // zlib keeps a pointer to the stream inside its state, so the stream must never move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Starts a stream.
  /// - Throws: `.outOfMemory`.
  public init(
    _ format: Format, limits: InflationLimits = InflationLimits()
  ) throws(CompressionError) {
    self.format = format
    self.limits = limits
    phase = format == .gzip ? .beforeMember : .inMember
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let windowBits = format == .gzip ? MAX_WBITS + 16 : -MAX_WBITS
    guard signalstore_inflate_init(stream, windowBits) == Z_OK else {
      stream.deallocate()
      throw CompressionError.outOfMemory()
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks from the front of `input` into `output` until one of them is used up.
  ///
  /// - Parameters:
  ///   - input: Packed bytes; what was used is removed from its front.
  ///   - output: Room for unpacked bytes.
  /// - Returns: How many bytes were written to `output`.
  /// - Throws: `.notGzip`, `.damaged`, `.trailingBytes`, `.tooLarge`, `.outOfMemory`.
  public func inflate(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    var written = 0
    while written < output.count {
      try passMemberBorder(&input)
      guard phase == .inMember else { break }
      let room = UnsafeMutableRawBufferPointer(rebasing: output[written...])
      let count = try inflateOnce(&input, into: room)
      written += count
      if count == 0, input.isEmpty { break }
    }
    return written
  }

  /// Says that no more bytes will come.
  /// - Throws: `.cut` if a stream has begun and not ended, or none has begun.
  public func finish() throws(CompressionError) {
    let isComplete =
      phase == .finished || phase == .padding
      || (phase == .beforeMember && membersFinished > 0)
    guard isComplete else { throw .cut(afterUnpacking: unpackedInBytes) }
  }

  private func passMemberBorder(_ input: inout UnsafeRawBufferPointer) throws(CompressionError) {
    while let first = input.first {
      switch phase {
      case .inMember:
        return
      case .beforeMember where first == 0x1f:
        // The rest of the magic number is compared by zlib.
        phase = .inMember
        return
      case .beforeMember where membersFinished == 0:
        throw .notGzip()
      case .beforeMember where first == 0, .padding where first == 0:
        phase = .padding
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
        consumedInBytes += 1
      case .beforeMember, .padding, .finished:
        throw .trailingBytes(afterUnpacking: unpackedInBytes)
      }
    }
  }

  private func inflateOnce(
    _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    // zlib counts in 32 bits.
    let offered = min(input.count, Int(Int32.max))
    let asked = min(room.count, Int(Int32.max))
    let source = input.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.next_in = UnsafeMutablePointer(mutating: source)
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(asked)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let used = offered - Int(stream.pointee.avail_in)
    let produced = asked - Int(stream.pointee.avail_out)
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(used))
    consumedInBytes += used
    unpackedInBytes += produced
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: try endMember()
    case Z_MEM_ERROR: throw .outOfMemory()
    default: throw .damaged(afterUnpacking: unpackedInBytes, reason: reason)
    }
    try checkLimits()
    return produced
  }

  private func endMember() throws(CompressionError) {
    membersFinished += 1
    guard format == .gzip else {
      phase = .finished
      return
    }
    phase = .beforeMember
    guard inflateReset(stream) == Z_OK else {
      throw .damaged(afterUnpacking: unpackedInBytes, reason: "the stream cannot be restarted")
    }
  }

  private func checkLimits() throws(CompressionError) {
    if unpackedInBytes > limits.unpackedInBytes {
      throw .tooLarge(
        afterUnpacking: unpackedInBytes, limit: "the limit of \(limits.unpackedInBytes) bytes")
    }
    if unpackedInBytes > limits.graceInBytes,
      unpackedInBytes / limits.ratio > consumedInBytes
    {
      throw .tooLarge(
        afterUnpacking: unpackedInBytes, limit: "\(limits.ratio) times its packed size")
    }
  }

  private var reason: String {
    guard let words = stream.pointee.msg else { return "no closer reason" }
    return String(cString: words)
  }
}
