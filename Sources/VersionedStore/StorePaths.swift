import Durability
import SystemPackage

/// Where things lie below the root of a store; described in schemas/store-layout.md.
struct StorePaths: Sendable {
  let root: FilePath

  var catalogue: FilePath { root.appending("catalog.sqlite") }
  var objects: FilePath { root.appending("objects") }
  var temporary: FilePath { root.appending("tmp") }
  var lock: FilePath { root.appending("store.lock") }

  func object(_ hash: String, extension fileExtension: String) -> FilePath {
    objects.appending(String(hash.prefix(2))).appending("\(hash).\(fileExtension)")
  }
}
