/// The parts of a split.
public enum SplitPart: String, Hashable, Sendable, Codable, CaseIterable {
  /// What models learn from.
  case training
  /// What chooses among models and moments.
  case validation
  /// What a finished model is judged by.
  case test

  /// The number that stands for the part in a split object; 0 is "in no part".
  public var code: UInt8 {
    switch self {
    case .training: 1
    case .validation: 2
    case .test: 3
    }
  }

  /// The part that a number in a split object stands for; nothing for 0 and unknown numbers.
  public init?(code: UInt8) {
    guard let part = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = part
  }
}

/// How examples are divided among the parts of a split.
public struct SplitRule: Hashable, Sendable, Codable {
  /// What is kept together.
  public enum Unit: String, Hashable, Sendable, Codable, CaseIterable {
    /// All examples of a subject are in one part.
    case subject
    /// All examples of a session are in one part.
    case session
    /// Within each recording the early examples train, the later validate, the last test.
    case time
    /// Each example falls by lot; for examples that do not overlap.
    case random
  }

  /// Which units make up a part.
  public enum Choice: Hashable, Sendable, Codable {
    /// The subjects or sessions of these names.
    case names([String])
    /// This share of all units, drawn by lot; of time, this share of each recording.
    case fraction(Double)

    /// Reads `0.2` as a share and `S1,S2` as names.
    public init(_ text: String) {
      if let number = Double(text), number >= 0, number < 1, text.contains(".") || number == 0 {
        self = .fraction(number)
      } else {
        self = .names(
          text.split(separator: ",").map { $0.trimmingPrefix(" ") }.map(String.init)
            .filter { !$0.isEmpty })
      }
    }

    /// Reads a number as a share, a list as names.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .fraction(number)
      } else {
        self = .names(try container.decode([String].self))
      }
    }

    /// Writes a share as a number, names as a list.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .names(let names): try container.encode(names)
      case .fraction(let fraction): try container.encode(fraction)
      }
    }
  }

  /// What is kept together.
  public var unit: Unit
  /// What the validation part is made of; the training part takes what no other part names.
  public var validation: Choice
  /// What the test part is made of.
  public var test: Choice
  /// For a split by time: how long after a border the later part begins. At least the length of a
  /// window keeps overlapping windows apart.
  public var gapInSeconds: Double
  /// Where lots come from.
  public var seed: UInt64

  /// Describes a rule.
  public init(
    unit: Unit, validation: Choice, test: Choice, gapInSeconds: Double = 0, seed: UInt64 = 0
  ) {
    self.unit = unit
    self.validation = validation
    self.test = test
    self.gapInSeconds = gapInSeconds
    self.seed = seed
  }
}
