import ArgumentParser
import VersionedStore

/// `signalstore verify`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every promise of the store; change nothing.",
    discussion: """
      Reads every byte of every object. --quick looks only at kinds, sizes and the catalogue; --full
      also compares every reading with its recording's hash and certifies every split again.
      Exit status 1 if something is not as it was published.
      Example: signalstore verify --full
      """)

  @Flag(help: "Only kinds, sizes, modes and the catalogue.") var quick = false
  @Flag(help: "Also readings and split certificates.") var full = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if quick, full { throw ValidationError("Choose '--quick' or '--full', not both.") }
  }

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    var meter: Meter?
    let report = try store.verify(quick ? .quick : full ? .full : .standard) { done, total in
      if meter == nil { meter = context.meter("verify", total: total, unit: .bytes) }
      meter?.advance(to: done)
    }
    meter?.finish()
    let checked = JSONValue.object([
      .init("objects", .whole(report.objectCount)), .init("bytes", .whole(report.bytesRead)),
      .init("versions", .whole(report.versionCount)), .init("splits", .whole(report.splitCount)),
    ])
    context.answer([
      .init("ok", .bool(report.problems.isEmpty)), .init("checked", checked),
      .init("problems", .array(report.problems.map(Self.member))),
    ]) { Self.text(of: report) }
    if !report.problems.isEmpty { throw CheckFoundSomething() }
  }

  private static func member(_ problem: VerificationProblem) -> JSONValue {
    .object([
      .init("kind", .string(problem.kind.rawValue)), .init("object", .string(problem.object)),
      .init("detail", .string(problem.detail)),
      .init("versions", .array(problem.versions.map { JSONValue.string($0) })),
      .init("runs", .array(problem.runs.map { JSONValue.whole($0) })),
    ])
  }

  private static func text(of report: VerificationReport) -> String {
    let looked =
      "\(report.objectCount) objects, \(Quantity.bytes(report.bytesRead)) read, "
      + "\(report.versionCount) versions, \(report.splitCount) splits"
    guard !report.problems.isEmpty else { return "All is as it was published: \(looked)." }
    let lines = report.problems.map { problem in
      let versions = problem.versions.joined(separator: ", ")
      let runs = problem.runs.map(String.init).joined(separator: ", ")
      return
        "\(problem.kind.rawValue): \(TerminalText.escaped(problem.object)): \(problem.detail)\n"
        + "  versions: \(versions.isEmpty ? "none" : versions); "
        + "runs: \(runs.isEmpty ? "none" : runs)"
    }
    return lines.joined(separator: "\n")
      + "\nFound \(report.problems.count) problems in \(looked). Restore what is damaged from a copy "
      + "of the store."
  }
}

/// `signalstore collect`
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Remove what nothing needs.",
    discussion: """
      Objects of commits that never happened, checkpoints that newer ones replaced, unfinished
      files. What the catalogue names is never touched.
      Example: signalstore collect --dry-run
      """)

  @Flag(name: .customLong("dry-run"), help: "Only tell what would be removed.") var dryRun = false
  @Option(
    name: .customLong("older-than"),
    help: ArgumentHelp("Leave files alone that are younger.", valueName: "seconds"))
  var olderThan: Double = 3600
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let report = try store.collect(isDryRun: dryRun, ageGuardInSeconds: olderThan)
    let kept: [JSONValue] = report.kept.map { kept in
      .object([.init("file", .string(kept.file)), .init("reason", .string(kept.reason))])
    }
    context.answer([
      .init("removed", .whole(report.removed.count)), .init("bytes", .whole(report.removedInBytes)),
      .init("dry_run", .bool(dryRun)),
      .init("files", .array(report.removed.map { JSONValue.string($0) })),
      .init("kept", .array(kept)),
    ]) {
      let word = dryRun ? "Would remove" : "Removed"
      var lines = [
        "\(word) \(report.removed.count) files, \(Quantity.bytes(report.removedInBytes))."
      ]
      lines += report.kept.map { "Kept \($0.file): \($0.reason)." }
      return lines.joined(separator: "\n")
    }
  }
}

/// `signalstore diff A B`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Tell what changed between two versions: schema, recordings, labels, statistics.",
    discussion: "Example: signalstore diff hapt@1 hapt@2")

  @Argument(help: "The version to compare from.") var first: String
  @Argument(help: "The version to compare to.") var second: String
  @Flag(name: .customLong("exit-code"), help: "Exit with 1 if something differs.")
  var exitCode = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .reading)
    let difference = try store.difference(
      from: try store.version(try VersionReference(first)),
      to: try store.version(try VersionReference(second)))
    context.answer(difference.members) { difference.text }
    if exitCode, !difference.isEmpty { throw CheckFoundSomething() }
  }
}
