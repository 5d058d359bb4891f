internal import GRDB

/// Compares the names in a query with those in the catalogue.
///
/// A metric or setting in another case is taken for the one that exists. A name that nothing has is
/// no mistake (the first run with it may come tomorrow) but is worth a note: an empty answer to a
/// misspelt question looks like a fact.
struct QueryNames {
  private let database: Database
  private var notes: [String] = []
  private var metricNames: [String: String] = [:]
  private var settingNames: [String: String] = [:]

  static func resolve(
    _ query: RunQuery, in database: Database
  ) throws -> (query: RunQuery, notes: [String]) {
    var names = QueryNames(database: database)
    let comparisons = query.expression.comparisons
    for field in comparisons.map(\.field) + query.columns.map(\.field) + query.sort.map(\.field) {
      try names.resolve(field)
    }
    for comparison in comparisons { try names.check(comparison) }
    var resolved = query
    let renamed = names.renamed
    resolved.expression = query.expression.replacingFields(renamed)
    resolved.columns = query.columns.map { QueryColumn(renamed($0.field)) }
    resolved.sort = query.sort.map { QuerySortKey(renamed($0.field), $0.direction) }
    return (resolved, names.notes)
  }

  private init(database: Database) { self.database = database }

  private func renamed(_ field: QueryField) -> QueryField {
    switch field {
    case .metric(let name, let statistic): .metric(metricNames[name] ?? name, statistic)
    case .setting(let name): .setting(settingNames[name] ?? name)
    default: field
    }
  }

  private mutating func resolve(_ field: QueryField) throws {
    switch field {
    case .metric(let name, _) where metricNames[name] == nil:
      metricNames[name] = try existing(name, of: .metric)
    case .setting(let name) where settingNames[name] == nil:
      settingNames[name] = try existing(name, of: .setting)
    default: break
    }
  }

  private mutating func check(_ comparison: QueryComparison) throws {
    let kinds: [QueryField: Kind] = [
      .dataset: .dataset, .study: .study, .split: .split, .view: .view, .tag: .tag,
      .version: .tag,
    ]
    guard let kind = kinds[comparison.field], comparison.comparedBy != .contains else { return }
    // Long lists come from programs, which do not misspell.
    for operand in comparison.operands.prefix(16) {
      switch operand {
      case .text(let name): _ = try existing(name, of: kind)
      case .tagged(let name) where name != "latest": _ = try existing(name, of: .tag)
      case .numberedVersion(let dataset, _): _ = try existing(dataset, of: .dataset)
      case .taggedVersion(let dataset, let tag):
        _ = try existing(dataset, of: .dataset)
        if tag != "latest" { _ = try existing(tag, of: .tag) }
      default: break
      }
    }
  }

  // MARK: Looking names up

  private struct Kind {
    let table: String
    let column: String
    let sentence: String

    static let metric = Kind("metric", "name", "No run has a metric")
    static let setting = Kind("setting", "name", "No run has a setting")
    static let dataset = Kind("dataset", "name", "The store has no dataset")
    static let study = Kind("run", "study", "No run is of a study")
    static let split = Kind("run", "splitName", "No run is on a split")
    static let view = Kind("run", "viewName", "No run is on a view")
    static let tag = Kind("tag", "name", "The store has no tag")

    private init(_ table: String, _ column: String, _ sentence: String) {
      self.table = table
      self.column = column
      self.sentence = sentence
    }
  }

  /// The name as the catalogue writes it; the name itself, with a note, where nothing has it.
  private mutating func existing(_ name: String, of kind: Kind) throws -> String {
    let isThere = try Bool.fetchOne(
      database,
      sql: "SELECT EXISTS (SELECT 1 FROM \(kind.table) WHERE \(kind.column) = ?)",
      arguments: [name])
    if isThere == true { return name }
    let names = try names(of: kind)
    let sameButCase = names.filter { $0.lowercased() == name.lowercased() }
    let isFolded = kind.table == "metric" || kind.table == "setting"
    if isFolded, sameButCase.count == 1, let same = sameButCase.first { return same }
    let near = sameButCase.first ?? NearWord.of(name, in: names)
    let advice = near.map { " Did you mean \(QueryExcerpt.quoted($0))?" } ?? ""
    let note = "\(kind.sentence) \(QueryExcerpt.quoted(name)).\(advice)"
    if !notes.contains(note) { notes.append(note) }
    return name
  }

  /// The different names of a kind, at most 10,000, by jumping along the index from one to the next:
  /// a hundred metrics of thirty thousand runs are a hundred steps, not three million.
  private func names(of kind: Kind) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        WITH RECURSIVE names(name) AS (
          SELECT min(\(kind.column)) FROM \(kind.table)
          UNION ALL
          SELECT (SELECT min(\(kind.column)) FROM \(kind.table) WHERE \(kind.column) > names.name)
          FROM names WHERE names.name IS NOT NULL)
        SELECT name FROM names WHERE name IS NOT NULL LIMIT 10000
        """)
  }
}
