import Tensors

extension Safetensors {
  /// The bytes of the file.
  ///
  /// The header is padded with spaces to a multiple of eight bytes, so that the data stay aligned.
  public func encoded() -> [UInt8] {
    var header = Array(headerText().utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + entries.reduce(0) { $0 + $1.bytes.count })
    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * byte))) }
    bytes += header
    for entry in entries { bytes += entry.bytes }
    return bytes
  }

  private func headerText() -> String {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      fields.append("\"\(Self.metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for entry in entries {
      let lengths = entry.shape.lengths.map(String.init).joined(separator: ",")
      let end = offset + entry.bytes.count
      fields.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\"\(entry.elementType.rawValue)\","
          + "\"shape\":[\(lengths)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(fields.joined(separator: ","))}"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
