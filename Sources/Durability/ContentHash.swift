public import SystemPackage

/// The SHA-256 of some bytes: the name under which sealed objects are kept.
///
/// Ordered as its hexadecimal text is. In JSON it is that text.
public struct ContentHash: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The length of the hash in bytes.
  public static let lengthInBytes = 32

  // Four big-endian words instead of an array: no allocation, and the hash of a hash is cheap.
  private let words: InlineWords

  private struct InlineWords: Hashable, Sendable {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var fourth: UInt64 = 0
  }

  /// Hashes bytes that are in memory.
  public init(of bytes: RawSpan) {
    var hasher = ContentHasher()
    hasher.update(bytes)
    self = hasher.finish()
  }

  /// Hashes an array of bytes.
  public init(of bytes: [UInt8]) {
    self.init(of: bytes.span.bytes)
  }

  /// Hashes the content of a regular file, holding one mebibyte of it at a time.
  ///
  /// - Throws: `.notFound`, `.notRegularFile`, `.shortRead` if it shrinks meanwhile, and the codes
  ///   of a failing disk.
  public init(ofFile path: FilePath, on fileSystem: any FileSystem) throws(FileFault) {
    var hasher = ContentHasher()
    try fileSystem.readBlocks(of: path, lengthInBytes: 1 << 20) { block in hasher.update(block) }
    self = hasher.finish()
  }

  /// Takes the 32 bytes of a hash that was computed elsewhere; `nil` for another length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.lengthInBytes else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = InlineWords(
      first: words[0], second: words[1], third: words[2], fourth: words[3])
  }

  /// Reads the 64 lower-case hexadecimal digits of a hash; `nil` for anything else.
  ///
  /// Capital letters are refused, because the text is also a file name: one hash, one name.
  public init?(hexText: String) {
    let digits = Array(hexText.utf8)
    guard digits.count == 2 * Self.lengthInBytes else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.value(ofDigit: digits[index]),
        let low = Self.value(ofDigit: digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.init(bytes: bytes)
  }

  /// The 32 bytes of the hash.
  public var bytes: [UInt8] {
    [words.first, words.second, words.third, words.fourth].flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  /// The hash as 64 lower-case hexadecimal digits.
  public var hexText: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * Self.lengthInBytes)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first eight digits, enough for people to recognise it by.
  public var shortText: String { String(hexText.prefix(8)) }

  /// The hash as 64 lower-case hexadecimal digits.
  public var description: String { hexText }

  /// Orders hashes as their texts are ordered.
  public static func < (left: ContentHash, right: ContentHash) -> Bool {
    (left.words.first, left.words.second, left.words.third, left.words.fourth)
      < (right.words.first, right.words.second, right.words.third, right.words.fourth)
  }

  /// Reads the hexadecimal text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let hash = ContentHash(hexText: text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "Could not read a SHA-256: \(text.utf8.count) characters found, "
          + "64 lower-case hexadecimal digits are expected.")
    }
    self = hash
  }

  /// Writes the hexadecimal text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexText)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
