/// An open file descriptor with one owner, closed when the owner is gone.
struct Descriptor: ~Copyable {
  let number: CInt
  /// The length of the file when it was opened; 0 for directories and new files.
  var sizeInBytes: Int64 = 0

  deinit {
    // The result of closing matters after writing only; writers call `SystemCalls.close`.
    SystemCalls.closeForgetting(number)
  }

  /// Gives up the ownership without closing.
  consuming func take() -> CInt {
    let number = self.number
    discard self
    return number
  }
}
