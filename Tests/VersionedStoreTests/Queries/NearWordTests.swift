import Testing
import VersionedStore

@Suite("The near word is the one that was meant")
struct NearWordTests {
  @Test(
    arguments: [
      ("datset", "dataset"), ("verison", "version"), ("SEEDS", "seed"), ("spilt", "split"),
      ("stat", "status"), ("colour", nil), ("xyz", nil), ("", nil), ("q", nil),
      (String(repeating: "d", count: 10_000), nil),
    ] as [(String, String?)])
  func near(word: String, expected: String?) {
    let words = ["run", "dataset", "version", "seed", "split", "started", "status", "metric"]
    #expect(NearWord.of(word, in: words) == expected)
  }

  @Test(
    "the distance of every pair is that of the definition",
    arguments: ["", "a", "ab", "ba", "abc", "acb", "kitten", "sitting", "ca"])
  func distance(first: String) {
    for second in ["", "a", "b", "ab", "abc", "cab", "kitten", "sitting"] {
      #expect(
        NearWord.distance(Array(first), Array(second)) == defined(Array(first), Array(second)))
    }
  }

  /// The recursive definition of optimal string alignment, without a table.
  private func defined(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    // The recursion is exponential; equal ends can be taken off without changing the distance.
    if a.last == b.last { return defined(a.dropLast(), b.dropLast()) }
    var best =
      1
      + min(
        defined(a.dropLast(), b), defined(a, b.dropLast()), defined(a.dropLast(), b.dropLast()))
    if a.count > 1, b.count > 1, a[a.count - 1] == b[b.count - 2], a[a.count - 2] == b[b.count - 1]
    {
      best = min(best, 1 + defined(a.dropLast(2), b.dropLast(2)))
    }
    return best
  }
}
