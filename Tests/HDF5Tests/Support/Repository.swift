import Foundation
import Testing

/// Where things lie in the repository.
enum Repository {
  static let root: URL = {
    // …/Tests/HDF5Tests/Support/Repository.swift, with symbolic links followed.
    var place = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { place.deleteLastPathComponent() }
    return place
  }()

  static func file(_ path: String) -> URL { root.appendingPathComponent(path) }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: file(path), encoding: .utf8)
  }
}

/// A folder that goes with the test that made it.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("hdf5-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  func remove() throws { try FileManager.default.removeItem(at: url) }

  deinit {
    do {
      try remove()
    } catch {
      Issue.record("The folder \(url.path) could not be removed: \(error)")
    }
  }
}
