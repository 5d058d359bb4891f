import Experiments
import Randomness
import TestSupport
import Testing

/// Settings of every kind.
struct SampleSettings: StudySettings {
  enum Colour: String, Codable, Hashable, Sendable, CaseIterable {
    case red
    case darkBlue = "dark_blue"
  }

  var isOn = false
  var count = 3
  /// A number that is whole by default, and need not be.
  var rate = 1.0
  var share = 0.25
  var widths = [32, 64]
  var colour = Colour.red
  var title = "none"

  private enum CodingKeys: String, CodingKey {
    case count, rate, share, widths, colour, title
    case isOn = "is_on"
  }

  func validate() throws(ExperimentError) {
    guard count >= 0 else {
      throw .setting("count", "expected a number from 0 on. Give another value.")
    }
  }
}

@Suite("Settings are read as they are written")
struct StudySettingsTests {
  private func read(_ assignments: String...) throws -> SampleSettings {
    try SampleSettings.reading(assignments, study: "sample")
  }

  private func expectRefusal(
    _ assignment: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ExperimentError.self, sourceLocation: sourceLocation) {
      try read(assignment)
    }
    #expect(error?.message == message, sourceLocation: sourceLocation)
    #expect(error?.code == .badSetting, sourceLocation: sourceLocation)
  }

  @Test("Nothing given means the defaults, and the last of two values counts")
  func defaults() throws {
    #expect(try read() == SampleSettings())
    #expect(try read("count=5", "count=6").count == 6)
  }

  @Test("Every kind of value")
  func everyKind() throws {
    let settings = try read(
      "is_on=true", "count=-0", "rate=0.001", "share=1", "widths=8", "colour=dark_blue",
      "title=a=b, c")
    #expect(settings.isOn && settings.count == 0 && settings.rate == 0.001)
    #expect(settings.share == 1 && settings.widths == [8] && settings.colour == .darkBlue)
    #expect(settings.title == "a=b, c")
    #expect(try read("share=1e-7").share == 1e-7)
    #expect(try read("widths=1,2,3").widths == [1, 2, 3])
    #expect(try read("widths=").widths == [])
    #expect(try read("title=").title == "")
    #expect(try read("title=12").title == "12")
  }

  @Test("Settings that are written down are read back the same")
  func roundTrip() {
    SeededCases.check([SampleSettings()]) { random in
      var settings = SampleSettings()
      settings.isOn = random.nextUniform() < 0.5
      settings.count = random.nextIndex(below: 1_000_000_007)
      // From subnormal to huge, whole numbers among them.
      settings.rate = Double(bitPattern: random.next() & 0x7fdf_ffff_ffff_ffff)
      settings.share = Double(random.nextIndex(below: 20)) / 4
      settings.widths = (0..<random.nextIndex(below: 4)).map { _ in random.nextIndex(below: 99) }
      settings.colour = random.nextUniform() < 0.5 ? .red : .darkBlue
      settings.title = ["", "true", "1.5", "a,b", "=", "é"][random.nextIndex(below: 6)]
      return settings
    } _: { settings in
      let read = try SampleSettings.reading(settings.texts, study: "sample")
      #expect(read == settings)
      let names: Set = ["is_on", "count", "rate", "share", "widths", "colour", "title"]
      #expect(Set(settings.texts.keys) == names)
    }
  }

  @Test("A name that does not exist is met with the nearest one, or with all")
  func unknownNames() {
    let known = "colour, count, is_on, rate, share, title, widths"
    expectRefusal(
      "color=red",
      "Could not set 'color': the study 'sample' has no such setting. Did you mean 'colour'? It "
        + "has: \(known).")
    expectRefusal(
      "with=8",
      "Could not set 'with': the study 'sample' has no such setting. Did you mean 'widths'? It "
        + "has: \(known).")
    expectRefusal(
      "temperature=8",
      "Could not set 'temperature': the study 'sample' has no such setting. It has: \(known).")
    expectRefusal(
      "=8", "Could not set '': the study 'sample' has no such setting. It has: \(known).")
  }

  @Test("A value of another kind is refused in words that say which kind is expected")
  func wrongKinds() {
    let end = "Give another value."
    expectRefusal("is_on=yes", "Could not set 'is_on' to 'yes': expected true or false. \(end)")
    expectRefusal("count=many", "Could not set 'count' to 'many': expected a number. \(end)")
    expectRefusal("count=2.5", "Could not set 'count' to '2.5': expected a whole number. \(end)")
    expectRefusal(
      "count=99999999999999999999",
      "Could not set 'count' to '99999999999999999999': expected a whole number. \(end)")
    expectRefusal("rate=nan", "Could not set 'rate' to 'nan': expected a number. \(end)")
    expectRefusal("rate=inf", "Could not set 'rate' to 'inf': expected a number. \(end)")
    expectRefusal("rate=", "Could not set 'rate' to '': expected a number. \(end)")
    for list in ["8,b", "8,,9", ",", "8, 9", "1.5"] {
      expectRefusal(
        "widths=\(list)",
        "Could not set 'widths' to '\(list)': expected whole numbers such as 32,64. \(end)")
    }
    expectRefusal(
      "colour=green",
      "Could not set 'colour' to 'green': the study does not know this value. \(end)")
    expectRefusal(
      "count",
      "Could not read the setting 'count': expected NAME=VALUE, such as "
        + "`--set learning_rate=0.001`.")
  }

  @Test("What makes no sense together is refused by the settings themselves")
  func validation() {
    expectRefusal(
      "count=-1",
      "Could not use the setting 'count': expected a number from 0 on. Give another value.")
  }
}
