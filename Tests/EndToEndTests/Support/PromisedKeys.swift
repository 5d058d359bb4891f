/// The members that the contract of the command line promises in each `--json` answer.
///
/// Written out by hand from the contract, not taken from the program or its schema: other programs
/// rely on these names.
enum PromisedKeys {
  static let initialize: Set<String> = ["store", "format", "path"]
  static let datasets: Set<String> = ["store", "datasets"]
  static let dataset: Set<String> = ["name", "kind", "versions", "latest", "bytes"]
  static let versions: Set<String> = ["store", "versions"]
  static let version: Set<String> = [
    "dataset", "version", "version_id", "parent", "recordings", "bytes", "created", "because",
    "tags",
  ]
  static let show = version.union(
    ["store", "channels", "labels", "sources", "shards", "statistics"])
  static let ingest: Set<String> = [
    "store", "dataset", "version", "version_id", "recordings", "rows", "examples", "bytes_read",
    "shards_written", "shards_reused", "skipped", "warnings", "seconds",
  ]
  static let view: Set<String> = ["store", "view", "view_id", "examples", "shape", "cache"]
  static let split: Set<String> = ["store", "split", "split_id", "counts", "certificate"]
  static let certificate: Set<String> = ["clean", "shared_subjects", "shared_seconds"]
  static let train: Set<String> = [
    "store", "run", "run_id", "study", "dataset_version", "metrics", "seconds", "steps_per_second",
  ]
  static let evaluate: Set<String> = ["store", "metrics"]
  static let query: Set<String> = ["store", "rows", "count"]
  static let count: Set<String> = ["store", "count"]
  static let sql: Set<String> = ["store", "columns", "rows"]
  static let compare: Set<String> = ["store", "runs", "differences"]
  static let export: Set<String> = ["store", "path", "examples"]
}
