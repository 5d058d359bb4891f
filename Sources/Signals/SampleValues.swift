/// The numbers of a recording in the precision of their source.
public enum SampleValues: Hashable, Sendable {
  /// Single precision.
  case float32([Float])
  /// Double precision: for quantities such as strain near 1e-21, or sums that need the digits.
  case float64([Double])

  /// How many numbers there are.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    }
  }

  /// The bytes of one number.
  public var bytesPerValue: Int {
    switch self {
    case .float32: MemoryLayout<Float>.size
    case .float64: MemoryLayout<Double>.size
    }
  }

  /// The name that h5py and NumPy give to the precision.
  public var typeName: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    }
  }

  /// Calls `body` with the bytes as they lie in memory (little-endian on every supported machine).
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    switch self {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .float64(let values): try values.withUnsafeBytes(body)
    }
  }
}
