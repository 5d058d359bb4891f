import GRDB
import Testing
import VersionedStore

@Suite("SQL and a plain evaluation agree")
struct QueryModelTests {
  @Test("on 1000 random expressions over the small catalogue")
  func agreement() throws {
    let catalog = try SmallCatalog.shared()
    var random = RandomExpressions(seed: 42)
    var sizes: Set<Int> = []
    for _ in 0..<1000 {
      let expression = random.expression(depth: 3)
      let query = RunQuery(
        expression, columns: [QueryColumn(.run)], sort: [QuerySortKey(.run, .ascending)])
      // The same with a walk along the index of a metric, which compiles to other SQL.
      let ranked = RunQuery(
        expression, columns: [QueryColumn(.run)],
        sort: [QuerySortKey(.metric("test_f1", .last), .descending)], limit: 8)
      let expected = RunModel.all.filter { $0.fulfils(expression) }.map {
        QueryValue.integer($0.run)
      }
      try catalog.read { database in
        let rows = try query.run(in: database).rows.flatMap { $0 }
        #expect(rows == expected, "\(expression)")
        let rankedRows = try ranked.run(in: database).rows.flatMap { $0 }
        #expect(Set(rankedRows) == Set(expected), "\(expression)")
        #expect(rankedRows.count == expected.count, "\(expression)")
        #expect(try query.count(in: database) == expected.count)
      }
      sizes.insert(expected.count)
    }
    // The expressions are of use only when they tell runs apart.
    #expect(sizes.count >= 8)
  }
}

/// One run of the small catalogue as a value, with the meaning of the language in plain Swift.
private struct RunModel {
  let run: Int64
  let plan: SmallCatalog.Plan

  static let all = SmallCatalog.plans.enumerated().map {
    RunModel(run: Int64($0.offset + 1), plan: $0.element)
  }

  private var dataset: String { plan.haptVersion == nil ? "opportunity" : "hapt" }
  private var version: Int { plan.haptVersion ?? 1 }
  private var tags: [String] {
    plan.haptVersion == nil ? ["paper", "old"] : version == 2 ? ["paper"] : []
  }

  func fulfils(_ expression: QueryExpression) -> Bool {
    switch expression {
    case .everything: true
    case .comparison(let comparison): fulfils(comparison)
    case .all(let parts): parts.allSatisfy { fulfils($0) }
    case .any(let parts): parts.contains { fulfils($0) }
    case .not(let part): !fulfils(part)
    }
  }

  private func fulfils(_ comparison: QueryComparison) -> Bool {
    switch comparison.field {
    case .study: return oneText(plan.study, comparison)
    case .split: return oneText(plan.haptVersion == nil ? "by-time" : "by-person", comparison)
    case .view: return oneText(plan.haptVersion == nil ? "pictures" : "windows", comparison)
    case .tag: return anyText(tags, comparison)
    case .subject:
      return anyText(
        plan.haptVersion == nil ? ["S3"] : version == 1 ? ["P1"] : ["P1", "P2"], comparison)
    case .recording:
      return anyText(
        plan.haptVersion == nil
          ? ["S3-ADL1"] : version == 1 ? ["acc_exp01"] : ["acc_exp01", "acc_exp02"], comparison)
    case .run: return number(Double(run), comparison)
    case .seconds: return number(Double(run) * 10, comparison)
    case .steps: return number(Double(run) * 100, comparison)
    case .seed:
      return ordered(plan.seed, comparison) { if case .seed(let seed) = $0 { seed } else { nil } }
    case .version: return ordered(version, comparison, number)
    case .dataset: return isDataset(comparison)
    case .metric(let name, let statistic):
      guard let points = plan.curves.first(where: { $0.name == name })?.points,
        let value = value(statistic, of: points)
      else { return false }
      return number(value, comparison)
    case .setting(let name):
      guard let value = plan.settings.first(where: { $0.name == name })?.value else { return false }
      if case .text? = comparison.operands.first { return oneText(value, comparison) }
      return Double(value).map { number($0, comparison) } ?? false
    default:
      Issue.record("The model does not know \(comparison.field).")
      return false
    }
  }

  private func number(_ operand: QueryOperand) -> Int? {
    switch operand {
    case .integer(let number): Int(number)
    case .tagged("latest"): dataset == "hapt" ? 3 : 1
    case .tagged("paper"): dataset == "hapt" ? 2 : 1
    case .tagged("old"): dataset == "hapt" ? nil : 1
    default: nil
    }
  }

  private func isDataset(_ comparison: QueryComparison) -> Bool {
    let isHeld = comparison.operands.contains { operand in
      switch operand {
      case .text(let name): name == dataset
      case .numberedVersion(let name, let number): name == dataset && Int(number) == version
      case .taggedVersion(let name, let tag):
        name == dataset && self.number(.tagged(tag)) == version
      default: false
      }
    }
    return isHeld != (comparison.comparedBy == .notEqual)
  }

  private func value(
    _ statistic: MetricStatistic, of points: [(step: Int64, value: Double)]
  ) -> Double? {
    switch statistic {
    case .last: points.last?.value
    case .minimum: points.map(\.value).min()
    case .maximum: points.map(\.value).max()
    case .atStep(let step): points.first { $0.step == step }?.value
    }
  }

  private func oneText(_ text: String, _ comparison: QueryComparison) -> Bool {
    if comparison.comparedBy == .contains, case .text(let part)? = comparison.operands.first {
      return part.isEmpty || text.lowercased().contains(part.lowercased())
    }
    return ordered(text, comparison) { if case .text(let text) = $0 { text } else { nil } }
  }

  private func anyText(_ texts: [String], _ comparison: QueryComparison) -> Bool {
    var positive = comparison
    if comparison.comparedBy == .notEqual { positive.comparedBy = .equal }
    let isHeld = texts.contains { oneText($0, positive) }
    return isHeld != (comparison.comparedBy == .notEqual)
  }

  private func number(_ number: Double, _ comparison: QueryComparison) -> Bool {
    ordered(number, comparison) { operand in
      switch operand {
      case .integer(let integer): Double(integer)
      case .real(let real): real
      default: nil
      }
    }
  }

  private func ordered<Value: Comparable>(
    _ value: Value, _ comparison: QueryComparison, _ read: (QueryOperand) -> Value?
  ) -> Bool {
    let others = comparison.operands.compactMap(read)
    guard let other = others.first else { return false }
    return switch comparison.comparedBy {
    case .equal: value == other
    case .notEqual: value != other
    case .less: value < other
    case .lessOrEqual: value <= other
    case .greater: value > other
    case .greaterOrEqual: value >= other
    case .isOneOf: others.contains(value)
    case .contains: false
    }
  }
}
