import Randomness
import Testing

/// Inputs that differ from a good one in a few places, the same ones every time.
enum Mutations {
  /// Calls `body` with each mutated input and a folder to write it to.
  static func run(
    _ good: [UInt8], alphabet: [UInt8], count: Int, seed: Seed = Seed(2024),
    _ body: ([UInt8], ImportFolder) throws -> Void
  ) throws {
    let folder = try ImportFolder()
    for index in 0..<count {
      var random = seed.child(index).generator()
      var bytes = good
      for _ in 0...random.nextIndex(below: 3) { change(&bytes, alphabet, &random) }
      do {
        try body(bytes, folder)
      } catch {
        Issue.record("Mutation \(index) ended with another error: \(error)")
      }
    }
  }

  private static func change(
    _ bytes: inout [UInt8], _ alphabet: [UInt8], _ random: inout SeededGenerator
  ) {
    guard !bytes.isEmpty else { return }
    let place = random.nextIndex(below: bytes.count)
    let byte =
      random.nextIndex(below: 4) == 0
      ? UInt8(truncatingIfNeeded: random.next()) : alphabet[random.nextIndex(below: alphabet.count)]
    let length = min(1 + random.nextIndex(below: 40), bytes.count - place)
    switch random.nextIndex(below: 6) {
    case 0, 1: bytes[place] = byte
    case 2: bytes.insert(byte, at: place)
    case 3: bytes.removeSubrange(place..<place + length)
    case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    default: bytes.removeSubrange(place...)
    }
  }
}
