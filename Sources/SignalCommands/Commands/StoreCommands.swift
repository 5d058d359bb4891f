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
      .init("format", .whole(1)), .init("path", .string(store.root.string)),
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
        .init("name", .string(dataset.name)), .init("kind", .string(dataset.kind)),
        .init("versions", .whole(dataset.versionCount)), .init("latest", .whole(dataset.latest)),
        .init("bytes", .whole(dataset.sizeInBytes)),
      ])
    }
    context.answer([.init("datasets", .array(items))]) {
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
    context.answer([.init("versions", .array(versions.map { .object($0.members) }))]) {
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
    let items: [JSONValue] = entries.map { version, ingestion in
      var members = version.members
      members.append(.init("reader", .string(ingestion.reader)))
      members.append(.init("warnings", .array(ingestion.warnings.map { JSONValue.string($0) })))
      return .object(members)
    }
    context.answer([.init("versions", .array(items))]) {
      entries.map { Self.text(of: $0.version, ingestion: $0.ingestion) }.joined(separator: "\n")
    }
  }

  private static func text(of version: Version, ingestion: IngestionRecord) -> String {
    let tags = version.tags.isEmpty ? "" : "  [\(version.tags.joined(separator: ", "))]"
    let created = Timestamp.text(secondsSince1970: version.created)
    let size = Quantity.bytes(version.sizeInBytes)
    var lines = [
      "\(version.reference)  \(version.hash.prefix(12))  \(created)\(tags)",
      "    \(version.because.isEmpty ? "(no reason given)" : version.because)",
      "    \(version.recordingCount) recordings, \(version.sampleCount) readings, \(size), "
        + "read by '\(ingestion.reader)'",
    ]
    lines += ingestion.warnings.map { "    Warning: \($0)" }
    return lines.joined(separator: "\n")
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
    let beforeValue: JSONValue = if let before { .whole(before) } else { .null }
    context.answer([
      .init("dataset", .string(version.dataset.text)), .init("version", .whole(version.number)),
      .init("version_id", .string(version.hash)), .init("tag", .string(tag)),
      .init("before", beforeValue),
    ]) {
      let moved = before.map { $0 == version.number ? "" : " (it was \(version.dataset)@\($0))" }
      return "\(version.dataset)@\(tag) is \(version.reference)\(moved ?? "")."
    }
  }
}

extension Version {
  /// The members of a version in every JSON answer.
  var members: [JSONValue.Member] {
    let parentValue: JSONValue = if let parent { .whole(parent) } else { .null }
    return [
      .init("dataset", .string(dataset.text)), .init("version", .whole(number)),
      .init("version_id", .string(hash)), .init("parent", parentValue),
      .init("recordings", .whole(recordingCount)), .init("rows", .whole(sampleCount)),
      .init("bytes", .whole(sizeInBytes)),
      .init("created", .string(Timestamp.text(secondsSince1970: created))),
      .init("because", .string(because)), .init("tags", .array(tags.map { JSONValue.string($0) })),
    ]
  }
}
