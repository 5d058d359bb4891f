extension Inflater {
  /// Unpacks bytes that are all in memory.
  /// - Throws: As `inflate(_:into:)` and `finish()`.
  public static func unpack(
    _ bytes: [UInt8], as format: Format, limits: InflationLimits = InflationLimits()
  ) throws(CompressionError) -> [UInt8] {
    let inflater = try Inflater(format, limits: limits)
    var unpacked: [UInt8] = []
    // The span's `withUnsafeBytes` passes a typed error on, the array's does not.
    try bytes.span.bytes.withUnsafeBytes {
      (packed: UnsafeRawBufferPointer) throws(CompressionError) in
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { block.deallocate() }
      var rest = packed
      while true {
        let count = try inflater.inflate(&rest, into: block)
        if count == 0, rest.isEmpty { break }
        unpacked.append(contentsOf: UnsafeRawBufferPointer(rebasing: block[..<count]))
      }
    }
    try inflater.finish()
    return unpacked
  }
}
