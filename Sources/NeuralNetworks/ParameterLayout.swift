import Randomness
public import Tensors

/// Where the named blocks of a flat buffer lie: "0.weight", "0.bias", "2.weight", ….
public struct ParameterLayout: Hashable, Sendable {
  /// One named block.
  public struct Entry: Hashable, Sendable {
    /// The index of the layer and the name of the block in it: "0.weight".
    public let name: String
    /// The shape of the block.
    public let shape: Shape
    /// The position of the first element in the flat buffer.
    public let offset: Int

    /// The positions of the elements in the flat buffer.
    public var range: Range<Int> { offset..<offset + shape.elementCount }
  }

  /// The blocks in the order of the buffer.
  public let entries: [Entry]
  /// The number of elements of the buffer.
  public let count: Int

  let plans: [ParameterPlan]
  let layerIndices: [Int]

  /// The block with a name, or nothing.
  public subscript(_ name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  init(_ plansByLayer: [[ParameterPlan]]) {
    var entries: [Entry] = []
    var layerIndices: [Int] = []
    var offset = 0
    for (index, plans) in plansByLayer.enumerated() {
      for plan in plans {
        entries.append(Entry(name: "\(index).\(plan.name)", shape: plan.shape, offset: offset))
        layerIndices.append(index)
        offset += plan.shape.elementCount
      }
    }
    self.entries = entries
    self.layerIndices = layerIndices
    plans = plansByLayer.flatMap { $0 }
    count = offset
  }

  /// The numbers that training starts from, in the order of the buffer.
  func initialValues(seed: Seed) -> [Double] {
    zip(plans, layerIndices).flatMap { plan, index in
      plan.initialValues(seed: seed.child(index).child(plan.name))
    }
  }

  /// The offset of a layer's block.
  func offset(layer: Int, _ name: String) -> Int? {
    self["\(layer).\(name)"]?.offset
  }
}
