extension H5.ElementType {
  /// Describes a type of the file, within the limits on nesting and members.
  static func describe(
    _ type: Handle, in file: OpenFile, _ subject: String, depth: Int = 0
  ) throws(H5.Failure) -> H5.ElementType {
    guard depth < file.limits.depth else {
      throw .overLimit(
        "open", subject, found: "its type is nested deeper than \(depth)",
        limit: "\(file.limits.depth)")
    }
    let size = try library("open", subject) { () throws(CallFault) in try Calls.size(type) }
    guard size <= file.limits.chunkInBytes else {
      throw .overLimit(
        "open", subject, found: "one element has \(size) bytes",
        limit: "\(file.limits.chunkInBytes) bytes")
    }
    let kind = try kind(of: type, size, in: file, subject, depth: depth)
    return H5.ElementType(kind: kind, sizeInBytes: size, byteOrder: order(of: type, kind))
  }

  private static func order(of type: Handle, _ kind: Kind) -> H5.ByteOrder {
    switch kind {
    case .integer, .float, .bitfield, .time: Calls.byteOrder(type)
    default: .none
    }
  }

  private static func kind(
    of type: Handle, _ size: Int, in file: OpenFile, _ subject: String, depth: Int
  ) throws(H5.Failure) -> Kind {
    switch Calls.typeClass(type) {
    case .integer:
      let isSound = Calls.hasBitsInside(type, sizeInBytes: size, isFloat: false)
      return isSound ? .integer(isSigned: Calls.isSigned(type)) : .unknown
    case .float:
      return Calls.hasBitsInside(type, sizeInBytes: size, isFloat: true) ? .float : .unknown
    case .string:
      let isVariable = try library("open", subject) { () throws(CallFault) in
        try Calls.isVariableString(type)
      }
      if isVariable { return .variableString(isUTF8: Calls.isUTF8(type)) }
      return .fixedString(padding: Calls.padding(type), isUTF8: Calls.isUTF8(type))
    case .compound: return .compound(try members(of: type, in: file, subject, depth: depth))
    case .enumeration:
      let base = try base(of: type, in: file, subject, depth: depth)
      let cases = try cases(of: type, size, base, in: file, subject)
      return .enumeration(of: base, cases: cases)
    case .array:
      let base = try base(of: type, in: file, subject, depth: depth)
      let sides = try library("open", subject) { () throws(CallFault) in
        try Calls.arrayShape(type)
      }
      let shape = try H5.checkedShape(sides, sizeInBytes: base.valuesPerElement, subject)
      return .array(shape: shape, of: base)
    case .variableLength:
      return .sequence(of: try base(of: type, in: file, subject, depth: depth))
    case .bitfield: return .bitfield
    case .opaque: return .opaque
    case .reference: return .reference
    case .time: return .time
    case .unknown: return .unknown
    }
  }

  private static func base(
    of type: Handle, in file: OpenFile, _ subject: String, depth: Int
  ) throws(H5.Failure) -> H5.ElementType {
    let base = try library("open", subject) { () throws(CallFault) in try Calls.base(type) }
    return try describe(base, in: file, subject, depth: depth + 1)
  }

  private static func memberCount(
    of type: Handle, in file: OpenFile, _ subject: String
  ) throws(H5.Failure) -> Int {
    let count = try library("open", subject) { () throws(CallFault) in
      try Calls.memberCount(type)
    }
    guard count <= file.limits.objectCount else {
      throw .overLimit(
        "open", subject, found: "its type has \(count) members",
        limit: "\(file.limits.objectCount)")
    }
    return count
  }

  private static func members(
    of type: Handle, in file: OpenFile, _ subject: String, depth: Int
  ) throws(H5.Failure) -> [Member] {
    var members: [Member] = []
    for index in 0..<(try memberCount(of: type, in: file, subject)) {
      let (name, memberType) = try library("open", subject) { () throws(CallFault) in
        (try Calls.memberName(type, at: index), try Calls.memberType(type, at: index))
      }
      members.append(
        Member(
          name: name, offsetInBytes: Calls.memberOffset(type, at: index),
          type: try describe(memberType, in: file, subject, depth: depth + 1)))
    }
    return members
  }

  private static func cases(
    of type: Handle, _ size: Int, _ base: H5.ElementType, in file: OpenFile, _ subject: String
  ) throws(H5.Failure) -> [Case] {
    var cases: [Case] = []
    for index in 0..<(try memberCount(of: type, in: file, subject)) {
      let (name, bytes) = try library("open", subject) { () throws(CallFault) in
        (
          try Calls.memberName(type, at: index),
          try Calls.memberValue(type, at: index, sizeInBytes: size)
        )
      }
      cases.append(Case(name: name, value: integer(bytes, base)))
    }
    return cases
  }

  /// The integer that the bytes of a value stand for; nil beyond 64 signed bits.
  private static func integer(_ bytes: [UInt8], _ base: H5.ElementType) -> Int64? {
    guard case .integer(let isSigned) = base.kind, bytes.count == base.sizeInBytes,
      (1...8).contains(bytes.count)
    else {
      return nil
    }
    let bigEndian = base.byteOrder == .bigEndian ? bytes : bytes.reversed()
    let bits = bigEndian.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = 64 - 8 * bytes.count
    if isSigned { return Int64(bitPattern: bits << unused) >> unused }
    return Int64(exactly: bits)
  }
}
