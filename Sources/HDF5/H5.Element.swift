extension H5 {
  /// The number types that are read and written.
  public enum NumericType: String, Hashable, Sendable, CaseIterable {
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float32, float64

    /// The bytes of one number.
    public var sizeInBytes: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }

    /// Whether the numbers are integers.
    public var isInteger: Bool { self != .float32 && self != .float64 }

    /// Whether there are negative numbers.
    public var isSigned: Bool {
      switch self {
      case .uint8, .uint16, .uint32, .uint64: false
      default: true
      }
    }

    /// Whether every number of a stored integer type fits.
    func holdsAll(ofSizeInBytes size: Int, isSigned other: Bool) -> Bool {
      guard isInteger else { return true }
      if isSigned == other { return size <= sizeInBytes }
      return isSigned && size < sizeInBytes
    }
  }

  /// A Swift number that can be an element of a dataset or an attribute.
  ///
  /// Values are stored little-endian on every machine, so that equal data gives equal bytes.
  public protocol Element: BitwiseCopyable, Numeric, Sendable {
    /// The type as HDF5 knows it.
    static var numericType: NumericType { get }
  }
}

extension Int8: H5.Element {
  /// Signed, 8 bits.
  public static var numericType: H5.NumericType { .int8 }
}

extension Int16: H5.Element {
  /// Signed, 16 bits.
  public static var numericType: H5.NumericType { .int16 }
}

extension Int32: H5.Element {
  /// Signed, 32 bits.
  public static var numericType: H5.NumericType { .int32 }
}

extension Int64: H5.Element {
  /// Signed, 64 bits.
  public static var numericType: H5.NumericType { .int64 }
}

extension Int: H5.Element {
  /// Signed, 64 bits: `Int` has 64 bits wherever this package builds.
  public static var numericType: H5.NumericType { .int64 }
}

extension UInt8: H5.Element {
  /// Unsigned, 8 bits.
  public static var numericType: H5.NumericType { .uint8 }
}

extension UInt16: H5.Element {
  /// Unsigned, 16 bits.
  public static var numericType: H5.NumericType { .uint16 }
}

extension UInt32: H5.Element {
  /// Unsigned, 32 bits.
  public static var numericType: H5.NumericType { .uint32 }
}

extension UInt64: H5.Element {
  /// Unsigned, 64 bits.
  public static var numericType: H5.NumericType { .uint64 }
}

extension Float: H5.Element {
  /// IEEE 754, 32 bits.
  public static var numericType: H5.NumericType { .float32 }
}

extension Double: H5.Element {
  /// IEEE 754, 64 bits.
  public static var numericType: H5.NumericType { .float64 }
}
