extension H5.Dataset {
  /// Reads numbers into memory of the caller, converted to its type.
  ///
  /// Floats are rounded, and become infinite beyond their range; a value that does not fit an integer
  /// type exactly fails the read.
  ///
  /// Shape: the selection in row-major order; elements that are arrays follow one another.
  /// - Parameters:
  ///   - selection: What to read.
  ///   - target: Room for exactly the selected values. Its contents are undefined if the read throws.
  /// - Throws: `.selection`, `.count`, `.wrongType`, `.unsupportedType`, `.valueOutOfRange`,
  ///   `.overLimit` before anything is read, `.checksum` and `.library` for damaged files.
  public func read<T: H5.Element>(
    _ selection: H5.Selection = .all, into target: UnsafeMutableBufferPointer<T>
  ) throws(H5.Failure) {
    try readNumbers(of: elementType, member: nil, selection, into: target)
  }

  /// Reads numbers, converted to a type.
  ///
  /// ```swift
  /// let window = try dataset.read(.rows(100..<124), as: Float.self)
  /// ```
  ///
  /// - Returns: The selection in row-major order.
  /// - Throws: As ``read(_:into:)-(_,UnsafeMutableBufferPointer<T>)``.
  public func read<T: H5.Element>(
    _ selection: H5.Selection = .all, as type: T.Type
  ) throws(H5.Failure) -> [T] {
    try readNumbers(of: elementType, member: nil, selection)
  }

  /// Reads numbers into the free places of a span, which must be as many as there are values.
  ///
  /// - Throws: As ``read(_:into:)-(_,UnsafeMutableBufferPointer<T>)``; then the span is as before.
  public func read<T: H5.Element>(
    _ selection: H5.Selection = .all, into target: inout OutputSpan<T>
  ) throws(H5.Failure) {
    try target.withUnsafeMutableBufferPointer { (buffer, count) throws(H5.Failure) in
      let free = UnsafeMutableBufferPointer(rebasing: buffer[count...])
      try read(selection, into: free)
      count += free.count
    }
  }

  /// Reads one member of compound elements as numbers.
  ///
  /// - Throws: `.attributeMissing` if there is no such member, `.wrongType` if the elements are no
  ///   compounds, and as ``read(_:as:)``.
  public func read<T: H5.Element>(
    member name: String, _ selection: H5.Selection = .all, as type: T.Type
  ) throws(H5.Failure) -> [T] {
    try readNumbers(of: try member(name).type, member: name, selection)
  }

  // MARK: One read

  func member(_ name: String) throws(H5.Failure) -> H5.ElementType.Member {
    guard case .compound(let members) = elementType.kind else {
      throw .wrongType(subject, found: elementType.plural, expected: "compound elements")
    }
    guard let member = members.first(where: { $0.name == name }) else {
      throw .memberMissing(subject, member: name)
    }
    return member
  }

  private func readNumbers<T: H5.Element>(
    of type: H5.ElementType, member: String?, _ selection: H5.Selection
  ) throws(H5.Failure) -> [T] {
    let slab = try selection.resolved(in: shape, subject)
    try requireNumbers(type)
    // Checked before the array is allocated.
    let count = try checkedValueCount(slab, type, sizeInBytes: MemoryLayout<T>.stride)
    var failure: H5.Failure?
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(H5.Failure) {
        let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        try readNumbers(of: type, member: member, selection, into: target)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  private func readNumbers<T: H5.Element>(
    of type: H5.ElementType, member: String?, _ selection: H5.Selection,
    into target: UnsafeMutableBufferPointer<T>
  ) throws(H5.Failure) {
    let slab = try selection.resolved(in: shape, subject)
    try requireNumbers(type)
    let count = try checkedValueCount(slab, type, sizeInBytes: MemoryLayout<T>.stride)
    guard target.count == count else {
      throw .wrongCount("read", subject, found: target.count, expected: count)
    }
    guard count > 0, let start = target.baseAddress else { return }
    try locked { () throws(H5.Failure) in
      try checkStorage(of: slab)
      let memoryType = try library("read", subject) { () throws(CallFault) in
        try MemoryType(T.numericType, for: type, member: member)
      }
      let mayLose = T.numericType.isInteger && !type.fits(T.numericType)
      var isLossy = false
      do throws(CallFault) {
        try LibraryLock.shared.withLock { () throws(CallFault) in
          guard mayLose else {
            return try read(slab, as: memoryType.id, Calls.standard, into: start)
          }
          try withUnsafeMutablePointer(to: &isLossy) { (flag) throws(CallFault) in
            let properties = try Calls.transfer()
            try Calls.refuseLossyIntegers(properties, flag: flag)
            try read(slab, as: memoryType.id, properties.id, into: start)
          }
        }
      } catch {
        if isLossy {
          throw .valueOutOfRange(subject, type: "\(T.self)", cause: error.stack)
        }
        throw explain(error, slab)
      }
    }
  }

  private func requireNumbers(_ type: H5.ElementType) throws(H5.Failure) {
    guard !type.isNumeric else { return }
    if type.isString { throw .wrongType(subject, found: "strings", expected: "numbers") }
    throw .unsupportedType(subject, type: "'\(type)'")
  }

  /// The one call that reads. The caller holds the lock and has checked everything.
  func read(
    _ slab: H5.Slab, as type: ObjectID, _ transfer: ObjectID, into target: UnsafeMutableRawPointer
  ) throws(CallFault) {
    if slab.isAll {
      return try Calls.read(
        handle, as: type, memory: Calls.standard, file: Calls.standard, transfer: transfer,
        into: target)
    }
    // Of the same shape as the selection: otherwise libhdf5 goes through chunks element by element.
    let memory = try Calls.space(slab.count)
    try Calls.select(slab, in: space)
    try Calls.read(
      handle, as: type, memory: memory.id, file: space.id, transfer: transfer, into: target)
  }

  // MARK: Checks before reading

  /// The number of values of a read, if they and the stored elements stay within the limit.
  func checkedValueCount(
    _ slab: H5.Slab, _ type: H5.ElementType, sizeInBytes: Int
  ) throws(H5.Failure) -> Int {
    let places = slab.placeCount
    let (values, overflow) = places.multipliedReportingOverflow(by: type.valuesPerElement)
    let perElement = max(elementType.sizeInBytes, sizeInBytes * type.valuesPerElement)
    let (bytes, alsoOverflow) = places.multipliedReportingOverflow(by: perElement)
    guard !overflow, !alsoOverflow, bytes <= file.limits.readInBytes else {
      throw .overLimit(
        "read", subject,
        found: "the selection has \(places) elements of \(perElement) bytes",
        limit: "\(file.limits.readInBytes) bytes")
    }
    return values
  }

  /// Refuses what would cost far more than the file shows.
  func checkStorage(of slab: H5.Slab) throws(H5.Failure) {
    let limits = file.limits
    guard limits.logicalToStoredRatio < .max else { return }
    if sizeInBytes > limits.smallDatasetInBytes {
      let stored = storedSizeInBytes()
      let (allowed, overflow) = stored.multipliedReportingOverflow(by: limits.logicalToStoredRatio)
      guard overflow || sizeInBytes <= allowed else {
        throw .overLimit(
          "read", subject, found: "it claims \(sizeInBytes) bytes and stores \(stored)",
          limit: "a ratio of \(limits.logicalToStoredRatio)")
      }
    }
    guard let chunkShape, !filters.isEmpty else { return }
    // A packed chunk that is larger than its contents comes from no writer: deflate adds at most some
    // bytes in a thousand, a checksum four. It could only be meant to unpack to more.
    let chunkSize = chunkShape.reduce(elementType.sizeInBytes, *)
    let most = UInt64(chunkSize + chunkSize / 64 + 4_096)
    for corner in slab.touchedChunks(chunkShape) {
      let size = try library("read", subject) { () throws(CallFault) in
        try Calls.chunkSize(handle, at: corner)
      }
      guard size <= most else {
        throw .overLimit(
          "read", subject, found: "the chunk at \(corner) is stored in \(size) bytes",
          limit: "\(most) bytes")
      }
      // 1.10 subtracts the four bytes of the checksum without looking, and reads on from there.
      guard size == 0 || size >= 4 || !filters.contains(.fletcher32) else {
        throw .overLimit(
          "read", subject, found: "the chunk at \(corner) is stored in \(size) bytes",
          limit: "at least 4 bytes with a checksum")
      }
    }
  }

  // MARK: Explaining a failed read

  func explain(_ fault: CallFault, _ slab: H5.Slab) -> H5.Failure {
    guard fault.kind == .checksum, let chunkShape else { return .library("read", subject, fault) }
    // libhdf5 does not say which chunk it was; reading one element of each tells.
    var element = [UInt8](repeating: 0, count: elementType.sizeInBytes)
    for corner in slab.touchedChunks(chunkShape) {
      let one = H5.Slab(
        start: corner, count: corner.map { _ in 1 }, stride: corner.map { _ in 1 }, isAll: false)
      do throws(CallFault) {
        try element.withMutableAddress { (start) throws(CallFault) in
          try read(one, as: type.id, Calls.standard, into: start)
        }
      } catch {
        if error.kind == .checksum { return .checksum(subject, chunk: corner, cause: error.stack) }
      }
    }
    return .library("read", subject, fault)
  }
}

/// The type in memory that goes with a number type, an element type of the file, and perhaps a member.
struct MemoryType {
  let id: ObjectID
  private let owned: [Handle]

  init(
    _ type: H5.NumericType, for element: H5.ElementType, member: String?
  ) throws(CallFault) {
    try self.init(Calls.native(type), [], element, member: member)
  }

  private init(
    _ base: ObjectID, _ handles: [Handle], _ element: H5.ElementType, member: String?
  ) throws(CallFault) {
    var (id, owned) = (base, handles)
    let shape = element.arrayShape
    if !shape.isEmpty {
      owned.append(try Calls.array(of: id, shape: shape))
      id = owned[owned.count - 1].id
    }
    if let member {
      owned.append(try Calls.compound(member: member, id))
      id = owned[owned.count - 1].id
    }
    self.id = id
    self.owned = owned
  }
}

extension H5.ElementType {
  /// Whether every value of the file type is a value of the number type.
  func fits(_ type: H5.NumericType) -> Bool {
    switch kind {
    case .integer(let isSigned): type.holdsAll(ofSizeInBytes: sizeInBytes, isSigned: isSigned)
    case .enumeration(let base, _): base.fits(type)
    case .array(_, let base): base.fits(type)
    default: !type.isInteger
    }
  }

  /// The shape of the array in each element, nested arrays joined; empty for other kinds.
  fileprivate var arrayShape: [Int] {
    guard case .array(let shape, let base) = kind else { return [] }
    return shape + base.arrayShape
  }
}
