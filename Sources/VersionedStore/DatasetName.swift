/// A name that is safe on every disk, in every shell and in every URL.
public struct DatasetName: Hashable, Sendable, CustomStringConvertible {
  /// The name.
  public let text: String

  /// Checks a name: 1 to 64 letters, digits, '-', '_' or '.', starting with a letter or digit.
  /// - Throws: `.badReference`
  public init(_ text: String) throws(StoreError) {
    func isPlain(_ character: UInt8) -> Bool {
      switch character {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    let bytes = Array(text.utf8)
    guard (1...64).contains(bytes.count), let first = bytes.first, isPlain(first),
      bytes.allSatisfy({ isPlain($0) || "-_.".utf8.contains($0) })
    else { throw .datasetName(text) }
    self.text = text
  }

  /// The name.
  public var description: String { text }
}

/// A dataset version as people write it: `NAME@3`, `NAME@latest`, `NAME@TAG`; a bare `NAME` is the
/// latest version.
public struct VersionReference: Hashable, Sendable, CustomStringConvertible {
  /// Which of the versions.
  public enum Selector: Hashable, Sendable {
    /// The newest one.
    case latest
    /// The one with this number.
    case number(Int)
    /// The one that a tag points to.
    case tag(String)
  }

  /// The dataset.
  public let dataset: DatasetName
  /// Which of its versions.
  public let selector: Selector

  /// Reads a reference.
  /// - Throws: `.badReference`
  public init(_ text: String) throws(StoreError) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first else { throw .versionReference(text) }
    dataset = try DatasetName(String(name))
    guard parts.count == 2 else {
      selector = .latest
      return
    }
    let rest = String(parts[1])
    if rest == "latest" {
      selector = .latest
    } else if !rest.isEmpty, rest.utf8.allSatisfy({ (48...57).contains($0) }) {
      guard let number = Int(rest), number > 0 else { throw .versionReference(text) }
      selector = .number(number)
    } else {
      selector = .tag(try DatasetName(rest).text)
    }
  }

  /// The newest version of a dataset.
  public init(latestOf dataset: DatasetName) {
    self.dataset = dataset
    selector = .latest
  }

  /// The reference as it is written.
  public var description: String {
    switch selector {
    case .latest: "\(dataset)@latest"
    case .number(let number): "\(dataset)@\(number)"
    case .tag(let tag): "\(dataset)@\(tag)"
    }
  }
}
