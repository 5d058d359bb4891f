import Batching
import Randomness
import TestSupport
import Testing
import VersionedStore

@Suite("The order of an epoch")
struct EpochOrderTests {
  private static func plan(
    batchSize: Int = 3, order: BatchPlan.Order = .shuffled, seed: UInt64 = 1, drops: Bool = false
  ) -> BatchPlan {
    BatchPlan(
      part: .training, batchSize: batchSize, order: order, seed: Seed(seed),
      dropsLastPartialBatch: drops)
  }

  @Test("holds every example once", arguments: [BatchPlan.Order.sequential, .shuffled])
  func permutation(order: BatchPlan.Order) {
    for count in 0...40 {
      for epoch in 0..<3 {
        let positions = EpochOrder(Self.plan(order: order), count: count, epoch: epoch).positions
        #expect(positions.sorted() == Array(0..<count))
      }
    }
  }

  @Test("is as in the view where it is sequential, in every epoch")
  func sequential() {
    let plan = Self.plan(order: .sequential)
    #expect(EpochOrder(plan, count: 7, epoch: 4).positions == Array(0..<7))
  }

  @Test("depends on seed and epoch, and on nothing else")
  func pure() {
    let order = EpochOrder(Self.plan(), count: 50, epoch: 2).positions
    #expect(EpochOrder(Self.plan(), count: 50, epoch: 2).positions == order)
    #expect(
      EpochOrder(Self.plan(batchSize: 8, drops: true), count: 50, epoch: 2).positions == order)
    #expect(EpochOrder(Self.plan(), count: 50, epoch: 3).positions != order)
    #expect(EpochOrder(Self.plan(seed: 2), count: 50, epoch: 2).positions != order)
    // Any order of asking gives the same.
    let later = (0..<5).reversed().map { EpochOrder(Self.plan(), count: 50, epoch: $0).positions }
    #expect(later[2] == order)
  }

  @Test("is the one that a permutation under the plan's seed gives")
  func derivation() {
    let seed = Seed(1).child("epoch").child(6)
    #expect(
      EpochOrder(Self.plan(), count: 20, epoch: 6).positions
        == Permutation.shuffled(count: 20, seed: seed))
  }

  @Test("favours no place: over many epochs every example comes first about equally often")
  func uniform() {
    var firsts = [Int](repeating: 0, count: 8)
    for epoch in 0..<4_000 {
      firsts[EpochOrder(Self.plan(), count: 8, epoch: epoch).positions[0]] += 1
    }
    // Each is binomial(4000, 1/8): mean 500, standard deviation 21.
    #expect(firsts.allSatisfy { abs($0 - 500) < 100 }, "\(firsts)")
  }

  @Test("falls into batches that hold every example once, the last one perhaps shorter")
  func batches() {
    for count in 0...13 {
      for size in 1...6 {
        let order = EpochOrder(Self.plan(batchSize: size), count: count, epoch: 0)
        let batches = (0..<order.batchCount).map { Array(order.batch($0)) }
        #expect(batches.flatMap { $0 } == order.positions)
        #expect(batches.dropLast().allSatisfy { $0.count == size })
        #expect(batches.allSatisfy { !$0.isEmpty })
        let whole = EpochOrder(Self.plan(batchSize: size, drops: true), count: count, epoch: 0)
        #expect(whole.batchCount == count / size)
        #expect((0..<whole.batchCount).allSatisfy { whole.batch($0).count == size })
      }
    }
  }

  @Test("is not made of batches without examples")
  func noBatchSize() async {
    await #expect(processExitsWith: .failure) {
      _ = BatchPlan(part: .test, batchSize: 0, order: .sequential, seed: Seed(0))
    }
  }
}
