/// Random orders that are a pure function of a count and a seed.
public enum Permutation {
  /// The numbers 0 ..< `count` in a random order (Fisher and Yates, from the last place down).
  ///
  /// Complexity: O(`count`).
  public static func shuffled(count: Int, seed: Seed) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order, seed: seed)
    return order
  }

  /// Puts the elements in the random order that belongs to `seed`.
  public static func shuffle<Element>(_ elements: inout [Element], seed: Seed) {
    guard elements.count > 1 else { return }
    var generator = seed.generator()
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, generator.nextIndex(below: last + 1))
    }
  }
}
