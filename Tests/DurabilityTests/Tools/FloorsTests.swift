import Durability
import Foundation
import SystemPackage
import TestSupport
import Testing

// Here because the tools have no test target of their own, and these need no other module.

/// A package of a few empty targets, described as `swift package dump-package` does.
private struct ToyPackage {
  var dependencies: [String: [String]] = [
    "CHDF5": [], "HDF5": ["CHDF5", "SystemPackage"], "Signals": [],
    "VersionedStore": ["HDF5", "GRDB"],
    "Batching": ["VersionedStore"], "StoreTests": ["VersionedStore", "TestSupport"],
    "TestSupport": [],
  ]
  var sources: [String: String] = [
    "Sources/HDF5/H5.swift": "internal import CHDF5\npublic import SystemPackage\n",
    "Sources/VersionedStore/Store.swift": "import Foundation\ninternal import GRDB\nimport HDF5\n",
    "Sources/Batching/Batch.swift":
      "// import GRDB\nlet text = \"print(1)\"\nimport VersionedStore\n",
    "Tests/StoreTests/Tests.swift": "import Testing\nimport VersionedStore\n",
    "Tests/TestSupport/Support.swift": "import Testing\nimport Foundation\n",
  ]
  var features = ["InternalImportsByDefault", "MemberImportVisibility", "ExistentialAny"]

  /// What tools/floors prints about it, line by line, and its exit status.
  func findings() throws -> (lines: [String], status: Int32) {
    let root = try TemporaryDirectory()
    for (path, text) in sources {
      let folder = root.path.appending(path).removingLastComponent()
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      try LocalFileSystem().write(Array(text.utf8), toNew: root.path.appending(path))
    }
    let targets = dependencies.sorted { $0.key < $1.key }.map { name, names -> [String: Any] in
      var target: [String: Any] = [
        "name": name,
        "type": name.hasSuffix("Tests") ? "test" : name == "CHDF5" ? "system" : "regular",
        "dependencies": names.map { ["byName": [$0, NSNull()]] },
        "settings": features.map { ["kind": ["enableUpcomingFeature": ["_0": $0]]] },
      ]
      if name == "TestSupport" { target["path"] = "Tests/TestSupport" }
      return target
    }
    let manifest = try JSONSerialization.data(withJSONObject: ["targets": targets])
    try LocalFileSystem().write(Array(manifest), toNew: root.appending("manifest.json"))
    let result = try ChildProcess.run(
      RealData.packageRoot.appending("tools/floors").string,
      ["--root", root.path.string, "--manifest", root.appending("manifest.json").string])
    #expect(result.errorText == "")
    let lines = result.outputText.split(separator: "\n").map(String.init)
    #expect(lines.last?.hasPrefix("floors: \(lines.count - 1) finding") == true)
    return (lines.dropLast(), result.status)
  }
}

@Suite("tools/floors", .enabled(if: PythonPeer.has("json"), "needs python3"))
struct FloorsTests {
  @Test("finds nothing in a package that keeps the rules, nor where folders are still missing")
  func acceptsGoodPackages() throws {
    let good = try ToyPackage().findings()
    #expect(good.lines == [])
    #expect(good.status == 0)
    var empty = ToyPackage()
    empty.sources = [:]
    #expect(try empty.findings().lines == [])
  }

  @Test(
    "finds forbidden lines in sources",
    arguments: [
      (
        "Sources/Batching/More.swift", "import CHDF5\n",
        [
          "Sources/Batching/More.swift:1: Batching imports CHDF5, which its manifest line does not declare (it gets there through another target)",
          "Sources/Batching/More.swift:1: Batching imports CHDF5, which only HDF5 may",
        ]
      ),
      (
        "Sources/Batching/More.swift", "\n@preconcurrency internal import struct HDF5.Group\n",
        [
          "Sources/Batching/More.swift:2: Batching imports HDF5, which its manifest line does not declare (it gets there through another target)"
        ]
      ),
      (
        "Sources/Signals/Bad.swift", "/* a\nb */ import Batching\n",
        [
          "Sources/Signals/Bad.swift:2: Signals imports Batching, which its manifest line does not declare",
          "Sources/Signals/Bad.swift:2: Signals (floor 1) imports Batching (floor 3)",
        ]
      ),
      (
        "Sources/HDF5/Bad.swift", "public import CHDF5\n",
        ["Sources/HDF5/Bad.swift:1: HDF5 imports CHDF5 publicly; a C type could become public"]
      ),
      (
        "Sources/Signals/Bad.swift", "import Foundation\nlet a = Date()\nlet b = [1].shuffled()\n",
        [
          "Sources/Signals/Bad.swift:2: Signals asks for the date",
          "Sources/Signals/Bad.swift:3: Signals uses the system's randomness",
        ]
      ),
      (
        "Sources/Signals/Bad.swift",
        "var g = SystemRandomNumberGenerator()\nlet m = FileManager.default\n",
        [
          "Sources/Signals/Bad.swift:2: Signals uses FileManager",
          "Sources/Signals/Bad.swift:1: Signals uses the system's randomness",
        ]
      ),
      (
        "Sources/Signals/Good.swift",
        "let a = Int.random(in: 0..<9, using: &g)\nlet s = #\"print(\"x\")\"#\n// Date()\nlog.print(1)\n",
        []
      ),
      ("Sources/Signals/Bad.swift", "print(1)\n", ["Sources/Signals/Bad.swift:1: Signals prints"]),
      (
        "Tests/StoreTests/Bad.swift", "@testable import VersionedStore\nimport GRDB\n",
        [
          "Tests/StoreTests/Bad.swift:1: StoreTests imports VersionedStore @testable; `package` access is the way",
          "Tests/StoreTests/Bad.swift:2: StoreTests imports GRDB, which its manifest line does not declare (it gets there through another target)",
        ]
      ),
      (
        "Sources/Signals/Bad.swift", "import Testing\n",
        [
          "Sources/Signals/Bad.swift:1: Signals imports Testing, which its manifest line does not declare"
        ]
      ),
    ])
  func findsBadSources(path: String, text: String, expected: [String]) throws {
    var package = ToyPackage()
    package.sources[path] = text
    let found = try package.findings()
    #expect(found.lines == expected)
    #expect(found.status == (expected.isEmpty ? 0 : 1))
  }

  @Test("finds forbidden lines in the manifest")
  func findsBadManifests() throws {
    var up = ToyPackage()
    up.dependencies["Signals"] = ["Batching"]
    #expect(
      try up.findings().lines
        == ["Package.swift: Signals (floor 1) depends up on Batching (floor 3)"])
    var sideways = ToyPackage()
    sideways.dependencies["HDF5"] = ["CHDF5", "SystemPackage", "Signals"]
    #expect(
      try sideways.findings().lines
        == ["Package.swift: HDF5 (floor 1) depends sideways on Signals (floor 1)"])
    var door = ToyPackage()
    door.dependencies["Batching"] = ["VersionedStore", "CHDF5"]
    #expect(
      try door.findings().lines == ["Package.swift: Batching depends on CHDF5, which only HDF5 may"]
    )
    var homeless = ToyPackage()
    homeless.dependencies["Gadgets"] = []
    #expect(
      try homeless.findings().lines
        == ["Package.swift: Gadgets has no floor; name it in tools/floors"])
    var open = ToyPackage()
    open.features = ["MemberImportVisibility", "ExistentialAny"]
    #expect(
      try open.findings().lines.first
        == "Package.swift: Batching does not enable InternalImportsByDefault")
    #expect(try open.findings().lines.count == 5)
  }
}
