internal import Foundation
public import SystemPackage

extension RecordingMapping {
  private static let limitInBytes = 1 << 20

  /// Reads a mapping file.
  /// - Throws: `.notFound`, `.notAFile`, `.permission`, `.badMapping`, `.inputOutput`.
  public static func read(_ path: FilePath) throws(ImportError) -> RecordingMapping {
    let file = try OpenFile(SourceFile(path: path, name: path.string, sizeInBytes: 0))
    let name = path.lastComponent?.string ?? path.string
    guard file.sizeInBytes <= limitInBytes else {
      throw .mappingFile(
        name, found: "it has \(file.sizeInBytes) bytes",
        expected: "at most \(limitInBytes) are")
    }
    return try RecordingMapping(json: try file.firstBytes(count: file.sizeInBytes), subject: name)
  }

  /// Reads the content of a mapping file.
  /// - Throws: `.badMapping` for what is no JSON object, for a key that is not known (with the one
  ///   that was probably meant), and for a value of another kind or out of range.
  public init(json: [UInt8], subject: String = "mapping") throws(ImportError) {
    let decoder = JSONDecoder()
    do {
      let keys = try decoder.decode(KeyList.self, from: Data(json)).names
      if let unknown = keys.first(where: { !Self.keys.contains($0) }) {
        throw ImportError.unknownMappingKey(
          subject, key: unknown, near: NearWord.to(unknown, among: Self.keys))
      }
      self = try decoder.decode(RecordingMapping.self, from: Data(json))
    } catch let error as ImportError {
      throw error
    } catch let error as DecodingError {
      throw Self.explain(error, subject)
    } catch {
      throw .mappingFile(
        subject, found: "it is no JSON", expected: "a JSON object is", cause: error)
    }
    try validate(subject)
  }

  /// The names of all keys of an object, sorted.
  private struct KeyList: Decodable {
    let names: [String]

    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue).sorted()
    }
  }

  private static func explain(_ error: DecodingError, _ subject: String) -> ImportError {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context):
      guard let key = context.codingPath.first?.stringValue else {
        return .mappingFile(
          subject, found: "it is no JSON object", expected: "keys and values between { } are",
          cause: error)
      }
      return .mappingFile(
        subject, found: "\(key.quoted()) has a value of another kind",
        expected: "\(kind(of: key)) is", cause: error)
    case .dataCorrupted(let context):
      guard let key = context.codingPath.first?.stringValue else {
        return .mappingFile(
          subject, found: "it is no JSON", expected: "a JSON object is", cause: error)
      }
      return .mappingFile(
        subject, found: "\(key.quoted()) has another value", expected: "\(kind(of: key)) is",
        cause: error)
    @unknown default:
      return .mappingFile(
        subject, found: "it is no JSON", expected: "a JSON object is", cause: error)
    }
  }

  private static func kind(of key: String) -> String {
    switch CodingKeys(rawValue: key) {
    case .signals, .channels, .units: "a list of texts"
    case .timeAxis: "0 or 1"
    case .timeUnit: "\"s\", \"ms\", \"us\" or \"ns\""
    case .labelNames: "an object such as {\"1\": \"walk\"}"
    case .unlabelled: "a whole number"
    case .rateInHertz, .startTimeInSeconds: "a number"
    case .time, .label, .labelTrack, .subject, .session, .delimiter, nil: "a text"
    }
  }

  private func validate(_ subject: String) throws(ImportError) {
    func refuse(_ key: CodingKeys, _ found: String, _ expected: String) -> ImportError {
      .mappingFile(
        subject, found: "\(key.rawValue.quoted()) \(found)", expected: expected)
    }
    if let signals, signals.isEmpty || signals.contains("") {
      throw refuse(.signals, "names no dataset", "at least one path is")
    }
    if let timeAxis, timeAxis != 0, timeAxis != 1 {
      throw refuse(.timeAxis, "is \(timeAxis)", "0 or 1 is")
    }
    if let rateInHertz, !(rateInHertz.isFinite && rateInHertz > 0) {
      throw refuse(.rateInHertz, "is \(rateInHertz)", "a number above 0 is")
    }
    if let startTimeInSeconds, !startTimeInSeconds.isFinite {
      throw refuse(.startTimeInSeconds, "is \(startTimeInSeconds)", "a finite number is")
    }
    if let unlabelled, Int32(exactly: unlabelled) == nil {
      throw refuse(.unlabelled, "is \(unlabelled)", "a number of 32 bits is")
    }
    if let delimiter, ![",", ";", "\t"].contains(delimiter) {
      throw refuse(.delimiter, "is \(delimiter.quoted())", "',', ';' or a tab is")
    }
    if let channels, channels.isEmpty || Set(channels).count != channels.count {
      throw refuse(.channels, "is empty or names a channel twice", "different names are")
    }
    if let units, units.isEmpty { throw refuse(.units, "is empty", "at least one unit is") }
    for (key, name) in (labelNames ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let code = Int32(key), code >= 0, !name.isEmpty else {
        throw refuse(
          .labelNames, "has the code \(key.quoted()) for \(name.quoted())",
          "whole numbers from 0 on, and names, are")
      }
    }
    if let names = labelNames?.values, Set(names).count != names.count {
      throw refuse(.labelNames, "gives two codes the same name", "different names are")
    }
  }
}
