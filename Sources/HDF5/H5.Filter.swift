extension H5 {
  /// A step that chunks pass on their way into the file.
  public enum Filter: Hashable, Sendable, CustomStringConvertible {
    /// Bytes of equal place value are put together, which makes numbers pack better.
    case shuffle
    /// gzip's packing; levels 0 to 9.
    case deflate(level: Int)
    /// A checksum for each chunk, compared at each read.
    case fletcher32
    /// Any other, with its registered number; only read.
    case other(number: Int, name: String)

    init(number: Int, name: String, firstParameter: Int?) {
      switch number {
      case 1: self = .deflate(level: firstParameter ?? 0)
      case 2: self = .shuffle
      case 3: self = .fletcher32
      default:
        // The name in the file is the writer's word; the registered one is preferred.
        self = .other(
          number: number, name: Self.registered[number] ?? (name.isEmpty ? "unregistered" : name))
      }
    }

    /// The registered number.
    public var number: Int {
      switch self {
      case .deflate: 1
      case .shuffle: 2
      case .fletcher32: 3
      case .other(let number, _): number
      }
    }

    /// The name, with its setting.
    public var description: String {
      switch self {
      case .shuffle: "shuffle"
      case .deflate(let level): "deflate level \(level)"
      case .fletcher32: "Fletcher-32"
      case .other(let number, let name): "\(name) (\(number))"
      }
    }

    /// The name without its setting.
    var name: String {
      switch self {
      case .shuffle: "shuffle"
      case .deflate: "deflate"
      case .fletcher32: "Fletcher-32"
      case .other(_, let name): name
      }
    }

    // From the HDF Group's list of registered filters, those that files of our fields use.
    private static let registered = [
      4: "szip", 5: "n-bit", 6: "scale-offset", 305: "LZO", 307: "bzip2", 32000: "LZF",
      32001: "Blosc", 32004: "LZ4", 32008: "bitshuffle", 32013: "ZFP", 32015: "Zstandard",
      32017: "SZ", 32018: "FCIDECOMP", 32026: "Blosc2",
    ]
  }
}
