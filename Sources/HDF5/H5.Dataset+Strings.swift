extension H5 {
  /// What happens to text that is not UTF-8.
  public enum InvalidText: Hashable, Sendable {
    /// The read fails.
    case refused
    /// Each wrong byte becomes U+FFFD, as in old files with ISO 8859-1 text.
    case repaired
  }
}

extension H5.Dataset {
  /// Reads strings, of fixed or variable length.
  ///
  /// - Parameters:
  ///   - selection: What to read.
  ///   - invalidText: What happens to text that is not UTF-8.
  /// - Returns: The selection in row-major order, without padding.
  /// - Throws: `.wrongType` for numbers, `.invalidText`, `.selection`, `.overLimit`, `.library`.
  public func readStrings(
    _ selection: H5.Selection = .all, invalidText: H5.InvalidText = .refused
  ) throws(H5.Failure) -> [String] {
    try readStrings(of: elementType, member: nil, selection, invalidText)
  }

  /// Reads one member of compound elements as strings.
  ///
  /// - Throws: `.attributeMissing` if there is no such member, and as
  ///   ``readStrings(_:invalidText:)``.
  public func readStrings(
    member name: String, _ selection: H5.Selection = .all,
    invalidText: H5.InvalidText = .refused
  ) throws(H5.Failure) -> [String] {
    try readStrings(of: try member(name).type, member: name, selection, invalidText)
  }

  private func readStrings(
    of type: H5.ElementType, member: String?, _ selection: H5.Selection,
    _ invalidText: H5.InvalidText
  ) throws(H5.Failure) -> [String] {
    let slab = try selection.resolved(in: shape, subject)
    guard type.isString else {
      if type.isNumeric { throw .wrongType(subject, found: "numbers", expected: "strings") }
      throw .unsupportedType(subject, type: "'\(type)'")
    }
    let count = try checkedValueCount(slab, type, sizeInBytes: MemoryLayout<String>.stride)
    guard count > 0 else { return [] }
    return try locked { () throws(H5.Failure) in
      try checkStorage(of: slab)
      let stringType = try memberHandle(member)
      switch type.kind {
      case .fixedString(let padding, _):
        let bytes = try readFixed(slab, stringType, member, count * type.sizeInBytes)
        return try H5.strings(
          in: bytes, sizeInBytes: type.sizeInBytes, padding, invalidText, subject)
      default: return try readVariable(slab, stringType, member, count, invalidText)
      }
    }
  }

  /// The string type of the file itself: HDF5 converts neither character sets nor lengths.
  private func memberHandle(_ name: String?) throws(H5.Failure) -> Handle {
    guard let name else { return type }
    let index = elementType.members.firstIndex { $0.name == name }
    guard let index else { throw .memberMissing(subject, member: name) }
    return try library("read", subject) { () throws(CallFault) in
      try Calls.memberType(type, at: index)
    }
  }

  private func readFixed(
    _ slab: H5.Slab, _ stringType: Handle, _ member: String?, _ sizeInBytes: Int
  ) throws(H5.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: sizeInBytes)
    do throws(CallFault) {
      let compound = try compoundType(member, stringType)
      try bytes.withMutableAddress { (start) throws(CallFault) in
        try read(slab, as: (compound ?? stringType).id, Calls.standard, into: start)
      }
    } catch {
      throw explain(error, slab)
    }
    return bytes
  }

  private func readVariable(
    _ slab: H5.Slab, _ stringType: Handle, _ member: String?, _ count: Int,
    _ invalidText: H5.InvalidText
  ) throws(H5.Failure) -> [String] {
    let arena = StringArena(limitInBytes: file.limits.readInBytes)
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    do throws(CallFault) {
      let compound = try compoundType(member, stringType)
      let properties = try Calls.transfer()
      try Calls.allocateStrings(properties, from: arena)
      try pointers.withMutableAddress { (start) throws(CallFault) in
        try read(slab, as: (compound ?? stringType).id, properties.id, into: start)
      }
    } catch {
      if arena.isExhausted {
        throw .overLimit(
          "read", subject, found: "its strings together have more bytes than are read at once",
          limit: "\(file.limits.readInBytes) bytes")
      }
      throw explain(error, slab)
    }
    // The characters live in the arena.
    return try withExtendedLifetime(arena) { () throws(H5.Failure) in
      try H5.strings(at: pointers, invalidText, subject)
    }
  }

  private func compoundType(_ member: String?, _ type: Handle) throws(CallFault) -> Handle? {
    guard let member else { return nil }
    return try Calls.compound(member: member, type.id)
  }
}

extension H5 {
  /// The strings in places of equal size, without their padding.
  static func strings(
    in bytes: [UInt8], sizeInBytes: Int, _ padding: TextPadding, _ invalidText: InvalidText,
    _ subject: String
  ) throws(H5.Failure) -> [String] {
    var strings: [String] = []
    strings.reserveCapacity(bytes.count / sizeInBytes)
    for index in 0..<bytes.count / sizeInBytes {
      let place = bytes[index * sizeInBytes..<(index + 1) * sizeInBytes]
      let text: ArraySlice<UInt8>
      switch padding {
      case .terminatedByZero: text = place.prefix { $0 != 0 }
      case .zeros: text = place[..<((place.lastIndex { $0 != 0 } ?? place.startIndex - 1) + 1)]
      case .spaces:
        text =
          place[
            ..<((place.lastIndex { $0 != UInt8(ascii: " ") } ?? place.startIndex - 1) + 1)]
      }
      strings.append(try string(text, invalidText, index, subject))
    }
    return strings
  }

  /// The strings at addresses that libhdf5 filled in; no address is an empty string.
  static func strings(
    at pointers: [UnsafeMutablePointer<CChar>?], _ invalidText: InvalidText, _ subject: String
  ) throws(H5.Failure) -> [String] {
    var strings: [String] = []
    strings.reserveCapacity(pointers.count)
    for (index, pointer) in pointers.enumerated() {
      guard let pointer else {
        strings.append("")
        continue
      }
      let repaired = String(cString: pointer)
      if invalidText == .refused, String(validatingCString: pointer) == nil {
        throw .invalidText(subject, index: index)
      }
      strings.append(repaired)
    }
    return strings
  }

  private static func string(
    _ bytes: ArraySlice<UInt8>, _ invalidText: InvalidText, _ index: Int, _ subject: String
  ) throws(H5.Failure) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    guard invalidText == .repaired else { throw .invalidText(subject, index: index) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
