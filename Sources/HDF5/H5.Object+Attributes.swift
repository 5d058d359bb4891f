// The bytes that an attribute may have in the earliest format: an object header message has 64 KiB,
// of which name, type and shape take a part.
private let attributeLimitInBytes = 63 << 10

extension H5.Object {
  /// The names of all attributes, ordered by their bytes.
  ///
  /// - Throws: `.overLimit` beyond `attributeCount`, `.name` for a name that is not UTF-8.
  public func attributeNames() throws(H5.Failure) -> [String] {
    let limit = file.limits.attributeCount
    let (names, areAll) = try library("list", subject) { () throws(CallFault) in
      try Calls.attributeNames(of: handle, atMost: limit)
    }
    guard areAll else {
      throw .overLimit(
        "list", subject, found: "it has more than \(limit) attributes", limit: "\(limit)")
    }
    var result: [String] = []
    for bytes in names { result.append(try name(bytes, "list")) }
    return result
  }

  /// Whether there is an attribute of that name.
  public func hasAttribute(_ name: String) throws(H5.Failure) -> Bool {
    try requireAttributeName(name, "look up")
    return try library("look up", attributeSubject(name)) { () throws(CallFault) in
      try Calls.hasAttribute(name, of: handle)
    }
  }

  /// The attribute of that name.
  ///
  /// ```swift
  /// let rate = try dataset.attribute("rateInHertz").number(as: Double.self)
  /// ```
  ///
  /// - Throws: `.attributeMissing`, `.overLimit`.
  public func attribute(_ name: String) throws(H5.Failure) -> H5.Attribute {
    try locked { () throws(H5.Failure) in
      guard try hasAttribute(name) else { throw .attributeMissing(attributeSubject(name)) }
      let attribute = try library("read", attributeSubject(name)) { () throws(CallFault) in
        try Calls.openAttribute(name, of: handle)
      }
      return try H5.Attribute(attribute, name: name, attributeSubject(name), in: file)
    }
  }

  /// Writes a number as a new attribute.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`.
  public func setAttribute<T: H5.Element>(_ name: String, _ value: T) throws(H5.Failure) {
    try writeNumbers(name, shape: [], [value])
  }

  /// Writes numbers as a new attribute with one axis.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.overLimit` above 63 KiB.
  public func setAttribute<T: H5.Element>(_ name: String, _ values: [T]) throws(H5.Failure) {
    try writeNumbers(name, shape: [values.count], values)
  }

  /// Writes a string as a new attribute: UTF-8 of fixed length.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.invalidText` for a zero byte, `.overLimit`
  ///   above 63 KiB.
  public func setAttribute(_ name: String, _ value: String) throws(H5.Failure) {
    try writeText(name, shape: [], [value])
  }

  /// Writes strings as a new attribute with one axis: UTF-8 of equal length.
  ///
  /// - Throws: `.readOnly`, `.name`, `.alreadyExists`, `.invalidText` for a zero byte, `.overLimit`
  ///   above 63 KiB.
  public func setAttribute(_ name: String, _ values: [String]) throws(H5.Failure) {
    try writeText(name, shape: [values.count], values)
  }

  // MARK: Steps

  private func attributeSubject(_ name: String) -> String { subject + "@" + name }

  private func requireAttributeName(_ name: String, _ action: String) throws(H5.Failure) {
    // Unlike the name of an object, it may contain '/'.
    guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count <= 32_000 else {
      throw .badName(
        action, attributeSubject(name), found: "is empty, too long, or contains a zero byte")
    }
  }

  private func writeNumbers<T: H5.Element>(
    _ name: String, shape: [Int], _ values: [T]
  ) throws(H5.Failure) {
    try locked { () throws(H5.Failure) in
      let (stored, native) = (Calls.stored(T.numericType), Calls.native(T.numericType))
      try write(name, shape, values, stored, native)
    }
  }

  private func writeText(
    _ name: String, shape: [Int], _ values: [String]
  ) throws(H5.Failure) {
    try locked { () throws(H5.Failure) in
      let text = try H5.FixedText(values, attributeSubject(name))
      let type = try library("write", attributeSubject(name)) { () throws(CallFault) in
        try Calls.fixedString(sizeInBytes: text.placeInBytes)
      }
      try write(name, shape, text.bytes, type.id, type.id)
    }
  }

  private func write<T: BitwiseCopyable>(
    _ name: String, _ shape: [Int], _ values: [T], _ stored: ObjectID, _ native: ObjectID
  ) throws(H5.Failure) {
    let size = values.count * MemoryLayout<T>.stride + name.utf8.count
    let subject = attributeSubject(name)
    try file.requireWritable("write", subject)
    try requireAttributeName(name, "write")
    guard size <= attributeLimitInBytes else {
      throw .attributeTooLarge(subject, sizeInBytes: size, limitInBytes: attributeLimitInBytes)
    }
    guard try !hasAttribute(name) else { throw .alreadyExists(subject) }
    try library("write", subject) { () throws(CallFault) in
      let creation = try Calls.attributeCreation()
      if !name.utf8.allSatisfy({ $0 < 0x80 }) { try Calls.nameInUTF8(creation) }
      let attribute = try Calls.createAttribute(
        name, of: handle, type: stored, space: try Calls.space(shape), creation: creation)
      try values.withAddress { (start) throws(CallFault) in
        try Calls.writeAttribute(attribute, as: native, from: start)
      }
    }
  }
}
