import Foundation
import SignalCommands
import Testing

@Suite("JSON answers are exact")
struct JSONValueTests {
  private static let document: JSONValue = [
    "store": "signal-store", "rows": [["run": 3, "f1": 0.1], ["run": 4, "f1": .null]],
    "empty": [], "nothing": [:], "ok": true,
  ]

  @Test func compact() {
    #expect(
      Self.document.rendered(.compact)
        == #"{"store":"signal-store","rows":[{"run":3,"f1":0.1},{"run":4,"f1":null}],"empty":[],"nothing":{},"ok":true}"#
    )
  }

  @Test func pretty() {
    #expect(
      Self.document.rendered(.pretty, order: .sorted) == """
        {
          "empty": [],
          "nothing": {},
          "ok": true,
          "rows": [
            {
              "f1": 0.1,
              "run": 3
            },
            {
              "f1": null,
              "run": 4
            }
          ],
          "store": "signal-store"
        }

        """)
    #expect(JSONValue.null.rendered(.pretty) == "null\n")
  }

  @Test(
    "numbers have the digits that read back as the same number",
    arguments: [
      (.real(0.1), "0.1"), (.real(3), "3.0"), (.real(-0.0), "-0.0"), (.real(1e21), "1e+21"),
      (.real(.leastNonzeroMagnitude), "5e-324"),
      (.real(1.7976931348623157e308), "1.7976931348623157e+308"),
      (.real(0.30000000000000004), "0.30000000000000004"), (.real(.nan), "null"),
      (.real(.infinity), "null"), (.real(-.infinity), "null"),
      (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
    ] as [(JSONValue, String)])
  func numbers(value: JSONValue, expected: String) {
    #expect(value.rendered(.compact) == expected)
  }

  @Test(
    "texts are escaped where JSON or a terminal needs it",
    arguments: [
      ("say \"x\" \\ y", #""say \"x\" \\ y""#), ("a\nb\tc\r", #""a\nb\tc\r""#),
      ("\u{0}\u{1F}\u{1B}[31m", #""\u0000\u001f\u001b[31m""#), ("größe 信号 😀", "\"größe 信号 😀\""),
      ("\u{7F}\u{9B}\u{202E}\u{2028}", #""\u007f\u009b\u202e\u2028""#),
      ("\u{E0041}", #""\udb40\udc41""#), ("a/b", "\"a/b\""), ("", "\"\""),
    ])
  func texts(text: String, expected: String) {
    #expect(JSONValue.string(text).rendered(.compact) == expected)
  }

  @Test("another parser reads back what was written, for every scalar and many numbers")
  func readBack() throws {
    var text = ""
    for value in UInt32(0)..<0x3000 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    text += "\u{E0001}\u{10FFFF}"
    var bits: UInt64 = 1
    var numbers: [Double] = []
    while numbers.count < 2000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: bits)
      // The parser of Foundation does not keep the smallest numbers.
      if number.isNormal { numbers.append(number) }
    }
    let document: JSONValue = [
      "text": .string(text), "numbers": .array(numbers.map { .real($0) }),
    ]
    struct Document: Decodable {
      let text: String
      let numbers: [Double]
    }
    for layout in [JSONValue.Layout.compact, .pretty] {
      let read = try JSONDecoder().decode(
        Document.self, from: Data(document.rendered(layout).utf8))
      #expect(Array(read.text.unicodeScalars) == Array(text.unicodeScalars))
      #expect(read.numbers == numbers)
    }
  }

  @Test("names in sorted order are ordered by scalars, not by a language")
  func order() {
    let value: JSONValue = ["b": 1, "B": 2, "a": 3, "é": 4, "Z": 5]
    #expect(value.rendered(.compact, order: .sorted) == #"{"B":2,"Z":5,"a":3,"b":1,"é":4}"#)
  }

  @Test func optionals() {
    #expect(JSONValue.optional(nil as String?) == .null)
    #expect(JSONValue.optional("x") == "x")
    #expect(JSONValue.optional(3 as Int64?) == 3)
    #expect(JSONValue.optional(0.5 as Double?) == 0.5)
    #expect(JSONValue.strings(["a", "b"]) == ["a", "b"])
  }
}
