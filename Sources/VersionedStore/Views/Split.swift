/// Examples of a view divided into parts, with the certificate that nothing is shared.
public struct Split: Sendable {
  package let rowID: Int64
  /// The name.
  public let name: String
  /// The SHA-256 over view, rule and the part of every example.
  public let hash: String
  /// The view.
  public let view: View
  /// How the examples were divided.
  public let rule: SplitRule
  /// How many examples each part has; `nil` counts those in no part.
  public let counts: SplitCounts
  /// The checked statement.
  public let certificate: SplitCertificate
  /// The SHA-256 of the object that holds the part of every example.
  package let objectHash: String
}

/// How many examples each part of a split has.
public struct SplitCounts: Hashable, Sendable, Codable {
  /// Examples to learn from.
  public let training: Int
  /// Examples to choose by.
  public let validation: Int
  /// Examples to judge by.
  public let test: Int
  /// Examples in no part: they lie in a gap.
  public let unused: Int

  init(parts: [UInt8]) {
    func count(_ code: UInt8) -> Int { parts.reduce(0) { $0 + ($1 == code ? 1 : 0) } }
    training = count(SplitPart.training.code)
    validation = count(SplitPart.validation.code)
    test = count(SplitPart.test.code)
    unused = parts.count - training - validation - test
  }

  /// The number of examples of a part.
  public subscript(part: SplitPart) -> Int {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}
