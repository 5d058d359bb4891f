public import Durability

/// What the store takes from the world around it: disk, time, chance and the identity of the process.
public struct StoreEnvironment: Sendable {
  /// The door to the disk.
  public var fileSystem: any FileSystem
  /// The clock.
  public var time: any TimeSource
  /// Who we are, for locks and leases.
  public var process: ProcessIdentity
  /// Unpredictable 64 bits, for names that must not collide between machines.
  public var randomBits: @Sendable () -> UInt64
  /// How long a writer waits for another writer before it gives up.
  public var waitInSeconds: Double

  /// Puts an environment together.
  public init(
    fileSystem: any FileSystem, time: any TimeSource, process: ProcessIdentity,
    randomBits: @escaping @Sendable () -> UInt64, waitInSeconds: Double = 0
  ) {
    self.fileSystem = fileSystem
    self.time = time
    self.process = process
    self.randomBits = randomBits
    self.waitInSeconds = waitInSeconds
  }

  /// A name of 32 hexadecimal digits that no one else will make.
  func freshName() -> String {
    func hex(_ bits: UInt64) -> String {
      let digits = String(bits, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return hex(randomBits()) + hex(randomBits())
  }
}
