import Durability
import Importers
import Randomness
import Signals
import SystemPackage
import TestSupport
import Testing

@Suite("The OPPORTUNITY simulator")
struct OpportunitySimulatorTests {
  private static func simulator(
    subjects: Int = 2, runs: Int = 2, minutes: Double = 1, seed: UInt64 = 5
  ) throws -> OpportunitySimulator {
    try OpportunitySimulator(subjects: subjects, runs: runs, minutes: minutes, seed: Seed(seed))
  }

  @Test("writes files that the reader reads without a warning, always as simulated")
  func roundTrip() throws {
    let simulator = try Self.simulator()
    let folder = try ImportFolder()
    let target = folder.path("logs")
    var reported: [String] = []
    let written = try simulator.write(into: target, on: LocalFileSystem()) {
      reported.append($0.name)
    }
    let names = ["S1-ADL1.dat", "S1-ADL2.dat", "S2-ADL1.dat", "S2-ADL2.dat"]
    #expect(
      written.map(\.name) == ["column_names.txt", "label_legend.txt"] + names + ["SIMULATED.txt"])
    #expect(reported == written.map(\.name))
    #expect(simulator.logNames == names)
    let reader = OpportunityReader()
    let scan = try reader.sources(in: [target])
    #expect(scan.sources.map(\.name) == names)
    #expect(scan.skipped.isEmpty)
    for source in scan.sources {
      let report = try reader.read(source) { recording in
        #expect(recording.isSimulated)
        #expect(recording.subject == String(source.name.prefix(2)))
        #expect(recording.series.sampleCount == 1800)
        #expect(recording.series.times == nil)
        let locomotion = recording.series.labels[0].codes
        #expect(Set(locomotion).isSuperset(of: [1, 2, 4, 5]) || locomotion.count < 5000)
      }
      #expect(report.warnings.isEmpty, "\(report.warnings)")
    }
    let fault = #expect(throws: FileFault.self) {
      try simulator.write(into: target, on: LocalFileSystem())
    }
    #expect(fault?.code == .alreadyExists)
  }

  @Test("names runs as the data set does: five of daily living, one drill, then more")
  func names() throws {
    #expect(
      try Self.simulator(subjects: 1, runs: 8).logNames
        == ["ADL1", "ADL2", "ADL3", "ADL4", "ADL5", "Drill", "ADL6", "ADL7"].map { "S1-\($0).dat" })
  }

  @Test("gives the same bytes for the same seed, on every machine and in every order")
  func determinism() throws {
    let simulator = try Self.simulator(minutes: 0.5)
    let second = simulator.log(at: 2)
    #expect(simulator.log(at: 2) == second)
    #expect(try Self.simulator(minutes: 0.5).log(at: 2) == second)
    #expect(try Self.simulator(minutes: 0.5, seed: 6).log(at: 2) != second)
    #expect(simulator.log(at: 0) != second)
    // A longer run begins with the shorter one.
    #expect(Array(try Self.simulator(minutes: 0.6).log(at: 2).prefix(second.count)) == second)
    #expect(
      ContentHash(of: second).hexText
        == "6e2452562ad23f6709ccd2c7510b64d81f63d7ba1bd00c6d32913a992c1bf7c4",
      "The simulated bytes changed: every dataset simulated before becomes another one.")
  }

  @Test("marks a log so that it is known without its neighbours, and after a change")
  func marks() throws {
    let simulator = try Self.simulator(subjects: 1, runs: 1, minutes: 0.1)
    let log = String(decoding: simulator.log(at: 0), as: UTF8.self)
    let alone = try ImportFolder(["renamed.dat": log])
    #expect(try LogText.read(alone, "renamed.dat").recording.isSimulated)
    // Without its first line only the list beside it tells.
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
    let headless = lines.dropFirst().joined(separator: "\n")
    let unmarked = try ImportFolder(["S1-ADL1.dat": headless])
    #expect(try !LogText.read(unmarked).recording.isSimulated)
    try simulator.forEachFile { (name, content) throws in
      if name == SimulationMark.fileName { try unmarked.write(content, to: name) }
    }
    let changed = try LogText.read(unmarked)
    #expect(changed.recording.isSimulated)
    let sha256 = changed.recording.source.sha256.prefix(8)
    let listed = ContentHash(of: simulator.log(at: 0)).hexText.prefix(8)
    #expect(
      changed.report.warnings == [
        "'S1-ADL1.dat' was simulated and changed since: its SHA-256 begins with \(sha256), "
          + "SIMULATED.txt has \(listed)."
      ])
  }

  @Test("makes readings of plausible size, whole numbers, with drop-outs mostly in Bluetooth")
  func magnitudes() throws {
    let folder = try ImportFolder()
    let simulator = try Self.simulator(subjects: 1, runs: 1, minutes: 8)
    try folder.write(simulator.log(at: 0), to: "S1-ADL1.dat")
    let recording = try LogText.read(folder).recording
    let values = recording.floats
    let channels = recording.series.channels
    var missing = [Int](repeating: 0, count: 242)
    for (index, value) in values.enumerated() {
      let channel = index % 242
      guard !value.isNaN else {
        missing[channel] += 1
        continue
      }
      let limit: Float =
        switch channels[channel].unit {
        case "milli g": 4000
        case "degrees": 360
        case "logical (0/1)": 1
        case "millimetres": 8000
        default: 8000
        }
      #expect(value == value.rounded() && value.magnitude <= limit, "\(channels[channel].name)")
      if !(value.magnitude <= limit) { break }
    }
    let rows = Double(recording.series.sampleCount)
    let bluetooth = Double(missing[0..<36].reduce(0, +)) / (36 * rows)
    let others = Double(missing[36...].reduce(0, +)) / (206 * rows)
    #expect(bluetooth > 0.01 && bluetooth < 0.15, "\(bluetooth)")
    #expect(others < 0.02 && others < bluetooth / 2, "\(others)")
    // Quaternions have length one (1000 in the file), up to rounding.
    for row in stride(from: 0, to: recording.series.sampleCount, by: 500) {
      let parts = (45..<49).map { Double(values[row * 242 + $0]) }
      if parts.contains(where: \.isNaN) { continue }
      let length = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect((length - 1000).magnitude < 3)
    }
    // Activities last 5 to 40 s, pauses 1 to 3 s; the last one may be cut.
    let codes = recording.series.labels[0].codes
    #expect(Set(codes) == [0, 1, 2, 4, 5])
    var start = 0
    for index in codes.indices where index > 0 && codes[index] != codes[index - 1] {
      let range = codes[start] == 0 ? 30...90 : 150...1200
      #expect(range.contains(index - start))
      start = index
    }
  }

  @Test("puts the locomotion into the informative channels and into no others")
  func information() throws {
    let simulator = try Self.simulator(subjects: 4, runs: 1, minutes: 8, seed: 9)
    let folder = try ImportFolder()
    var people: [Recording] = []
    for (index, name) in simulator.logNames.enumerated() {
      try folder.write(simulator.log(at: index), to: name)
      people.append(try LogText.read(folder, name).recording)
    }
    let jacket = OpportunityColumns.jacketAccelerationNames
    let informative = OpportunitySimulator.informativeChannels
    let telling = jacket.filter(informative.contains)
    let silent = jacket.filter { !informative.contains($0) }
    #expect(telling.count == 6 && silent.count == 9 && informative.count == 18)
    let found = try NearestCentroid.accuracy(train: Array(people[0...2]), test: people[3], telling)
    let chance = try NearestCentroid.accuracy(train: Array(people[0...2]), test: people[3], silent)
    let all = try NearestCentroid.accuracy(train: Array(people[0...2]), test: people[3], jacket)
    #expect(found > 0.85, "\(found)")
    #expect(chance < 0.5, "\(chance)")
    #expect(all < found + 0.02, "Channels without information do not help: \(all), \(found).")
    let others = people[0].series.channels.map(\.name).filter {
      !informative.contains($0) && $0.hasPrefix("Accelerometer")
    }
    #expect(
      try NearestCentroid.accuracy(train: Array(people[0...2]), test: people[3], others) < 0.5)
  }

  @Test(
    "refuses numbers out of range in one sentence",
    arguments: [
      (
        0, 1, 1.0,
        "Could not simulate logs: 0 subjects found, 1 to 1000 expected. "
          + "Choose another number of subjects."
      ),
      (
        1, 101, 1.0,
        "Could not simulate logs: 101 runs found, 1 to 100 expected. "
          + "Choose another number of runs."
      ),
      (
        1, 1, Double.nan,
        "Could not simulate logs: nan minutes found, 0.001 to 600 expected. "
          + "Choose another number of minutes."
      ),
    ])
  func refusals(subjects: Int, runs: Int, minutes: Double, sentence: String) {
    let error = importError {
      _ = try OpportunitySimulator(subjects: subjects, runs: runs, minutes: minutes, seed: Seed(1))
    }
    #expect(error?.message == sentence)
    #expect(error?.code == .badSettings)
  }
}

/// The plainest classifier there is: windows of two seconds, mean and deviation of each channel
/// scaled by the training part, nearest mean of a class.
enum NearestCentroid {
  static func accuracy(train: [Recording], test: Recording, _ names: [String]) throws -> Double {
    let training = train.flatMap { windows($0, names) }
    let testing = windows(test, names)
    let width = try #require(training.first).features.count
    var mean = [Double](repeating: 0, count: width)
    var square = mean
    for window in training {
      for index in 0..<width {
        mean[index] += window.features[index]
        square[index] += window.features[index] * window.features[index]
      }
    }
    let count = Double(training.count)
    let scale = (0..<width).map { index in
      mean[index] /= count
      return max((square[index] / count - mean[index] * mean[index]).squareRoot(), 1e-9)
    }
    func scaled(_ features: [Double]) -> [Double] {
      features.indices.map { (features[$0] - mean[$0]) / scale[$0] }
    }
    var sums: [Int32: (sum: [Double], count: Double)] = [:]
    for window in training {
      let features = scaled(window.features)
      var entry = sums[window.code] ?? ([Double](repeating: 0, count: width), 0)
      for index in 0..<width { entry.sum[index] += features[index] }
      entry.count += 1
      sums[window.code] = entry
    }
    let centroids = sums.mapValues { entry in entry.sum.map { $0 / entry.count } }
    let right = testing.count { window in
      let features = scaled(window.features)
      let nearest = centroids.min { first, second in
        distance(features, first.value) < distance(features, second.value)
      }
      return nearest?.key == window.code
    }
    return Double(right) / Double(testing.count)
  }

  private static func distance(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  private static func windows(
    _ recording: Recording, _ names: [String]
  ) -> [(features: [Double], code: Int32)] {
    let channels = recording.series.channels
    let indices = names.compactMap { name in channels.firstIndex { $0.name == name } }
    let codes = recording.series.labels[0].codes
    let values = recording.floats
    return stride(from: 0, to: codes.count - 60, by: 30).compactMap { start in
      let code = codes[start]
      guard code != 0, codes[start..<start + 60].allSatisfy({ $0 == code }) else { return nil }
      var features: [Double] = []
      for channel in indices {
        let window = (start..<start + 60).map { Double(values[$0 * channels.count + channel]) }
          .filter { !$0.isNaN }
        let mean = window.isEmpty ? 0 : window.reduce(0, +) / Double(window.count)
        let spread = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        features += [mean, (spread / Double(max(window.count, 1))).squareRoot()]
      }
      return (features, code)
    }
  }
}
