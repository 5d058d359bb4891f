internal import Compression
internal import Durability
internal import Glibc
internal import Signals
internal import SystemPackage

/// The bytes of one source from the first to the last, unpacked on the way and hashed as they are
/// handed out, so that the hash is that of the bytes that were read and of no others.
final class SourceStream {
  /// What the whole file turned out to be.
  struct Digest {
    /// The file as it lies on the disk.
    let reference: SourceReference
    /// The SHA-256 of the unpacked content; the file's own where it is not packed.
    let unpackedSHA256: String
    /// The length of the unpacked content.
    let unpackedInBytes: Int
  }

  private static let packedBlockInBytes = 1 << 18

  private let source: SourceFile
  private let file: OpenFile
  private let inflater: Inflater?
  private let packedBlock: UnsafeMutableRawBufferPointer
  private var packedRest = UnsafeRawBufferPointer(start: nil, count: 0)
  private var fileHasher = ContentHasher()
  private var unpackedHasher = ContentHasher()
  private var readInBytes = 0
  private var unpackedInBytes = 0

  /// Opens the file; one that ends in `.gz`, or begins as gzip does, is unpacked where `unpacking`.
  /// - Throws: `.notFound`, `.notAFile`, `.permission`, `.damaged`, `.inputOutput`.
  init(_ source: SourceFile, unpacking: Bool = true) throws(ImportError) {
    self.source = source
    file = try OpenFile(source)
    // `||` would lose the type of the error.
    var isPacked = unpacking && source.name.hasSuffix(".gz")
    if unpacking, !isPacked { isPacked = try file.beginsAsGzip() }
    if isPacked {
      do throws(CompressionError) { inflater = try Inflater(.gzip) } catch {
        throw .damaged(source.name, error)
      }
    } else {
      inflater = nil
    }
    packedBlock = .allocate(byteCount: isPacked ? Self.packedBlockInBytes : 0, alignment: 16)
  }

  deinit {
    packedBlock.deallocate()
  }

  /// The length of the file when it was opened, before unpacking.
  var sizeInBytes: Int { file.sizeInBytes }

  /// Whether the content is unpacked on the way.
  var isPacked: Bool { inflater != nil }

  /// Writes the next bytes to `block`.
  /// - Returns: How many there were; 0 at the end of the file only.
  /// - Throws: `.damaged`, `.inputOutput`.
  /// - Precondition: `block` is not empty.
  func read(into block: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    guard let inflater else {
      let count = try readFile(into: block)
      unpackedInBytes += count
      return count
    }
    while true {
      let count: Int
      do throws(CompressionError) { count = try inflater.inflate(&packedRest, into: block) } catch {
        throw .damaged(source.name, error)
      }
      if count > 0 {
        unpackedInBytes += count
        unpackedHasher.update(UnsafeRawBufferPointer(rebasing: block[..<count]).bytes)
        return count
      }
      let packed = try readFile(into: packedBlock)
      packedRest = UnsafeRawBufferPointer(rebasing: packedBlock[..<packed])
      if packed == 0 {
        do throws(CompressionError) { try inflater.finish() } catch {
          throw .damaged(source.name, error)
        }
        return 0
      }
    }
  }

  /// Reads to the end for the sake of the hash.
  /// - Throws: As `read(into:)`.
  func skipToEnd() throws(ImportError) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    while try read(into: block) > 0 {}
  }

  /// Says what was read, after making sure that the file is still the one that was opened.
  /// - Throws: `.changedWhileReading`, `.inputOutput`.
  func finish() throws(ImportError) -> Digest {
    try file.checkUnchanged()
    guard readInBytes == file.sizeInBytes else {
      throw .changedWhileReading(
        source.name, found: "\(readInBytes) bytes", expected: "\(file.sizeInBytes)")
    }
    let hash = fileHasher.finish().hexText
    if let expected = source.sha256, expected != hash {
      throw .changedWhileReading(
        source.name, found: "SHA-256 \(hash.prefix(8))…", expected: "\(expected.prefix(8))…")
    }
    return Digest(
      reference: SourceReference(name: source.name, sizeInBytes: readInBytes, sha256: hash),
      unpackedSHA256: inflater == nil ? hash : unpackedHasher.finish().hexText,
      unpackedInBytes: unpackedInBytes)
  }

  private func readFile(into block: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    let count = try file.read(into: block)
    readInBytes += count
    fileHasher.update(UnsafeRawBufferPointer(rebasing: block[..<count]).bytes)
    return count
  }
}

/// A regular file that is open for reading.
final class OpenFile {
  private let source: SourceFile
  private let descriptor: Int32
  private let statusWhenOpened: stat

  /// Opens a file without ever waiting for it.
  /// - Throws: `.notFound`, `.notAFile`, `.permission`, `.inputOutput`.
  init(_ source: SourceFile) throws(ImportError) {
    self.source = source
    // Without O_NONBLOCK, opening a FIFO waits until somebody writes to it.
    descriptor = source.path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw .systemCall(Errno(rawValue: errno), during: "read", source.path.string)
    }
    var status = stat()
    let answer = fstat(descriptor, &status)
    statusWhenOpened = status
    guard answer == 0 else {
      throw .systemCall(Errno(rawValue: errno), during: "read", source.path.string)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .notAFile(source.path.string, found: FolderScan.kind(of: status))
    }
  }

  deinit {
    // A descriptor that was only read from loses nothing when closing it fails.
    _ = close(descriptor)
  }

  /// The length when it was opened.
  var sizeInBytes: Int { Int(statusWhenOpened.st_size) }

  /// Reads the next bytes; fewer than asked for only at the end.
  /// - Throws: `.inputOutput`.
  func read(into block: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    var filled = 0
    while filled < block.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: block[filled...])
      let count = Glibc.read(descriptor, rest.baseAddress, rest.count)
      if count == 0 { break }
      if count < 0 {
        guard errno == EINTR else {
          throw .systemCall(Errno(rawValue: errno), during: "read", source.path.string)
        }
        continue
      }
      filled += count
    }
    return filled
  }

  /// Whether the first two bytes are those of gzip; the position stays at the beginning.
  /// - Throws: `.inputOutput`.
  func beginsAsGzip() throws(ImportError) -> Bool {
    try firstBytes(count: 2) == [0x1f, 0x8b]
  }

  /// Up to `count` bytes from the beginning; the position stays where it is.
  /// - Throws: `.inputOutput`.
  func firstBytes(count: Int, at offset: Int = 0) throws(ImportError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(descriptor, &bytes, count, offset)
    guard read >= 0 else {
      throw .systemCall(Errno(rawValue: errno), during: "read", source.path.string)
    }
    return Array(bytes.prefix(read))
  }

  /// Compares the file that stands at the path now with the one that was opened.
  /// - Throws: `.changedWhileReading`, `.notFound`, `.inputOutput`.
  func checkUnchanged() throws(ImportError) {
    var status = stat()
    guard source.path.withPlatformString({ stat($0, &status) }) == 0 else {
      throw .systemCall(Errno(rawValue: errno), during: "read", source.path.string)
    }
    let before = statusWhenOpened
    if status.st_size != before.st_size {
      throw .changedWhileReading(
        source.name, found: "\(status.st_size) bytes", expected: "\(before.st_size)")
    }
    let isSame =
      status.st_ino == before.st_ino && status.st_dev == before.st_dev
      && status.st_mtim.tv_sec == before.st_mtim.tv_sec
      && status.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    guard isSame else {
      throw .changedWhileReading(
        source.name, found: "another time of change", expected: "the one from before")
    }
  }
}
