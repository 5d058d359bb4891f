import Foundation
import HDF5
import StoreSupport
import SystemPackage
import Testing
import VersionedStore

@Suite("schemas/shard-layout.md")
struct ShardLayoutTests {
  /// A line of a table: a group, a dataset or an attribute.
  struct Row: Hashable {
    let path: String
    let name: String
    let types: [String]
    let shape: [String]
    let isOptional: Bool
  }

  /// Something found in an object.
  struct Found {
    let path: String
    let name: String
    let type: String
    let shape: [Int]
    /// The recording, view or split within which lengths of one name are equal.
    let scope: String
    let track: String
  }

  private static func rows(_ section: String) throws -> (objects: [Row], attributes: [Row]) {
    let tables = try Documents.tables(in: "shard-layout.md").filter { $0.section == section }
    try #require(tables.count == 2)
    func code(_ cell: String) -> String { cell.split(separator: "`").first.map(String.init) ?? "" }
    func shape(_ cell: String) -> [String] {
      cell.isEmpty
        ? []
        : cell.dropFirst().dropLast().split(separator: ",").map {
          $0.trimmingPrefix(" ").description
        }
    }
    return (
      tables[0].rows.map { cells in
        Row(
          path: code(cells[0]), name: cells[1].hasPrefix("group") ? "group" : "dataset",
          types: cells[2].components(separatedBy: " or ").filter { !$0.isEmpty },
          shape: shape(cells[3]), isOptional: cells[1].contains("optional"))
      },
      tables[1].rows.map { cells in
        Row(
          path: code(cells[0]), name: code(cells[1]), types: [cells[2]], shape: shape(cells[3]),
          isOptional: cells[1].contains("optional"))
      }
    )
  }

  /// The path with numbers and names replaced by what the document calls them.
  private static func pattern(_ path: String) -> String {
    var parts = path.split(separator: "/").map(String.init)
    if parts.first == "recordings" {
      if parts.count > 1 { parts[1] = "NNNNN" }
      if parts.count > 3, parts[2] == "labels" || parts[2] == "vocabulary" { parts[3] = "TRACK" }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static func walk(_ path: FilePath) throws -> (objects: [Found], attributes: [Found]) {
    let file = try H5.File.open(path)
    var objects: [Found] = []
    var attributes: [Found] = []
    func note(_ object: H5.Object, kind: String, type: String, shape: [Int]) throws {
      let parts = object.path.split(separator: "/").map(String.init)
      let place = pattern(object.path)
      let scope = "\(path.lastComponent?.string ?? "") \(parts.prefix(2).last ?? "")"
      let track = parts.count > 3 ? parts[3] : ""
      objects.append(
        Found(path: place, name: kind, type: type, shape: shape, scope: scope, track: track))
      for name in try object.attributeNames() {
        let attribute = try object.attribute(name)
        attributes.append(
          Found(
            path: place, name: name, type: word(attribute.elementType), shape: attribute.shape,
            scope: scope, track: track))
      }
    }
    try file.root.walk { visited in
      switch visited {
      case .group(let group): try note(group, kind: "group", type: "", shape: [])
      case .dataset(let dataset):
        try note(dataset, kind: "dataset", type: word(dataset.elementType), shape: dataset.shape)
      case .namedType(let path): Issue.record("\(path) is a named type")
      }
    }
    return (objects, attributes)
  }

  private static func word(_ type: H5.ElementType) -> String {
    type.isString ? "string" : type.description
  }

  /// Compares what was found with the rows: each way.
  private static func compare(
    _ found: [Found], with rows: [Row], what: String, objectPaths: [String]
  ) {
    #expect(Set(rows).count == rows.count)
    var seen: Set<Row> = []
    var lengths: [String: Int] = [:]
    for one in found {
      let row = rows.first { $0.path == one.path && $0.name == one.name }
      guard let row else {
        Issue.record("\(what) \(one.path) \(one.name) is not in the document")
        continue
      }
      seen.insert(row)
      #expect(row.types == [] && one.type == "" || row.types.contains(one.type), "\(one)")
      #expect(row.shape.count == one.shape.count, "\(one)")
      for (name, length) in zip(row.shape, one.shape) {
        // Terms belong to a track, everything else to a recording, view or split.
        let key = "\(one.scope) \(name == "term" ? one.track : "") \(name)"
        let expected = Int(name) ?? lengths[key] ?? length
        lengths[key] = length
        #expect(length == expected, "\(one): \(name) was \(expected)")
      }
    }
    for row in rows where !seen.contains(row) {
      Issue.record("\(what) \(row.path) \(row.name) is in the document only")
    }
    for row in rows where !row.isOptional {
      let count = found.count { $0.path == row.path && $0.name == row.name }
      let owner = what == "attribute" || row.path == "/" ? row.path : parent(row.path)
      let ownerCount = objectPaths.count { $0 == owner }
      let isRepeated = what == "object" && row.path.hasSuffix("NNNNN")
      #expect(isRepeated ? count >= ownerCount : count == ownerCount, "\(row)")
    }
  }

  private static func parent(_ path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/")
  }

  @Test(
    "is what is found in the objects of a store, each way", arguments: ["Shard", "View", "Split"])
  func layout(section: String) throws {
    let ground = try SchemaGround()
    let rows = try Self.rows(section)
    let kind = section.lowercased()
    let objects = ground.folder.root.appending("objects")
    var found: (objects: [Found], attributes: [Found]) = ([], [])
    var fileCount = 0
    for folder in try FileManager.default.contentsOfDirectory(atPath: objects.string) {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: objects.appending(folder).string)
      for name in files where name.hasSuffix(".h5") {
        let path = objects.appending(folder).appending(name)
        let format = try H5.File.open(path).root.attribute("format").string()
        guard format == "signalstore-\(kind)" else { continue }
        fileCount += 1
        let inside = try Self.walk(path)
        found.objects += inside.objects
        found.attributes += inside.attributes
      }
    }
    #expect(fileCount == (section == "Shard" ? 3 : 1))
    let paths = found.objects.map(\.path)
    Self.compare(found.objects, with: rows.objects, what: "object", objectPaths: paths)
    Self.compare(found.attributes, with: rows.attributes, what: "attribute", objectPaths: paths)
  }
}
