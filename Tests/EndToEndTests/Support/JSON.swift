import Foundation

/// A JSON value as another program would see it.
enum JSON: Hashable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  /// Reads exactly one JSON document; anything before or after it is an error.
  init(document: [UInt8]) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(document))
  }

  /// The member of an object; `null` where there is none.
  subscript(name: String) -> JSON {
    guard case .object(let members) = self else { return .null }
    return members[name] ?? .null
  }

  /// The element of a list; `null` where there is none.
  subscript(index: Int) -> JSON {
    guard case .list(let elements) = self, elements.indices.contains(index) else { return .null }
    return elements[index]
  }

  /// The names of the members of an object.
  var names: Set<String> {
    guard case .object(let members) = self else { return [] }
    return Set(members.keys)
  }

  /// The elements of a list.
  var elements: [JSON] {
    guard case .list(let elements) = self else { return [] }
    return elements
  }

  /// The number; not a number where it is something else, which equals nothing.
  var number: Double {
    guard case .number(let number) = self else { return .nan }
    return number
  }

  /// The text; nothing where it is something else.
  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}

extension JSON: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let elements = try? container.decode([JSON].self) {
      self = .list(elements)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(floatLiteral number: Double) { self = .number(number) }
  init(integerLiteral number: Int) { self = .number(Double(number)) }
  init(booleanLiteral flag: Bool) { self = .flag(flag) }
  init(arrayLiteral elements: JSON...) { self = .list(elements) }
  init(nilLiteral: ()) { self = .null }
}
