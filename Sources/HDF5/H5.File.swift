public import SystemPackage

extension H5 {
  /// An open HDF5 file, for reading. It closes when the last reference to it or its objects goes.
  ///
  /// Isolation: not `Sendable`; use a file and its objects on one thread at a time. Different files
  /// may be used on different threads, which then take turns inside libhdf5.
  public final class File {
    /// The group that holds everything else.
    public let root: Group

    init(_ file: OpenFile) throws(H5.Failure) {
      let handle = try library("open", file.name) { () throws(CallFault) in
        try Calls.openObject("/", in: file.handle)
      }
      root = Group(handle, path: "/", in: file)
    }

    /// Opens a file on disk for reading.
    ///
    /// Locks are asked for but not needed: a file that nobody may write opens on any file system.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limits: What the file may ask for; ``H5/Limits/trusted`` only for files of our own.
    /// - Throws: `.fileMissing`, `.fileUnreadable`, `.notHDF5`, `.truncated`, `.beingWritten`, or
    ///   `.library` where it is damaged otherwise.
    public static func open(
      _ path: FilePath, limits: Limits = .standard
    ) throws(H5.Failure) -> File {
      let sizeInBytes = try regularFileSize(path)
      return try locked { () throws(H5.Failure) in
        let handle: Handle
        do throws(CallFault) {
          handle = try openOnDisk(path)
        } catch {
          throw opening(path.string, sizeInBytes: sizeInBytes, error)
        }
        return try File(try shared(handle, name: path.string, limits: limits))
      }
    }

    /// Opens a file that is held in memory; the bytes are copied.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - limits: What the file may ask for; ``H5/Limits/trusted`` only for files of our own.
    /// - Throws: `.notHDF5`, `.truncated`, `.beingWritten`, or `.library` where it is damaged otherwise.
    public static func open(
      image bytes: [UInt8], limits: Limits = .standard
    ) throws(H5.Failure) -> File {
      let name = "(image)"
      guard hasSignature(bytes) else { throw .notHDF5(name) }
      return try locked { () throws(H5.Failure) in
        let handle: Handle
        do throws(CallFault) {
          try Calls.prepare()
          let access = try Calls.fileAccess()
          try Calls.useMemory(access, incrementInBytes: imageIncrementInBytes)
          try Calls.setImage(bytes, on: access)
          handle = try Calls.openFile(ImageNames.next(), access: access)
        } catch {
          throw opening(name, sizeInBytes: bytes.count, error)
        }
        return try File(try shared(handle, name: name, limits: limits))
      }
    }

    /// The dataset at a path from the root on.
    ///
    /// - Throws: `.objectMissing`, `.wrongKind`, or a refusal (links out of the file, storage outside
    ///   it, virtual datasets, filters, limits).
    public func dataset(_ path: String) throws(H5.Failure) -> Dataset { try root.dataset(path) }

    /// The group at a path from the root on.
    ///
    /// - Throws: `.objectMissing`, `.wrongKind`, or a refusal of a link out of the file.
    public func group(_ path: String) throws(H5.Failure) -> Group { try root.group(path) }

    // MARK: Opening

    // Opening a named pipe would wait for a writer, so what is no regular file is not opened.
    private static func regularFileSize(_ path: FilePath) throws(H5.Failure) -> Int {
      let status: Stat
      do throws(Errno) {
        status = try path.stat()
      } catch {
        if error == .noSuchFileOrDirectory { throw .fileMissing(path.string) }
        throw .fileUnreadable(path.string, reason: "\(error)", cause: error)
      }
      switch status.type {
      case .regular: return Int(status.size)
      case .directory: throw .notRegular(path.string, found: "a directory")
      default: throw .notRegular(path.string, found: "a pipe, socket or device")
      }
    }

    private static func openOnDisk(_ path: FilePath) throws(CallFault) -> Handle {
      try Calls.prepare()
      do throws(CallFault) {
        return try openOnDisk(path, locking: true)
      } catch {
        // Number 11 (EAGAIN): someone holds the lock. Any other: this file system cannot lock (NFS and
        // Lustre say 37, 38, 95 or 524), and a file that is only read can do without.
        guard case .lockRefused(let number) = error.kind, number != Int(Errno.wouldBlock.rawValue)
        else { throw error }
        return try openOnDisk(path, locking: false)
      }
    }

    private static func openOnDisk(_ path: FilePath, locking: Bool) throws(CallFault) -> Handle {
      let access = try Calls.fileAccess()
      try Calls.useDisk(access, locking: locking)
      let opened: Result<Handle, CallFault> = path.withPlatformString { text in
        do throws(CallFault) {
          return .success(try Calls.openFile(text, access: access))
        } catch {
          return .failure(error)
        }
      }
      return try opened.get()
    }

    private static func shared(
      _ handle: Handle, name: String, limits: Limits
    ) throws(H5.Failure) -> OpenFile {
      let userBlock = try library("open", name) { () throws(CallFault) in
        try Calls.userBlock(try Calls.fileCreation(of: handle))
      }
      return OpenFile(
        handle, name: name, limits: limits, isWritable: false, userBlockInBytes: userBlock)
    }

    private static func opening(
      _ name: String, sizeInBytes: Int, _ fault: CallFault
    ) -> H5.Failure {
      switch fault.kind {
      // libhdf5 reads on behind the end of so short a file and complains of what it finds there. The
      // superblock alone has 96 bytes, or 48 and then at least a root group of 48.
      case .other where sizeInBytes < 96: .truncated(name, cause: fault.stack)
      case .truncated: .truncated(name, cause: fault.stack)
      case .notHDF5: .notHDF5(name, cause: fault.stack)
      case .markedOpenForWriting, .lockRefused: .beingWritten(name, cause: fault.stack)
      case .checksum, .chunkMissing, .other: .library("open", name, fault)
      }
    }

    // libhdf5 looks for the signature at 0, 512, 1024, 2048 and so on, behind a user block.
    private static func hasSignature(_ bytes: [UInt8]) -> Bool {
      let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
      var offset = 0
      while offset + signature.count <= bytes.count {
        if bytes[offset..<offset + signature.count].elementsEqual(signature) { return true }
        offset = offset == 0 ? 512 : offset * 2
      }
      return false
    }
  }
}

/// How much an image grows at a time.
let imageIncrementInBytes = 1 << 20

/// Names for files in memory.
///
/// libhdf5 takes two files in memory for one if they have one name, and then the second would show the
/// first one's contents. So each gets a number of its own.
enum ImageNames {
  // Guarded by the library lock, which every caller holds; the name does not enter the bytes.
  nonisolated(unsafe) private static var count = 0

  static func next() -> String {
    count += 1
    return "image-\(count)"
  }
}
