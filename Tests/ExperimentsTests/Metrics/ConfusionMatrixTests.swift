import Experiments
import Foundation
import Testing

@Suite("A confusion matrix gives the scores that the definitions give")
struct ConfusionMatrixTests {
  /// A classification and its scores, as tools/golden/make_scores.py computed them.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Scores: Decodable {
      let precision: Double
      let recall: Double
      let f1: Double
    }

    let name: String
    let classCount: Int
    let truth: [Int]
    let prediction: [Int]
    let counts: [[Int]]
    let classes: [Scores]
    let accuracy: Double
    let macroF1: Double
    let weightedF1: Double
    let majorityShare: Double

    var testDescription: String { name }
  }

  private struct Golden: Decodable {
    let cases: [Case]
  }

  static func cases() throws -> [Case] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/scores.json")
    return try JSONDecoder().decode(Golden.self, from: try Data(contentsOf: file)).cases
  }

  private func matrix(_ one: Case) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: (0..<one.classCount).map { "class \($0)" })
    for (truth, prediction) in zip(one.truth, one.prediction) {
      matrix.add(truth: truth, prediction: prediction)
    }
    return matrix
  }

  /// Sums of few terms in another order: some units in the last place.
  private func isClose(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 1e-14
  }

  @Test("Every golden classification", arguments: try cases())
  func golden(one: Case) {
    let matrix = matrix(one)
    #expect(matrix.counts == one.counts)
    #expect(matrix.total == one.truth.count)
    #expect(isClose(matrix.accuracy, one.accuracy))
    #expect(isClose(matrix.macroF1, one.macroF1))
    #expect(isClose(matrix.weightedF1, one.weightedF1))
    #expect(isClose(matrix.majorityShare, one.majorityShare))
    for (index, expected) in one.classes.enumerated() {
      let scores = matrix.scores(ofClass: index)
      #expect(isClose(scores.precision, expected.precision))
      #expect(isClose(scores.recall, expected.recall))
      #expect(isClose(scores.f1, expected.f1))
    }
  }

  @Test("It is written and read back as JSON with its classes")
  func coding() throws {
    let last = try #require(try Self.cases().last)
    let matrix = matrix(last)
    let text = try JSONEncoder().encode(matrix)
    #expect(try JSONDecoder().decode(ConfusionMatrix.self, from: text) == matrix)
    #expect(matrix.classes.count == last.classCount)
  }
}
