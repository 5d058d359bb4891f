import HDF5
import Testing

@Suite("Strings")
struct StringTests {
  @Test(
    "come back as they were written",
    arguments: [
      [], [""], ["a"], ["", "a", ""], ["\u{b5}m", "e\u{301}", "\u{e9}", "\u{1f40c}"],
      ["blank at the end ", " "], [String(repeating: "x", count: 5_000), "y"],
    ])
  func roundTrip(_ values: [String]) throws {
    let image = try H5.File.image { root in
      try root.createDataset("x", shape: [values.count], values: values)
      try root.createDataset(
        "packed", shape: [values.count], values: values, chunk: [2],
        filters: [.deflate(level: 1), .fletcher32])
      try root.setAttribute("x", values)
    }
    let file = try H5.File.open(image: image)
    for found in [
      try file.dataset("x").readStrings(), try file.dataset("packed").readStrings(),
      try file.root.attribute("x").strings(),
    ] {
      // Unicode holds "e\u{301}" and "\u{e9}" equal; the bytes must be.
      #expect(found.map { Array($0.utf8) } == values.map { Array($0.utf8) })
    }
    #expect(try file.dataset("x").elementType.isString)
  }

  @Test("can be selected")
  func selection() throws {
    let image = try H5.File.image {
      try $0.createDataset("x", shape: [2, 3], values: ["a", "b", "c", "d", "e", "f"])
    }
    let dataset = try H5.File.open(image: image).dataset("x")
    #expect(try dataset.readStrings(.rows(1..<2)) == ["d", "e", "f"])
    #expect(
      try dataset.readStrings(.slab(start: [0, 0], count: [2, 2], stride: [1, 2])) == [
        "a", "c", "d", "f",
      ])
  }

  @Test("with a zero byte are not written")
  func zeroByte() throws {
    _ = try H5.File.image { root in
      expectFailure(.invalidText) { try root.createDataset("x", shape: [1], values: ["a\0b"]) }
      expectFailure(.invalidText) { try root.setAttribute("x", "a\0") }
      let (children, attributes) = (try root.children(), try root.attributeNames())
      #expect(children.isEmpty && attributes.isEmpty)
    }
  }

  @Test("are told apart from numbers")
  func wrongType() throws {
    let image = try H5.File.image { root in
      try root.createDataset("text", shape: [1], values: ["a"])
      try root.createDataset("number", shape: [1], values: [1])
      try root.setAttribute("text", "a")
      try root.setAttribute("number", 1)
    }
    let file = try H5.File.open(image: image)
    expectFailure(.wrongType) { try file.dataset("text").read(as: Int.self) }
    expectFailure(.wrongType) { try file.dataset("number").readStrings() }
    expectFailure(.wrongType) { try file.root.attribute("text").number(as: Int.self) }
    expectFailure(.wrongType) { try file.root.attribute("number").string() }
    expectFailure(.wrongType) { try file.dataset("number").read(member: "x", as: Int.self) }
  }
}
