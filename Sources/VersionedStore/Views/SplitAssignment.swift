import Randomness
import Signals

/// Divides the examples of a view among parts as a rule says, without asking whether that leaks.
struct SplitAssignment {
  let view: View
  let index: ExampleIndex
  let recordings: [RecordingSummary]
  let rule: SplitRule

  /// The part code of every example, 0 for those in no part.
  func parts() throws(StoreError) -> [UInt8] {
    try checkRule()
    return switch rule.unit {
    case .subject: try byGroup("subject") { $0.subject }
    case .session: try byGroup("session") { $0.session }
    case .time: try byTime()
    case .random: try byLot()
    }
  }

  private func checkRule() throws(StoreError) {
    guard rule.gapInSeconds.isFinite, rule.gapInSeconds >= 0 else {
      throw .badRequest(
        "gap",
        "Could not split '\(view.name)': a gap of \(rule.gapInSeconds) s makes no sense. "
          + "Give a number of seconds that is not negative.")
    }
    for case .fraction(let share) in [rule.validation, rule.test] where !(0..<1 ~= share) {
      throw .badRequest(
        "fractions",
        "Could not split '\(view.name)': a share of \(share) makes no sense. Give a "
          + "number from 0 up to, but not including, 1.")
    }
    guard rule.gapInSeconds == 0 || rule.unit == .time else {
      throw .badRequest(
        "gap",
        "Could not split '\(view.name)': a gap has a meaning only for a split by time, not by "
          + "\(rule.unit.rawValue). Leave `--gap` out.")
    }
    if case .fraction(let validation) = rule.validation, case .fraction(let test) = rule.test,
      validation + test >= 1
    {
      throw .badRequest(
        "fractions",
        "Could not split '\(view.name)': \(validation) for validation and \(test) for "
          + "test leave nothing to train on. Their sum must be below 1.")
    }
  }

  // MARK: By subject or session

  private func byGroup(
    _ word: String, _ group: (RecordingSummary) -> String?
  ) throws(StoreError) -> [UInt8] {
    var groupOfRecording: [String] = []
    for recording in recordings {
      guard let name = group(recording) else {
        throw .badRequest(
          recording.name,
          "Could not split '\(view.name)' by \(word): recording '\(recording.name)' names no "
            + "\(word). Split by time, or name it with a mapping file when you ingest.")
      }
      groupOfRecording.append(name)
    }
    let groups = Array(Set(groupOfRecording)).sorted()
    let chosen = try choose(from: groups, word)
    // A group that is named for two parts goes into both; the certificate then says so.
    if let twice = chosen.validation.intersection(chosen.test).min() {
      throw try leak(ofGroup: twice, word: word, groupOfRecording: groupOfRecording)
    }
    return index.recordings.map { position in
      let name = groupOfRecording[Int(position)]
      if chosen.test.contains(name) { return SplitPart.test.code }
      if chosen.validation.contains(name) { return SplitPart.validation.code }
      return SplitPart.training.code
    }
  }

  private func choose(
    from groups: [String], _ word: String
  ) throws(StoreError) -> (validation: Set<String>, test: Set<String>) {
    // A group that is named for one part is not drawn for the other.
    var named: Set<String> = []
    for case .names(let names) in [rule.validation, rule.test] { named.formUnion(names) }
    let drawn = Permutation.shuffled(
      count: groups.count, seed: Seed(rule.seed).child("split").child(word)
    ).map { groups[$0] }.filter { !named.contains($0) }
    var taken = 0
    func pick(_ choice: SplitRule.Choice) throws(StoreError) -> Set<String> {
      switch choice {
      case .names(let names):
        for name in names where !groups.contains(name) {
          throw .unknown(word, name, known: groups)
        }
        return Set(names)
      case .fraction(let fraction):
        let count = fraction == 0 ? 0 : max(1, Int((fraction * Double(groups.count)).rounded()))
        let end = min(drawn.count, taken + count)
        defer { taken = end }
        return Set(drawn[taken..<end])
      }
    }
    let test = try pick(rule.test)
    let validation = try pick(rule.validation)
    return (validation, test)
  }

  private func leak(
    ofGroup name: String, word: String, groupOfRecording: [String]
  ) throws(StoreError) -> StoreError {
    var seconds = 0.0
    for (recording, group) in zip(recordings, groupOfRecording) where group == name {
      seconds += Double(recording.sampleCount) / recording.rate.hertz
    }
    return .leak(
      name,
      "Could not certify the split: \(word) '\(name)' has \(Words.seconds(seconds)) in both "
        + "validation and test. Name each \(word) for one part only.")
  }

  // MARK: By time or lot

  private func fractions() throws(StoreError) -> (validation: Double, test: Double) {
    guard case .fraction(let validation) = rule.validation, case .fraction(let test) = rule.test
    else {
      throw .badRequest(
        rule.unit.rawValue,
        "Could not split '\(view.name)' by \(rule.unit.rawValue): names were given. Give shares "
          + "such as `--validation 0.2 --test 0.2`.")
    }
    return (validation, test)
  }

  private func byTime() throws(StoreError) -> [UInt8] {
    let share = try fractions()
    return zip(index.recordings, index.starts).map { position, start in
      let recording = recordings[Int(position)]
      let total = Double(recording.sampleCount)
      let gap = rule.gapInSeconds * recording.rate.hertz
      let firstBorder = total * (1 - share.validation - share.test)
      let secondBorder = total * (1 - share.test)
      let time = Double(start)
      if time < firstBorder { return SplitPart.training.code }
      if time < secondBorder {
        return time >= firstBorder + gap ? SplitPart.validation.code : 0
      }
      return time >= secondBorder + gap ? SplitPart.test.code : 0
    }
  }

  private func byLot() throws(StoreError) -> [UInt8] {
    let share = try fractions()
    let order = Permutation.shuffled(
      count: index.count, seed: Seed(rule.seed).child("split").child("random"))
    let testCount = Int((share.test * Double(index.count)).rounded())
    let validationCount = Int((share.validation * Double(index.count)).rounded())
    var parts = [UInt8](repeating: SplitPart.training.code, count: index.count)
    for example in order.prefix(testCount) { parts[example] = SplitPart.test.code }
    for example in order.dropFirst(testCount).prefix(validationCount) {
      parts[example] = SplitPart.validation.code
    }
    return parts
  }
}
