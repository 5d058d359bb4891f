extension H5 {
  /// A small named value of an object.
  public final class Attribute {
    /// Its name.
    public let name: String
    /// The length of each axis; empty for a single value, [0] for an attribute without any value.
    public let shape: [Int]
    /// What one element is.
    public let elementType: ElementType
    private let handle: Handle
    private let type: Handle
    private let space: Handle
    private let file: OpenFile
    private let subject: String

    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }

    init(_ handle: Handle, name: String, _ subject: String, in file: OpenFile) throws(H5.Failure) {
      let (type, space, sides) = try library("read", subject) { () throws(CallFault) in
        let space = try Calls.attributeSpace(handle)
        return (try Calls.attributeType(handle), space, try Calls.shape(space) ?? [0])
      }
      guard sides.count <= file.limits.rank else {
        throw .overLimit(
          "read", subject, found: "it has \(sides.count) axes", limit: "\(file.limits.rank)")
      }
      self.name = name
      self.handle = handle
      self.type = type
      self.space = space
      self.file = file
      self.subject = subject
      elementType = try ElementType.describe(type, in: file, subject)
      shape = try checkedShape(sides, sizeInBytes: elementType.sizeInBytes, subject)
      let size = elementCount * elementType.sizeInBytes
      guard size <= file.limits.attributeInBytes else {
        throw .overLimit(
          "read", subject, found: "it has \(size) bytes",
          limit: "\(file.limits.attributeInBytes) bytes")
      }
    }

    // MARK: Numbers

    /// The numbers in row-major order, converted to a type.
    ///
    /// Floats are rounded; a value that does not fit an integer type exactly fails the read.
    /// - Throws: `.wrongType` for strings, `.unsupportedType`, `.valueOutOfRange`.
    public func numbers<T: Element>(as type: T.Type) throws(H5.Failure) -> [T] {
      guard elementType.isNumeric else {
        if elementType.isString {
          throw .wrongType(subject, found: "strings", expected: "numbers")
        }
        throw .unsupportedType(subject, type: "'\(elementType)'")
      }
      guard T.numericType.isInteger, !elementType.fits(T.numericType) else { return try values() }
      // Attributes are read without a say in conversions, so what may not fit is read wide first.
      if elementType.isFloat {
        return try exact(try values() as [Double]) { Int64(exactly: $0).flatMap(T.init(exactly:)) }
      }
      return elementType.fits(.int64)
        ? try exact(try values() as [Int64]) { T(exactly: $0) }
        : try exact(try values() as [UInt64]) { T(exactly: $0) }
    }

    /// The one number of an attribute with one element.
    ///
    /// - Throws: `.count` if there are more or none, and as ``numbers(as:)``.
    public func number<T: Element>(as type: T.Type) throws(H5.Failure) -> T {
      try single(try numbers(as: type))
    }

    private func values<T: Element>() throws(H5.Failure) -> [T] {
      var values = [T](repeating: 0, count: elementCount * elementType.valuesPerElement)
      guard !values.isEmpty else { return [] }
      try library("read", subject) { () throws(CallFault) in
        let memoryType = try MemoryType(T.numericType, for: elementType, member: nil)
        try values.withMutableAddress { (start) throws(CallFault) in
          try Calls.readAttribute(handle, as: memoryType.id, into: start)
        }
      }
      return values
    }

    private func exact<Wide, T: Element>(
      _ values: [Wide], _ convert: (Wide) -> T?
    ) throws(H5.Failure) -> [T] {
      var result: [T] = []
      result.reserveCapacity(values.count)
      for value in values {
        guard let converted = convert(value) else {
          throw .valueOutOfRange(subject, type: "\(T.self)")
        }
        result.append(converted)
      }
      return result
    }

    private func single<T>(_ values: [T]) throws(H5.Failure) -> T {
      guard values.count == 1 else {
        throw .wrongCount("read", subject, found: 1, expected: values.count)
      }
      return values[0]
    }

    // MARK: Strings

    /// The strings in row-major order.
    ///
    /// - Throws: `.wrongType` for numbers, `.unsupportedType`, `.invalidText`, `.overLimit`.
    public func strings(invalidText: InvalidText = .refused) throws(H5.Failure) -> [String] {
      guard elementCount > 0 || !elementType.isString else { return [] }
      switch elementType.kind {
      case .fixedString(let padding, _):
        return try H5.strings(
          in: try fixedBytes(), sizeInBytes: elementType.sizeInBytes, padding, invalidText,
          subject)
      case .variableString: return try variableStrings(invalidText)
      default:
        if elementType.isNumeric {
          throw .wrongType(subject, found: "numbers", expected: "strings")
        }
        throw .unsupportedType(subject, type: "'\(elementType)'")
      }
    }

    /// The one string of an attribute with one element.
    ///
    /// - Throws: `.count` if there are more or none, and as ``strings(invalidText:)``.
    public func string(invalidText: InvalidText = .refused) throws(H5.Failure) -> String {
      try single(try strings(invalidText: invalidText))
    }

    private func fixedBytes() throws(H5.Failure) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: elementCount * elementType.sizeInBytes)
      try library("read", subject) { () throws(CallFault) in
        try bytes.withMutableAddress { (start) throws(CallFault) in
          try Calls.readAttribute(handle, as: type.id, into: start)
        }
      }
      return bytes
    }

    private func variableStrings(_ invalidText: InvalidText) throws(H5.Failure) -> [String] {
      // Each element may name the same long string, and the memory of attributes has no budget. So
      // many elements are the ratio by which a file could then grow in memory.
      guard elementCount <= file.limits.logicalToStoredRatio else {
        throw .overLimit(
          "read", subject, found: "it has \(elementCount) strings of any length",
          limit: "\(file.limits.logicalToStoredRatio)")
      }
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: elementCount)
      return try locked { () throws(H5.Failure) in
        try library("read", subject) { () throws(CallFault) in
          try pointers.withMutableAddress { (start) throws(CallFault) in
            try Calls.readAttribute(handle, as: type.id, into: start)
          }
        }
        let strings: Result<[String], H5.Failure>
        do throws(H5.Failure) {
          strings = .success(try H5.strings(at: pointers, invalidText, subject))
        } catch {
          strings = .failure(error)
        }
        try library("read", subject) { () throws(CallFault) in
          try pointers.withMutableAddress { (start) throws(CallFault) in
            try Calls.reclaim(type, space, start)
          }
        }
        return try strings.get()
      }
    }
  }
}

extension H5.ElementType {
  /// Whether the numbers of the elements are floats.
  fileprivate var isFloat: Bool {
    switch kind {
    case .float: true
    case .array(_, let base): base.isFloat
    default: false
    }
  }
}
