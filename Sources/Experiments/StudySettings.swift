import Foundation

/// The settings of a study: plain values, each with a default, written down with every run.
public protocol StudySettings: Codable, Hashable, Sendable {
  /// Every setting at its default.
  init()
  /// Checks that the values make sense together.
  /// - Throws: `ExperimentError` with code `.badSetting`.
  func validate() throws(ExperimentError)
}

extension StudySettings {
  /// The defaults with some settings replaced.
  ///
  /// - Parameters:
  ///   - assignments: texts `NAME=VALUE`; a list is written `32,64`.
  ///   - study: the name of the study, for messages.
  /// - Throws: `ExperimentError` with code `.badSetting`, naming the setting and a near word.
  public static func reading(
    _ assignments: [String], study: String
  ) throws(ExperimentError) -> Self {
    var values = Self().scalars
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw .settingForm(assignment) }
      let name = String(parts[0])
      guard let current = values[name] else {
        throw .unknownSetting(name, study: study, known: values.keys.sorted())
      }
      let value = try current.replaced(by: String(parts[1]), name: name)
      try Self.check(value, of: name, writtenAs: String(parts[1]))
      values[name] = value
    }
    let settings = try Self.decoded(from: values)
    try settings.validate()
    return settings
  }

  /// Settings as they were written down with a run.
  public static func reading(_ texts: [String: String], study: String) throws(ExperimentError)
    -> Self
  {
    try reading(texts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }, study: study)
  }

  /// Every setting by name, as the text that `reading` takes.
  public var texts: [String: String] { scalars.mapValues(\.text) }

  private var scalars: [String: SettingValue] {
    do {
      let data = try JSONEncoder().encode(self)
      return try JSONDecoder().decode([String: SettingValue].self, from: data)
    } catch {
      preconditionFailure("Settings are numbers, texts, switches and lists of numbers: \(error)")
    }
  }

  private static func decoded(
    from values: [String: SettingValue]
  ) throws(ExperimentError) -> Self {
    do {
      return try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(values))
    } catch {
      preconditionFailure("Settings that were checked one by one can be read together: \(error)")
    }
  }

  /// Asks the settings themselves about one value: whether a number must be whole and which words
  /// there are is known to their decoding alone. One at a time, because the decoder does not always
  /// say which value it stumbled over.
  private static func check(
    _ value: SettingValue, of name: String, writtenAs text: String
  ) throws(ExperimentError) {
    do {
      var values = Self().scalars
      values[name] = value
      _ = try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(values))
    } catch {
      let expected =
        switch value {
        case .number: "expected a whole number"
        default: "the study does not know this value"
        }
      throw .settingValue(name, value: text, expected: expected)
    }
  }
}

/// A setting as JSON knows it.
private enum SettingValue: Codable, Hashable {
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case list([Int])
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode([Int].self) {
      self = .list(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    }
  }

  var text: String {
    switch self {
    case .flag(let value): String(value)
    case .whole(let value): String(value)
    case .number(let value): String(value)
    case .list(let value): value.map(String.init).joined(separator: ",")
    case .text(let value): value
    }
  }

  /// The same kind of value read from text. A number that happens to be whole (a learning rate of
  /// 1) may be replaced by any number; the settings' own decoding has the last word.
  func replaced(by text: String, name: String) throws(ExperimentError) -> SettingValue {
    switch self {
    case .flag:
      guard let value = Bool(text) else {
        throw .settingValue(name, value: text, expected: "expected true or false")
      }
      return .flag(value)
    case .whole, .number:
      if let value = Int(text) { return .whole(value) }
      guard let value = Double(text), value.isFinite else {
        throw .settingValue(name, value: text, expected: "expected a number")
      }
      return .number(value)
    case .list:
      // Nothing at all is a list without numbers; nothing between two commas is a slip.
      let parts =
        text.isEmpty
        ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard !parts.contains(nil) else {
        throw .settingValue(name, value: text, expected: "expected whole numbers such as 32,64")
      }
      return .list(parts.compactMap { $0 })
    case .text:
      return .text(text)
    }
  }
}
