/// What all objects of one open file share: the file itself, its name in messages, and its limits.
final class OpenFile {
  let handle: Handle
  /// How the file is called in messages.
  let name: String
  let limits: H5.Limits
  /// True while an image is being built; false for files opened for reading and after sealing.
  private(set) var isWritable: Bool
  /// The bytes before the HDF5 part of the file, usually none.
  let userBlockInBytes: Int

  init(_ handle: Handle, name: String, limits: H5.Limits, isWritable: Bool, userBlockInBytes: Int) {
    self.handle = handle
    self.name = name
    self.limits = limits
    self.isWritable = isWritable
    self.userBlockInBytes = userBlockInBytes
  }

  /// How an object of the file is called in messages.
  func subject(_ path: String) -> String { "\(name):\(path)" }

  func seal() { isWritable = false }

  func requireWritable(_ action: String, _ subject: String) throws(H5.Failure) {
    guard isWritable else { throw .readOnly(action, subject) }
  }
}
