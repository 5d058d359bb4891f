import Foundation
import Signals
import StoreSupport
import Testing
import VersionedStore

@Suite("The JSON in a store")
struct JSONDocumentTests {
  /// The names of all members anywhere in a value.
  private static func names(_ value: JSON) -> Set<String> {
    Set(value.members.keys).union(value.members.values.flatMap(names))
      .union(value.elements.flatMap(names))
  }

  private static func described(_ schema: JSON) -> Set<String> {
    var found: Set<String> = []
    for (name, value) in schema.members where name != "examples" {
      if name == "properties" { found.formUnion(value.members.keys) }
      found.formUnion(described(value))
    }
    for element in schema.elements { found.formUnion(described(element)) }
    return found
  }

  @Test("of a rule is described by split.schema.json", arguments: SplitRule.Unit.allCases)
  func rules(unit: SplitRule.Unit) throws {
    let schema = try JSONSchema(document: "split.schema.json")
    for choice in [
      SplitRule.Choice.names(["S1", "S2"]), .names([]), .fraction(0), .fraction(0.25),
    ] {
      let rule = SplitRule(
        unit: unit, validation: choice, test: choice, gapInSeconds: 1.5, seed: .max)
      let value = try JSON(try CanonicalJSON.text(rule))
      #expect(schema.problems(of: value) == [])
      #expect(
        Self.names(value) == Self.described(try JSON(try Documents.text("split.schema.json"))))
    }
  }

  @Test("of a framing is described by view.schema.json")
  func framings() throws {
    let schema = try JSONSchema(document: "view.schema.json")
    for agreement in LabelRule.Agreement.allCases {
      for fill in MissingValuePolicy.Fill.allCases {
        let whole = Framing(
          lengthInSamples: 5, strideInSamples: 2, channels: ["a"],
          labelRule: LabelRule(track: "t", agreement: agreement, codes: [-1, 3]),
          missingValues: MissingValuePolicy(maximumMissingFraction: 0.5, fill: fill))
        let value = try JSON(try CanonicalJSON.text(whole))
        #expect(schema.problems(of: value) == [])
        #expect(
          Self.names(value) == Self.described(try JSON(try Documents.text("view.schema.json"))))
      }
    }
    let least = Framing(lengthInSamples: 1, strideInSamples: 1)
    #expect(schema.problems(of: try JSON(try CanonicalJSON.text(least))) == [])
  }

  @Test("of a manifest is described by run-manifest.schema.json")
  func manifests() throws {
    let ground = try SchemaGround()
    let schema = try JSONSchema(document: "run-manifest.schema.json")
    #expect(schema.problems(of: try JSON(ground.finished.manifest)) == [])
    #expect(schema.problems(of: try JSON(ground.running.manifest)) == [])
  }

  @Test("that the documents give as examples is valid and is read by the store as it stands")
  func examples() throws {
    for (name, count) in [("split", 3), ("view", 2), ("run-manifest", 1)] {
      let schema = try JSONSchema(document: "\(name).schema.json")
      #expect(schema.examples.count == count)
      for example in schema.examples { #expect(schema.problems(of: example) == []) }
    }
    func texts(_ name: String) throws -> [String] {
      let document =
        try JSONSerialization.jsonObject(
          with: Data(try Documents.text(name).utf8)) as? [String: Any]
      let examples = try #require(document?["examples"] as? [Any])
      return try examples.map {
        String(
          decoding: try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys),
          as: UTF8.self)
      }
    }
    for text in try texts("split.schema.json") {
      let rule = try CanonicalJSON.value(SplitRule.self, from: text, of: "an example")
      #expect(try JSON(try CanonicalJSON.text(rule)) == JSON(text))
    }
    for text in try texts("view.schema.json") {
      let framing = try CanonicalJSON.value(Framing.self, from: text, of: "an example")
      #expect(try JSON(try CanonicalJSON.text(framing)) == JSON(text))
    }
  }

  @Test("that does not fit is found by the checker itself")
  func checker() throws {
    let schema = try JSONSchema(document: "split.schema.json")
    let good = #"{"gapInSeconds":0,"seed":0,"test":["S4"],"unit":"subject","validation":0}"#
    #expect(schema.problems(of: try JSON(good)) == [])
    for (part, replacement) in [
      (#""unit":"subject""#, #""unit":"people""#), (#""seed":0"#, #""seed":0.5"#),
      (#""seed":0"#, #""seed":-1"#), (#""seed":0,"#, ""), (#""validation":0"#, #""validation":1"#),
      (#"["S4"]"#, "[4]"), (#""seed":0"#, #""seed":0,"more":1"#), (#""seed":0"#, #""seed":"0""#),
    ] {
      let bad = good.replacing(part, with: replacement)
      #expect(schema.problems(of: try JSON(bad)).count > 0, "\(bad)")
    }
  }
}
