public import Signals

/// A named way to cut examples out of a dataset version; a value, with its examples in an object.
public struct View: Sendable {
  package let rowID: Int64
  /// The name.
  public let name: String
  /// The SHA-256 over dataset version, framing and code.
  public let hash: String
  /// The dataset version.
  public let version: Version
  /// How examples are cut.
  public let framing: Framing
  /// The channels of an example, in the order of its last axis.
  public let channels: [Channel]
  /// Readings per second.
  public let rate: SampleRate
  /// How many examples there are.
  public let exampleCount: Int
  /// The labels that occur, with their meaning and how often.
  public let labels: [LabelCount]
  /// The SHA-256 of the object that lists the examples.
  package let objectHash: String

  /// A label of a view.
  public struct LabelCount: Hashable, Sendable, Codable {
    /// The code in the label track.
    public let code: Int32
    /// What it means; the code as text where the vocabulary does not say.
    public let name: String
    /// How many examples have it.
    public let count: Int
  }
}

/// What is kept of a view beside its examples.
struct ViewSummary: Codable {
  let channels: [Channel]
  let rateInHertz: SampleRate
  let labels: [View.LabelCount]
}

/// Whether a view had to be computed, and what decided.
public enum CacheDecision: Hashable, Sendable {
  /// Nothing that the view depends on has changed.
  case hit(because: String)
  /// It was computed.
  case miss(because: String)

  /// "hit" or "miss".
  public var word: String {
    switch self {
    case .hit: "hit"
    case .miss: "miss"
    }
  }

  /// What decided.
  public var because: String {
    switch self {
    case .hit(let reason), .miss(let reason): reason
    }
  }
}
