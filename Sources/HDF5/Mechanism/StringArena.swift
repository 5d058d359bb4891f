#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The memory of the variable-length strings of one read, within a budget.
///
/// A million small descriptors may all name one long string in the file, so libhdf5 is given memory
/// only up to the limit of the read. All of it is freed together, also when the read failed half-way.
final class StringArena {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var bytesLeft: Int
  /// True once the budget was exceeded.
  private(set) var isExhausted = false

  init(limitInBytes: Int) { bytesLeft = limitInBytes }

  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= bytesLeft, let block = malloc(max(size, 1)) else {
      isExhausted = true
      return nil
    }
    bytesLeft -= size
    blocks.append(block)
    return block
  }

  deinit { for block in blocks { free(block) } }
}
