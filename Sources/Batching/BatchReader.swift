public import VersionedStore

/// Some examples of a view: a part of a split, or all of them.
public struct ExampleSelection: Sendable {
  /// The view.
  public let view: View
  /// Positions in the view, in rising order.
  public let examples: [Int]

  /// The examples of a part of a split.
  public init(_ part: SplitPart, of split: Split, in store: Store) throws(StoreError) {
    view = split.view
    examples = try store.parts(of: split).enumerated().filter { $0.element == part.code }
      .map(\.offset)
  }

  /// All examples of a view.
  public init(allOf view: View) {
    self.view = view
    examples = Array(0..<view.exampleCount)
  }
}

/// Serves chosen examples in batches, scaled, with class indices.
public final class BatchReader: Sendable {
  /// The examples.
  public let selection: ExampleSelection
  /// The class index of each of them, in the same order; -1 where the label is no class.
  public let classes: [Int32]
  /// The shift and scale.
  public let normalization: Normalization
  private let reader: ExampleReader

  /// Prepares to serve examples.
  /// - Parameter codes: the label codes that stand for the classes 0, 1, ….
  public init(
    _ selection: ExampleSelection, reading reader: ExampleReader, codes: [Int32],
    normalization: Normalization
  ) {
    self.selection = selection
    self.reader = reader
    self.normalization = normalization
    var classOfCode: [Int32: Int32] = [:]
    for (index, code) in codes.enumerated() { classOfCode[code] = Int32(index) }
    classes = selection.examples.map { classOfCode[reader.index.labels[$0]] ?? -1 }
  }

  /// How many examples there are.
  public var count: Int { selection.examples.count }

  /// The axes of one example: `[time, channel]`.
  public var exampleShape: [Int] { reader.exampleShape }

  /// How many numbers one example has.
  public var exampleLength: Int { reader.exampleLength }

  /// Copies examples one after the other.
  ///
  /// Shape: `target` becomes `[positions, time, channel]`, last axis fastest.
  /// - Parameters:
  ///   - positions: positions among the chosen examples, as an `EpochOrder` gives them.
  ///   - classTarget: receives the class index of each.
  /// - Precondition: both targets have room for all positions.
  public func read(
    _ positions: ArraySlice<Int>, into target: UnsafeMutableBufferPointer<Float>,
    classes classTarget: UnsafeMutableBufferPointer<Int32>
  ) throws(StoreError) {
    let length = reader.exampleLength
    for (slot, position) in positions.enumerated() {
      let window = UnsafeMutableBufferPointer(
        rebasing: target[(slot * length)..<((slot + 1) * length)])
      try reader.read(selection.examples[position], into: window)
      normalization.apply(to: window)
      classTarget[slot] = classes[position]
    }
  }
}
