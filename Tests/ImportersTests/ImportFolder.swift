import Durability
import Importers
import SystemPackage
import TestSupport
import Testing

/// A temporary folder with raw files in it.
struct ImportFolder {
  private let folder: TemporaryDirectory

  init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryDirectory(on: .memory)
    for (name, text) in files { try write(text, to: name) }
  }

  var path: FilePath { folder.path }

  func path(_ name: String) -> FilePath { folder.appending(name) }

  func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let disk = LocalFileSystem()
    let path = folder.appending(name)
    var parent = folder.path
    for part in name.split(separator: "/").dropLast() {
      parent = parent.appending(String(part))
      if try !disk.exists(parent) { try disk.createDirectory(parent) }
    }
    if try disk.exists(path) { try disk.remove(path) }
    try disk.write(bytes, toNew: path, permissions: [.ownerReadWrite])
  }

  /// The file as a source that is named itself.
  func source(_ name: String) throws -> SourceFile {
    let size = try LocalFileSystem().status(of: folder.appending(name)).sizeInBytes
    return SourceFile(path: folder.appending(name), name: name, sizeInBytes: Int(size))
  }
}

/// The import error that `body` ends with; records an issue where it ends otherwise.
func importError(
  sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> ImportError? {
  do {
    try body()
    Issue.record("Nothing was thrown.", sourceLocation: sourceLocation)
  } catch let error as ImportError {
    return error
  } catch {
    Issue.record("Another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
