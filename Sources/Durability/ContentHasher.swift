internal import Crypto

/// Computes a `ContentHash` from bytes that arrive piece by piece.
public struct ContentHasher: Sendable {
  private var state = SHA256()

  /// Starts with no bytes.
  public init() {}

  /// Adds bytes after those that came before.
  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  /// Adds an array of bytes after those that came before.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span.bytes)
  }

  /// The hash of everything added so far; more may be added afterwards.
  public func finish() -> ContentHash {
    guard let hash = ContentHash(bytes: Array(state.finalize())) else {
      preconditionFailure("SHA-256 must have 32 bytes.")
    }
    return hash
  }
}
