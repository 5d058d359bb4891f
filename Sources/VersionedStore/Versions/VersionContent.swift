import Durability
import GRDB

/// What a list of recordings amounts to: its hashes and its totals.
struct VersionContent {
  /// The SHA-256 over kind and recordings: the identity of a version.
  let hash: String
  /// The SHA-256 over the sorted hashes of the shards: the identity of its bytes on this disk.
  let shardRoot: String
  let recordingCount: Int
  let sampleCount: Int
  let sizeInBytes: Int
  let shardCount: Int
  /// Names of recordings with the same readings.
  let sameContent: [[String]]

  /// Computes the content of recordings whose rows are in the catalogue, in their order.
  static func fetch(
    _ recordings: [Int64], kind: String, from database: Database
  ) throws -> VersionContent {
    var hashes: [String] = []
    var names: [String: [String]] = [:]
    var samples = 0
    let recordingStatement = try database.makeStatement(
      sql: "SELECT hash, contentHash, name, sampleCount FROM recording WHERE id = ?")
    let shardStatement = try database.makeStatement(
      sql: "SELECT DISTINCT objectHash FROM segment WHERE recordingID = ?")
    var shards: Set<String> = []
    for recording in recordings {
      guard let row = try Row.fetchOne(recordingStatement, arguments: [recording]) else {
        throw StoreError.damagedRow("recording \(recording)", "the row is missing")
      }
      hashes.append(row["hash"])
      names[row["contentHash"], default: []].append(row["name"])
      samples += row["sampleCount"] as Int
      shards.formUnion(try String.fetchAll(shardStatement, arguments: [recording]))
    }
    return VersionContent(
      hash: try CanonicalJSON.hash(Identity(format: 1, kind: kind, recordings: hashes)),
      shardRoot: ContentHash(of: Array(shards.sorted().joined(separator: "\n").utf8)).hexText,
      recordingCount: recordings.count, sampleCount: samples,
      sizeInBytes: try size(of: shards, in: database), shardCount: shards.count,
      sameContent: names.values.filter { $0.count > 1 }.map { $0.sorted() }
        .sorted { $0[0] < $1[0] })
  }

  private struct Identity: Encodable {
    let format: Int
    let kind: String
    let recordings: [String]
  }

  private static func size(of shards: Set<String>, in database: Database) throws -> Int {
    let statement = try database.makeStatement(
      sql: "SELECT sizeInBytes FROM object WHERE hash = ?")
    return try shards.reduce(0) { sum, hash in
      sum + (try Int.fetchOne(statement, arguments: [hash]) ?? 0)
    }
  }
}
