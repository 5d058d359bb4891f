/// A source of randomness that is a value: every random number descends from one seed by name.
///
/// Children are a pure function of the parent and the name, so the order in which parts of a
/// program ask for randomness cannot change what any of them gets.
///
/// The mixing is SplitMix64's finaliser (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014), over FNV-1a for names; both are a few lines in any language, so
/// other readers of a store can reproduce an order from its seed.
public struct Seed: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The 64 bits that identify the seed.
  public let value: UInt64

  /// Makes a seed from a number chosen by a person or written in a plan.
  public init(_ value: UInt64) {
    self.value = value
  }

  /// Reads the seed as a plain number.
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(UInt64.self)
  }

  /// Writes the seed as a plain number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  /// The seed as a decimal number.
  public var description: String { String(value) }

  /// The seed that belongs to `name` under this one.
  public func child(_ name: String) -> Seed {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return Seed(SplitMix.mix(SplitMix.mix(value ^ 0x6e61_6d65_6473_6565) ^ hash))
  }

  /// The seed at position `index` under this one; negative positions are allowed.
  public func child(_ index: Int) -> Seed {
    let position = UInt64(bitPattern: Int64(index))
    return Seed(SplitMix.mix(SplitMix.mix(value ^ 0x696e_6465_7873_6564) &+ position))
  }

  /// A generator that starts at this seed; every call returns the same sequence.
  public func generator() -> SeededGenerator {
    SeededGenerator(self)
  }
}

/// SplitMix64's step and finaliser.
enum SplitMix {
  /// The additive constant of the SplitMix64 sequence: 2⁶⁴ divided by the golden ratio, made odd.
  static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Spreads every input bit over all output bits; a bijection.
  static func mix(_ input: UInt64) -> UInt64 {
    var bits = input &+ increment
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
