internal import SystemPackage

/// The words that fault messages share.
enum Words {
  /// A path in single quotes, with everything escaped that could steer a terminal.
  static func quoted(_ path: FilePath) -> String {
    var text = "'"
    for scalar in path.string.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "'"
  }

  /// A byte count as people read it, such as `812 bytes` or `61.8 MiB`: one decimal, units of 1024.
  static func byteCount(_ count: Int64) -> String {
    guard count.magnitude >= 1024 else { return "\(count) bytes" }
    var amount = Double(count)
    var unit = "bytes"
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where amount.magnitude >= 1023.95 {
      amount /= 1024
      unit = next
    }
    let tenths = Int64((amount * 10).rounded())
    return "\(tenths / 10).\((tenths % 10).magnitude) \(unit)"
  }
}
