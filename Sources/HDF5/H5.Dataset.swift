extension H5 {
  /// An array of values in a file.
  ///
  /// Shape: row-major, the last axis fastest; no axes for a single value. What is written here about
  /// shapes, types and storage was read, and checked against the limits, when the dataset was opened.
  public final class Dataset: Object {
    /// How the values lie in the file.
    public enum Layout: Hashable, Sendable {
      /// Within the header of the dataset.
      case compact
      /// In one piece.
      case contiguous
      /// In pieces of equal shape, which may be packed.
      case chunked
      case virtual
    }

    /// The length of each axis; empty for a single value, [0] for a dataset without any value.
    public let shape: [Int]
    /// What one element is.
    public let elementType: ElementType
    /// How the values lie in the file.
    public let layout: Layout
    /// The shape of a chunk, for the chunked layout.
    public let chunkShape: [Int]?
    /// The filters that chunks pass on their way into the file, in that order.
    public let filters: [Filter]

    let space: Handle
    let type: Handle
    private var knownStoredSize: Int?

    /// The number of axes.
    public var rank: Int { shape.count }
    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }
    /// The bytes of all elements, unpacked.
    public var sizeInBytes: Int { elementCount * elementType.sizeInBytes }

    init(opening handle: Handle, path: String, in file: OpenFile) throws(H5.Failure) {
      let subject = file.subject(path)
      // The order matters: libhdf5 opens other files as soon as a virtual dataset is asked for its
      // shape, so storage is looked at first.
      let storage = try Storage(of: handle, in: file, subject)
      let (type, space, sides) = try library("open", subject) { () throws(CallFault) in
        let space = try Calls.space(of: handle)
        return (try Calls.type(of: handle), space, try Calls.shape(space) ?? [0])
      }
      self.type = type
      self.space = space
      guard sides.count <= file.limits.rank else {
        throw .overLimit(
          "open", subject, found: "it has \(sides.count) axes", limit: "\(file.limits.rank)")
      }
      elementType = try ElementType.describe(type, in: file, subject)
      shape = try checkedShape(sides, sizeInBytes: elementType.sizeInBytes, subject)
      layout = storage.layout
      filters = storage.filters
      chunkShape = try storage.chunkShape(
        rank: shape.count, elementType.sizeInBytes, in: file, subject)
      super.init(handle, path: path, in: file)
    }

    /// The bytes that the values take in the file; 0 for values that were never written.
    ///
    /// Complexity: O(chunks) at the first call for a chunked dataset.
    public func storedSizeInBytes() -> Int {
      if let knownStoredSize { return knownStoredSize }
      let size = LibraryLock.shared.withLock { Int(clamping: Calls.storedSize(handle)) }
      // libhdf5 counts anew each time, and each read of a foreign file asks.
      if !file.isWritable { knownStoredSize = size }
      return size
    }

    /// Where the values begin in the file, for the contiguous layout; nil if they were never written or
    /// lie in another layout.
    ///
    /// Whoever reads there must know the file to be sealed, and must check that offset plus
    /// ``sizeInBytes`` lies inside it.
    public func storageOffsetInBytes() -> Int? {
      guard layout == .contiguous else { return nil }
      return LibraryLock.shared.withLock { Calls.storageOffset(handle).flatMap(Int.init(exactly:)) }
    }
  }
}

/// How a dataset keeps its values; opening it refuses what is kept outside the file.
private struct Storage {
  let layout: H5.Dataset.Layout
  let filters: [H5.Filter]
  private let creation: Handle

  init(of dataset: Handle, in file: OpenFile, _ subject: String) throws(H5.Failure) {
    let (creation, layout, externalCount) = try library("open", subject) { () throws(CallFault) in
      let creation = try Calls.datasetCreation(of: dataset)
      return (creation, try Calls.layout(creation), try Calls.externalFileCount(creation))
    }
    guard externalCount == 0 else { throw .externalStorage(subject) }
    guard let layout else { throw .unsupportedType(subject, type: "of its storage layout") }
    guard layout != .virtual else { throw .virtualDataset(subject) }
    self.creation = creation
    self.layout = layout
    filters = try Self.filters(creation, file.limits, subject)
  }

  private static func filters(
    _ creation: Handle, _ limits: H5.Limits, _ subject: String
  ) throws(H5.Failure) -> [H5.Filter] {
    let filters = try library("open", subject) { () throws(CallFault) in
      var filters: [H5.Filter] = []
      for index in 0..<(try Calls.filterCount(creation)) {
        let (number, name, parameter) = try Calls.filter(creation, at: index)
        filters.append(H5.Filter(number: number, name: name, firstParameter: parameter))
      }
      return filters
    }
    for filter in filters {
      guard limits.permittedFilters.contains(filter.number) else {
        throw .filterNotPermitted(subject, number: filter.number, name: filter.name)
      }
      let count = filters.count { $0.number == filter.number }
      guard count == 1 || limits.permitsRepeatedFilters else {
        throw .filterRepeated(subject, filter: filter.name, count: count)
      }
    }
    return filters
  }

  func chunkShape(
    rank: Int, _ elementSizeInBytes: Int, in file: OpenFile, _ subject: String
  ) throws(H5.Failure) -> [Int]? {
    guard layout == .chunked else { return nil }
    let sides = try library("open", subject) { () throws(CallFault) in
      try Calls.chunk(creation, rank: rank)
    }
    let shape = try H5.checkedShape(sides, sizeInBytes: elementSizeInBytes, subject)
    let size = shape.reduce(elementSizeInBytes, *)
    guard size <= file.limits.chunkInBytes else {
      throw .overLimit(
        "open", subject, found: "a chunk has \(size) bytes",
        limit: "\(file.limits.chunkInBytes) bytes")
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw .badShape("open", subject, found: "a chunk has the shape \(shape)")
    }
    return shape
  }
}
