import ArgumentParser
import Signals
import VersionedStore

/// `signalstore split NAME --view VIEW --by …`
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Divide the examples of a view, with a certificate.",
    discussion: """
      A split that shares a subject, a session or a second of raw signal between its parts is
      refused.
      Examples:
        signalstore split people --view windows --by subject --validation 13,14 --test 15,16
        signalstore split later --view windows --by time --validation 0.2 --test 0.2 --gap 2.56
      """)

  @Argument(help: "The name of the split.") var name: String
  @Option(help: "The view.") var view: String
  @Option(help: "What is kept together: subject, session, time or random.")
  var by: SplitRule.Unit
  @Option(
    help: ArgumentHelp("Names, or a share such as 0.2.", valueName: "names or share"))
  var validation: String = "0"
  @Option(
    help: ArgumentHelp("Names, or a share such as 0.2.", valueName: "names or share"))
  var test: String = "0"
  @Option(
    help: ArgumentHelp(
      "By time: how long after a border the later part begins.", valueName: "seconds"))
  var gap: Double = 0
  @Option(help: "The seed of everything drawn by lot.") var seed: UInt64 = 0
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = CommandContext(options)
    let store = try context.open(for: .writing)
    let rule = SplitRule(
      unit: by, validation: SplitRule.Choice(validation), test: SplitRule.Choice(test),
      gapInSeconds: gap, seed: seed)
    let split = try store.split(
      try DatasetName(name), of: try store.view(named: try DatasetName(view)), rule: rule)
    let certificate = split.certificate
    if by != .subject, !certificate.sharedSubjects.isEmpty {
      context.talk.note(
        "Note: the parts share \(certificate.sharedSubjects.count) subjects, so scores speak of "
          + "known subjects only.")
    }
    let countsValue = JSONValue.object([
      .init("training", .whole(split.counts.training)),
      .init("validation", .whole(split.counts.validation)),
      .init("test", .whole(split.counts.test)), .init("unused", .whole(split.counts.unused)),
    ])
    context.answer([
      .init("split", .string(split.name)), .init("split_id", .string(split.hash)),
      .init("view", .string(split.view.name)),
      .init("dataset_version", .string(split.view.version.reference)),
      .init("counts", countsValue),
      .init("certificate", try JSONValue(encoding: certificate)),
    ]) {
      let counts = split.counts
      let gap = certificate.smallestGapInSeconds.map {
        ", parts at least \(Quantity.number($0)) s apart"
      }
      let promise =
        switch certificate.unit {
        case .subject: "no shared subject, session or second"
        case .session: "no shared session or second"
        case .time, .random: "no shared second"
        }
      return "Split '\(split.name)' of '\(split.view.name)' on \(split.view.version.reference): "
        + "\(counts.training) training, \(counts.validation) validation, \(counts.test) test, "
        + "\(counts.unused) unused.\nCertificate: clean; \(promise)\(gap ?? "")."
    }
  }
}
