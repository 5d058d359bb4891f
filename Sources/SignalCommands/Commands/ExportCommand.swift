import ArgumentParser
import Batching
import Durability
import SystemPackage
import VersionedStore

/// `signalstore export NAME@V or VIEW --format … --out PATH`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a version or a view to a file that other tools open.",
    discussion: """
      A view gives examples: h5 with /x [example, time, channel], /label, /id, /split and a NeXus
      default plot; csv with one row for each reading. A version (NAME@V) gives its recordings.
      Examples:
        signalstore export windows --split people --format h5 --out windows.h5
        signalstore export hapt@2 --format csv --out hapt.csv
      """)

  /// The kinds of files.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case h5, csv
  }

  @Argument(help: "A view, or a version such as hapt@2.") var what: String
  @Option(help: "h5 or csv.") var format: Format
  @Option(help: "The file to write; it must not exist yet.") var out: String
  @Option(help: "The split whose parts stand beside the examples of a view.") var split: String?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if split != nil, what.contains("@") {
      throw ValidationError("'--split' goes with a view, '\(what)' is a version.")
    }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let (bytes, count) = try content(of: store)
    try write(bytes)
    context.answer([
      .init("path", .string(out)), .init("examples", .whole(count)),
      .init("bytes", .whole(bytes.count)),
    ]) {
      "Wrote \(count) \(what.contains("@") ? "recordings" : "examples"), \(Quantity.bytes(bytes.count)), to '\(out)'."
    }
  }

  private func content(of store: Store) throws -> (bytes: [UInt8], count: Int) {
    if what.contains("@") {
      let version = try store.version(try VersionReference(what))
      let export = try VersionExport(version, in: store)
      return (
        format == .h5 ? try export.hdf5() : try export.csv(), version.recordingCount
      )
    }
    let view = try store.view(named: try DatasetName(what))
    let split = try split.map { try store.split(named: try DatasetName($0)) }
    if let split, split.view.hash != view.hash {
      throw CommandError.usage(
        "Could not export '\(what)' with the split '\(split.name)': that split divides the view "
          + "'\(split.view.name)' on \(split.view.version.reference). Name a split of this view.")
    }
    let export = try ViewExport(view, split: split, in: store)
    return (format == .h5 ? try export.hdf5() : try export.csv(), view.exampleCount)
  }

  /// Writes beside the target and renames, so that a file under the name is always whole.
  private func write(_ bytes: [UInt8]) throws {
    let files = LocalFileSystem()
    let target = FilePath(out)
    let temporary = FilePath("\(out).part")
    guard !(try files.exists(target)) else {
      throw CommandError.cannotWrite(out, "it exists already")
    }
    guard try files.exists(target.parentFolder) else {
      throw CommandError.noFolder(for: out)
    }
    do {
      try files.write(bytes, toNew: temporary)
      try files.sync(temporary)
      if try files.rename(temporary, toNew: target) == .alreadyExists {
        throw CommandError.cannotWrite(out, "it was made meanwhile")
      }
    } catch let fault as FileFault where fault.code == .alreadyExists {
      // Another export is writing to the same path, or was killed while it did; its file stays.
      throw fault
    } catch {
      if try files.exists(temporary) { try files.remove(temporary) }
      throw error
    }
  }
}
