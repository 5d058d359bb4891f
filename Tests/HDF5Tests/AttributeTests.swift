import HDF5
import Randomness
import Testing

@Suite("An attribute")
struct AttributeTests {
  private struct RoundTrip: TypedBody {
    func run<T: H5.Element>(_ type: T.Type) throws {
      var generator = Seed(5).child("\(T.numericType)").generator()
      let one = generator.values(1, as: T.self)
      let many = (0...3).map { generator.values($0, as: T.self) }
      let image = try H5.File.image { root in
        let dataset = try root.createDataset("x", shape: [], values: one)
        try dataset.setAttribute("one", one[0])
        for values in many { try dataset.setAttribute("many\(values.count)", values) }
      }
      let dataset = try H5.File.open(image: image).dataset("x")
      #expect(try dataset.attribute("one").shape == [])
      #expect(bytes(of: [try dataset.attribute("one").number(as: T.self)]) == bytes(of: one))
      for values in many {
        let attribute = try dataset.attribute("many\(values.count)")
        #expect(attribute.shape == [values.count])
        #expect(bytes(of: try attribute.numbers(as: T.self)) == bytes(of: values))
      }
    }
  }

  @Test("gives back numbers of every type", arguments: H5.NumericType.allCases)
  func numbers(_ type: H5.NumericType) throws { try type.run(RoundTrip()) }

  @Test("is found by name, and listed in the order of the bytes of the names")
  func names() throws {
    let names = ["b", "a", "\u{e9}", "Z", "a/b", "long " + String(repeating: "n", count: 300)]
    let image = try H5.File.image { root in
      for (index, name) in names.enumerated() { try root.setAttribute(name, index) }
    }
    let root = try H5.File.open(image: image).root
    #expect(
      try root.attributeNames()
        == names.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) })
    for (index, name) in names.enumerated() {
      #expect(try root.attribute(name).number(as: Int.self) == index)
    }
    #expect(try !root.hasAttribute("none"))
    expectFailure(.attributeMissing) { try root.attribute("none") }
    expectFailure(.name) { try root.attribute("") }
    expectFailure(.name) { try root.attribute("a\0") }
  }

  @Test("is one value only if it has one element")
  func single() throws {
    let image = try H5.File.image { root in
      try root.setAttribute("two", [1, 2])
      try root.setAttribute("texts", ["a", "b"])
      try root.setAttribute("text", "a")
    }
    let root = try H5.File.open(image: image).root
    expectFailure(.count) { try root.attribute("two").number(as: Int.self) }
    expectFailure(.count) { try root.attribute("texts").string() }
    #expect(try root.attribute("text").string() == "a")
  }

  @Test("holds 63 KiB, is written once, and only in an image")
  func refusals() throws {
    let image = try H5.File.image { root in
      try root.setAttribute("x", [UInt8](repeating: 7, count: 63 * 1_024 - 1))
      expectFailure(.overLimit) { try root.setAttribute("y", [UInt8](repeating: 7, count: 64_512)) }
      expectFailure(.alreadyExists) { try root.setAttribute("x", 1) }
    }
    let root = try H5.File.open(image: image).root
    #expect(try root.attribute("x").numbers(as: UInt8.self).count == 63 * 1_024 - 1)
    expectFailure(.readOnly) { try root.setAttribute("y", 1) }
  }
}
