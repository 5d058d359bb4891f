import Foundation
import Tensors
import Testing

@Suite("A shape")
struct ShapeTests {
  @Test("counts elements and strides, the last axis fastest")
  func countsAndStrides() {
    let shape: Shape = [64, 100, 15]
    #expect(shape.elementCount == 96_000)
    #expect(shape.strides == [1500, 15, 1])
    #expect(shape.rank == 3)
    #expect(shape[-1] == 15 && shape[0] == 64)
    #expect(shape.batched(2).lengths == [2, 64, 100, 15])
    #expect("\(shape)" == "[64, 100, 15]")
    let scalar: Shape = []
    #expect(scalar.elementCount == 1 && scalar.strides.isEmpty)
    #expect(Shape([0, 3]).elementCount == 0)
  }

  @Test("refuses lengths that are negative or multiply beyond 64 bits")
  func refusesAbsurdLengths() {
    #expect(Shape(checking: [3, -1]) == nil)
    #expect(Shape(checking: [1 << 40, 1 << 40]) == nil)
    #expect(Shape(checking: [3, 4])?.elementCount == 12)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Shape.self, from: Data("[2,-2]".utf8))
    }
  }

  @Test("survives JSON")
  func survivesJSON() throws {
    let shape: Shape = [2, 3]
    let bytes = try JSONEncoder().encode(shape)
    #expect(String(decoding: bytes, as: UTF8.self) == "[2,3]")
    #expect(try JSONDecoder().decode(Shape.self, from: bytes) == shape)
  }

  @Test("stops the program for a negative length")
  func negativeLength() async {
    await #expect(processExitsWith: .failure) { _ = Shape([-1]) }
  }
}
