import Durability
import Randomness
import Signals
import StoreSupport
import TestSupport
import Testing
import VersionedStore

/// A store with a view over recordings of several subjects and sessions.
struct SplitGround {
  let folder: StoreFolder
  let store: Store
  let version: Version

  /// Recordings `S1-m`, `S1-e`, `S2-m`, …: 100 readings at 10 Hz each, sessions `S1-m`, ….
  init(subjects: Int, sessions: [String] = ["m", "e"]) throws {
    folder = try StoreFolder()
    store = try folder.create()
    version = try store.commit(
      (1...subjects).flatMap { subject in
        sessions.map { session in
          RecordingSketch("S\(subject)-\(session)").with {
            $0.subject = "S\(subject)"
            $0.session = "S\(subject)-\(session)"
          }
        }
      }
    ).version
  }

  init(_ sketches: [RecordingSketch]) throws {
    folder = try StoreFolder()
    store = try folder.create()
    version = try store.commit(sketches).version
  }

  /// For every part the values of `fact` of its examples, each once.
  func facts<Fact: Hashable & Comparable>(
    of split: Split, _ fact: (RecordingSummary, Int) -> Fact
  ) throws -> [SplitPart: [Fact]] {
    let index = try store.examples(of: split.view)
    let recordings = try store.recordings(of: version)
    var facts: [SplitPart: Set<Fact>] = [:]
    for (example, code) in try store.parts(of: split).enumerated() {
      guard let part = SplitPart(code: code) else { continue }
      facts[part, default: []].insert(
        fact(recordings[Int(index.recordings[example])], Int(index.starts[example])))
    }
    return facts.mapValues { $0.sorted() }
  }
}

@Suite("A split")
struct SplitTests {
  @Test("by subject puts the named ones where they are named, and all others into training")
  func subjectsByName() throws {
    let ground = try SplitGround(subjects: 5)
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(of: view, by: .subject, validation: "S2", test: "S4, S5")
    let subjects = try ground.facts(of: split) { recording, _ in recording.subject ?? "" }
    #expect(subjects == [.training: ["S1", "S3"], .validation: ["S2"], .test: ["S4", "S5"]])
    #expect(split.counts.training == 40 && split.counts.validation == 20)
    #expect(split.counts.test == 40 && split.counts.unused == 0)
    #expect(
      split.counts[.test] == 40 && split.counts[.training] == 40 && split.counts[.validation] == 20)
    let certificate = split.certificate
    #expect(certificate.clean && certificate.unit == .subject && certificate.overlaps.isEmpty)
    #expect(certificate.sharedSubjects == [] && certificate.sharedSessions == [])
    #expect(certificate.sharedSeconds == 0 && certificate.smallestGapInSeconds == nil)
  }

  @Test("by subject draws shares by lot: other seeds, other subjects; the same seed, the same")
  func subjectsByShare() throws {
    let ground = try SplitGround(subjects: 10, sessions: ["m"])
    let view = try ground.store.makeView(of: ground.version)
    var drawn: Set<[String]> = []
    for seed in 0..<8 {
      let split = try ground.store.makeSplit(
        "s\(seed)", of: view, by: .subject, validation: "0.2", test: "0.3", seed: UInt64(seed))
      let subjects = try ground.facts(of: split) { recording, _ in recording.subject ?? "" }
      #expect(subjects.mapValues(\.count) == [.training: 5, .validation: 2, .test: 3])
      drawn.insert(subjects[.test] ?? [])
      let again = try ground.store.makeSplit(
        "again", of: view, by: .subject, validation: "0.2", test: "0.3", seed: UInt64(seed))
      #expect(again.hash == split.hash)
    }
    #expect(drawn.count > 4)
  }

  @Test("draws at least one where a share is asked for, and none for a share of 0")
  func smallShare() throws {
    let ground = try SplitGround(subjects: 3)
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(of: view, by: .subject, validation: "0", test: "0.01")
    let subjects = try ground.facts(of: split) { recording, _ in recording.subject ?? "" }
    #expect(subjects[.test]?.count == 1 && subjects[.validation] == nil)
  }

  @Test("does not draw for one part what is named for another")
  func nameAndShare() throws {
    let ground = try SplitGround(subjects: 4, sessions: ["m"])
    let view = try ground.store.makeView(of: ground.version)
    for seed in 0..<10 {
      let split = try ground.store.makeSplit(
        of: view, by: .subject, validation: "S1,S2", test: "0.3", seed: UInt64(seed))
      let subjects = try ground.facts(of: split) { recording, _ in recording.subject ?? "" }
      #expect(subjects[.validation] == ["S1", "S2"] && subjects[.test]?.count == 1)
    }
  }

  @Test("by session keeps sessions together and says which subjects are shared")
  func sessions() throws {
    let ground = try SplitGround(subjects: 3)
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(
      of: view, by: .session, validation: "S1-e", test: "S2-e,S3-e,S3-m")
    let sessions = try ground.facts(of: split) { recording, _ in recording.session ?? "" }
    #expect(
      sessions == [
        .training: ["S1-m", "S2-m"], .validation: ["S1-e"], .test: ["S2-e", "S3-e", "S3-m"],
      ])
    #expect(split.certificate.clean && split.certificate.sharedSubjects == ["S1", "S2"])
    #expect(split.certificate.sharedSessions == [])
  }

  @Test("by subject is clean where every subject has sessions of the same names")
  func sessionNamesOfSeveralSubjects() throws {
    let ground = try SplitGround(
      (1...3).flatMap { subject in
        ["1", "2"].map { (session: String) in
          RecordingSketch("S\(subject)-\(session)").with {
            ($0.subject, $0.session) = ("S\(subject)", session)
          }
        }
      })
    let view = try ground.store.makeView(of: ground.version)
    #expect(
      try ground.store.makeSplit(of: view, by: .subject, validation: "S2", test: "S3")
        .certificate.clean)
    // By session, those of one name go together.
    let split = try ground.store.makeSplit(of: view, by: .session, test: "2")
    #expect(
      try ground.facts(of: split) { recording, _ in recording.name }[.test]
        == ["S1-2", "S2-2", "S3-2"])
  }

  @Test("by time cuts every recording at the same shares, early examples first")
  func time() throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(of: view, by: .time, validation: "0.2", test: "0.1")
    let starts = try ground.facts(of: split) { _, start in start }
    #expect(
      starts == [.training: [0, 10, 20, 30, 40, 50, 60], .validation: [70, 80], .test: [90]])
    #expect(split.certificate.clean && split.certificate.smallestGapInSeconds == 0)
    #expect(split.certificate.sharedSubjects == ["S1", "S2"])
  }

  @Test("by time leaves a gap after each border, and counts what lies in it as unused")
  func gap() throws {
    let ground = try SplitGround(subjects: 1, sessions: ["m"])
    let view = try ground.store.makeView(of: ground.version, window: 10, stride: 5, labelled: false)
    let split = try ground.store.makeSplit(
      of: view, by: .time, validation: "0.2", test: "0.2", gapInSeconds: 1)
    let starts = try ground.facts(of: split) { _, start in start }
    // Borders at 60 and 80; windows of 10; at least 10 readings after a border.
    #expect(starts[.training]?.last == 60 || starts[.training]?.last == 55)
    #expect(starts[.validation]?.first == 70 || starts[.validation]?.first == 75)
    #expect(split.counts.unused > 0)
    #expect(
      split.counts.training + split.counts.validation + split.counts.test + split.counts.unused
        == view.exampleCount)
    #expect(split.certificate.requiredGapInSeconds == 1)
  }

  @Test("at random of windows that do not overlap is clean, and its shares are exact")
  func random() throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(of: ground.version)
    let split = try ground.store.makeSplit(
      of: view, by: .random, validation: "0.25", test: "0.5", seed: 3)
    #expect(split.counts.training == 10 && split.counts.validation == 10 && split.counts.test == 20)
    let other = try ground.store.makeSplit(
      "other", of: view, by: .random, validation: "0.25", test: "0.5", seed: 4)
    #expect(try ground.store.parts(of: split) != ground.store.parts(of: other))
  }

  @Test("is the same split under another name, and names move")
  func names() throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(of: ground.version)
    let one = try ground.store.makeSplit("one", of: view, by: .subject, test: "S2")
    let two = try ground.store.makeSplit("two", of: view, by: .subject, test: "S2")
    #expect(one.hash == two.hash)
    let moved = try ground.store.makeSplit("one", of: view, by: .subject, test: "S1")
    #expect(moved.hash != one.hash)
    #expect(try ground.store.split(named: try DatasetName("two")).hash == two.hash)
    let newest = try #require(try ground.store.newestSplit(of: ground.version))
    #expect(newest.hash == moved.hash)
  }

  @Test("is refused when the rule makes no sense, in one sentence")
  func badRules() throws {
    let ground = try SplitGround(subjects: 2)
    let view = try ground.store.makeView(of: ground.version)
    func refuse(_ expected: String, _ rule: SplitRule) {
      expectStoreError(.badRequest, saying: expected) {
        _ = try ground.store.split(try DatasetName("s"), of: view, rule: rule)
      }
    }
    for gap in [-1, .nan, .infinity] as [Double] {
      refuse(
        "Could not split 'windows': a gap of \(gap) s makes no sense. Give a number of seconds that is "
          + "not negative.",
        SplitRule(
          unit: .time, validation: .fraction(0), test: .fraction(0.2), gapInSeconds: gap))
    }
    for share in [-0.5, 1, 1.5, .nan, .infinity] as [Double] {
      for unit in SplitRule.Unit.allCases {
        refuse(
          "Could not split 'windows': a share of \(share) makes no sense. Give a number from 0 up to, "
            + "but not including, 1.",
          SplitRule(unit: unit, validation: .fraction(0), test: .fraction(share)))
      }
    }
    refuse(
      "Could not split 'windows': 0.5 for validation and 0.5 for test leave nothing to train on. Their "
        + "sum must be below 1.",
      SplitRule(unit: .time, validation: .fraction(0.5), test: .fraction(0.5)))
    for unit in [SplitRule.Unit.time, .random] {
      refuse(
        "Could not split 'windows' by \(unit.rawValue): names were given. Give shares such as "
          + "`--validation 0.2 --test 0.2`.",
        SplitRule(unit: unit, validation: .fraction(0), test: .names(["S1"])))
    }
    refuse(
      "Could not make the split 's': no example is left to train on. Give less to validation and test.",
      SplitRule(unit: .subject, validation: .names(["S1"]), test: .names(["S2"])))
  }

  @Test("by subject or session needs recordings that name one")
  func unnamed() throws {
    let ground = try SplitGround([RecordingSketch("a").with { $0.subject = nil }])
    let view = try ground.store.makeView(of: ground.version)
    for (unit, word) in [(SplitRule.Unit.subject, "subject"), (.session, "session")] {
      expectStoreError(
        .badRequest,
        saying:
          "Could not split 'windows' by \(word): recording 'a' names no \(word). Split by time, or "
          + "name it with a mapping file when you ingest."
      ) { _ = try ground.store.makeSplit(of: view, by: unit, test: "0.5") }
    }
  }

  @Test(
    "reads shares and names as people write them",
    arguments: [
      ("0.2", .fraction(0.2)), ("0", .fraction(0)), ("0.0", .fraction(0)), ("S1", .names(["S1"])),
      ("S1, S2,,S3", .names(["S1", "S2", "S3"])), ("13", .names(["13"])), ("1", .names(["1"])),
      ("1.5", .names(["1.5"])), ("", .names([])), ("-0.5", .names(["-0.5"])),
      ("nan", .names(["nan"])),
    ] as [(String, SplitRule.Choice)])
  func choices(text: String, choice: SplitRule.Choice) {
    #expect(SplitRule.Choice(text) == choice)
  }

  @Test("part has a number that stands for it, and no other has it")
  func codes() {
    for code in UInt8.min...UInt8.max {
      #expect(SplitPart(code: code) == [1: .training, 2: .validation, 3: .test][code])
    }
    for part in SplitPart.allCases { #expect(SplitPart(code: part.code) == part) }
  }
}
