/// A matrix that a computation cannot be done with.
public struct LinearAlgebraError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the matrix.
  public enum Code: String, Hashable, Sendable {
    /// It has the wrong shape.
    case shape
    /// It has elements that are not finite.
    case notFinite
    /// It is not positive definite.
    case notPositiveDefinite
    /// The iteration did not converge.
    case noConvergence
  }

  /// What is wrong.
  public let code: Code
  /// The computation, such as "the eigenvalues".
  public let subject: String
  /// One complete sentence for people, and what to do.
  public let message: String

  /// The message.
  public var description: String { message }
}

extension LinearAlgebraError {
  private init(_ code: Code, _ subject: String, _ finding: String, _ advice: String) {
    self.code = code
    self.subject = subject
    message = "Could not compute \(subject): \(finding). \(advice)."
  }

  static func shape(_ subject: String, found: Shape, expected: String) -> LinearAlgebraError {
    .init(
      .shape, subject, "a matrix has the shape \(found), it has to be \(expected)",
      "Give a matrix of that shape")
  }

  static func notFinite(_ subject: String) -> LinearAlgebraError {
    .init(
      .notFinite, subject, "a matrix has elements that are not finite, all have to be",
      "Look for overflow or missing values in what it was made from")
  }

  static func notPositiveDefinite(_ subject: String, order: Int) -> LinearAlgebraError {
    .init(
      .notPositiveDefinite, subject,
      "the leading part of order \(order) of the matrix is not positive definite, it has to be",
      "Add a positive number to the diagonal, or use least squares")
  }

  static func noConvergence(_ subject: String, status: Int) -> LinearAlgebraError {
    .init(
      .noConvergence, subject,
      "the iteration stopped with status \(status), it has to converge",
      "Scale the matrix to numbers near one")
  }
}
