internal import Randomness
internal import Signals

/// One simulated run of one person, line by line.
struct SimulatedLog {
  private var drivers: [MotionDriver]
  private var driven: [DrivenChannel] = []
  private var wandering: [WanderingChannel] = []
  private var quaternions: [[WanderingChannel]] = []
  private var switches: [Int] = []
  private var dropOuts: [DropOuts] = []
  private var scripts: [(column: Int, script: SimulatedScript)] = []
  private var noise: SimulatedNoise
  private var row = [Int32](repeating: 0, count: OpportunityColumns.count)

  /// What stands in `row` for a missing reading.
  private static let missing = Int32.min

  /// Sets up a run.
  /// - Parameters:
  ///   - person: The seed of the person.
  ///   - run: The seed of the run.
  init(person: Seed, run: Seed) {
    noise = SimulatedNoise(seed: run.child("noise"))
    var random = SimulatedNoise(seed: person.child("gait"))
    let stepsPerSecond = 1.8 + 0.12 * random.next()
    drivers = [MotionDriver(seed: run.child("body"), stepsPerSecond: stepsPerSecond)]
    for (column, described) in OpportunityColumns.published.columns.enumerated()
    where OpportunityColumns.sensorRange.contains(column) {
      add(column, described, person: person, run: run, stepsPerSecond: stepsPerSecond)
    }
    addDropOuts()
    addLabels(run)
  }

  // MARK: Setting up

  private mutating func add(
    _ column: Int, _ described: OpportunityColumns.Column, person: Seed, run: Seed,
    stepsPerSecond: Double
  ) {
    let name = described.name
    let ways = run.child("ways")
    if name.hasPrefix("REED SWITCH") {
      switches.append(column)
    } else if name.hasPrefix("LOCATION") {
      let high = name.hasSuffix("X") ? 8000.0 : name.hasSuffix("Y") ? 6000 : 2000
      add(wanderer: column, 0, high, 40, ways)
    } else if name.contains("Quaternion1") {
      quaternions.append(
        (column..<column + 4).map {
          WanderingChannel(column: $0, low: -1, high: 1, stepSize: 0.02, seed: ways)
        })
    } else if name.contains("Quaternion") {
      return  // Set up with the first of the four.
    } else if name.contains("magnetic") {
      add(wanderer: column, -1000, 1000, 12, ways)
    } else if described.unit == "degrees" {
      let isCompass = name.hasSuffix("Compass")
      add(wanderer: column, isCompass ? 0 : -180, isCompass ? 359 : 180, 3, ways)
    } else {
      addDriven(column, described, person: person, run: run, stepsPerSecond: stepsPerSecond)
    }
  }

  private mutating func add(
    wanderer column: Int, _ low: Double, _ high: Double, _ stepSize: Double, _ seed: Seed
  ) {
    wandering.append(
      WanderingChannel(column: column, low: low, high: high, stepSize: stepSize, seed: seed))
  }

  private mutating func addDriven(
    _ column: Int, _ described: OpportunityColumns.Column, person: Seed, run: Seed,
    stepsPerSecond: Double
  ) {
    var driver = 0
    if !OpportunitySimulator.informativeColumns.contains(column) {
      // A life of its own: the same way of moving, at other times.
      driver = drivers.count
      drivers.append(
        MotionDriver(
          seed: run.child("elsewhere").child(column), stepsPerSecond: stepsPerSecond))
    }
    let isAcceleration = described.unit == "milli g"
    // Kinds and resting levels are the same for everybody; the rest is the person's.
    let kinds = DrivenChannel.Kind.allCases
    let kind = kinds[OpportunitySimulator.kindIndex(ofColumn: column)]
    let base = isAcceleration ? [-300.0, 150, 600][column % 3] : 0
    driven.append(
      DrivenChannel(
        column: column, driver: driver, kind: kind, gap: isAcceleration ? 450 : 900, base: base,
        person: person.child("sensors")))
  }

  private mutating func addDropOuts() {
    // Bluetooth accelerometers lose most: about one reading in 25, one device one in 8.
    let worst = noise.whole(in: 0...11)
    for device in 0..<12 {
      dropOuts.append(
        DropOuts(
          columns: (1 + 3 * device)..<(4 + 3 * device),
          probability: device == worst ? 1 / 350.0 : 1 / 1200.0, length: 10...90))
    }
    for device in 0..<5 {
      dropOuts.append(
        DropOuts(
          columns: (37 + 13 * device)..<(50 + 13 * device), probability: 1 / 20_000.0,
          length: 3...15))
    }
    for device in 0..<12 {
      dropOuts.append(
        DropOuts(
          columns: (134 + 5 * device)..<(139 + 5 * device), probability: 1 / 3000.0,
          length: 10...60))
    }
  }

  private mutating func addLabels(_ run: Seed) {
    let seed = run.child("labels")
    let gestures = OpportunityLegend.published.tracks[6].vocabulary.terms.map(\.code)
    func add(_ column: Int, _ style: SimulatedScript.Style) {
      scripts.append((column, SimulatedScript(style, seed: seed.child(column))))
    }
    add(244, .highLevel)
    for first in [Int32(201), 401] {
      let column = first == 201 ? 245 : 247
      add(column, .armAction(first...(first + 12)))
      add(column + 1, .armAction((first + 100)...(first + 122)))
    }
    add(249, .gesture(gestures.filter { $0 != 0 }))
  }

  // MARK: Running

  /// Appends the line of the next reading, with its line end, to `text`.
  mutating func appendLine(index: Int, to text: inout [UInt8]) {
    step(index: index)
    for (column, value) in row.enumerated() {
      if column > 0 { text.append(UInt8(ascii: " ")) }
      if value == Self.missing {
        text.append(contentsOf: [UInt8(ascii: "N"), UInt8(ascii: "a"), UInt8(ascii: "N")])
      } else {
        Self.append(value, to: &text)
      }
    }
    text.append(UInt8(ascii: "\n"))
  }

  private mutating func step(index: Int) {
    row[0] = Int32((Double(index) * 1000 / LogClock.rateInHertz).rounded())
    for driver in drivers.indices { drivers[driver].step() }
    for channel in driven.indices {
      let value = driven[channel].step(drivers[driven[channel].driver], &noise)
      row[driven[channel].column] = Int32(value.rounded())
    }
    for channel in wandering.indices {
      row[wandering[channel].column] = Int32(wandering[channel].step(&noise).rounded())
    }
    for device in quaternions.indices { stepQuaternion(device) }
    for column in switches where noise.happens(1 / 3000.0) { row[column] ^= 1 }
    if index == 0 {
      for (column, value) in zip(SimulationMark.firstLineColumns, SimulationMark.firstLineValues) {
        row[column] = Int32(value)
      }
    }
    for device in dropOuts.indices where dropOuts[device].step(&noise) {
      for column in dropOuts[device].columns { row[column] = Self.missing }
    }
    row[OpportunityColumns.labelRange.lowerBound] = drivers[0].code
    for track in scripts.indices {
      scripts[track].script.step()
      row[scripts[track].column] = scripts[track].script.code
    }
  }

  private mutating func stepQuaternion(_ device: Int) {
    var parts: [Double] = [0, 0, 0, 0]
    for part in 0..<4 { parts[part] = quaternions[device][part].step(&noise) }
    let length = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for part in 0..<4 {
      let value = length > 0 ? parts[part] / length * 1000 : part == 0 ? 1000 : 0
      row[quaternions[device][part].column] = Int32(value.rounded())
    }
  }

  private static func append(_ value: Int32, to text: inout [UInt8]) {
    if value < 0 { text.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var divisor: UInt32 = 1
    while rest / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }
}
