import Foundation
import Randomness
import Signals
import TestSupport
import Testing

@Suite("Windows")
struct WindowTests {
  /// All sequences of `length` elements of `alphabet`.
  private static func sequences<Element>(of alphabet: [Element], length: Int) -> [[Element]] {
    (0..<length).reduce([[]]) { sequences, _ in
      sequences.flatMap { sequence in alphabet.map { sequence + [$0] } }
    }
  }

  /// The plainest way to find the starts: try every place.
  private static func naiveStarts(_ framing: Framing, sampleCount: Int) -> [Int] {
    (0..<max(sampleCount, 1)).filter { start in
      start % framing.strideInSamples == 0 && start + framing.lengthInSamples <= sampleCount
    }
  }

  /// The plainest way to cut: look at every reading of every window.
  private static func naiveWindows(
    _ framing: Framing, codes: [Int32]?, missing: [Int32], channelCount: Int
  ) -> [String] {
    naiveStarts(framing, sampleCount: missing.count).compactMap { start in
      let places = start..<(start + framing.lengthInSamples)
      var missingCount = 0
      for place in places { missingCount += Int(missing[place]) }
      let share = Double(missingCount) / Double(framing.lengthInSamples * channelCount)
      if share > framing.missingValues.maximumMissingFraction { return nil }
      var label = "none"
      if let rule = framing.labelRule, let codes {
        guard let code = naiveLabel(rule, places.map { codes[$0] }) else { return nil }
        label = String(code)
      }
      return "\(start) \(label) \(Float(share))"
    }
  }

  private static func naiveLabel(_ rule: LabelRule, _ codes: [Int32]) -> Int32? {
    var chosen: Int32?
    switch rule.agreement {
    case .pure:
      if Set(codes).count == 1 { chosen = codes[0] }
    case .majority:
      var most = 0
      for candidate in Set(codes).sorted() {
        let count = codes.filter { $0 == candidate }.count
        if count > most { (most, chosen) = (count, candidate) }
      }
    }
    guard let chosen else { return nil }
    if let wanted = rule.codes { return wanted.contains(chosen) ? chosen : nil }
    return chosen == -1 ? nil : chosen
  }

  private static func described(_ windows: [Window]) -> [String] {
    windows.map { "\($0.startSample) \($0.label.map(String.init) ?? "none") \($0.missingFraction)" }
  }

  @Test("start wherever a whole one fits, from the first reading on")
  func starts() {
    for sampleCount in 0...12 {
      for length in 1...6 {
        for stride in 1...7 {
          let framing = Framing(lengthInSamples: length, strideInSamples: stride)
          #expect(
            Array(framing.windowStarts(sampleCount: sampleCount))
              == Self.naiveStarts(framing, sampleCount: sampleCount),
            "\(sampleCount) readings, length \(length), stride \(stride)")
        }
      }
    }
  }

  @Test(
    "follow every label rule, over all label sequences of up to five readings",
    arguments: LabelRule.Agreement.allCases, [nil, [1], [0, 1], [-1, 0], []] as [[Int32]?])
  func labels(agreement: LabelRule.Agreement, codes wanted: [Int32]?) {
    let rule = LabelRule(track: "t", agreement: agreement, codes: wanted)
    for sampleCount in 0...5 {
      for codes in Self.sequences(of: [-1, 0, 1] as [Int32], length: sampleCount) {
        for length in 1...3 {
          for stride in 1...3 {
            let framing = Framing(
              lengthInSamples: length, strideInSamples: stride, labelRule: rule)
            let missing = [Int32](repeating: 0, count: sampleCount)
            let found = framing.windows(codes: codes, missingCounts: missing, channelCount: 2)
            let expected = Self.naiveWindows(
              framing, codes: codes, missing: missing, channelCount: 2)
            guard Self.described(found) == expected else {
              Issue.record("\(codes), \(length)/\(stride): \(found), expected \(expected)")
              return
            }
          }
        }
      }
    }
  }

  @Test(
    "leave out what misses too much, over all patterns of up to five readings of two channels",
    arguments: [0, 0.25, 0.5, 0.75, 1])
  func missing(share: Double) {
    for sampleCount in 0...5 {
      for missing in Self.sequences(of: [0, 1, 2] as [Int32], length: sampleCount) {
        for length in 1...4 {
          for stride in 1...2 {
            let framing = Framing(
              lengthInSamples: length, strideInSamples: stride,
              missingValues: MissingValuePolicy(maximumMissingFraction: share))
            let found = framing.windows(codes: nil, missingCounts: missing, channelCount: 2)
            let expected = Self.naiveWindows(
              framing, codes: nil, missing: missing, channelCount: 2)
            guard Self.described(found) == expected else {
              Issue.record("\(missing), \(length)/\(stride): \(found), expected \(expected)")
              return
            }
          }
        }
      }
    }
  }

  @Test("agree with the plain way on random recordings, labels and missing readings together")
  func random() {
    struct Case {
      let framing: Framing
      let codes: [Int32]
      let missing: [Int32]
      let channelCount: Int
    }
    SeededCases.check { generator in
      let count = generator.nextIndex(below: 200)
      let channelCount = 1 + generator.nextIndex(below: 4)
      let run = 1 + generator.nextIndex(below: 12)
      let drawn = (0..<(count / run + 1)).map { _ in Int32(generator.nextIndex(below: 5)) - 1 }
      return Case(
        framing: Framing(
          lengthInSamples: 1 + generator.nextIndex(below: 20),
          strideInSamples: 1 + generator.nextIndex(below: 20),
          labelRule: LabelRule(
            track: "t",
            agreement: generator.nextIndex(below: 2) == 0 ? .pure : .majority,
            codes: generator.nextIndex(below: 2) == 0 ? nil : [3, 0]),
          missingValues: MissingValuePolicy(maximumMissingFraction: generator.nextUniform())),
        codes: (0..<count).map { drawn[$0 / run] },
        missing: (0..<count).map { _ in
          generator.nextIndex(below: 3) == 0
            ? Int32(generator.nextIndex(below: channelCount + 1)) : 0
        }, channelCount: channelCount)
    } _: { one in
      let found = one.framing.windows(
        codes: one.codes, missingCounts: one.missing, channelCount: one.channelCount)
      #expect(
        Self.described(found)
          == Self.naiveWindows(
            one.framing, codes: one.codes, missing: one.missing, channelCount: one.channelCount))
    }
  }
}

@Suite("A label rule")
struct LabelRuleTests {
  @Test("keeps its codes in rising order, so that equal rules are equal")
  func codesAreSorted() {
    #expect(
      LabelRule(track: "t", codes: [3, 1, 2]) == LabelRule(track: "t", codes: [1, 2, 3]))
    #expect(LabelRule(track: "t", codes: [3, 1, 2]).codes == [1, 2, 3])
  }

  @Test("takes the lowest of equally frequent codes")
  func ties() {
    let rule = LabelRule(track: "t", agreement: .majority)
    #expect(rule.label(of: [5, 4, 4, 5][...]) == 4)
    #expect(rule.label(of: [5, 5, 4, 4, 3][...]) == 4)
  }

  @Test("takes 'unlabelled' for a label only where it is asked for by number")
  func unlabelled() {
    let codes: [Int32] = [-1, -1]
    #expect(LabelRule(track: "t").label(of: codes[...]) == nil)
    #expect(LabelRule(track: "t", codes: [LabelTrack.unlabelled]).label(of: codes[...]) == -1)
  }

  @Test("gives an empty window no label", arguments: LabelRule.Agreement.allCases)
  func empty(agreement: LabelRule.Agreement) {
    #expect(LabelRule(track: "t", agreement: agreement).label(of: []) == nil)
  }

  @Test("keeps a source's own null class apart from 'unlabelled'")
  func nullClass() {
    #expect(LabelRule(track: "t").label(of: [0, 0][...]) == 0)
  }
}
