import Randomness
import Testing

@Suite("A seed")
struct SeedTests {
  @Test("gives the same child for the same name, whatever was asked before")
  func childrenDependOnNamesOnly() {
    let seed = Seed(7)
    _ = seed.child("first").generator()
    #expect(seed.child("second") == Seed(7).child("second"))
    #expect(seed.child("a").child(3) == Seed(7).child("a").child(3))
  }

  @Test("gives different children for different names, positions and parents")
  func childrenDiffer() {
    var seen: Set<UInt64> = []
    for parent in 0..<20 {
      let seed = Seed(UInt64(parent))
      for index in -20..<200 { seen.insert(seed.child(index).value) }
      for index in 0..<200 { seen.insert(seed.child("name \(index)").value) }
    }
    #expect(seen.count == 20 * 420)
  }

  @Test("starts the published xoshiro256++ sequence (made by tools/golden/make_randomness.py)")
  func sequenceMatchesTheReference() {
    var generator = Seed(42).generator()
    let drawn = (0..<5).map { _ in generator.next() }
    #expect(drawn == Self.referenceSequence)
    #expect(Seed(42).child("split").value == Self.referenceNamedChild)
    #expect(Seed(42).child(5).value == Self.referenceIndexedChild)
    #expect(Permutation.shuffled(count: 10, seed: Seed(42)) == Self.referencePermutation)
  }

  private static let referenceSequence: [UInt64] = [
    0xd076_4d4f_4476_689f, 0x519e_4174_576f_3791, 0xfbe0_7cfb_0c24_ed8c, 0xb37d_9f60_0cd8_35b8,
    0xcb23_1c38_7484_6a73,
  ]
  private static let referenceNamedChild: UInt64 = 0xe4df_9388_fa33_3e14
  private static let referenceIndexedChild: UInt64 = 0xb8de_67b4_af4f_c8ab
  private static let referencePermutation = [5, 3, 1, 0, 9, 6, 4, 7, 2, 8]

  @Test("draws uniform and normal numbers with the moments that their distributions have")
  func moments() {
    var generator = Seed(1).generator()
    let count = 200_000
    let uniform = (0..<count).map { _ in generator.nextUniform() }
    let normal = (0..<count).map { _ in generator.nextNormal() }
    let uniformMean = uniform.reduce(0, +) / Double(count)
    let normalMean = normal.reduce(0, +) / Double(count)
    let normalVariance = normal.reduce(0) { $0 + $1 * $1 } / Double(count)
    // Five standard errors of each estimate.
    #expect(abs(uniformMean - 0.5) < 5 * (1 / 12.0).squareRoot() / Double(count).squareRoot())
    #expect(abs(normalMean) < 5 / Double(count).squareRoot())
    #expect(abs(normalVariance - 1) < 5 * 2.0.squareRoot() / Double(count).squareRoot())
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test("shuffles into a permutation, each order of four elements equally often")
  func permutationsAreFair() {
    var counts: [[Int]: Int] = [:]
    let draws = 24_000
    for index in 0..<draws {
      counts[Permutation.shuffled(count: 4, seed: Seed(3).child(index)), default: 0] += 1
    }
    #expect(counts.count == 24)
    // Chi-square with 23 degrees of freedom: beyond 58 happens once in ten thousand seeds.
    let expected = Double(draws) / 24
    let chiSquare = counts.values.reduce(0.0) { sum, count in
      sum + (Double(count) - expected) * (Double(count) - expected) / expected
    }
    #expect(chiSquare < 58)
    #expect(Permutation.shuffled(count: 0, seed: Seed(1)).isEmpty)
  }

  @Test("refuses to draw below zero")
  func drawBelowZero() async {
    await #expect(processExitsWith: .failure) {
      var generator = Seed(1).generator()
      _ = generator.nextIndex(below: 0)
    }
  }
}
