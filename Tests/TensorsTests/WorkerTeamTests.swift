import Foundation
import Synchronization
import Tensors
import Testing

/// Counts how often each part is done, and by which threads.
private final class CountedWork: PartedWork, Sendable {
  let done: [Counter]

  final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }

  init(parts: Int) {
    done = (0..<parts).map { _ in Counter() }
  }

  func perform(part: Int) {
    done[part].count.add(1, ordering: .relaxed)
  }

  var counts: [Int] { done.map { $0.count.load(ordering: .relaxed) } }
}

@Suite("A team of workers")
struct WorkerTeamTests {
  @Test("does every part exactly once, for any number of threads and parts", arguments: 1...4)
  func everyPartOnce(threadCount: Int) {
    let team = WorkerTeam(threadCount: threadCount)
    #expect(team.threadCount == threadCount)
    for parts in 0...9 {
      let work = CountedWork(parts: parts)
      for _ in 0..<50 { team.run(work, parts: parts) }
      #expect(work.counts == [Int](repeating: 50, count: parts))
    }
  }

  @Test("wakes again after it has gone to sleep")
  func sleepsAndWakes() {
    let team = WorkerTeam(threadCount: 3)
    let work = CountedWork(parts: 6)
    for _ in 0..<20 {
      team.run(work, parts: 6)
      usleep(2_000)
    }
    #expect(work.counts == [Int](repeating: 20, count: 6))
  }

  @Test("costs no processor time while it is idle")
  func idleIsQuiet() async throws {
    // A process of its own, so that other tests' time does not count.
    await #expect(processExitsWith: .success) {
      let team = WorkerTeam(threadCount: 4)
      team.run(CountedWork(parts: 4), parts: 4)
      usleep(50_000)
      let before = clock()
      usleep(300_000)
      let used = Double(clock() - before) / Double(CLOCKS_PER_SEC)
      precondition(used < 0.05, "An idle team used \(used) s of 0.3 s.")
      withExtendedLifetime(team) {}
    }
  }

  @Test("serves callers on several threads at once")
  func concurrentCallers() async {
    let team = WorkerTeam(threadCount: 2)
    let works = (0..<4).map { _ in CountedWork(parts: 5) }
    await withTaskGroup(of: Void.self) { group in
      for work in works {
        group.addTask { for _ in 0..<200 { team.run(work, parts: 5) } }
      }
    }
    for work in works { #expect(work.counts == [Int](repeating: 200, count: 5)) }
  }

  @Test("stops the program for a team without threads")
  func emptyTeam() async {
    await #expect(processExitsWith: .failure) { _ = WorkerTeam(threadCount: 0) }
  }
}
