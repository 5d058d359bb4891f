import Durability
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// The power is cut after every change, in every way that POSIX allows.
///
/// The calls of `FileSystem` are recorded and their crash states enumerated. SQLite writes by itself,
/// so its files come from before or after the transaction, which is what it promises; a state of the
/// objects goes with the catalogue from after the transaction only if every call was made before it.
@Suite("Publishing when the power fails")
struct CommitCrashTests {
  private struct Record {
    let before: DiskSnapshot
    let after: DiskSnapshot
    let states: CrashStates
  }

  private static func record(_ trial: PublishingTrial) throws -> Record {
    let before = try trial.ground()
    let folder = StoreFolder(try before.materialised())
    let disk = RecordingFileSystem()
    try { try trial.publish(try folder.open(on: disk)) }()
    let after = try DiskSnapshot(of: folder.root)
    return Record(
      before: before, after: after,
      states: CrashStates(of: disk.operations, below: folder.root, before: before))
  }

  /// A state of the objects with the catalogue of another snapshot.
  private static func state(
    _ objects: DiskSnapshot, catalogueOf other: DiskSnapshot
  ) -> DiskSnapshot {
    var entries = objects.entries.filter { !$0.key.hasPrefix("catalog.sqlite") }
    for (name, entry) in other.entries
    where name.hasPrefix("catalog.sqlite") && !name.hasSuffix("-shm") {
      entries[name] = entry
    }
    return DiskSnapshot(entries: entries)
  }

  /// Opens a state as the next process would, and reads everything that the catalogue names.
  ///
  /// - Returns: what is wrong with it.
  private static func violations(_ state: DiskSnapshot, expected: [String]) throws -> [String] {
    let folder = StoreFolder(try state.materialised())
    var found: [String] = []
    let store = try folder.open()
    if try CatalogDump.lines(of: folder.root) != expected { found.append("another catalogue") }
    for line in try CatalogDump.lines(of: folder.root) where line.hasPrefix("object: ") {
      let hash = line.split(separator: " ").first { $0.hasPrefix("hash=") }?.dropFirst(5) ?? ""
      let name = hash.replacing("\"", with: "")
      let entry = state.entries.first { $0.key.contains("/\(name).") }
      guard let entry, case .file(let bytes, let permissions) = entry.value else {
        found.append("object \(name.prefix(8)) is missing")
        continue
      }
      if ContentHash(of: bytes).hexText != name { found.append("object \(name.prefix(8)) is torn") }
      if permissions != .sealed { found.append("object \(name.prefix(8)) is not sealed") }
    }
    if found.isEmpty {
      for dataset in try store.datasets() {
        for version in try store.versions(of: try DatasetName(dataset.name)) {
          for position in 0..<version.recordingCount {
            _ = try store.readings(of: version, recording: position)
          }
        }
      }
    }
    return found
  }

  @Test(
    "opens to old or new, and the catalogue never names an object that is not whole",
    arguments: PublishingTrial.all)
  func everyState(trial: PublishingTrial) throws {
    let record = try Self.record(trial)
    let old = try CatalogDump.lines(of: record.before)
    let new = try CatalogDump.lines(of: record.after)
    #expect(old != new)
    let count = record.states.operations.count
    #expect(count >= 6)
    var stateCount = 0
    for cut in 0...count {
      let states = record.states.states(afterOperations: cut, atMost: 64)
      for (number, objects) in states.enumerated() {
        stateCount += 1
        let isIntact = record.before.objects.allSatisfy { objects.entries[$0.key] == $0.value }
        #expect(isIntact, "an older object, cut after \(cut) of \(record.states.operations)")
        // Opening takes longest; what differs between these states is only what nothing names yet.
        guard number % 16 == 0 || number == states.count - 1 else { continue }
        let state = Self.state(objects, catalogueOf: record.before)
        let found = try Self.violations(state, expected: old)
        #expect(found == [], "old catalogue, cut after \(cut) of \(record.states.operations)")
      }
    }
    for objects in record.states.states(afterOperations: count, atMost: 64) {
      let state = Self.state(objects, catalogueOf: record.after)
      let found = try Self.violations(state, expected: new)
      #expect(found == [], "new catalogue, cut after all of \(record.states.operations)")
    }
    #expect(stateCount > 20)
  }

  @Test("would be caught by these tests if the catalogue were written before the last sync")
  func tooEarly() throws {
    let record = try Self.record(.append)
    let new = try CatalogDump.lines(of: record.after)
    let count = record.states.operations.count
    // The catalogue from after the transaction, beside the objects of a cut at an earlier call.
    let caught = try (0..<(count - 1)).map { cut in
      try record.states.states(afterOperations: cut, atMost: 64).contains { objects in
        !(try Self.violations(
          Self.state(objects, catalogueOf: record.after), expected: new)).isEmpty
      }
    }
    #expect(caught.allSatisfy { $0 }, "\(caught) for \(record.states.operations)")
  }
}
