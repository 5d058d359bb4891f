internal import Foundation
public import Randomness
internal import Synchronization
public import Testing

/// Small cases exhaustively, then random ones that can be replayed.
///
/// The environment variable `SEED` replays one random case: `SEED=123 swift test --filter …`.
public enum SeededCases {
  /// Every combination of `axisCount` whole numbers from 0 to `limit`.
  ///
  /// For instance `sizes(axisCount: 2, upTo: 1)` is `[[0, 0], [0, 1], [1, 0], [1, 1]]`.
  public static func sizes(axisCount: Int, upTo limit: Int) -> [[Int]] {
    (0..<axisCount).reduce([[]]) { combinations, _ in
      combinations.flatMap { start in (0...limit).map { start + [$0] } }
    }
  }

  /// Runs `check` on every one of `cases`, then on `randomCount` random ones.
  ///
  /// Whatever fails inside, an expectation or a thrown error, is reported with the seed of its
  /// case. With `SEED` set, only the random case of that seed runs.
  /// - Parameters:
  ///   - cases: The cases that are always checked, small sizes above all.
  ///   - randomCount: How many random cases follow.
  ///   - seed: From where the seeds of the random cases descend.
  ///   - sourceLocation: The calling line.
  ///   - makeCase: Draws one random case.
  ///   - check: Checks one case, by expectations or by throwing.
  public static func check<Case>(
    _ cases: [Case] = [], randomCount: Int = 200, seed: Seed = Seed(0),
    sourceLocation: SourceLocation = #_sourceLocation,
    random makeCase: (inout SeededGenerator) -> Case, _ check: (Case) throws -> Void
  ) {
    let replayed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init)
    if replayed == nil {
      for (index, one) in cases.enumerated() {
        report("Case \(index): \(one)", at: sourceLocation) { try check(one) }
      }
    }
    let seeds = replayed.map { [Seed($0)] } ?? (0..<randomCount).map { seed.child($0) }
    for caseSeed in seeds {
      var generator = caseSeed.generator()
      let one = makeCase(&generator)
      report("SEED=\(caseSeed) replays this case", at: sourceLocation) { try check(one) }
    }
  }

  /// Runs `body`; if it fails, says `words` beside the failure.
  private static func report(
    _ words: String, at sourceLocation: SourceLocation, _ body: () throws -> Void
  ) {
    let hasFailed = Mutex(false)
    // Not to excuse anything: the matcher is the one place where Swift Testing shows an issue to
    // the test that raised it. It says "not known", so that the issue counts as ever.
    do {
      try withKnownIssue(isIntermittent: true, sourceLocation: sourceLocation) {
        try body()
      } matching: { _ in
        hasFailed.withLock { $0 = true }
        return false
      }
    } catch {
      hasFailed.withLock { $0 = true }
      Issue.record(error, sourceLocation: sourceLocation)
    }
    if hasFailed.withLock({ $0 }) {
      Issue.record("\(words)", sourceLocation: sourceLocation)
    }
  }
}
