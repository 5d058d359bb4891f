import Tensors

extension Safetensors {
  /// Reads the bytes of a file, believing nothing that they say.
  ///
  /// - Throws: `ModelFileError`, a code of its own for each malformation.
  public init(decoding bytes: [UInt8], limits: Limits = Limits()) throws(ModelFileError) {
    guard bytes.count <= limits.fileInBytes else {
      throw .fileTooLarge(bytes: bytes.count, limit: limits.fileInBytes)
    }
    guard bytes.count >= 10 else { throw .tooShort(bytes: bytes.count) }
    var length: UInt64 = 0
    for byte in 0..<8 { length |= UInt64(bytes[byte]) << (8 * UInt64(byte)) }
    guard length <= UInt64(limits.headerInBytes) else {
      throw .headerTooLarge(bytes: length, limit: limits.headerInBytes)
    }
    let headerCount = Int(length)
    guard headerCount <= bytes.count - 8 else {
      throw .headerBeyondEnd(bytes: headerCount, available: bytes.count - 8)
    }
    let header = Array(bytes[8..<8 + headerCount])
    guard header.first == UInt8(ascii: "{") else { throw .headerNotObject() }
    guard case .object(let fields) = try StrictJSON.parse(header) else {
      throw .headerNotObject()
    }
    self.init()
    let data = bytes[(8 + headerCount)...]
    var claims: [Claim] = []
    for field in fields {
      if field.key == Self.metadataKey {
        metadata = try Self.texts(field.value)
      } else {
        claims.append(try Claim(field.key, field.value, available: data.count))
      }
    }
    try Self.checkCover(&claims, available: data.count)
    for claim in claims {
      let start = data.startIndex + claim.begin
      entries.append(
        Entry(
          name: claim.name, elementType: claim.elementType, shape: claim.shape,
          bytes: Array(data[start..<start + claim.end - claim.begin])))
    }
  }

  private static func texts(_ value: StrictJSON) throws(ModelFileError) -> [String: String] {
    guard case .object(let fields) = value else { throw .metadataNotText(metadataKey) }
    var texts: [String: String] = [:]
    for field in fields {
      guard case .text(let text) = field.value else { throw .metadataNotText(field.key) }
      texts[field.key] = text
    }
    return texts
  }

  /// Every byte of data has to belong to exactly one tensor.
  private static func checkCover(
    _ claims: inout [Claim], available: Int
  ) throws(ModelFileError) {
    claims.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    var covered = 0
    for claim in claims {
      if claim.begin > covered {
        throw .hole(before: claim.name, bytes: claim.begin - covered)
      }
      if claim.begin < covered { throw .overlap(claim.name, bytes: covered - claim.begin) }
      covered = claim.end
    }
    guard covered == available else {
      throw .incompleteBuffer(used: covered, available: available)
    }
  }
}

/// What the header says about one tensor, checked against itself and the amount of data.
private struct Claim {
  var name: String
  var elementType: Safetensors.ElementType
  var shape: Shape
  var begin: Int
  var end: Int

  init(_ name: String, _ value: StrictJSON, available: Int) throws(ModelFileError) {
    guard case .object(let fields) = value else { throw .fieldMissing(name, field: "dtype") }
    func field(_ key: String) -> StrictJSON? { fields.first { $0.key == key }?.value }
    guard case .text(let typeName)? = field("dtype") else {
      throw .fieldMissing(name, field: "dtype")
    }
    guard let type = Safetensors.ElementType(rawValue: typeName) else {
      throw .elementType(name, found: typeName)
    }
    guard let lengths = field("shape")?.wholeNumbers else {
      throw .fieldMissing(name, field: "shape")
    }
    guard let offsets = field("data_offsets")?.wholeNumbers, offsets.count == 2 else {
      throw .fieldMissing(name, field: "data_offsets")
    }
    guard let shape = Shape(checking: lengths) else { throw .shape(name) }
    let (needed, overflow) = shape.elementCount.multipliedReportingOverflow(by: type.sizeInBytes)
    guard !overflow else { throw .shape(name) }
    guard offsets[0] <= offsets[1], offsets[1] <= available else {
      throw .offsets(name, begin: offsets[0], end: offsets[1], available: available)
    }
    guard offsets[1] - offsets[0] == needed else {
      throw .byteCount(name, found: offsets[1] - offsets[0], expected: needed)
    }
    self.name = name
    self.elementType = type
    self.shape = shape
    begin = offsets[0]
    end = offsets[1]
  }
}
