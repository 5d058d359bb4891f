extension H5 {
  /// What a file may ask of us, checked before anything is read or allocated.
  ///
  /// A file of 1 400 bytes can claim 64 TiB, and one of 5 kB can make the reading of a single number
  /// allocate a gigabyte; so a foreign file is read within limits. Storage outside the file, links to
  /// other files and virtual datasets are refused under any limits.
  public struct Limits: Hashable, Sendable {
    /// The largest result of one read.
    public var readInBytes = 1 << 30
    /// The largest chunk, before compression; libhdf5 allocates a whole chunk to read one value of it.
    public var chunkInBytes = 64 << 20
    /// The largest ratio of the bytes that a dataset claims to the bytes that it stores.
    public var logicalToStoredRatio = 1_000
    /// Datasets up to this size may have any ratio: they do no harm, and all-zero labels pack well.
    public var smallDatasetInBytes = 1 << 20
    /// The largest number of axes.
    public var rank = 8
    /// The longest name of an object or attribute.
    public var nameInBytes = 4_096
    /// The largest attribute.
    public var attributeInBytes = 1 << 20
    /// The largest number of attributes of one object.
    public var attributeCount = 4_096
    /// How deep groups may be nested, and types within types.
    public var depth = 32
    /// The largest number of objects and links in a walk or a group.
    public var objectCount = 100_000
    /// How many soft links may be followed to reach one object.
    public var softLinkCount = 16
    /// The filters that may be applied, by their registered number.
    public var permittedFilters: Set<Int> = [1, 2, 3, 4]
    /// Whether one filter may stand several times in a pipeline: stacked compression multiplies
    /// ratios, and only bombs use it.
    public var permitsRepeatedFilters = false

    // N-bit (5) and scale-offset (6) are built in too, but their decoders trust sizes written in the
    // file, and their overflows (CVE-2025-44905 among others) are not mended in 1.10.

    /// The limits for a file that someone else wrote.
    public static let standard = Limits()

    /// The limits for objects of our own whose bytes were checked against their hash.
    public static let trusted: Limits = {
      var limits = Limits()
      limits.readInBytes = .max
      limits.chunkInBytes = .max
      limits.logicalToStoredRatio = .max
      limits.rank = 32
      limits.nameInBytes = .max
      limits.attributeInBytes = .max
      limits.attributeCount = .max
      limits.depth = 256
      limits.objectCount = .max
      limits.softLinkCount = 64
      limits.permittedFilters = [1, 2, 3, 4, 5, 6]
      limits.permitsRepeatedFilters = true
      return limits
    }()
  }
}
