extension H5 {
  /// The order of the bytes of a stored number.
  public enum ByteOrder: Hashable, Sendable {
    case littleEndian, bigEndian
    /// The type has no order: strings, compounds, single bytes of some writers.
    case none
  }

  /// What fills a string that is shorter than its place.
  public enum TextPadding: Hashable, Sendable {
    /// The first zero byte ends the string.
    case terminatedByZero
    /// Zero bytes at the end do not belong to the string.
    case zeros
    /// Blanks at the end do not belong to the string.
    case spaces
  }

  /// What one element of a dataset or an attribute is in the file.
  public struct ElementType: Hashable, Sendable, CustomStringConvertible {
    /// A named part of a compound element.
    public struct Member: Hashable, Sendable {
      /// The name of the member.
      public let name: String
      /// Where it begins in the element.
      public let offsetInBytes: Int
      /// What it holds.
      public let type: ElementType
    }

    /// A named value of an enumeration.
    public struct Case: Hashable, Sendable {
      /// The name of the value.
      public let name: String
      /// The value; nil where it does not fit 64 signed bits.
      public let value: Int64?
    }

    /// The kind of element.
    public indirect enum Kind: Hashable, Sendable {
      case integer(isSigned: Bool)
      case float
      /// A string with a place of fixed size.
      case fixedString(padding: TextPadding, isUTF8: Bool)
      /// A string of any length.
      case variableString(isUTF8: Bool)
      case compound([Member])
      /// Integers with names; read as integers.
      case enumeration(of: ElementType, cases: [Case])
      /// A small array in each element.
      case array(shape: [Int], of: ElementType)
      /// A sequence of any length in each element; not read.
      case sequence(of: ElementType)
      case bitfield, opaque, reference, time, unknown
    }

    /// The kind of element.
    public let kind: Kind
    /// The bytes of one element in the file.
    public let sizeInBytes: Int
    /// The order of the bytes of a number.
    public let byteOrder: ByteOrder

    /// Whether elements can be read as numbers: integers of up to 64 bits, floats of up to 128,
    /// enumerations, and arrays of them.
    public var isNumeric: Bool {
      switch kind {
      // libhdf5 converts in buffers made for the numbers that processors have.
      case .integer: sizeInBytes <= 8
      case .float: sizeInBytes <= 16
      case .enumeration(let base, _): base.isNumeric
      case .array(_, let base): base.isNumeric
      default: false
      }
    }

    /// Whether elements can be read as strings.
    public var isString: Bool {
      switch kind {
      case .fixedString, .variableString: true
      default: false
      }
    }

    /// The members of a compound element; none for other kinds.
    public var members: [Member] {
      if case .compound(let members) = kind { members } else { [] }
    }

    /// How many numbers one element holds: 1, or the size of its array.
    public var valuesPerElement: Int {
      guard case .array(let shape, let base) = kind else { return 1 }
      // The file says this; `describe` has checked that the product fits.
      return shape.reduce(base.valuesPerElement, *)
    }

    /// The type in words, for example "float32" or "big-endian int16".
    public var description: String {
      let order = byteOrder == .bigEndian ? "big-endian " : ""
      switch kind {
      case .integer(let isSigned): return "\(order)\(isSigned ? "int" : "uint")\(sizeInBytes * 8)"
      case .float: return "\(order)float\(sizeInBytes * 8)"
      case .fixedString: return "string of \(sizeInBytes) bytes"
      case .variableString: return "string of any length"
      case .compound(let members):
        return "compound of " + members.map { "'\($0.name)'" }.joined(separator: ", ")
      case .enumeration(let base, let cases):
        return "enumeration of \(cases.count) \(base.description) values"
      case .array(let shape, let base): return "array \(shape) of \(base)"
      case .sequence(let base): return "variable-length sequence of \(base)"
      case .bitfield: return "bitfield of \(sizeInBytes) bytes"
      case .opaque: return "opaque of \(sizeInBytes) bytes"
      case .reference: return "reference"
      case .time: return "time"
      case .unknown: return "unknown"
      }
    }

    /// What the values would be called in a message.
    var plural: String { isNumeric ? "numbers" : isString ? "strings" : "elements of type \(self)" }
  }
}
