import Foundation
import Importers
import Randomness
import SystemPackage
import TestSupport
import Testing

@Suite("A mapping file")
struct RecordingMappingTests {
  private static let full = """
    {"signals": ["/a"], "timeAxis": 0, "time": "t", "timeUnit": "ms", "label": "y", "labelTrack":
     "deed",
     "labelNames": {"1": "sit"}, "unlabelled": 0, "rateInHertz": 2.5, "startTimeInSeconds": 1,
      "channels":
     ["x"], "units": ["g"], "subject": "s", "session": "u", "delimiter": ";"}
    """

  @Test("can say everything, and survives being written and read")
  func roundTrip() throws {
    let mapping = try RecordingMapping(json: Array(Self.full.utf8))
    #expect(mapping.signals == ["/a"] && mapping.timeUnit == .milliseconds)
    #expect(mapping.labelNames == ["1": "sit"] && mapping.rateInHertz == 2.5)
    let written = try JSONEncoder().encode(mapping)
    #expect(try RecordingMapping(json: Array(written)) == mapping)
    #expect(try RecordingMapping(json: Array("{}".utf8)) == RecordingMapping())
    let folder = try ImportFolder(["map.json": Self.full, "bad.json": "{\"sgnals\": []}"])
    #expect(try RecordingMapping.read(folder.path("map.json")) == mapping)
    let error = importError { _ = try RecordingMapping.read(folder.path("bad.json")) }
    #expect(
      error?.message
        == "Could not use the mapping 'bad.json': it has the key 'sgnals', which is not among the "
        + "15 "
        + "known ones. Did you mean 'signals'?")
    #expect(
      importError { _ = try RecordingMapping.read(folder.path("no.json")) }?.code == .notFound)
  }

  @Test("has the keys, and the choices, of its published schema")
  func schema() throws {
    let path = RealData.packageRoot.appending("schemas/recording-mapping.schema.json")
    let bytes = try #require(FileManager.default.contents(atPath: path.string))
    let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    #expect(Set(properties.keys) == Set(RecordingMapping.keys))
    #expect(schema["additionalProperties"] as? Bool == false)
    #expect(
      properties["timeUnit"]?["enum"] as? [String]
        == RecordingMapping.TimeUnit.allCases.map(\.rawValue))
    // Each key takes the kind of value that the schema names, and refuses the others.
    let samples = [
      "string": "\"x\"", "array": "[\"x\"]", "object": "{\"1\": \"x\"}", "number": "1.5",
      "integer": "1",
    ]
    for (key, property) in properties {
      let type = try #require(property["type"] as? String)
      for (sampleType, sample) in samples {
        let isChoice = property["enum"] != nil && type == "string"
        let accepts = type == sampleType || (type == "number" && sampleType == "integer")
        let json = Array("{\"\(key)\": \(sample)}".utf8)
        if accepts, !isChoice {
          #expect(throws: Never.self, "\(key): \(sample)") { try RecordingMapping(json: json) }
        } else {
          #expect(importError { _ = try RecordingMapping(json: json) }?.code == .badMapping)
        }
      }
    }
  }

  @Test(
    "is refused in one sentence",
    arguments: [
      ("nothing", "it is no JSON, a JSON object is expected"),
      ("[1]", "it is no JSON object, keys and values between { } are expected"),
      (
        "{\"rateInHertz\": \"50\"}",
        "'rateInHertz' has a value of another kind, a number is expected"
      ),
      ("{\"rateInHertz\": 0}", "'rateInHertz' is 0.0, a number above 0 is expected"),
      (
        "{\"timeUnit\": \"h\"}",
        "'timeUnit' has another value, \"s\", \"ms\", \"us\" or \"ns\" is expected"
      ),
      ("{\"timeAxis\": 2}", "'timeAxis' is 2, 0 or 1 is expected"),
      ("{\"signals\": []}", "'signals' names no dataset, at least one path is expected"),
      (
        "{\"signals\": \"/a\"}",
        "'signals' has a value of another kind, a list of texts is expected"
      ),
      (
        "{\"channels\": [\"a\", \"a\"]}",
        "'channels' is empty or names a channel twice, different names are expected"
      ),
      ("{\"units\": []}", "'units' is empty, at least one unit is expected"),
      ("{\"delimiter\": \"::\"}", "'delimiter' is '::', ',', ';' or a tab is expected"),
      (
        "{\"labelNames\": {\"a\": \"b\"}}",
        "'labelNames' has the code 'a' for 'b', whole numbers from 0 on, and names, are expected"
      ),
      (
        "{\"labelNames\": {\"1\": \"b\", \"2\": \"b\"}}",
        "'labelNames' gives two codes the same name, different names are expected"
      ),
      (
        "{\"unlabelled\": 5000000000}",
        "'unlabelled' is 5000000000, a number of 32 bits is expected"
      ),
    ])
  func refusals(json: String, middle: String) {
    let error = importError { _ = try RecordingMapping(json: Array(json.utf8)) }
    #expect(
      error?.message == "Could not use the mapping 'mapping': \(middle). Correct the mapping.")
    #expect(error?.code == .badMapping)
  }

  @Test(
    "with a key that is not known is refused with the nearest one",
    arguments: [
      ("rateinhertz", "Did you mean 'rateInHertz'?"), ("chanels", "Did you mean 'channels'?"),
      ("sessoin", "Did you mean 'session'?"), ("wavelength", "Remove it."), ("", "Remove it."),
    ])
  func nearWords(key: String, hint: String) {
    let error = importError { _ = try RecordingMapping(json: Array("{\"\(key)\": 1}".utf8)) }
    #expect(
      error?.message
        == "Could not use the mapping 'mapping': it has the key '\(key)', which is not among the "
        + "15 "
        + "known ones. \(hint)")
  }

  @Test("never traps, whatever is changed in it (10,000 seeded mutations)")
  func fuzz() throws {
    var counts = [0, 0]
    let alphabet = Array("{}[]\":,-0.e9n\\u\u{0}\u{ff}/*".utf8)
    try Mutations.run(Array(Self.full.utf8), alphabet: alphabet, count: 10_000) { bytes, _ in
      do {
        _ = try RecordingMapping(json: bytes)
        counts[0] += 1
      } catch let error as ImportError {
        #expect(error.message.hasPrefix("Could not use the mapping 'mapping': "))
        counts[1] += 1
      }
    }
    #expect(counts[0] > 50 && counts[1] > 3000, "\(counts)")
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
    #expect(importError { _ = try RecordingMapping(json: deep) }?.code == .badMapping)
  }

  @Test("lists its rules for the help of the command")
  func rules() {
    for name in ["sampling_rate_hz", "label_1", "millisec", "participant", "semicolons"] {
      #expect(MappedReader.rulesText.contains(name))
    }
  }
}
