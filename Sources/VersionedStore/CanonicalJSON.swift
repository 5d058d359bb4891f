import Durability
import Foundation

/// JSON whose bytes depend on the value alone: sorted keys, no white space, slashes as they are.
///
/// What is hashed or compared is written in this form.
package enum CanonicalJSON {
  /// The text of `value`.
  package static func text(_ value: some Encodable) throws(StoreError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .badRequest(
        "\(type(of: value))",
        "Could not write a value of type '\(type(of: value))' as JSON: \(error). Numbers must be "
          + "finite.")
    }
  }

  /// Reads a value back from text that the catalogue or an object holds.
  package static func value<Value: Decodable>(
    _ type: Value.Type, from text: String, of subject: String
  ) throws(StoreError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw StoreError(
        .damaged, subject: subject,
        "Could not read the record of \(subject): its JSON does not describe a \(type) (\(error)). "
          + "Run `signalstore verify`.", cause: error)
    }
  }

  /// The SHA-256 of the text of `value`, as 64 hexadecimal digits.
  package static func hash(_ value: some Encodable) throws(StoreError) -> String {
    ContentHash(of: Array(try text(value).utf8)).hexText
  }
}
