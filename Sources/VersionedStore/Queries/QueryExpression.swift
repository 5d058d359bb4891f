/// A condition on runs, as the query language writes it.
public indirect enum QueryExpression: Hashable, Sendable {
  /// Holds for every run: the empty query.
  case everything
  /// Compares a field of the run with values.
  case comparison(QueryComparison)
  /// Holds when all of the parts hold.
  case all([QueryExpression])
  /// Holds when at least one of the parts holds.
  case any([QueryExpression])
  /// Holds when the part does not.
  case not(QueryExpression)
}

/// How a field is compared with values.
public enum QueryOperator: String, Hashable, Sendable, CaseIterable {
  /// `=`
  case equal = "="
  /// `!=`
  case notEqual = "!="
  /// `<`
  case less = "<"
  /// `<=`
  case lessOrEqual = "<="
  /// `>`
  case greater = ">"
  /// `>=`
  case greaterOrEqual = ">="
  /// `~`: the field holds the text somewhere, whatever the case of a–z.
  case contains = "~"
  /// `in (…)`: the field equals one of the values.
  case isOneOf = "in"
}

/// A value that a field is compared with.
public enum QueryOperand: Hashable, Sendable {
  /// A name or a word.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// Any other number; never NaN.
  case real(Double)
  /// A seed, which is unsigned.
  case seed(UInt64)
  /// A version by its tag; `latest` stands for the newest one.
  case tagged(String)
  /// A version of one dataset: `hapt@2`.
  case numberedVersion(dataset: String, number: Int64)
  /// A version of one dataset by its tag: `hapt@paper`, `hapt@latest`.
  case taggedVersion(dataset: String, tag: String)
  /// A stretch of time, such as a day.
  case period(QueryPeriod)
}

/// One comparison of a query.
public struct QueryComparison: Hashable, Sendable {
  /// What is compared.
  public var field: QueryField
  /// How it is compared.
  public var comparedBy: QueryOperator
  /// What it is compared with: one value, or any number after `in`.
  public var operands: [QueryOperand]

  /// Makes a comparison; the parser checks that the parts fit, the compiler checks it again.
  public init(_ field: QueryField, _ comparedBy: QueryOperator, _ operands: [QueryOperand]) {
    self.field = field
    self.comparedBy = comparedBy
    self.operands = operands
  }
}

extension QueryExpression {
  /// The comparisons of the expression, from left to right.
  var comparisons: [QueryComparison] {
    switch self {
    case .everything: []
    case .comparison(let comparison): [comparison]
    case .all(let parts), .any(let parts): parts.flatMap(\.comparisons)
    case .not(let part): part.comparisons
    }
  }

  /// The parts that must all hold, where the expression is a conjunction; otherwise itself.
  var conjuncts: [QueryExpression] {
    switch self {
    case .all(let parts): parts.flatMap(\.conjuncts)
    case .everything: []
    default: [self]
    }
  }

  /// The same expression with every field replaced by what `change` makes of it.
  func replacingFields(_ change: (QueryField) -> QueryField) -> QueryExpression {
    switch self {
    case .everything: return self
    case .comparison(var comparison):
      comparison.field = change(comparison.field)
      return .comparison(comparison)
    case .all(let parts): return .all(parts.map { $0.replacingFields(change) })
    case .any(let parts): return .any(parts.map { $0.replacingFields(change) })
    case .not(let part): return .not(part.replacingFields(change))
    }
  }
}

extension QueryExpression: CustomStringConvertible {
  /// The expression in the query language; parsing it gives the expression again.
  public var description: String {
    switch self {
    case .everything: ""
    case .comparison(let comparison): comparison.description
    case .all(let parts): parts.map { $0.grouped }.joined(separator: " and ")
    case .any(let parts): parts.map { $0.grouped }.joined(separator: " or ")
    case .not(let part): "not " + part.grouped
    }
  }

  private var grouped: String {
    switch self {
    case .comparison, .not: description
    case .everything, .all, .any: "(\(description))"
    }
  }
}

extension QueryComparison: CustomStringConvertible {
  /// The comparison in the query language.
  public var description: String {
    let values = operands.map(\.description).joined(separator: ", ")
    return "\(field) \(comparedBy.rawValue) " + (comparedBy == .isOneOf ? "(\(values))" : values)
  }
}

extension QueryOperand: CustomStringConvertible {
  /// The value in the query language.
  public var description: String {
    switch self {
    // A text that looks like a number is quoted, or it would be read as such.
    case .text(let text):
      QueryWord.isNumber(text) ? QueryWord.quoted(text) : QueryWord.written(text)
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .seed(let seed): "\(seed)"
    case .tagged(let tag): "@" + QueryWord.written(tag)
    case .numberedVersion(let dataset, let number): QueryWord.written(dataset) + "@\(number)"
    case .taggedVersion(let dataset, let tag):
      QueryWord.written(dataset) + "@" + QueryWord.written(tag)
    case .period(let period): period.description
    }
  }
}
