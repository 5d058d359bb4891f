import ArgumentParser

/// The root of the command tree; the commands are fixed in schemas/cli-output.schema.json.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signalstore",
    abstract: "A dataset and feature store for signals: from raw recordings to a versioned result.",
    discussion: """
      A first walk:
        signalstore simulate opportunity logs --subjects 4 --minutes 5 --seed 1
        signalstore ingest opportunity logs --as daily
        signalstore view windows --on daily@1 --labels Locomotion \\
          --window 60 --stride 30
        signalstore split by-person --view windows --by subject \\
          --validation S3 --test S4
        signalstore train classifier --split by-person --seed 1
        signalstore query 'dataset = daily and metric.test_macro_f1 > 0.5'

      Exit status: 0 done, 1 a check found something, 64 usage, 65 bad data,
      66 no such input, 69 unavailable, 70 a bug of ours, 73/74 cannot write,
      75 locked (try again), 77 permission, 78 configuration or a newer store
      format, 130 interrupted.
      """,
    version: SignalTool.release,
    subcommands: [
      InitCommand.self, DatasetsCommand.self, VersionsCommand.self, ShowCommand.self,
      LogCommand.self, DiffCommand.self, TagCommand.self, VerifyCommand.self, CollectCommand.self,
      TraceCommand.self, ImpactCommand.self, IngestCommand.self, SimulateCommand.self,
      ViewCommand.self, SplitCommand.self, TrainCommand.self, EvaluateCommand.self,
      QueryCommand.self, CompareCommand.self, ExportCommand.self,
    ])
}
