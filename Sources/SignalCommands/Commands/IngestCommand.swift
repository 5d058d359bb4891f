import ArgumentParser
import Durability
import Importers
import Signals
import SystemPackage
import VersionedStore

/// `signalstore ingest …`
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Read raw recordings into a new version of a dataset.",
    discussion: """
      The same sources again make no new version. --append adds to the latest version.
      Examples:
        signalstore ingest opportunity logs --as daily
        signalstore ingest recordings hapt --as hapt --because 'first 16 people'
      """,
    subcommands: [IngestOpportunityCommand.self, IngestRecordingsCommand.self])
}

/// The options that every reader takes.
struct IngestOptions: ParsableArguments {
  @Argument(help: "Files or folders.") var paths: [String]
  @Option(
    name: .customLong("as"), help: ArgumentHelp("The dataset.", valueName: "name")) var name: String
  @Flag(help: "Add to the latest version; without it the version holds exactly these sources.")
  var append = false
  @Flag(help: "With --append: a recording of the same name takes the place of the earlier one.")
  var replace = false
  @Option(help: ArgumentHelp("Why the version is made.", valueName: "text")) var because = ""
  @Option(
    help: ArgumentHelp(
      "How readings are stored: contiguous (fast) or compressed (small).", valueName: "layout"))
  var layout: ShardLayout.Storage = .contiguous

  func validate() throws {
    if replace, !append {
      throw ValidationError("'--replace' goes with '--append'.")
    }
  }
}

/// `signalstore ingest opportunity PATH… --as NAME`
struct IngestOpportunityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opportunity",
    abstract: "Read OPPORTUNITY logs (.dat, .dat.gz; 250 columns).",
    discussion: """
      column_names.txt and label_legend.txt are read where they lie beside the logs, and are built
      in otherwise.
      Example: signalstore ingest opportunity OpportunityUCIDataset/dataset --as opportunity
      """)

  @OptionGroup var ingest: IngestOptions
  @Option(
    name: .customLong("on-bad-line"),
    help: ArgumentHelp("What to do with a line that cannot be read: refuse or drop."))
  var onBadLine: BadLinePolicy = .refuse
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let settings = OpportunityReader.Settings(onBadLine: onBadLine)
    try Ingestion(ingest, options: options).run(OpportunityReader(settings), settings: settings)
  }
}

/// `signalstore ingest recordings PATH… --as NAME`
struct IngestRecordingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recordings",
    abstract: "Read recordings of other origin (HDF5, CSV).",
    discussion: MappedReader.rulesText + "\n\nExample: signalstore ingest recordings hapt --as hapt"
  )

  @OptionGroup var ingest: IngestOptions
  @Option(
    help: ArgumentHelp(
      "A JSON file that says where signals, labels, rate and subject are "
        + "(schemas/recording-mapping.schema.json).", valueName: "file"))
  var mapping: String?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let settings = MappedReader.Settings(
      mapping: try mapping.map { try RecordingMapping.read(FilePath($0)) })
    try Ingestion(ingest, options: options).run(MappedReader(settings), settings: settings)
  }
}

/// Carries sources through a reader into a version.
struct Ingestion {
  private let ingest: IngestOptions
  private let context: CommandContext

  init(_ ingest: IngestOptions, options: GlobalOptions) {
    self.ingest = ingest
    context = CommandContext(options)
  }

  func run<Reader: RecordingReader>(_ reader: Reader, settings: Reader.Settings) throws {
    let name = try DatasetName(ingest.name)
    let began = context.time.monotonicSeconds
    let scan = try reader.sources(in: ingest.paths.map { FilePath($0) })
    let store = try context.openForIngest()
    let mode: StagingMode = ingest.append ? (ingest.replace ? .replacing : .appending) : .exactly
    var staged = try store.stage(
      name, kind: Reader.formatName, mode: mode, storage: ingest.layout)
    var record = IngestionRecord(
      reader: Reader.formatName, settings: try CanonicalJSON.text(settings),
      skipped: scan.skipped.map { .init(source: $0.name, reason: $0.reason) })
    var totals = Totals()
    let meter = context.meter(
      "ingest \(name)", total: scan.sources.reduce(0) { $0 + $1.sizeInBytes }, unit: .bytes)
    for source in scan.sources {
      let report = try reader.read(source) { recording in try staged.append(recording) }
      totals.add(report, source: source)
      record.warnings += report.warnings
      meter.advance(to: totals.sizeInBytes)
    }
    meter.finish()
    let outcome = try staged.commit(because: ingest.because, ingestion: record)
    for names in outcome.sameContent {
      record.warnings.append(
        "Recordings \(names.map { "'\($0)'" }.joined(separator: ", ")) hold the same readings.")
    }
    answer(
      outcome, record: record, totals: totals, seconds: context.time.monotonicSeconds - began)
  }

  private struct Totals {
    var recordingCount = 0
    var rowCount = 0
    var sizeInBytes = 0
    var unpackedInBytes = 0

    mutating func add(_ report: SourceReport, source: SourceFile) {
      recordingCount += report.recordingCount
      rowCount += report.rowCount
      sizeInBytes += source.sizeInBytes
      unpackedInBytes += report.unpackedInBytes
    }
  }

  private func answer(
    _ outcome: CommitOutcome, record: IngestionRecord, totals: Totals, seconds: Double
  ) {
    let version = outcome.version
    for skipped in record.skipped {
      context.talk.note("Skipped \(skipped.source): \(skipped.reason)")
    }
    for warning in record.warnings { context.talk.warn(warning) }
    let skipped: [JSONValue] = record.skipped.map { skipped in
      .object([
        .init("source", .string(skipped.source)), .init("reason", .string(skipped.reason)),
      ])
    }
    context.answer([
      .init("dataset", .string(version.dataset.text)), .init("version", .whole(version.number)),
      .init("version_id", .string(version.hash)), .init("new", .bool(outcome.isNew)),
      .init("recordings", .whole(version.recordingCount)),
      .init("rows", .whole(version.sampleCount)),
      .init("examples", .whole(version.recordingCount)),
      .init("recordings_read", .whole(totals.recordingCount)),
      .init("rows_read", .whole(totals.rowCount)),
      .init("bytes_read", .whole(totals.sizeInBytes)),
      .init("shards_written", .whole(outcome.shardsWritten)),
      .init("shards_reused", .whole(outcome.shardsReused)), .init("skipped", .array(skipped)),
      .init("warnings", .array(record.warnings.map { JSONValue.string($0) })),
      .init("seconds", .real(seconds)),
    ]) {
      let rate = Quantity.bytes(Int(Double(totals.unpackedInBytes) / max(seconds, 1e-9)))
      let read =
        "read \(totals.recordingCount) recordings, \(totals.rowCount) readings "
        + "(\(Quantity.bytes(totals.sizeInBytes)) in \(Quantity.seconds(seconds)), \(rate)/s)"
      guard outcome.isNew else {
        return "Nothing changed: \(version.reference) already holds exactly this; \(read)."
      }
      return "Published \(version.reference): \(version.recordingCount) recordings, "
        + "\(version.sampleCount) readings; \(outcome.shardsWritten) shards written, "
        + "\(outcome.shardsReused) reused; \(read)."
    }
  }
}
