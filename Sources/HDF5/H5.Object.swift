extension H5 {
  /// What an object is.
  public enum ObjectKind: Hashable, Sendable {
    case group, dataset, namedType, unknown

    /// The kind in words.
    var noun: String {
      switch self {
      case .group: "group"
      case .dataset: "dataset"
      case .namedType: "named type"
      case .unknown: "object of unknown kind"
      }
    }
  }

  /// An open group or dataset. It closes when the last reference goes.
  ///
  /// Isolation: not `Sendable`; use an object on one thread at a time.
  public class Object {
    /// Where it was found, from the root on; links that led to it are followed.
    public let path: String
    let handle: Handle
    let file: OpenFile

    init(_ handle: Handle, path: String, in file: OpenFile) {
      self.handle = handle
      self.path = path
      self.file = file
    }

    /// How the object is called in messages.
    var subject: String { file.subject(path) }

    func requireUsableName(_ name: String, _ action: String) throws(H5.Failure) {
      let flaw: String? =
        if name.isEmpty { "is empty" } else if name == "." {
          "stands for the group itself"
        } else if name.utf8.contains(UInt8(ascii: "/")) {
          "contains '/'"
        } else if name.utf8.contains(0) {
          "contains a zero byte"
        } else if name.utf8.count > 65_000 {
          // HDF5 keeps the length of a name in 16 bits.
          "has \(name.utf8.count) bytes, HDF5 stores 65000"
        } else {
          nil
        }
      if let flaw { throw .badName(action, subject(of: name), found: flaw) }
    }

    /// How a child or attribute is called in messages.
    func subject(of name: String) -> String { file.subject(path(of: name)) }

    /// Where a child lies.
    func path(of name: String) -> String { path == "/" ? "/" + name : path + "/" + name }

    /// The text of a name in the file.
    func name(_ bytes: [UInt8], _ action: String) throws(H5.Failure) -> String {
      guard bytes.count <= file.limits.nameInBytes else {
        throw .overLimit(
          action, subject, found: "a name has \(bytes.count) bytes",
          limit: "\(file.limits.nameInBytes) bytes")
      }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw .badName(
          action, subject(of: String(decoding: bytes, as: UTF8.self)), found: "is not UTF-8")
      }
      return name
    }
  }
}
