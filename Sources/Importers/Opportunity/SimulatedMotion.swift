internal import Randomness

/// A body that goes through activities: what one driver tells the channels that follow it.
struct MotionDriver {
  /// The present activity: 0 none, 1 stand, 2 walk, 3 sit, 4 lie.
  private(set) var activity = 0
  /// The swing of the gait now, and twice as fast; they go on in all activities, channels use them
  /// in those in which they swing.
  private(set) var swing = 0.0
  private(set) var fastSwing = 0.0
  /// The code of the present activity, as it stands in the log.
  var code: Int32 { script.code }

  private var script: SimulatedScript
  private var turns: Double
  private let turnsPerReading: Double

  init(seed: Seed, stepsPerSecond: Double) {
    script = SimulatedScript(.locomotion, seed: seed.child("script"))
    var random = seed.child("phase").generator()
    turns = random.nextUniform()
    turnsPerReading = stepsPerSecond / LogClock.rateInHertz
  }

  /// Goes on to the next reading.
  mutating func step() {
    script.step()
    activity = code == 0 ? 0 : code <= 2 ? Int(code) : Int(code) - 1
    turns += turnsPerReading
    if turns >= 1 { turns -= 1 }
    swing = SimulatedNoise.sine(ofTurns: turns)
    fastSwing = SimulatedNoise.sine(ofTurns: 2 * turns)
  }
}

/// A channel whose level and swing depend on the activity of its driver.
struct DrivenChannel {
  /// What a channel can show of an activity.
  ///
  /// Each kind tells apart some activities only, so that a few channels are needed together; a
  /// channel of the same kind on an unrelated driver has the same distribution and tells nothing.
  enum Kind: Int, CaseIterable {
    case liesDown, sitsDown, swings, sitsOrSwings, rests, swingsTwice

    /// The level in units of the channel's gap, by activity (none, stand, walk, sit, lie).
    var levels: [Double] {
      switch self {
      case .liesDown: [0.2, 0, 0, 0, 1]
      case .sitsDown: [0.2, 0, 0.1, 1, 0]
      case .swings, .swingsTwice: [0.1, 0, 0.2, 0, 0]
      case .sitsOrSwings: [0.3, 0, 0.3, 0.8, 0.2]
      case .rests: [0.5, 0, 0, 1, 1]
      }
    }

    /// The swing in units of the channel's gap, by activity: once and twice a step.
    var swings: [(Double, Double)] {
      let walk: (Double, Double) =
        switch self {
        case .liesDown, .rests, .sitsDown: (0.1, 0.1)
        case .swings: (0.9, 0.2)
        case .sitsOrSwings: (0.4, 0.3)
        case .swingsTwice: (0.2, 0.8)
        }
      return [(0.05, 0), (0, 0), walk, (0, 0), (0, 0)]
    }
  }

  /// The position of the column, from 0.
  let column: Int
  /// The index of the driver that it follows.
  let driver: Int

  private let base: Double
  private let levels: [Double]
  private let swings: [(Double, Double)]
  private let deviation: Double
  private var level: Double
  private var drift = 0.0

  /// Sets the channel up for one person.
  /// - Parameters:
  ///   - column: The position of the column, from 0.
  ///   - driver: The index of the driver that it follows.
  ///   - kind: What it shows.
  ///   - gap: The distance between two levels in the unit of the column.
  ///   - base: The level while standing, before the person's own offset.
  ///   - person: The seed of the person: everybody wears the sensors a little differently.
  init(
    column: Int, driver: Int, kind: Kind, gap: Double, base: Double, person: Seed
  ) {
    self.column = column
    self.driver = driver
    var random = SimulatedNoise(seed: person.child(column))
    let ownBase = base + gap * 0.15 * random.next()
    let ownGap = gap * (1 + 0.1 * random.next())
    self.base = ownBase
    levels = kind.levels.map { ownBase + ownGap * $0 }
    swings = kind.swings.map { (ownGap * $0.0, ownGap * $0.1) }
    deviation = 0.15 * gap
    level = ownBase
  }

  /// The next reading.
  @inline(__always)
  mutating func step(_ driver: MotionDriver, _ noise: inout SimulatedNoise) -> Double {
    let activity = driver.activity
    // A posture is taken up within about a third of a second.
    level += (levels[activity] - level) * 0.1
    // Slow wandering with a time constant of 3 s and the same deviation as the noise.
    drift += 0.148 * deviation * noise.next() - drift / 90
    let (once, twice) = swings[activity]
    return level + once * driver.swing + twice * driver.fastSwing + drift
      + deviation * noise.next()
  }
}

/// A quantity that wanders between two walls, unrelated to any activity: a place, a heading.
struct WanderingChannel {
  /// The position of the column, from 0.
  let column: Int

  private let low: Double
  private let high: Double
  private let stepSize: Double
  private var value: Double

  init(column: Int, low: Double, high: Double, stepSize: Double, seed: Seed) {
    self.column = column
    self.low = low
    self.high = high
    self.stepSize = stepSize
    var random = seed.child(column).generator()
    value = low + (high - low) * random.nextUniform()
  }

  /// The next reading.
  @inline(__always)
  mutating func step(_ noise: inout SimulatedNoise) -> Double {
    value = min(max(value + stepSize * noise.next(), low), high)
    return value
  }
}

/// A device that loses its connection now and then; all its channels are missing then.
struct DropOuts {
  /// The positions of its columns, from 0.
  let columns: Range<Int>

  private let probability: Double
  private let length: ClosedRange<Int>
  private var remaining = 0

  init(columns: Range<Int>, probability: Double, length: ClosedRange<Int>) {
    self.columns = columns
    self.probability = probability
    self.length = length
  }

  /// Whether the next reading is missing.
  mutating func step(_ noise: inout SimulatedNoise) -> Bool {
    if remaining == 0, noise.happens(probability) { remaining = noise.whole(in: length) }
    guard remaining > 0 else { return false }
    remaining -= 1
    return true
  }
}
