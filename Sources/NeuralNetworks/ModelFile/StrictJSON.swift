/// JSON read without forgiveness, keeping the order of keys and refusing those that appear twice.
///
/// Foundation's reader keeps the last of two equal keys, which would let one file mean two things.
enum StrictJSON: Hashable {
  struct Field: Hashable {
    var key: String
    var value: StrictJSON
  }

  case object([Field])
  case list([StrictJSON])
  case text(String)
  case number(String)
  case word(String)

  /// The elements of a list of whole numbers that are not negative, or nothing.
  var wholeNumbers: [Int]? {
    guard case .list(let elements) = self else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard case .number(let text) = element, let number = Int(text), number >= 0 else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Reads one value that fills `bytes` but for spaces around it.
  static func parse(_ bytes: [UInt8]) throws(ModelFileError) -> StrictJSON {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .headerNotText() }
    var reader = Reader(bytes: bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpaces()
    guard reader.position == bytes.count else { throw reader.fault("its end") }
    return value
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    /// Nothing in a header is nested deeper than a tensor's shape.
    static let deepest = 8

    func fault(_ expected: String) -> ModelFileError {
      .headerNotJSON(position: position, expected: expected)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpaces() {
      while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
        position += 1
      }
    }

    mutating func expect(_ byte: UInt8, _ name: String) throws(ModelFileError) {
      guard next == byte else { throw fault(name) }
      position += 1
    }

    mutating func value(depth: Int) throws(ModelFileError) -> StrictJSON {
      guard depth < Self.deepest else { throw fault("a shallower value") }
      skipSpaces()
      switch next {
      case UInt8(ascii: "{"): return try object(depth: depth)
      case UInt8(ascii: "["): return try list(depth: depth)
      case UInt8(ascii: "\""): return .text(try text())
      case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
      default: return try word()
      }
    }

    mutating func object(depth: Int) throws(ModelFileError) -> StrictJSON {
      try expect(UInt8(ascii: "{"), "'{'")
      var fields: [Field] = []
      var keys: Set<String> = []
      skipSpaces()
      if next == UInt8(ascii: "}") {
        position += 1
        return .object(fields)
      }
      while true {
        skipSpaces()
        let key = try text()
        guard keys.insert(key).inserted else { throw .duplicateKey(key) }
        skipSpaces()
        try expect(UInt8(ascii: ":"), "':'")
        fields.append(Field(key: key, value: try value(depth: depth + 1)))
        skipSpaces()
        if next == UInt8(ascii: ",") {
          position += 1
          continue
        }
        try expect(UInt8(ascii: "}"), "',' or '}'")
        return .object(fields)
      }
    }

    mutating func list(depth: Int) throws(ModelFileError) -> StrictJSON {
      try expect(UInt8(ascii: "["), "'['")
      var elements: [StrictJSON] = []
      skipSpaces()
      if next == UInt8(ascii: "]") {
        position += 1
        return .list(elements)
      }
      while true {
        elements.append(try value(depth: depth + 1))
        skipSpaces()
        if next == UInt8(ascii: ",") {
          position += 1
          continue
        }
        try expect(UInt8(ascii: "]"), "',' or ']'")
        return .list(elements)
      }
    }

    mutating func text() throws(ModelFileError) -> String {
      try expect(UInt8(ascii: "\""), "a text")
      var units: [UInt8] = []
      while let byte = next {
        switch byte {
        case UInt8(ascii: "\""):
          position += 1
          return String(decoding: units, as: UTF8.self)
        case UInt8(ascii: "\\"):
          position += 1
          units += try escaped()
        case 0..<0x20: throw fault("a printable character")
        default:
          units.append(byte)
          position += 1
        }
      }
      throw fault("the end of a text")
    }

    mutating func escaped() throws(ModelFileError) -> [UInt8] {
      guard let byte = next else { throw fault("an escaped character") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0c]
      case UInt8(ascii: "n"): return [0x0a]
      case UInt8(ascii: "r"): return [0x0d]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "u"): return Array(String(Character(try unicodeScalar())).utf8)
      default: throw fault("an escaped character")
      }
    }

    mutating func unicodeScalar() throws(ModelFileError) -> Unicode.Scalar {
      let first = try fourHexDigits()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard (0xd800..<0xdc00).contains(first) else { throw fault("a whole surrogate pair") }
      try expect(UInt8(ascii: "\\"), "a whole surrogate pair")
      try expect(UInt8(ascii: "u"), "a whole surrogate pair")
      let second = try fourHexDigits()
      guard (0xdc00..<0xe000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      else { throw fault("a whole surrogate pair") }
      return scalar
    }

    mutating func fourHexDigits() throws(ModelFileError) -> UInt32 {
      var number: UInt32 = 0
      for _ in 0..<4 {
        guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
          throw fault("four hexadecimal digits")
        }
        number = number << 4 + UInt32(digit)
        position += 1
      }
      return number
    }

    mutating func number() throws(ModelFileError) -> StrictJSON {
      let start = position
      if next == UInt8(ascii: "-") { position += 1 }
      let leading = position
      try digits()
      if bytes[leading] == UInt8(ascii: "0"), position > leading + 1 { throw fault("a number") }
      if next == UInt8(ascii: ".") {
        position += 1
        try digits()
      }
      if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
        position += 1
        if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
        try digits()
      }
      return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    mutating func digits() throws(ModelFileError) {
      guard let byte = next, Self.isDigit(byte) else { throw fault("a digit") }
      while let byte = next, Self.isDigit(byte) { position += 1 }
    }

    mutating func word() throws(ModelFileError) -> StrictJSON {
      for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return .word(word)
      }
      throw fault("a value")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
  }
}
