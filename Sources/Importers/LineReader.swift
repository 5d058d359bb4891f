internal import Glibc

/// The lines of a source, one at a time, without ever holding more than a block of it.
///
/// A line ends at LF, CR LF or the end of the file; a byte order mark (EF BB BF) before the first
/// line is passed over. A line is followed by LF or CR, so that a parser of numbers can stop there
/// without comparing positions, and by `paddingInBytes` more bytes that can be read.
struct LineReader: ~Copyable {
  /// One line; its bytes are valid until the next line is asked for.
  struct Line {
    /// The first byte.
    let start: UnsafePointer<UInt8>
    /// The position after the last byte, line end not included.
    let end: UnsafePointer<UInt8>
    /// The number of the line, from 1, blank lines counted.
    let number: Int
    /// Whether a line end follows; if not, the file may be cut here.
    let isTerminated: Bool

    /// The bytes.
    var bytes: UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: start, count: end - start)
    }
    /// Whether there are only blanks and tabs.
    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
  }

  /// How many bytes behind a line, and the byte that ends it, belong to the same memory.
  static let paddingInBytes = 8

  private let stream: SourceStream
  private let subject: String
  private let limitInBytes: Int
  private let block: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var start = 0
  private var end = 0
  private var number = 0
  private var isAtEnd = false

  /// Prepares to read.
  /// - Parameters:
  ///   - stream: Where the bytes come from.
  ///   - subject: The name of the file, for errors.
  ///   - limitInBytes: The length of the longest line that is taken for one.
  ///   - blockInBytes: How much is read at a time; raised to twice the limit.
  init(
    _ stream: SourceStream, subject: String, limitInBytes: Int = 1 << 20,
    blockInBytes: Int = 1 << 20
  ) {
    self.stream = stream
    self.subject = subject
    self.limitInBytes = limitInBytes
    // Not more than a small file needs: folders may hold thousands of them.
    let wanted = max(blockInBytes, 2 * limitInBytes)
    capacity = stream.isPacked ? wanted : min(wanted, stream.sizeInBytes + 64)
    let allocated = capacity + 1 + Self.paddingInBytes
    block = .allocate(capacity: allocated)
    block.initialize(repeating: 0, count: allocated)
  }

  deinit {
    block.deallocate()
  }

  /// The next line, or nothing at the end.
  /// - Throws: `.badLine` for a line beyond the limit, `.damaged`, `.inputOutput`.
  mutating func next() throws(ImportError) -> Line? {
    var searched = 0
    while true {
      let found = memchr(block + start + searched, 0x0a, end - start - searched)
      if let found {
        let lineEnd = found.assumingMemoryBound(to: UInt8.self) - block
        let line = makeLine(to: lineEnd, isTerminated: true)
        start = lineEnd + 1
        return line
      }
      searched = end - start
      if searched > limitInBytes {
        throw .lineTooLong(subject, line: number + 1, limitInBytes: limitInBytes)
      }
      if isAtEnd {
        guard start < end else { return nil }
        block[end] = 0x0a
        let line = makeLine(to: end, isTerminated: false)
        start = end
        return line
      }
      try fill()
    }
  }

  private mutating func makeLine(to lineEnd: Int, isTerminated: Bool) -> Line {
    number += 1
    let end = lineEnd > start && block[lineEnd - 1] == 0x0d ? lineEnd - 1 : lineEnd
    return Line(
      start: UnsafePointer(block + start), end: UnsafePointer(block + end), number: number,
      isTerminated: isTerminated)
  }

  private mutating func fill() throws(ImportError) {
    if start > 0 {
      memmove(block, block + start, end - start)
      end -= start
      start = 0
    }
    let isFirst = number == 0 && end == 0
    repeat {
      let room = UnsafeMutableRawBufferPointer(start: block + end, count: capacity - end)
      let count = try stream.read(into: room)
      end += count
      isAtEnd = count == 0
    } while isFirst && end < 3 && !isAtEnd
    if isFirst, end >= 3, block[0] == 0xef, block[1] == 0xbb, block[2] == 0xbf { start = 3 }
  }
}
