import VersionedStore

/// Random expressions of every kind from a seed (SplitMix64; only its variety matters here).
struct RandomExpressions {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(count))
  }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func expression(depth: Int) -> QueryExpression {
    switch depth > 0 ? below(5) : 0 {
    case 0, 1: return .comparison(comparison())
    case 2: return .not(expression(depth: depth - 1))
    case 3: return .all((0...below(3) + 1).map { _ in expression(depth: depth - 1) })
    default: return .any((0...below(3) + 1).map { _ in expression(depth: depth - 1) })
    }
  }

  private static let ordering: [QueryOperator] = [
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isOneOf,
  ]

  mutating func comparison() -> QueryComparison {
    switch below(6) {
    case 0:
      let field = one(of: [.study, .split, .view, .subject, .recording, .tag] as [QueryField])
      let comparedBy = one(of: [.equal, .notEqual, .contains, .isOneOf] as [QueryOperator])
      return operands(field, comparedBy) { .text($0.word()) }
    case 1:
      let field = one(
        of: [.run, .seconds, .steps, metric(), metric(), metric()] as [QueryField])
      return operands(field, one(of: Self.ordering)) { $0.number() }
    case 2:
      return operands(.seed, one(of: Self.ordering)) {
        .seed($0.one(of: [0, 1, 2, 3, 4, 9, 10, 11, .max - 1, .max]))
      }
    case 3:
      let comparedBy = one(of: [.equal, .notEqual, .isOneOf] as [QueryOperator])
      return operands(.dataset, comparedBy) { random in
        switch random.below(3) {
        case 0: .text(random.word())
        case 1: .numberedVersion(dataset: random.name(), number: Int64(random.below(4)))
        default: .taggedVersion(dataset: random.name(), tag: random.name())
        }
      }
    case 4:
      return operands(.version, one(of: Self.ordering)) { random in
        random.below(2) == 0 ? .integer(Int64(random.below(4))) : .tagged(random.name())
      }
    default:
      let isText = below(2) == 0
      return operands(
        .setting(one(of: ["model", "learning_rate", "lay.ers"])), one(of: Self.ordering)
      ) {
        isText ? .text($0.word()) : $0.number()
      }
    }
  }

  private mutating func operands(
    _ field: QueryField, _ comparedBy: QueryOperator,
    _ operand: (inout RandomExpressions) -> QueryOperand
  ) -> QueryComparison {
    let count = comparedBy == .isOneOf ? below(3) + 1 : 1
    return QueryComparison(field, comparedBy, (0..<count).map { _ in operand(&self) })
  }

  private mutating func metric() -> QueryField {
    let statistics: [MetricStatistic] = [.last, .minimum, .maximum, .atStep(Int64(below(10)))]
    return .metric(
      one(of: ["test_f1", "val_loss", "class f1 (walking)", "x.min"]), one(of: statistics))
  }

  private mutating func number() -> QueryOperand {
    one(
      of: [
        .integer(0), .integer(3), .integer(-7), .integer(50), .real(0.3), .real(0.9), .real(0.01),
        .real(1e-300), .real(.infinity), .real(0.45), .integer(.max),
      ])
  }

  /// A word that is not empty, as every name in a store.
  private mutating func name() -> String {
    let word = word()
    return word.isEmpty ? "hapt" : word
  }

  private mutating func word() -> String {
    one(
      of: [
        "hapt", "opportunity", "classifier", "paper", "latest", "old", "by-time", "cnn", "mlp",
        "S3",
        "acc_exp02", "", "a b", "it's", "\"", "and", "0.01", "x@y", "größe", "a\nb", "(", "1e9",
      ])
  }
}
