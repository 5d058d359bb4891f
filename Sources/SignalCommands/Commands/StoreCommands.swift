import ArgumentParser
import Durability
import SystemPackage
import VersionedStore

/// `signalstore init`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make an empty store.",
    discussion: "Example: signalstore init --store /data/store")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try Store.create(at: context.root, environment: try context.storeEnvironment())
    context.answer([
      ("format", .integer(1)), ("path", .string(store.root.string)),
    ]) { "Made an empty store in '\(store.root)'." }
  }
}

/// `signalstore datasets`
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "List the datasets.",
    discussion: "Example: signalstore datasets --json")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let datasets = try context.open(for: .reading).datasets()
    let items = datasets.map { dataset in
      JSONValue.object([
        ("name", .string(dataset.name)), ("kind", .string(dataset.kind)),
        ("versions", .integer(dataset.versionCount)), ("latest", .integer(dataset.latest)),
        ("bytes", .integer(dataset.sizeInBytes)),
      ])
    }
    context.answer([("datasets", .array(items))]) {
      guard !datasets.isEmpty else { return "No datasets yet. Begin with `signalstore ingest`." }
      return context.talk.table(
        ["dataset", "kind", ">versions", ">latest", ">size"],
        datasets.map {
          [
            $0.name, $0.kind, String($0.versionCount), String($0.latest),
            Quantity.bytes($0.sizeInBytes),
          ]
        })
    }
  }
}

/// `signalstore versions NAME`
struct VersionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "List the versions of a dataset, newest first.",
    discussion: "Example: signalstore versions hapt")

  @Argument(help: "The dataset.") var name: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let versions = try context.open(for: .reading).versions(of: try DatasetName(name))
    context.answer([("versions", .array(versions.map { .object($0.members) }))]) {
      context.talk.table(
        ["version", ">recordings", ">readings", ">size", "created", "tags", "because"],
        versions.map {
          [
            $0.reference, String($0.recordingCount), String($0.sampleCount),
            Quantity.bytes($0.sizeInBytes), Timestamp.text(secondsSince1970: $0.created),
            $0.tags.joined(separator: " "), $0.because,
          ]
        })
    }
  }
}

/// `signalstore log NAME`
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Tell the history of a dataset: what was made when, and why.",
    discussion: "Example: signalstore log hapt")

  @Argument(help: "The dataset.") var name: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let versions = try store.versions(of: try DatasetName(name))
    let entries = try versions.map { (version: $0, ingestion: try store.ingestion(of: $0)) }
    let items = entries.map { version, ingestion in
      JSONValue.object(
        version.members + [
          ("reader", .string(ingestion.reader)),
          ("warnings", .array(ingestion.warnings.map { .string($0) })),
        ])
    }
    context.answer([("versions", .array(items))]) {
      entries.map { version, ingestion in
        var lines = [
          "\(version.reference)  \(version.hash.prefix(12))  "
            + Timestamp.text(secondsSince1970: version.created)
            + (version.tags.isEmpty ? "" : "  [\(version.tags.joined(separator: ", "))]"),
          "    \(version.because.isEmpty ? "(no reason given)" : version.because)",
          "    \(version.recordingCount) recordings, \(version.sampleCount) readings, "
            + "\(Quantity.bytes(version.sizeInBytes)), read by '\(ingestion.reader)'",
        ]
        lines += ingestion.warnings.map { "    Warning: \($0)" }
        return lines.joined(separator: "\n")
      }.joined(separator: "\n")
    }
  }
}

/// `signalstore tag NAME@V TAG`
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give a version a movable name.",
    discussion: "Example: signalstore tag hapt@2 paper")

  @Argument(help: "The version, such as hapt@2.") var version: String
  @Argument(help: "The tag.") var tag: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let version = try store.version(try VersionReference(version))
    let before = try store.tag(version, as: try DatasetName(tag))
    context.answer([
      ("dataset", .string(version.dataset.text)), ("version", .integer(version.number)),
      ("version_id", .string(version.hash)), ("tag", .string(tag)),
      ("before", before.map { .integer($0) } ?? .null),
    ]) {
      let moved = before.map { $0 == version.number ? "" : " (it was \(version.dataset)@\($0))" }
      return "\(version.dataset)@\(tag) is \(version.reference)\(moved ?? "")."
    }
  }
}

extension Version {
  /// The members of a version in every JSON answer.
  var members: [(String, JSONValue)] {
    [
      ("dataset", .string(dataset.text)), ("version", .integer(number)),
      ("version_id", .string(hash)), ("parent", parent.map { .integer($0) } ?? .null),
      ("recordings", .integer(recordingCount)), ("rows", .integer(sampleCount)),
      ("bytes", .integer(sizeInBytes)),
      ("created", .string(Timestamp.text(secondsSince1970: created))),
      ("because", .string(because)), ("tags", .array(tags.map { .string($0) })),
    ]
  }
}
