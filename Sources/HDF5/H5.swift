/// Typed, synchronous, locked access to HDF5 files; knows files and arrays, not signals.
///
/// Files are read from disk or from bytes; they are written only as bytes (``H5/File/image(_:)``),
/// never to a disk. Every call into libhdf5 happens under one process-wide lock, so all types may be
/// used from any thread, one thread at a time per object.
public enum H5 {
  /// The version of libhdf5 that is in use, for example "1.10.8".
  public static var libraryVersion: String { LibraryLock.shared.withLock { Calls.version() } }

  /// How many files, groups, datasets, named types and attributes are open in this process.
  package static var openHandleCount: Int {
    LibraryLock.shared.withLock { Calls.openCount() }
  }

  /// Whether libhdf5 may load filter code from outside; it may not, whatever the environment says.
  package static var mayLoadPlugins: Bool {
    LibraryLock.shared.withLock { Calls.pluginLoadingState() != 0 }
  }
}
