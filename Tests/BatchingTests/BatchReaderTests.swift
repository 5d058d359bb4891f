import Batching
import Randomness
import Signals
import StoreSupport
import TestSupport
import Testing
import VersionedStore

@Suite("Batches")
struct BatchReaderTests {
  /// One batch: the numbers and the classes.
  private struct Batch: Equatable {
    let values: [UInt32]
    let classes: [Int32]
  }

  private static func read(_ reader: BatchReader, _ positions: ArraySlice<Int>) throws -> Batch {
    var values = [Float](repeating: -999, count: positions.count * reader.exampleLength)
    var classes = [Int32](repeating: -999, count: positions.count)
    try values.withUnsafeMutableBufferPointer { values in
      try classes.withUnsafeMutableBufferPointer { classes in
        try reader.read(positions, into: values, classes: classes)
      }
    }
    return Batch(values: bits(values), classes: classes)
  }

  private static func reader(
    _ ground: BatchGround, _ split: Split, part: SplitPart = .training, budget: Int = 1 << 30
  ) throws -> BatchReader {
    let examples = try ExampleReader(
      ground.view, in: ground.store, memoryBudgetInBytes: budget)
    let training = try ExampleSelection(.training, of: split, in: ground.store)
    return BatchReader(
      try ExampleSelection(part, of: split, in: ground.store), reading: examples, codes: [2, 0],
      normalization: try Normalization.fit(
        .standard, examples: training.examples, reader: examples))
  }

  /// All batches of some epochs, from a cursor on.
  private static func serve(
    _ reader: BatchReader, _ plan: BatchPlan, from cursor: BatchCursor, epochs: Int
  ) throws -> [Batch] {
    var batches: [Batch] = []
    for epoch in cursor.epoch..<epochs {
      let order = EpochOrder(plan, count: reader.count, epoch: epoch)
      let first = epoch == cursor.epoch ? cursor.batch : 0
      for batch in first..<order.batchCount {
        batches.append(try read(reader, order.batch(batch)))
      }
    }
    return batches
  }

  @Test("hold the examples of the part, scaled, with the index of their class")
  func content() throws {
    let ground = try BatchGround.people()
    let split = try ground.store.makeSplit(of: ground.view, by: .subject, test: "S1,S3")
    let reader = try Self.reader(ground, split, part: .test)
    let parts = try ground.store.parts(of: split)
    let index = try ground.store.examples(of: ground.view)
    let chosen = parts.indices.filter { parts[$0] == SplitPart.test.code }
    #expect(reader.selection.examples == chosen && reader.count == chosen.count)
    #expect(reader.exampleShape == [10, 3])
    // Code 2 is class 0, code 0 is class 1, code 1 is no class.
    let classOfCode: [Int32: Int32] = [2: 0, 0: 1]
    #expect(reader.classes == chosen.map { classOfCode[index.labels[$0]] ?? -1 })
    #expect(Set(reader.classes) == [-1, 0, 1])
    let positions = Array(0..<chosen.count).reversed().map { $0 }
    let batch = try Self.read(reader, positions[...])
    let expected = positions.flatMap { position in
      var values = ground.naiveExample(chosen[position])
      values.withUnsafeMutableBufferPointer { reader.normalization.apply(to: $0) }
      return values
    }
    #expect(batch.values == bits(expected))
    #expect(batch.classes == positions.map { reader.classes[$0] })
  }

  @Test("go on after any batch as if nothing had happened, in another process too")
  func resume() throws {
    let ground = try BatchGround.people(stride: 5)
    let split = try ground.store.makeSplit(of: ground.view, by: .subject, test: "S3,S4")
    for (size, drops) in [(4, false), (4, true), (7, false), (1, false)] {
      let plan = BatchPlan(
        part: .training, batchSize: size, order: .shuffled, seed: Seed(3),
        dropsLastPartialBatch: drops)
      let reader = try Self.reader(ground, split)
      let whole = try Self.serve(reader, plan, from: BatchCursor(), epochs: 3)
      let perEpoch = EpochOrder(plan, count: reader.count, epoch: 0).batchCount
      #expect(whole.count == 3 * perEpoch)
      #expect(Array(whole[..<perEpoch]) != Array(whole[perEpoch..<(2 * perEpoch)]))
      for served in 0...whole.count {
        let cursor = BatchCursor(epoch: served / perEpoch, batch: served % perEpoch)
        // A fresh reader, as a process that begins here would have, with no memory to spare.
        let fresh = served % 5 == 0 ? try Self.reader(ground, split, budget: 0) : reader
        let rest = try Self.serve(fresh, plan, from: cursor, epochs: 3)
        #expect(rest == Array(whole[served...]), "after \(served) batches of \(size)")
      }
    }
  }

  @Test("of an epoch hold every example of the part once")
  func wholeEpoch() throws {
    let ground = try BatchGround.people()
    let split = try ground.store.makeSplit(of: ground.view, by: .subject, test: "S4")
    let reader = try Self.reader(ground, split)
    let plan = BatchPlan(part: .training, batchSize: 4, order: .shuffled, seed: Seed(5))
    func examples(_ epoch: Int) throws -> [[UInt32]] {
      let order = EpochOrder(plan, count: reader.count, epoch: epoch)
      return try (0..<order.batchCount).flatMap { batch in
        try order.batch(batch).map { try Self.read(reader, [$0]).values }
      }
    }
    let sequential = try (0..<reader.count).map { try Self.read(reader, [$0]).values }
    let (first, second) = (try examples(0), try examples(1))
    #expect(Set(first) == Set(sequential) && Set(second) == Set(sequential))
    #expect(first != second)
  }

  @Test("can also hold all examples of a view")
  func allExamples() throws {
    let ground = try BatchGround.people()
    let selection = ExampleSelection(allOf: ground.view)
    #expect(selection.examples == Array(0..<ground.view.exampleCount))
    #expect(selection.view.hash == ground.view.hash)
  }
}
