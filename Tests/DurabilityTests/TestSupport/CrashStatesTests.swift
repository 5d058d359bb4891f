import Durability
import Randomness
import SystemPackage
import TestSupport
import Testing

@Suite("The states after a power cut")
struct CrashStatesTests {
  private let mode = FilePermissions.newFile

  private func states(
    _ operations: [FileOperation], before: [String: DiskSnapshot.Entry] = [:],
    after count: Int? = nil
  ) -> Set<DiskSnapshot> {
    let crashes = CrashStates(
      of: operations, below: "/r", before: DiskSnapshot(entries: before))
    let states = crashes.states(afterOperations: count ?? operations.count)
    #expect(Set(states).count == states.count)
    return Set(states)
  }

  private func disk(_ files: [String: [UInt8]]) -> DiskSnapshot {
    DiskSnapshot(entries: files.mapValues { .file(bytes: $0, permissions: mode) })
  }

  private func write(_ name: String, _ bytes: [UInt8]) -> FileOperation {
    .write(FilePath("/r/\(name)"), bytes: bytes, permissions: mode)
  }

  @Test("of a new file: absent, empty, cut, zeros, or whole")
  func unsyncedFile() {
    #expect(
      states([write("a", [1, 2, 3])]) == [
        disk([:]), disk(["a": []]), disk(["a": [1]]), disk(["a": [1, 2]]),
        disk(["a": [0, 0, 0]]), disk(["a": [1, 2, 3]]),
      ])
    #expect(states([write("a", [1, 2, 3])], after: 0) == [disk([:])])
  }

  @Test("of a synced file whose folder was not: absent or whole")
  func syncedFile() {
    #expect(
      states([write("a", [1, 2]), .sync("/r/a")]) == [disk([:]), disk(["a": [1, 2]])])
  }

  @Test("of a synced name without its content: there, with anything in it")
  func syncedName() {
    let found = states([write("a", [1, 2]), .syncDirectory("/r")])
    #expect(
      found == [
        disk(["a": []]), disk(["a": [1]]), disk(["a": [0, 0]]), disk(["a": [1, 2]]),
      ])
  }

  @Test("of everything synced: one")
  func everythingSynced() {
    let operations = [write("a", [1, 2]), .sync("/r/a"), .syncDirectory("/r")]
    #expect(states(operations) == [disk(["a": [1, 2]])])
  }

  @Test("of a rename: each of the two names by itself, until the folder is synced")
  func rename() {
    let rename = FileOperation.rename("/r/a", to: "/r/b")
    let before: [String: DiskSnapshot.Entry] = ["a": .file(bytes: [1], permissions: mode)]
    #expect(
      states([rename], before: before) == [
        disk([:]), disk(["a": [1]]), disk(["b": [1]]), disk(["a": [1], "b": [1]]),
      ])
    #expect(states([rename, .syncDirectory("/r")], before: before) == [disk(["b": [1]])])
  }

  @Test("of a replacement: the old or the new content, never a mixture")
  func replacement() {
    let before: [String: DiskSnapshot.Entry] = ["a": .file(bytes: [1, 1], permissions: mode)]
    let operations: [FileOperation] = [
      write("t", [2, 2]), .sync("/r/t"), .syncDirectory("/r"), .replace("/r/a", with: "/r/t"),
    ]
    let found = states(operations, before: before)
    #expect(Set(found.map { $0.bytes(at: "a") }) == [[1, 1], [2, 2]])
  }

  @Test("of an addition to a synced file: the old content and part of the new")
  func addition() {
    let before: [String: DiskSnapshot.Entry] = ["a": .file(bytes: [1], permissions: mode)]
    #expect(
      states([.append("/r/a", bytes: [2, 3])], before: before) == [
        disk(["a": [1]]), disk(["a": [1, 2]]), disk(["a": [1, 0, 0]]), disk(["a": [1, 2, 3]]),
      ])
  }

  @Test("of a removal, a folder and a mode: either way")
  func otherChanges() {
    let before: [String: DiskSnapshot.Entry] = ["a": .file(bytes: [1], permissions: mode)]
    #expect(states([.remove("/r/a")], before: before) == [disk([:]), disk(["a": [1]])])
    #expect(states([.remove("/r/a"), .syncDirectory("/r")], before: before) == [disk([:])])

    let sealed = DiskSnapshot(entries: ["a": .file(bytes: [1], permissions: .sealed)])
    let seal = FileOperation.setPermissions("/r/a", permissions: .sealed)
    #expect(states([seal], before: before) == [disk(["a": [1]]), sealed])
    #expect(states([seal, .sync("/r/a")], before: before) == [sealed])

    // A folder that is lost takes its content along, synced or not.
    let folder = DiskSnapshot.Entry.directory(permissions: .newDirectory)
    let found = states([
      .createDirectory("/r/d", permissions: .newDirectory), write("d/a", [1]), .sync("/r/d/a"),
      .syncDirectory("/r/d"),
    ])
    #expect(
      found == [
        disk([:]),
        DiskSnapshot(entries: ["d": folder, "d/a": .file(bytes: [1], permissions: mode)]),
      ])
  }

  @Test("include a torn last page and a torn last sector")
  func tornBlocks() {
    let bytes = (0..<10_000).map { UInt8($0 % 250 + 1) }
    let contents = Set(states([write("a", bytes)]).compactMap { $0.bytes(at: "a") })
    for lost in [512, 4096, 10_000] {
      #expect(
        contents.contains(Array(bytes.dropLast(lost)) + [UInt8](repeating: 0, count: lost)))
    }
    for length in [0, 1, 5_000, 9_999, 10_000] {
      #expect(contents.contains(Array(bytes[..<length])))
    }
    #expect(contents.count == 8)
  }

  @Test("are bounded, with both extremes among them, and the same for the same seed")
  func bounded() {
    let names = (0..<20).map { "f\($0)" }
    let crashes = CrashStates(
      of: names.map { write($0, [1, 2, 3]) }, below: "/r", before: DiskSnapshot())
    let first = crashes.states(afterOperations: 20, atMost: 300, seed: Seed(1))
    #expect(first.count > 150 && first.count <= 300)
    #expect(first == crashes.states(afterOperations: 20, atMost: 300, seed: Seed(1)))
    #expect(first != crashes.states(afterOperations: 20, atMost: 300, seed: Seed(2)))
    #expect(first.contains(disk([:])))
    #expect(
      first.contains(
        disk(Dictionary(uniqueKeysWithValues: names.map { ($0, [1, 2, 3]) }))))
  }

  @Test("can be put on a real disk and read back")
  func materialise() throws {
    let snapshot = DiskSnapshot(entries: [
      "d": .directory(permissions: .newDirectory),
      "d/a": .file(bytes: [1, 2], permissions: .sealed),
      "empty": .file(bytes: [], permissions: .newFile),
    ])
    let root = try snapshot.materialised()
    #expect(try DiskSnapshot(of: root.path) == snapshot)
  }
}
