public import Randomness
public import SystemPackage

/// The states in which a power cut may leave a disk after a recorded list of changes.
///
/// The model is what POSIX promises, which is less than most file systems keep (Pillai et al.,
/// "All File Systems Are Not Created Equal", OSDI 2014):
/// - content that was not synced may be there in full, in part, or with blocks of zeros;
/// - a mode that was not synced may be the old or the new one;
/// - a name may be what it was at the last sync of its directory, or anything it was since, each
///   name by itself: of a rename, either half may be missing.
public struct CrashStates: Sendable {
  /// The recorded changes.
  public let operations: [FileOperation]
  private let before: DiskSnapshot
  private let root: FilePath

  /// Prepares to cut the power at any place in `operations`.
  ///
  /// - Parameters:
  ///   - operations: Changes below `root`, in order.
  ///   - root: The folder that they were made in.
  ///   - before: What was below `root` before them, all of it safely on the disk.
  public init(of operations: [FileOperation], below root: FilePath, before: DiskSnapshot) {
    self.operations = operations
    self.before = before
    self.root = root
  }

  /// The states that are possible after the first `count` changes.
  ///
  /// All of them if they are at most `limit`; otherwise the two extremes (all or nothing of what
  /// is open survived), those that differ from an extreme in one place, and seeded random ones.
  /// - Complexity: Proportional to the number of states times the bytes below the root.
  public func states(
    afterOperations count: Int, atMost limit: Int = 512, seed: Seed = Seed(0)
  ) -> [DiskSnapshot] {
    var model = DiskModel(before)
    for operation in operations.prefix(count) {
      model.apply(operation, below: root)
    }
    let choices = model.openChoices()
    var seen: Set<DiskSnapshot> = []
    return Self.combinations(of: choices.map(\.count), atMost: limit, seed: seed)
      .map {
        model.snapshot(choosing: Dictionary(uniqueKeysWithValues: zip(choices.map(\.place), $0)))
      }
      .filter { seen.insert($0).inserted }
  }

  /// One number below each count: every combination, or a bounded selection of them.
  static func combinations(of counts: [Int], atMost limit: Int, seed: Seed) -> [[Int]] {
    var total = 1
    for count in counts {
      let product = total.multipliedReportingOverflow(by: count)
      total = product.overflow ? Int.max : product.partialValue
    }
    if total <= limit {
      return (0..<total).map { number in
        var rest = number
        return counts.map { count in
          defer { rest /= count }
          return rest % count
        }
      }
    }
    let extremes = [counts.map { _ in 0 }, counts.map { $0 - 1 }]
    var selection = extremes
    for extreme in extremes {
      for (place, count) in counts.enumerated() {
        for value in 0..<count where value != extreme[place] {
          var combination = extreme
          combination[place] = value
          selection.append(combination)
        }
      }
    }
    var generator = seed.generator()
    while selection.count < limit {
      selection.append(counts.map { generator.nextIndex(below: $0) })
    }
    return Array(selection.prefix(limit))
  }
}
