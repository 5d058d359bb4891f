import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts the objects that the Swift runtime makes, in a process that does nothing else.
///
/// The runtime calls `swift_allocObject` through a public function pointer, which exists for such
/// tools.
enum AllocationCounter {
  typealias Allocate =
    @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

  final class Count: Sendable {
    let value = Atomic<Int>(0)
    var count: Int { value.load(ordering: .relaxed) }
  }

  private static let shared = Count()
  private nonisolated(unsafe) static var original: Allocate?

  /// Starts counting.
  static func install() -> Count {
    let count = shared
    guard let symbol = dlsym(nil, "_swift_allocObject") else {
      preconditionFailure("The runtime has no allocation hook.")
    }
    let hook = symbol.assumingMemoryBound(to: Allocate.self)
    original = hook.pointee
    hook.pointee = { metadata, size, alignment in
      AllocationCounter.shared.value.add(1, ordering: .relaxed)
      return AllocationCounter.original?(metadata, size, alignment)
    }
    return count
  }
}
