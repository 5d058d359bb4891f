import HDF5
import Testing

@Suite("A group")
struct GroupTests {
  private static func file() throws -> H5.File {
    let image = try H5.File.image { root in
      let inner = try root.createGroup("b").createGroup("inner")
      try inner.createDataset("x", shape: [2, 2], values: [1, 2, 3, 4])
      try root.createDataset("a", shape: [3], values: ["x", "y", "z"])
      try root.createSoftLink("c", to: "b/inner")
      try root.createSoftLink("d", to: "/nowhere")
      try root.createHardLink("e", to: inner)
      try inner.createHardLink("up", to: root)
      try inner.createSoftLink("back", to: "/a")
    }
    return try H5.File.open(image: image)
  }

  @Test("lists its entries in order, with what they are")
  func children() throws {
    let children = try Self.file().root.children()
    #expect(children.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(
      children.map(\.kind) == [
        .dataset, .group, .softLink(to: "b/inner"), .softLink(to: "/nowhere"), .group,
      ])
  }

  @Test("finds objects by path, along links within the file")
  func paths() throws {
    let file = try Self.file()
    for path in ["/b/inner/x", "b/inner/x", "c/x", "e/x", "//b//inner/./x", "/c/up/b/inner/x"] {
      #expect(try file.dataset(path).read(as: Int.self) == [1, 2, 3, 4], "\(path)")
    }
    #expect(try file.dataset("c/x").path == "/b/inner/x")
    let inner = try file.group("b/inner")
    #expect(try inner.dataset("/a").readStrings() == ["x", "y", "z"])
    #expect(try inner.dataset("back").path == "/a")
    #expect(try inner.group("/").path == "/")
    #expect(try file.root.hasChild("a"))
    #expect(try !file.root.hasChild("x"))
  }

  @Test("says precisely what is not there")
  func missing() throws {
    let file = try Self.file()
    let failure = expectFailure(.objectMissing) { try file.dataset("b/none/x") }
    #expect(failure?.subject == "(image):/b/none")
    expectFailure(.objectMissing) { try file.dataset("d") }
    expectFailure(.objectMissing) { try file.dataset("a/inside") }
    expectFailure(.objectMissing) { try file.dataset("..") }
    expectFailure(.wrongKind) { try file.dataset("b") }
    expectFailure(.wrongKind) { try file.group("a") }
    expectFailure(.name) { try file.group("a\0b") }
    expectFailure(.objectMissing) { try file.group("b/\u{301}inner") }
    expectFailure(.overLimit) { try file.group(String(repeating: "x", count: 5_000)) }
  }

  @Test("is walked in order, each object once")
  func walk() throws {
    let file = try Self.file()
    func walked(from group: H5.Group) throws -> [String] {
      var paths: [String] = []
      try group.walk { visited in
        switch visited {
        case .group(let group): paths.append(group.path)
        case .dataset(let dataset): paths.append(dataset.path)
        case .namedType(let path): paths.append(path)
        }
      }
      return paths
    }
    #expect(try walked(from: file.root) == ["/", "/a", "/b", "/b/inner", "/b/inner/x"])
    // From the inside, the whole file is reached through "up".
    #expect(
      try walked(from: file.group("b/inner")) == [
        "/b/inner", "/b/inner/up", "/b/inner/up/a", "/b/inner/up/b", "/b/inner/x",
      ])
  }

  @Test("gives the datasets of a kind, and ends a walk when told to")
  func datasetPaths() throws {
    struct Enough: Error {}
    let root = try Self.file().root
    #expect(try root.datasetPaths() == ["/a", "/b/inner/x"])
    #expect(try root.datasetPaths { $0.rank == 2 && $0.elementType.isNumeric } == ["/b/inner/x"])
    var count = 0
    #expect(throws: Enough.self) {
      try root.walk { _ in
        count += 1
        if count == 2 { throw Enough() }
      }
    }
    #expect(count == 2)
  }

  @Test("is walked and listed within the limits")
  func limits() throws {
    let image = try H5.File.image { root in
      for index in 0..<20 { try root.createGroup("g\(index)") }
      try root.createGroup("deep").createGroup("deeper").createGroup("deepest")
    }
    var limits = H5.Limits.standard
    limits.objectCount = 20
    expectFailure(.overLimit) { try H5.File.open(image: image, limits: limits).root.children() }
    limits.objectCount = 22
    expectFailure(.overLimit) { try H5.File.open(image: image, limits: limits).root.walk { _ in } }
    limits.objectCount = 23
    try H5.File.open(image: image, limits: limits).root.walk { _ in }
    limits.depth = 2
    expectFailure(.overLimit) { try H5.File.open(image: image, limits: limits).root.walk { _ in } }
    limits.nameInBytes = 5
    expectFailure(.overLimit) { try H5.File.open(image: image, limits: limits).root.walk { _ in } }
  }
}
