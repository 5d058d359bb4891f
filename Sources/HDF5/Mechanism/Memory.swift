// The standard library's `withUnsafeBytes` of arrays forgets the type of what its body throws; these
// keep it, and leave out empty arrays, which have no address.
extension Array where Element: BitwiseCopyable {
  /// Runs `body` with the address of the elements, unless there are none.
  func withAddress<Fault: Error>(
    _ body: (UnsafeRawPointer) throws(Fault) -> Void
  ) throws(Fault) {
    try withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
      try body(UnsafeRawPointer(start))
    }
  }

  /// Runs `body` with the address where the elements can be changed, unless there are none.
  mutating func withMutableAddress<Fault: Error>(
    _ body: (UnsafeMutableRawPointer) throws(Fault) -> Void
  ) throws(Fault) {
    try withUnsafeMutableBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
      try body(UnsafeMutableRawPointer(start))
    }
  }
}
