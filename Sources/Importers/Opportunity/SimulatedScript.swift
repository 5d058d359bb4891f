internal import Randomness

/// Codes that follow each other for random times, with pauses of code 0 between some of them.
///
/// All codes come once, in random order, before any comes again, so that short logs hold each
/// class.
struct SimulatedScript {
  /// How codes follow each other.
  struct Style {
    /// The codes, without 0.
    let codes: [Int32]
    /// How long a code lasts, in readings.
    let length: ClosedRange<Int>
    /// How long a pause lasts, in readings.
    let pause: ClosedRange<Int>
    /// How often a pause follows a code.
    let pauseProbability: Double

    /// Modes of locomotion: 5 to 40 s each, half of them followed by 1 to 3 s of none.
    static let locomotion = Style(
      codes: [1, 2, 4, 5], length: 150...1200, pause: 30...90, pauseProbability: 0.5)
    /// High-level activities: 40 to 120 s each.
    static let highLevel = Style(
      codes: Array(101...105), length: 1200...3600, pause: 60...300, pauseProbability: 0.3)

    /// Actions of an arm: half a second to three seconds each, with pauses.
    static func armAction(_ codes: ClosedRange<Int32>) -> Style {
      Style(codes: Array(codes), length: 15...90, pause: 15...120, pauseProbability: 0.7)
    }

    /// Mid-level gestures: one to four seconds each, with pauses.
    static func gesture(_ codes: [Int32]) -> Style {
      Style(codes: codes, length: 30...120, pause: 60...300, pauseProbability: 1)
    }
  }

  /// The code of the present reading.
  private(set) var code: Int32 = 0

  private let style: Style
  private var random: SeededGenerator
  private var bag: [Int32] = []
  private var lastCode: Int32 = 0
  private var remaining = 0

  init(_ style: Style, seed: Seed) {
    self.style = style
    random = seed.generator()
  }

  /// Goes on to the next reading.
  mutating func step() {
    if remaining == 0 { begin() }
    remaining -= 1
  }

  private mutating func begin() {
    if code != 0, random.nextUniform() < style.pauseProbability {
      code = 0
      remaining = length(from: style.pause)
      return
    }
    if bag.isEmpty {
      bag = style.codes
      for last in stride(from: bag.count - 1, to: 0, by: -1) {
        bag.swapAt(last, random.nextIndex(below: last + 1))
      }
      // The last of the bag comes first; it must not repeat what was.
      if bag.count > 1, bag[bag.count - 1] == lastCode { bag.swapAt(0, bag.count - 1) }
    }
    code = bag.removeLast()
    lastCode = code
    remaining = length(from: style.length)
  }

  private mutating func length(from range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.nextIndex(below: range.count)
  }
}
