extension H5.Group {
  /// Makes an empty group inside this one.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`.
  @discardableResult
  public func createGroup(_ name: String) throws(H5.Failure) -> H5.Group {
    try locked { () throws(H5.Failure) in
      try requireFree(name)
      let group = try library("create", subject(of: name)) { () throws(CallFault) in
        let creation = try Calls.groupCreation()
        try Calls.leaveOutTimes(creation)
        return try Calls.createGroup(
          name, in: handle, link: try Self.link(name), creation: creation)
      }
      return H5.Group(group, path: path(of: name), in: file)
    }
  }

  /// Makes a dataset and writes all its values.
  ///
  /// - Parameters:
  ///   - name: A name that is not taken in this group.
  ///   - shape: The length of each axis; empty for a single value.
  ///   - values: As many as the shape has places, row-major.
  ///   - chunk: The shape of a chunk, shortened to the shape of the dataset; nil for the contiguous
  ///     layout.
  ///   - filters: What chunks pass, in this order.
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.count`, `.shape`, `.filter`.
  @discardableResult
  public func createDataset<T: H5.Element>(
    _ name: String, shape: [Int], values: [T], chunk: [Int]? = nil, filters: [H5.Filter] = []
  ) throws(H5.Failure) -> H5.Dataset {
    try values.withUnsafeBufferPointer { (buffer) throws(H5.Failure) in
      try createDataset(name, shape: shape, values: buffer, chunk: chunk, filters: filters)
    }
  }

  /// Makes a dataset and writes all its values, from a span.
  ///
  /// - Throws: As ``createDataset(_:shape:values:chunk:filters:)-(_,_,[T],_,_)``.
  @discardableResult
  public func createDataset<T: H5.Element>(
    _ name: String, shape: [Int], values: Span<T>, chunk: [Int]? = nil,
    filters: [H5.Filter] = []
  ) throws(H5.Failure) -> H5.Dataset {
    try values.withUnsafeBufferPointer { (buffer) throws(H5.Failure) in
      try createDataset(name, shape: shape, values: buffer, chunk: chunk, filters: filters)
    }
  }

  /// Makes a dataset and writes all its values, from memory of the caller.
  ///
  /// - Throws: As ``createDataset(_:shape:values:chunk:filters:)-(_,_,[T],_,_)``.
  @discardableResult
  public func createDataset<T: H5.Element>(
    _ name: String, shape: [Int], values: UnsafeBufferPointer<T>, chunk: [Int]? = nil,
    filters: [H5.Filter] = []
  ) throws(H5.Failure) -> H5.Dataset {
    try locked { () throws(H5.Failure) in
      try requireCount(values.count, shape, name)
      let dataset = try create(name, shape, chunk, filters, fill: nil as T?)
      try dataset.write(values)
      return dataset
    }
  }

  /// Makes a dataset whose values are written later, in parts.
  ///
  /// - Parameters:
  ///   - name: A name that is not taken in this group.
  ///   - shape: The length of each axis; empty for a single value.
  ///   - type: The type of its elements.
  ///   - chunk: The shape of a chunk, shortened to the shape of the dataset; nil for the contiguous
  ///     layout.
  ///   - filters: What chunks pass, in this order.
  ///   - fill: The value of places that are never written; nil for 0.
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.shape`, `.filter`.
  @discardableResult
  public func createDataset<T: H5.Element>(
    _ name: String, shape: [Int], of type: T.Type, chunk: [Int]? = nil,
    filters: [H5.Filter] = [], fill: T? = nil
  ) throws(H5.Failure) -> H5.Dataset {
    try locked { () throws(H5.Failure) in try create(name, shape, chunk, filters, fill: fill) }
  }

  /// Makes a dataset of strings, in places of equal size: UTF-8, padded with zero bytes.
  ///
  /// - Parameters:
  ///   - name: A name that is not taken in this group.
  ///   - shape: The length of each axis; empty for a single string.
  ///   - values: As many as the shape has places, row-major; none with a zero byte.
  ///   - chunk: The shape of a chunk, shortened to the shape of the dataset; nil for the contiguous
  ///     layout.
  ///   - filters: What chunks pass, in this order.
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.count`, `.shape`, `.filter`, `.invalidText`.
  @discardableResult
  public func createDataset(
    _ name: String, shape: [Int], values: [String], chunk: [Int]? = nil,
    filters: [H5.Filter] = []
  ) throws(H5.Failure) -> H5.Dataset {
    try locked { () throws(H5.Failure) in
      try requireCount(values.count, shape, name)
      let text = try H5.FixedText(values, subject(of: name))
      let type = try library("create", subject(of: name)) { () throws(CallFault) in
        try Calls.fixedString(sizeInBytes: text.placeInBytes)
      }
      let dataset = try create(name, shape, chunk, filters, type.id) { (_) throws(CallFault) in }
      if !values.isEmpty {
        try library("write", dataset.subject) { () throws(CallFault) in
          try text.bytes.withAddress { (start) throws(CallFault) in
            try Calls.write(
              dataset.handle, as: type.id, memory: Calls.standard, file: Calls.standard,
              from: start)
          }
        }
      }
      return dataset
    }
  }

  /// Gives an object of the same file a further name, in this group. No values are copied.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`.
  public func createHardLink(_ name: String, to object: H5.Object) throws(H5.Failure) {
    try locked { () throws(H5.Failure) in
      try requireFree(name)
      try library("create", subject(of: name)) { () throws(CallFault) in
        try Calls.addHardLink(name, in: handle, to: object.handle, creation: try Self.link(name))
      }
    }
  }

  /// Makes a name for a path of the same file; whether there is something is not checked.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`.
  public func createSoftLink(_ name: String, to path: String) throws(H5.Failure) {
    try locked { () throws(H5.Failure) in
      try requireFree(name)
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw .badName(
          "create", subject(of: name), found: "it leads to is empty or has a zero byte")
      }
      try library("create", subject(of: name)) { () throws(CallFault) in
        try Calls.addSoftLink(name, in: handle, to: path, creation: try Self.link(name))
      }
    }
  }

  // MARK: Steps

  private static func link(_ name: String) throws(CallFault) -> Handle {
    let link = try Calls.linkCreation()
    // Only where needed: one name marked as UTF-8 turns a group into the newer kind.
    if !name.utf8.allSatisfy({ $0 < 0x80 }) { try Calls.nameInUTF8(link) }
    return link
  }

  private func requireFree(_ name: String) throws(H5.Failure) {
    try file.requireWritable("create", subject(of: name))
    try requireUsableName(name, "create")
    guard try !hasChild(name) else { throw .alreadyExists(subject(of: name)) }
  }

  private func requireCount(
    _ count: Int, _ shape: [Int], _ name: String
  ) throws(H5.Failure) {
    let expected = try H5.placeCount(shape, subject(of: name))
    guard count == expected else {
      throw .wrongCount("create", subject(of: name), found: count, expected: expected)
    }
  }

  private func create<T: H5.Element>(
    _ name: String, _ shape: [Int], _ chunk: [Int]?, _ filters: [H5.Filter], fill: T?
  ) throws(H5.Failure) -> H5.Dataset {
    let stored = LibraryLock.shared.withLock { Calls.stored(T.numericType) }
    return try create(name, shape, chunk, filters, stored) { (creation) throws(CallFault) in
      guard let fill else { return }
      try Calls.setFill(fill, Calls.native(T.numericType), on: creation)
    }
  }

  private func create(
    _ name: String, _ shape: [Int], _ chunk: [Int]?, _ filters: [H5.Filter], _ type: ObjectID,
    _ finish: (Handle) throws(CallFault) -> Void
  ) throws(H5.Failure) -> H5.Dataset {
    let subject = subject(of: name)
    try requireFree(name)
    _ = try H5.placeCount(shape, subject)
    let chunk = try H5.usableChunk(chunk, shape, filters, subject)
    let dataset = try library("create", subject) { () throws(CallFault) in
      let creation = try Calls.datasetCreation()
      try Calls.leaveOutTimes(creation)
      if let chunk { try Calls.setChunk(chunk, on: creation) }
      for filter in filters { try filter.add(to: creation) }
      try finish(creation)
      return try Calls.createDataset(
        name, in: handle, type: type, space: try Calls.space(shape), link: try Self.link(name),
        creation: creation)
    }
    return try H5.Dataset(opening: dataset, path: path(of: name), in: file)
  }
}

extension H5.Dataset {
  /// Writes values to a selection.
  ///
  /// - Throws: `.readOnly`, `.selection`, `.count`, `.wrongType` for a dataset of strings.
  public func write<T: H5.Element>(
    _ values: [T], to selection: H5.Selection = .all
  ) throws(H5.Failure) {
    try values.withUnsafeBufferPointer { (buffer) throws(H5.Failure) in
      try write(buffer, to: selection)
    }
  }

  /// Writes values to a selection, from memory of the caller.
  ///
  /// - Throws: As ``write(_:to:)-([T],_)``.
  public func write<T: H5.Element>(
    _ values: UnsafeBufferPointer<T>, to selection: H5.Selection = .all
  ) throws(H5.Failure) {
    try file.requireWritable("write", subject)
    // Only its own type: a conversion on writing could lose values without a word.
    guard elementType.isStored(as: T.numericType) else {
      throw .wrongType(subject, found: elementType.description, expected: "\(T.self) values")
    }
    let slab = try selection.resolved(in: shape, subject)
    guard values.count == slab.placeCount else {
      throw .wrongCount("write", subject, found: values.count, expected: slab.placeCount)
    }
    guard let start = values.baseAddress, !values.isEmpty else { return }
    try library("write", subject) { () throws(CallFault) in
      let type = Calls.native(T.numericType)
      if slab.isAll {
        return try Calls.write(
          handle, as: type, memory: Calls.standard, file: Calls.standard, from: start)
      }
      let memory = try Calls.space(slab.count)
      try Calls.select(slab, in: space)
      try Calls.write(handle, as: type, memory: memory.id, file: space.id, from: start)
    }
  }
}

extension H5.ElementType {
  fileprivate func isStored(as type: H5.NumericType) -> Bool {
    switch kind {
    case .integer(let isSigned):
      type.isInteger && type.isSigned == isSigned && type.sizeInBytes == sizeInBytes
    case .float: !type.isInteger && type.sizeInBytes == sizeInBytes
    default: false
    }
  }
}

extension H5.Filter {
  fileprivate func add(to creation: Handle) throws(CallFault) {
    switch self {
    case .shuffle: try Calls.addShuffle(creation)
    case .deflate(let level): try Calls.addDeflate(creation, level: level)
    case .fletcher32: try Calls.addFletcher32(creation)
    case .other: return
    }
  }
}

extension H5 {
  /// The number of places of a shape to be written.
  static func placeCount(_ shape: [Int], _ subject: String) throws(H5.Failure) -> Int {
    guard shape.count <= 32, shape.allSatisfy({ $0 >= 0 }) else {
      throw .badShape("create", subject, found: "the shape is \(shape)")
    }
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw .badShape("create", subject, found: "the shape \(shape) has too many places")
      }
      count = product
    }
    return count
  }

  /// The chunk shape to be written, within the shape; nil for the contiguous layout.
  static func usableChunk(
    _ chunk: [Int]?, _ shape: [Int], _ filters: [Filter], _ subject: String
  ) throws(H5.Failure) -> [Int]? {
    for filter in filters {
      switch filter {
      case .deflate(let level) where !(0...9).contains(level):
        throw .badFilters(subject, found: "deflate has no level \(level), it has 0 to 9")
      case .other: throw .badFilters(subject, found: "the filter \(filter) is only read")
      default: continue
      }
    }
    guard let chunk else {
      guard filters.isEmpty else {
        throw .badFilters(subject, found: "there are filters but no chunks")
      }
      return nil
    }
    guard chunk.count == shape.count, !chunk.isEmpty, chunk.allSatisfy({ $0 >= 1 }) else {
      throw .badShape("create", subject, found: "the chunk \(chunk) does not go with \(shape)")
    }
    return zip(chunk, shape).map { min($0, max($1, 1)) }
  }
}
