/// What a loss that is a sum over elements is divided by.
public enum LossReduction: String, Hashable, Sendable, Codable {
  /// By the number of elements of the batch.
  case meanOfElements
  /// By the number of examples: the elements of one example are summed.
  case meanOfExamples
  /// By nothing.
  case sum

  func factor(examples: Int, elements: Int) -> Double {
    switch self {
    case .meanOfElements: 1 / Double(max(1, elements))
    case .meanOfExamples: 1 / Double(max(1, examples))
    case .sum: 1
    }
  }
}
