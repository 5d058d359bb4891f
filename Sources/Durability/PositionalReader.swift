public import SystemPackage

/// A sealed file, opened once and read at any position, from any thread.
///
/// Isolation: there is no current position; reads do not disturb each other.
public final class PositionalReader: Sendable {
  /// The file.
  public let path: FilePath
  /// Its length when it was opened; a sealed file never changes.
  public let sizeInBytes: Int64

  private let descriptor: CInt

  /// Opens a regular file; links, directories, FIFOs and devices are refused without waiting.
  public init(opening path: FilePath) throws(FileFault) {
    let descriptor = try SystemCalls.openRegular(path, action: .read)
    self.path = path
    sizeInBytes = descriptor.sizeInBytes
    self.descriptor = descriptor.take()
  }

  deinit {
    _ = Descriptor(number: descriptor)
  }

  /// The bytes at the positions in `range`.
  ///
  /// - Throws: `.shortRead` if the range does not lie within the file, `.inputOutput` if the disk
  ///   fails.
  public func read(_ range: Range<Int64>) throws(FileFault) -> [UInt8] {
    try check(range)
    return try [UInt8](capacity: range.count) { (output) throws(FileFault) in
      try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(FileFault) in
        try fill(UnsafeMutableRawBufferPointer(buffer), from: range)
        initialized = range.count
      }
    }
  }

  /// Fills memory that the caller owns with the bytes from `offset` on.
  ///
  /// - Throws: `.shortRead` if the file does not reach that far, `.inputOutput` if the disk fails;
  ///   the memory is then in an unknown state.
  public func read(
    at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileFault) {
    let end = offset.addingReportingOverflow(Int64(buffer.count))
    guard offset >= 0, !end.overflow else {
      throw .shortRead(
        of: path, endsAtByte: sizeInBytes, wanted: offset..<max(offset, Int64.max))
    }
    try check(offset..<end.partialValue)
    try fill(buffer, from: offset..<end.partialValue)
  }

  /// Makes the whole file visible in memory.
  public func mapped() throws(FileFault) -> MappedFile {
    try MappedFile(descriptor: descriptor, sizeInBytes: sizeInBytes, path: path)
  }

  private func check(_ range: Range<Int64>) throws(FileFault) {
    guard range.lowerBound >= 0, range.upperBound <= sizeInBytes else {
      throw .shortRead(of: path, endsAtByte: sizeInBytes, wanted: range)
    }
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from range: Range<Int64>
  ) throws(FileFault) {
    let count = try SystemCalls.readAll(
      from: descriptor, at: range.lowerBound, into: buffer, path: path)
    guard count == buffer.count else {
      throw .shortRead(of: path, endsAtByte: range.lowerBound + Int64(count), wanted: range)
    }
  }
}
