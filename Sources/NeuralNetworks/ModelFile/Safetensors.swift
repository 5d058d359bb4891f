public import Tensors

/// Named arrays and text as the bytes of a safetensors file, and back.
///
/// The format (huggingface/safetensors, version 0.4): eight bytes with the length of the header,
/// little end first; the header, a JSON object from names to element type, shape and offsets, with
/// text under `__metadata__`; then the data, without holes or overlaps. The bytes are a pure
/// function of the contents: tensors lie in the order of element size (largest first, which keeps
/// them aligned) and name.
public struct Safetensors: Hashable, Sendable {
  /// One named array.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The type of the elements.
    public let elementType: ElementType
    /// The length of each axis.
    public let shape: Shape
    /// The elements, little end first.
    public let bytes: [UInt8]
  }

  /// The type of the elements of an array, by its name in the format.
  public enum ElementType: String, Hashable, Sendable, CaseIterable {
    /// Truth values of one byte.
    case bool = "BOOL"
    /// Whole numbers of 8 bits.
    case uint8 = "U8"
    /// Whole numbers of 8 bits with a sign.
    case int8 = "I8"
    /// Floating-point numbers of 8 bits, 5 for the exponent.
    case float8e5m2 = "F8_E5M2"
    /// Floating-point numbers of 8 bits, 4 for the exponent.
    case float8e4m3 = "F8_E4M3"
    /// Whole numbers of 16 bits with a sign.
    case int16 = "I16"
    /// Whole numbers of 16 bits.
    case uint16 = "U16"
    /// Floating-point numbers of 16 bits (IEEE 754).
    case float16 = "F16"
    /// Floating-point numbers of 16 bits (the upper half of 32).
    case bfloat16 = "BF16"
    /// Whole numbers of 32 bits with a sign.
    case int32 = "I32"
    /// Whole numbers of 32 bits.
    case uint32 = "U32"
    /// Floating-point numbers of 32 bits.
    case float32 = "F32"
    /// Floating-point numbers of 64 bits.
    case float64 = "F64"
    /// Whole numbers of 64 bits with a sign.
    case int64 = "I64"
    /// Whole numbers of 64 bits.
    case uint64 = "U64"

    /// The number of bytes of one element.
    public var sizeInBytes: Int {
      switch self {
      case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  /// How much is read before a file is refused.
  public struct Limits: Hashable, Sendable {
    /// The longest header; safetensors itself stops at 100 MB.
    public var headerInBytes: Int
    /// The longest file.
    public var fileInBytes: Int

    /// Makes limits; the defaults are 100 MB of header and 16 GiB of file.
    public init(headerInBytes: Int = 100_000_000, fileInBytes: Int = 1 << 34) {
      self.headerInBytes = headerInBytes
      self.fileInBytes = fileInBytes
    }
  }

  /// The arrays in the order of the file.
  public internal(set) var entries: [Entry] = []
  /// Text by name.
  public var metadata: [String: String]

  static let metadataKey = "__metadata__"

  /// Makes a file without arrays.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// The array with a name, or nothing.
  public subscript(_ name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  /// Adds an array.
  /// - Throws: `.reservedName` when the name is taken or is the one of the metadata.
  public mutating func add<Scalar: TensorScalar>(
    _ name: String, _ tensor: Tensor<Scalar>
  ) throws(ModelFileError) {
    guard let type = ElementType(rawValue: Scalar.safetensorsName) else {
      preconditionFailure("Every scalar has an element type of safetensors.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tensor.values.count * Scalar.sizeInBytes)
    for value in tensor.values {
      let bits = value.fileBits
      for byte in 0..<Scalar.sizeInBytes {
        bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(byte))))
      }
    }
    try add(Entry(name: name, elementType: type, shape: tensor.shape, bytes: bytes))
  }

  /// The array with a name as numbers, or nothing when there is none.
  /// - Throws: `.tensorType` when the array has another element type.
  public func tensor<Scalar: TensorScalar>(
    _ name: String, of type: Scalar.Type
  ) throws(ModelFileError) -> Tensor<Scalar>? {
    guard let entry = self[name] else { return nil }
    guard entry.elementType.rawValue == Scalar.safetensorsName else {
      throw .tensorType(
        name, found: entry.elementType.rawValue, expected: Scalar.safetensorsName)
    }
    let size = Scalar.sizeInBytes
    let values = stride(from: 0, to: entry.bytes.count, by: size).map { start in
      var bits: UInt64 = 0
      for byte in 0..<size { bits |= UInt64(entry.bytes[start + byte]) << (8 * UInt64(byte)) }
      return Scalar(fileBits: bits)
    }
    return Tensor(shape: entry.shape, values: values)
  }

  mutating func add(_ entry: Entry) throws(ModelFileError) {
    guard entry.name != Self.metadataKey, self[entry.name] == nil else {
      throw .reservedName(entry.name)
    }
    let place = entries.firstIndex { Self.precedes(entry, $0) } ?? entries.count
    entries.insert(entry, at: place)
  }

  /// The order of the file.
  private static func precedes(_ first: Entry, _ second: Entry) -> Bool {
    let sizes = (first.elementType.sizeInBytes, second.elementType.sizeInBytes)
    guard sizes.0 == sizes.1 else { return sizes.0 > sizes.1 }
    return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
  }
}
