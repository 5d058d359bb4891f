import Durability
import Randomness
import Signals
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

@Suite("A split that leaks")
struct LeakTests {
  @Test("because a subject is on both sides is refused, with the seconds")
  func subjectTwice() throws {
    let ground = try SplitGround(subjects: 3)
    let view = try ground.store.makeView(of: ground.version)
    expectStoreError(
      .leak,
      saying:
        "Could not certify the split: subject 'S2' has 20.0 s in both validation and test. Name "
        + "each subject for one part only."
    ) {
      _ = try ground.store.makeSplit(of: view, by: .subject, validation: "S2", test: "S3,S2")
    }
    expectStoreError(
      .leak,
      saying:
        "Could not certify the split: session 'S1-m' has 10.0 s in both validation and test. Name "
        + "each session for one part only."
    ) {
      _ = try ground.store.makeSplit(of: view, by: .session, validation: "S1-m", test: "S1-m")
    }
    expectStoreError(.notFound) {
      _ = try ground.store.split(named: try DatasetName("parts"))
    }
  }

  @Test("because windows reach over a border in time is refused, with the seconds")
  func overlappingWindows() throws {
    let ground = try SplitGround(subjects: 1, sessions: ["m"])
    let view = try ground.store.makeView(of: ground.version, window: 10, stride: 5, labelled: false)
    // The border is at 70: the window from 65 to 75 trains, the one from 70 to 80 tests.
    expectStoreError(
      .leak,
      saying:
        "Could not certify the split: recording 'S1-m' has 0.5 s in both training and test; 0.5 s "
        + "are shared in all. Split by subject, or leave a gap of 1.0 s (`--gap 1.0`)."
    ) { _ = try ground.store.makeSplit(of: view, by: .time, test: "0.3") }
  }

  @Test("is accepted once the gap that the refusal names is left", arguments: [1, 3, 5, 10])
  func gapOfOneWindow(stride: Int) throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(
      of: ground.version, window: 10, stride: stride, labelled: false)
    let split = try ground.store.makeSplit(
      of: view, by: .time, validation: "0.2", test: "0.2", gapInSeconds: 1)
    #expect(split.certificate.clean && split.certificate.sharedSeconds == 0)
    #expect(split.counts.validation > 0 && split.counts.test > 0)
  }

  @Test("because overlapping windows are dealt at random is refused, with the seconds and the cure")
  func randomOverlap() throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(of: ground.version, window: 10, stride: 5, labelled: false)
    let error = expectStoreError(.leak) {
      _ = try ground.store.makeSplit(of: view, by: .random, validation: "0.2", test: "0.2")
    }
    let message = try #require(error?.message)
    let expected =
      /Could not certify the split: recording 'S[12]-[me]' has [0-9.]+ s in both training and (validation|test); [0-9.]+ s are shared in all. Cut windows that do not overlap \(a stride of at least 10\), or split by subject\./
    #expect(message.wholeMatch(of: expected) != nil, "\(message)")
  }

  @Test("because two subjects have the same recording under two names is refused, with the seconds")
  func sameContent() throws {
    let ground = try SplitGround([
      RecordingSketch("a", seed: 1), RecordingSketch("b", seed: 2).with { $0.subject = "S2" },
      RecordingSketch("copy", seed: 1).with { $0.subject = "S2" },
    ])
    let view = try ground.store.makeView(of: ground.version, labelled: false)
    expectStoreError(
      .leak,
      saying:
        "Could not certify the split: recordings 'a', 'copy' hold the same readings, 10.0 s of "
        + "them in both training and test; 10.0 s are shared in all. Ingest only one of them, or put "
        + "both into one part."
    ) { _ = try ground.store.makeSplit(of: view, by: .subject, test: "S2") }
    // Without the copy, or with both in one part, the same rule is clean.
    let split = try ground.store.makeSplit(of: view, by: .subject, test: "0")
    #expect(split.certificate.clean)
  }

  @Test("is found by content only where the examples are, not where recordings are merely named")
  func sameContentElsewhere() throws {
    // The copy is too short for a window, so nothing of it is used.
    let ground = try SplitGround([
      RecordingSketch("a"), RecordingSketch("b").with { ($0.subject, $0.sampleCount) = ("S2", 60) },
    ])
    let view = try ground.store.makeView(of: ground.version, window: 60, labelled: false)
    #expect(try ground.store.makeSplit(of: view, by: .subject, test: "S2").certificate.clean)
  }

  @Test("leaves the name of an earlier split as it was, and publishes nothing")
  func unchanged() throws {
    let ground = try SplitGround(subjects: 3)
    let view = try ground.store.makeView(of: ground.version)
    let before = try ground.store.makeSplit(of: view, by: .subject, test: "S3")
    let disk = try DiskSnapshot(of: ground.folder.root.appending("objects"))
    expectStoreError(.leak) {
      _ = try ground.store.makeSplit(of: view, by: .subject, validation: "S1", test: "S1")
    }
    #expect(try DiskSnapshot(of: ground.folder.root.appending("objects")) == disk)
    #expect(try ground.store.split(named: try DatasetName("parts")).hash == before.hash)
  }

  @Test("tells which recordings of another version a model was trained on")
  func usedRecordings() throws {
    let ground = try SplitGround(subjects: 3, sessions: ["m"])
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(of: view, by: .subject, test: "S3")
    let other = try ground.store.commit(
      [
        RecordingSketch("renamed", seed: RecordingSketch("S1-m").seed), RecordingSketch("S3-m"),
        RecordingSketch("new"),
      ], to: "other"
    ).version
    let otherView = try ground.store.view(like: view, of: other)
    #expect(otherView.framing == view.framing)
    #expect(
      try ground.store.recordings(of: otherView, usedBy: .training, of: split) == ["renamed"])
    #expect(try ground.store.recordings(of: otherView, usedBy: .test, of: split) == ["S3-m"])
  }
}

/// Finds what parts share by looking at every single reading.
struct BruteForce {
  var sharedSamples: [String: Int] = [:]
  var smallestDistance: Int?
  let subjects: [String]
  let sessions: [String]

  init(parts: [UInt8], index: ExampleIndex, recordings: [RecordingSummary], windowLength: Int) {
    // For each reading, told by content and place, the parts that use it.
    var users: [String: [Int: Set<UInt8>]] = [:]
    var subjectParts: [String: Set<UInt8>] = [:]
    var sessionParts: [String: Set<UInt8>] = [:]
    for example in 0..<index.count where parts[example] != 0 {
      let recording = recordings[Int(index.recordings[example])]
      let start = Int(index.starts[example])
      for sample in start..<(start + windowLength) {
        users[recording.contentHash, default: [:]][sample, default: []].insert(parts[example])
      }
      let subject = recording.subject ?? "nobody"
      if recording.subject != nil { subjectParts[subject, default: []].insert(parts[example]) }
      if let session = recording.session {
        sessionParts["\(subject) \(session)", default: []].insert(parts[example])
      }
    }
    for samples in users.values {
      for (first, second) in [(1, 2), (1, 3), (2, 3)] as [(UInt8, UInt8)] {
        let left = samples.filter { $0.value.contains(first) }.keys
        let right = samples.filter { $0.value.contains(second) }.keys
        let shared = Set(left).intersection(right).count
        if shared > 0 { sharedSamples["\(first)\(second)", default: 0] += shared }
        for one in left {
          for other in right {
            // Two neighbouring readings have nothing between them: a distance of 0.
            let distance = max(0, abs(one - other) - 1)
            smallestDistance = min(smallestDistance ?? distance, distance)
          }
        }
      }
    }
    subjects = subjectParts.filter { $0.value.count > 1 }.keys.sorted()
    sessions = Set(
      sessionParts.filter { $0.value.count > 1 }.keys.map { String($0.split(separator: " ")[1]) }
    ).sorted()
  }

  /// Whether a rule's promise is kept.
  func isClean(_ unit: SplitRule.Unit) -> Bool {
    guard sharedSamples.isEmpty else { return false }
    return switch unit {
    case .subject: subjects.isEmpty && sessions.isEmpty
    case .session: sessions.isEmpty
    case .time, .random: true
    }
  }
}

@Suite("A certificate")
struct CertificateTests {
  /// Recordings with copies, few subjects, sessions of equal names, different lengths.
  private static func ground(_ generator: inout SeededGenerator) throws -> SplitGround {
    let count = 2 + generator.nextIndex(below: 4)
    return try SplitGround(
      (0..<count).map { number in
        RecordingSketch("r\(number)", seed: UInt64(generator.nextIndex(below: 4))).with {
          $0.subject =
            generator.nextIndex(below: 6) == 0 ? nil : "S\(generator.nextIndex(below: 3))"
          $0.session = generator.nextIndex(below: 3) == 0 ? nil : "\(generator.nextIndex(below: 2))"
          $0.sampleCount = 20 + 10 * generator.nextIndex(below: 3)
          $0.runLength = nil
        }
      })
  }

  private static func view(
    of ground: SplitGround, _ generator: inout SeededGenerator
  ) throws -> View {
    try ground.store.makeView(
      of: ground.version, window: 1 + generator.nextIndex(below: 8),
      stride: 1 + generator.nextIndex(below: 10), labelled: false)
  }

  @Test("of any division says exactly what looking at every reading says")
  func againstBruteForce() throws {
    SeededCases.check(randomCount: 120) { generator in
      generator.child()
    } _: { (seed: Seed) in
      var generator = seed.generator()
      let ground = try Self.ground(&generator)
      let view = try Self.view(of: ground, &generator)
      let index = try ground.store.examples(of: view)
      let recordings = try ground.store.recordings(of: ground.version)
      for _ in 0..<6 {
        let parts = Self.randomParts(index, &generator)
        let truth = BruteForce(
          parts: parts, index: index, recordings: recordings,
          windowLength: view.framing.lengthInSamples)
        for unit in SplitRule.Unit.allCases {
          let certificate = SplitCertificate.check(
            parts: parts, index: index, recordings: recordings,
            windowLength: view.framing.lengthInSamples,
            rule: SplitRule(unit: unit, validation: .fraction(0), test: .fraction(0)))
          #expect(certificate.clean == truth.isClean(unit))
          let shared = truth.sharedSamples.values.reduce(0, +)
          #expect(abs(certificate.sharedSeconds - Double(shared) / 10) < 1e-9)
          #expect(certificate.sharedSubjects == truth.subjects)
          #expect(certificate.sharedSessions == truth.sessions)
          let gap = truth.smallestDistance.map { Double($0) / 10 }
          #expect(certificate.smallestGapInSeconds == gap)
        }
      }
    }
  }

  /// Each example for itself, or in long runs, or recording by recording: clean ones must occur too.
  private static func randomParts(
    _ index: ExampleIndex, _ generator: inout SeededGenerator
  ) -> [UInt8] {
    switch generator.nextIndex(below: 3) {
    case 0: return (0..<index.count).map { _ in UInt8(generator.nextIndex(below: 4)) }
    case 1:
      let parts = (0..<8).map { _ in UInt8(generator.nextIndex(below: 4)) }
      return index.recordings.map { parts[Int($0)] }
    default:
      let run = 1 + generator.nextIndex(below: 12)
      let parts = (0...index.count).map { _ in UInt8(generator.nextIndex(below: 4)) }
      return (0..<index.count).map { parts[$0 / run] }
    }
  }

  @Test("is given to a split exactly when looking at every reading finds nothing shared")
  func acceptedSplits() throws {
    var outcomes = ["accepted": 0, "refused": 0]
    SeededCases.check(randomCount: 300) { generator in
      generator.child()
    } _: { (seed: Seed) in
      var generator = seed.generator()
      let ground = try Self.ground(&generator)
      let view = try Self.view(of: ground, &generator)
      let unit = SplitRule.Unit.allCases[generator.nextIndex(below: 4)]
      let rule = SplitRule(
        unit: unit,
        validation: .fraction(0.1 * Double(generator.nextIndex(below: 4))),
        test: .fraction(0.1 * Double(1 + generator.nextIndex(below: 4))),
        gapInSeconds: unit == .time ? 0.1 * Double(generator.nextIndex(below: 12)) : 0,
        seed: UInt64(generator.nextIndex(below: 50)))
      let index = try ground.store.examples(of: view)
      do throws(StoreError) {
        let split = try ground.store.split(DatasetName("s"), of: view, rule: rule)
        let truth = BruteForce(
          parts: try ground.store.parts(of: split), index: index,
          recordings: try ground.store.recordings(of: ground.version),
          windowLength: view.framing.lengthInSamples)
        #expect(truth.isClean(rule.unit) && split.certificate.clean)
        outcomes["accepted", default: 0] += 1
      } catch {
        // Recordings without a subject, and empty parts, are refused for other reasons.
        #expect([.leak, .badRequest].contains(error.code), "\(error)")
        if error.code == .leak { outcomes["refused", default: 0] += 1 }
      }
    }
    #expect(outcomes.values.allSatisfy { $0 > 15 }, "\(outcomes)")
  }

  @Test("of a split by time with a gap of at least a window is always clean")
  func gaps() throws {
    var cleanCount = 0
    SeededCases.check(randomCount: 80) { generator in
      generator.child()
    } _: { (seed: Seed) in
      var generator = seed.generator()
      let rate = [7.0, 10, 30, 50, 33.3][generator.nextIndex(below: 5)]
      let ground = try SplitGround([
        RecordingSketch("a").with {
          ($0.rateInHertz, $0.runLength) = (rate, nil)
          $0.sampleCount = 150 + generator.nextIndex(below: 100)
        }
      ])
      let window = 1 + generator.nextIndex(below: 20)
      let view = try ground.store.makeView(
        of: ground.version, window: window, stride: 1 + generator.nextIndex(below: window),
        labelled: false)
      // The gap exactly as the refusal would print it, or wider.
      let gap = Double(window) / rate * (generator.nextIndex(below: 2) == 0 ? 1 : 1.37)
      let (validation, test) = (
        1 + generator.nextIndex(below: 3), 1 + generator.nextIndex(below: 3)
      )
      do throws(StoreError) {
        let split = try ground.store.split(
          DatasetName("s"), of: view,
          rule: SplitRule(
            unit: .time, validation: .fraction(Double(validation) / 10),
            test: .fraction(Double(test) / 10), gapInSeconds: gap))
        #expect(split.certificate.clean)
        cleanCount += 1
      } catch {
        // A wide gap may leave nothing of a short part.
        #expect(error.code == .badRequest, "\(error)")
      }
    }
    #expect(cleanCount > 20)
  }
}

extension SeededGenerator {
  /// A seed for a case that draws as it goes.
  fileprivate mutating func child() -> Seed { Seed(next()) }
}
