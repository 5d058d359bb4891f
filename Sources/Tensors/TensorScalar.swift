/// A number that tensors are made of: `Float` for training, `Double` for checks and linear algebra.
public protocol TensorScalar: BinaryFloatingPoint, LosslessStringConvertible, Sendable, Codable {
  /// The kernels that compute with this number as fast as the machine allows.
  associatedtype FastKernels: Kernels where FastKernels.Scalar == Self

  /// The name of the number in safetensors and NumPy headers: "F32" or "F64".
  static var safetensorsName: String { get }

  /// The number of bytes of one number in memory and in files.
  static var sizeInBytes: Int { get }

  /// The same number in double precision, which is always exact.
  var asDouble: Double { get }

  /// The number as the bits that files hold, in the low bits of a word.
  var fileBits: UInt64 { get }

  /// The number that has the given bits (the low `sizeInBytes` bytes count).
  init(fileBits: UInt64)
}

extension Float: TensorScalar {
  /// OpenBLAS and the project's own loops.
  public typealias FastKernels = FloatKernels

  /// "F32".
  public static var safetensorsName: String { "F32" }

  /// Four.
  public static var sizeInBytes: Int { 4 }

  /// The same number in double precision.
  public var asDouble: Double { Double(self) }

  /// The IEEE 754 bit pattern.
  public var fileBits: UInt64 { UInt64(bitPattern) }

  /// The number that has the given IEEE 754 bit pattern.
  public init(fileBits: UInt64) {
    self.init(bitPattern: UInt32(truncatingIfNeeded: fileBits))
  }
}

extension Double: TensorScalar {
  /// OpenBLAS for products, the reference for the rest.
  public typealias FastKernels = DoubleKernels

  /// "F64".
  public static var safetensorsName: String { "F64" }

  /// Eight.
  public static var sizeInBytes: Int { 8 }

  /// The number itself.
  public var asDouble: Double { self }

  /// The IEEE 754 bit pattern.
  public var fileBits: UInt64 { bitPattern }

  /// The number that has the given IEEE 754 bit pattern.
  public init(fileBits: UInt64) {
    self.init(bitPattern: fileBits)
  }
}
