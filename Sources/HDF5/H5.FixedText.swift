extension H5 {
  /// Strings laid out in places of equal size.
  struct FixedText {
    /// The size of a place: that of the longest string, at least 1.
    let placeInBytes: Int
    let bytes: [UInt8]

    init(_ values: [String], _ subject: String) throws(H5.Failure) {
      for (index, value) in values.enumerated() where value.utf8.contains(0) {
        throw .zeroByteInText(subject, index: index)
      }
      placeInBytes = max(values.reduce(0) { max($0, $1.utf8.count) }, 1)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(placeInBytes * values.count)
      for value in values {
        bytes.append(contentsOf: value.utf8)
        bytes.append(contentsOf: repeatElement(0, count: placeInBytes - value.utf8.count))
      }
      self.bytes = bytes
    }
  }
}
