/// How often examples of one class were taken for another.
public struct ConfusionMatrix: Hashable, Sendable, Codable {
  /// The names of the classes, in order.
  public let classes: [String]
  /// Counts, row by row: the true class is the row, the predicted one the column.
  public private(set) var counts: [[Int]]

  /// A matrix of zeros.
  public init(classes: [String]) {
    self.classes = classes
    counts = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
  }

  /// Counts one example.
  public mutating func add(truth: Int, prediction: Int) {
    counts[truth][prediction] += 1
  }

  /// How many examples were counted.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The share of examples whose class was found; 0 without examples.
  public var accuracy: Double {
    let right = classes.indices.reduce(0) { $0 + counts[$1][$1] }
    return total > 0 ? Double(right) / Double(total) : 0
  }

  /// Precision, recall and F1 of a class; a quantity whose denominator is zero is 0.
  public func scores(ofClass index: Int) -> (precision: Double, recall: Double, f1: Double) {
    let hits = Double(counts[index][index])
    let predicted = Double(classes.indices.reduce(0) { $0 + counts[$1][index] })
    let present = Double(counts[index].reduce(0, +))
    let precision = predicted > 0 ? hits / predicted : 0
    let recall = present > 0 ? hits / present : 0
    let f1 = predicted + present > 0 ? 2 * hits / (predicted + present) : 0
    return (precision, recall, f1)
  }

  /// The unweighted mean of the F1 of the classes that occur, as truth or as prediction
  /// (scikit-learn's `f1_score(average="macro")`).
  public var macroF1: Double {
    let occurring = classes.indices.filter { index in
      counts[index].contains { $0 > 0 } || counts.contains { $0[index] > 0 }
    }
    guard !occurring.isEmpty else { return 0 }
    return occurring.reduce(0) { $0 + scores(ofClass: $1).f1 } / Double(occurring.count)
  }

  /// The mean of the F1 of the classes, weighted by how often each is true.
  public var weightedF1: Double {
    guard total > 0 else { return 0 }
    return classes.indices.reduce(0) { sum, index in
      sum + scores(ofClass: index).f1 * Double(counts[index].reduce(0, +))
    } / Double(total)
  }

  /// The accuracy of always naming the most frequent class: the score to beat.
  public var majorityShare: Double {
    let largest = counts.map { $0.reduce(0, +) }.max() ?? 0
    return total > 0 ? Double(largest) / Double(total) : 0
  }
}
