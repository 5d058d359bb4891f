import Randomness
import Tensors
import Testing

/// Random numbers and comparisons for the tests of kernels.
enum KernelTrial {
  /// Normal numbers, one sequence for each seed.
  static func numbers(_ count: Int, seed: UInt64, scale: Double = 1) -> [Float] {
    var generator = Seed(seed).generator()
    return (0..<count).map { _ in Float(scale * generator.nextNormal()) }
  }

  /// Checks that two results agree to a tolerance relative to the largest magnitude expected (at
  /// least 0.1).
  static func expectClose(
    _ found: [Float], _ expected: [Float], tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let scale = expected.reduce(0.1) { max($0, $1.isFinite ? Double(abs($1)) : 0) }
    for (index, (a, b)) in zip(found, expected).enumerated() {
      if a == b || (a.isNaN && b.isNaN) { continue }
      let error = abs(Double(a) - Double(b)) / scale
      if !(error <= tolerance) {
        Issue.record(
          "\(what): element \(index) is \(a), expected \(b) (error \(error) of the largest).",
          sourceLocation: sourceLocation)
        return
      }
    }
  }
}
