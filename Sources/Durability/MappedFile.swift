public import SystemPackage

/// The bytes of a sealed file, visible in memory without being copied.
///
/// Only for files that nobody changes: if another program cuts the file off while it is mapped,
/// touching the missing part ends the process (SIGBUS), which no check here can prevent.
/// `PositionalReader.read(_:)` reports the same damage as a fault.
public final class MappedFile: Sendable {
  /// The file.
  public let path: FilePath

  // Safe to share: the memory is mapped read-only, and is unmapped only after the last use.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  init(descriptor: CInt, sizeInBytes: Int64, path: FilePath) throws(FileFault) {
    self.path = path
    // The system refuses to map nothing.
    bytes =
      sizeInBytes == 0
      ? UnsafeRawBufferPointer(start: nil, count: 0)
      : try SystemCalls.map(descriptor, count: Int(sizeInBytes), path: path)
  }

  deinit {
    if !bytes.isEmpty { SystemCalls.unmap(bytes) }
  }

  /// The length of the file.
  public var sizeInBytes: Int64 { Int64(bytes.count) }

  /// Calls `body` with the bytes at the positions in `range`; they must not be kept afterwards.
  ///
  /// - Throws: `.shortRead` if the range does not lie within the file.
  public func withBytes<Result: ~Copyable>(
    _ range: Range<Int64>, _ body: (RawSpan) throws(FileFault) -> Result
  ) throws(FileFault) -> Result {
    guard range.lowerBound >= 0, range.upperBound <= sizeInBytes else {
      throw .shortRead(of: path, endsAtByte: sizeInBytes, wanted: range)
    }
    let part = UnsafeRawBufferPointer(
      rebasing: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    return try body(part.bytes)
  }
}
