import Tensors
import Testing

@Suite("A tensor")
struct TensorTests {
  @Test("keeps its elements in memory order, the last axis fastest")
  func memoryOrder() {
    var tensor = Tensor<Float>(shape: [2, 3], values: [0, 1, 2, 3, 4, 5])
    #expect(tensor[1, 2] == 5 && tensor[0, 1] == 1)
    tensor[1, 0] = 7
    #expect(tensor.values == [0, 1, 2, 7, 4, 5])
    #expect(tensor.slice(at: 1).values == [7, 4, 5])
    #expect(tensor.slice(at: 1).shape == [3])
    #expect(tensor.reshaped(to: [3, 2])[2, 1] == 5)
    #expect(Tensor<Double>(shape: [2], repeating: 4).values == [4, 4])
  }

  @Test("puts axes in another order, and back")
  func permutation() {
    let shape: Shape = [2, 3, 4]
    let tensor = Tensor<Double>(shape: shape, values: (0..<24).map(Double.init))
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let turned = tensor.permuted(order)
      for a in 0..<2 {
        for b in 0..<3 {
          for c in 0..<4 {
            let old = [a, b, c]
            #expect(turned[old[order[0]], old[order[1]], old[order[2]]] == tensor[a, b, c])
          }
        }
      }
      let back = (0..<3).map { axis in order.firstIndex(of: axis) ?? -1 }
      #expect(turned.permuted(back) == tensor)
    }
    #expect(Tensor<Float>(shape: [0, 2], values: []).permuted([1, 0]).shape == [2, 0])
  }

  @Test("converts between precisions")
  func conversion() {
    let tensor = Tensor<Double>(shape: [2], values: [0.1, 1e300])
    #expect(tensor.converted(to: Float.self).values == [0.1, .infinity])
  }

  @Test("is a value: changing a copy leaves the original")
  func copies() {
    let original = Tensor<Float>(shape: [2], values: [1, 2])
    var copy = original
    copy[0] = 9
    #expect(original.values == [1, 2])
  }

  @Test("stops the program when the count of values is wrong or an index lies outside")
  func misuse() async {
    await #expect(processExitsWith: .failure) { _ = Tensor<Float>(shape: [2], values: [1]) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(shape: [2, 2], values: [1, 2, 3, 4])[0, 2]
    }
  }

  @Test("an aligned buffer starts at a cache line, filled with zeros")
  func alignment() {
    for count in [0, 1, 3, 17, 1000] {
      let buffer = AlignedBuffer<Float>(count: count)
      buffer.withElements { elements in
        #expect(Int(bitPattern: elements.baseAddress) % 64 == 0)
        #expect(elements.count == count && elements.allSatisfy { $0 == 0 })
      }
    }
    let buffer = AlignedBuffer<Double>(count: 3)
    buffer.assign([1, 2, 3])
    buffer[1] = 5
    #expect(buffer.values() == [1, 5, 3])
  }

  @Test("numbers keep their bits through files")
  func fileBits() {
    for value in [0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude, 3e38] as [Float] {
      #expect(Float(fileBits: value.fileBits).bitPattern == value.bitPattern)
    }
    #expect(Double(fileBits: (0.1).fileBits) == 0.1)
    #expect(Float(fileBits: Float.nan.fileBits).isNaN)
  }
}
