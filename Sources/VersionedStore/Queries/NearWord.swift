/// Finds the word that was probably meant.
package enum NearWord {
  /// The candidate with the smallest edit distance to a word, whatever the case of the letters.
  ///
  /// Only distances below 4 count, and of short words no more than half may differ: every word of
  /// three letters is within 3 of every other. Words over 64 characters have no near word, since
  /// the work grows with the product of the lengths and the text may come from a stranger.
  package static func of(_ word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased())
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let limit = min(3, max(1, wanted.count / 2))
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate.utf8.count <= 256 {
      let letters = Array(candidate.lowercased())
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The edit distance in which an exchange of neighbours counts once (optimal string alignment).
  package static func distance<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var row = [i + 1]
      for (j, b) in second.enumerated() {
        var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == second[j - 1], first[i - 1] == b {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        row.append(cost)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[second.count]
  }
}
