import Foundation

/// A JSON Schema (draft 2020-12), as much of it as our documents use.
///
/// Stricter than the standard in two ways: a keyword that is not known is an error, not ignored, and an
/// object may have only the members that its schema names. So a schema cannot lag behind.
struct JSONSchema {
  private let root: JSON

  /// Takes the schema that is in a document.
  init(document name: String) throws {
    root = try JSON(try Documents.text(name))
  }

  /// The names of the definitions.
  var definitions: [String: JSON] { root["$defs"]?.members ?? [:] }

  /// The examples in the document.
  var examples: [JSON] { root["examples"]?.elements ?? [] }

  /// What is wrong with a value, each with its place; nothing for a valid one.
  func problems(of value: JSON) -> [String] {
    problems(of: value, schema: root, at: "")
  }

  /// What is wrong with a value by one of the definitions.
  func problems(of value: JSON, definition name: String) -> [String] {
    guard let schema = definitions[name] else { return ["there is no definition '\(name)'"] }
    return problems(of: value, schema: schema, at: name)
  }

  private static let ignored: Set<String> = [
    "$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default",
  ]

  private func problems(of value: JSON, schema: JSON, at place: String) -> [String] {
    schema.members.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      Self.ignored.contains(keyword)
        ? [] : check(keyword, rule, of: schema, value: value, at: place)
    }
  }

  private func check(
    _ keyword: String, _ rule: JSON, of schema: JSON, value: JSON, at place: String
  ) -> [String] {
    func say(_ problem: String, if isWrong: Bool) -> [String] {
      isWrong ? ["\(place): \(problem)"] : []
    }
    switch keyword {
    case "$ref":
      let name = rule.text?.split(separator: "/").last.map(String.init) ?? ""
      guard let target = definitions[name] else { return ["\(place): no definition '\(name)'"] }
      return problems(of: value, schema: target, at: place)
    case "type":
      let types = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
      return say(
        "\(value) is no \(types.joined(separator: " or "))",
        if: !types.contains { Self.isType($0, value) })
    case "enum":
      return say("\(value) is none of \(rule.elements)", if: !rule.elements.contains(value))
    case "const": return say("\(value) is not \(rule)", if: value != rule)
    case "anyOf":
      let attempts = rule.elements.map { problems(of: value, schema: $0, at: place) }
      return say("nothing fits: \(attempts)", if: attempts.allSatisfy { !$0.isEmpty })
    case "required", "properties", "additionalProperties":
      return checkMembers(keyword, rule, of: schema, value: value, at: place)
    case "items", "minItems", "maxItems":
      return checkElements(keyword, rule, value: value, at: place)
    case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
      return say("\(value) breaks \(keyword) \(rule)", if: !Self.isWithin(keyword, rule, value))
    case "pattern", "minLength":
      return say("\(value) breaks \(keyword) \(rule)", if: !Self.fits(keyword, rule, value))
    default: return ["\(place): the keyword '\(keyword)' is not known here"]
    }
  }

  private func checkMembers(
    _ keyword: String, _ rule: JSON, of schema: JSON, value: JSON, at place: String
  ) -> [String] {
    guard case .object(let members) = value else { return [] }
    let known = schema["properties"]?.members ?? [:]
    let others = members.filter { known[$0.key] == nil }
    switch keyword {
    case "required":
      return rule.elements.compactMap(\.text).filter { members[$0] == nil }
        .map { "\(place): '\($0)' is missing" }
    case "properties":
      let unknown = schema["additionalProperties"] == nil ? others : [:]
      return members.flatMap { name, member in
        known[name].map { problems(of: member, schema: $0, at: "\(place)/\(name)") } ?? []
      } + unknown.keys.map { "\(place): '\($0)' is not described" }
    default:
      if rule == .flag(false) { return others.keys.map { "\(place): '\($0)' is not allowed" } }
      return others.flatMap { problems(of: $1, schema: rule, at: "\(place)/\($0)") }
    }
  }

  private func checkElements(
    _ keyword: String, _ rule: JSON, value: JSON, at place: String
  ) -> [String] {
    guard case .list(let elements) = value else { return [] }
    let limit = Int(rule.number ?? 0)
    switch keyword {
    case "items":
      return elements.enumerated().flatMap { index, element in
        problems(of: element, schema: rule, at: "\(place)/\(index)")
      }
    case "minItems": return elements.count < limit ? ["\(place): \(elements.count) elements"] : []
    default: return elements.count > limit ? ["\(place): \(elements.count) elements"] : []
    }
  }

  private static func isType(_ name: String, _ value: JSON) -> Bool {
    switch (name, value) {
    case ("null", .null), ("boolean", .flag), ("string", .text), ("array", .list),
      ("object", .object), ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private static func isWithin(_ keyword: String, _ rule: JSON, _ value: JSON) -> Bool {
    guard case .number(let number) = value, let limit = rule.number else { return true }
    return switch keyword {
    case "minimum": number >= limit
    case "maximum": number <= limit
    case "exclusiveMinimum": number > limit
    default: number < limit
    }
  }

  private static func fits(_ keyword: String, _ rule: JSON, _ value: JSON) -> Bool {
    guard case .text(let text) = value else { return true }
    if keyword == "minLength" { return Double(text.unicodeScalars.count) >= rule.number ?? 0 }
    guard let pattern = rule.text,
      let expression = try? NSRegularExpression(pattern: pattern)
    else { return false }
    let whole = NSRange(text.startIndex..., in: text)
    return expression.firstMatch(in: text, range: whole) != nil
  }
}
