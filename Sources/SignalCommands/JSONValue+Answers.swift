import Foundation
import VersionedStore

extension JSONValue {
  /// A whole number.
  static func whole(_ number: Int) -> JSONValue {
    .integer(Int64(number))
  }

  /// A value of a query.
  init(_ value: QueryValue) {
    self =
      switch value {
      case .text(let text): .string(text)
      case .integer(let number): .integer(number)
      case .real(let number): .real(number)
      case .null: .null
      }
  }

  /// Any value that knows how to write itself as JSON; members come in alphabetical order.
  init(encoding value: some Encodable) throws {
    let data = Data(try CanonicalJSON.text(value).utf8)
    self = try JSONDecoder().decode(Decoded.self, from: data).value
  }

  private struct Decoded: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        value = .null
      } else if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let whole = try? container.decode(Int.self) {
        value = .whole(whole)
      } else if let number = try? container.decode(Double.self) {
        value = .real(number)
      } else if let text = try? container.decode(String.self) {
        value = .string(text)
      } else if let items = try? container.decode([Decoded].self) {
        value = .array(items.map(\.value))
      } else {
        let members = try container.decode([String: Decoded].self)
        value = .object(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value.value) })
      }
    }
  }
}
