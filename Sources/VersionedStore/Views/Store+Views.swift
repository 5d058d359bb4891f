import Durability
import GRDB
public import Signals

extension Store {
  /// The release of the code that cuts examples; raised when the same framing would give other
  /// examples, so that views made before are computed anew.
  static let viewCodeVersion = 1

  /// Names a way to cut examples out of a version, and lists the examples.
  ///
  /// What was computed before is reused as long as version, framing and code are the same; the
  /// decision says which of them changed.
  ///
  /// Durability: when this returns, the view survives power loss. When it throws, the name means
  /// what it meant before.
  /// - Parameter framing: channels may be patterns such as `acc-*`.
  /// - Throws: `.badRequest` if the framing does not fit the version, `.locked` if a view has to be
  ///   computed while another process writes.
  public func view(
    _ name: DatasetName, of version: Version, framing: Framing
  ) throws(StoreError) -> (view: View, cache: CacheDecision) {
    let recordings = try recordings(of: version)
    let plan = try ViewPlan(name: name, version: version, recordings: recordings, framing: framing)
    if let known = try viewIfKnown(hash: plan.hash) {
      let reason = try point(name, at: known, because: "version, framing and code are the same")
      return (try view(named: name), .hit(because: reason))
    }
    let reason = try whatChanged(name, plan: plan)
    let index = try plan.index(reading: SeriesReader(of: version, in: self))
    let lock = try writeLock(to: "publish the view '\(name)'")
    defer { withExtendedLifetime(lock) {} }
    // Another process may have published the same view while this one computed it.
    if let known = try viewIfKnown(hash: plan.hash) {
      let reason = try point(name, at: known, because: "another process has just computed it")
      return (try view(named: name), .hit(because: reason))
    }
    let object = try publish(
      try ViewObject.bytes(index: index, plan: plan), kind: .view, extension: "h5")
    let summary = try CanonicalJSON.text(plan.summary(of: index))
    let framingText = try CanonicalJSON.text(plan.framing)
    let now = environment.time.secondsSince1970
    try catalog.write("publish the view '\(name)'") { database in
      try object.insert(in: database, now: now)
      try database.execute(
        sql: """
          INSERT INTO view
            (hash, versionID, framing, codeVersion, objectHash, exampleCount, summary, created)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          plan.hash, version.rowID, framingText, Self.viewCodeVersion, object.hash, index.count,
          summary, now,
        ])
      try Self.setName(
        name, table: "viewName", column: "viewID", to: database.lastInsertedRowID,
        now: now, in: database)
    }
    return (try view(named: name), .miss(because: reason))
  }

  private func viewIfKnown(hash: String) throws(StoreError) -> Int64? {
    try catalog.read("look for a view") { database in
      try Int64.fetchOne(database, sql: "SELECT id FROM view WHERE hash = ?", arguments: [hash])
    }
  }

  private func point(
    _ name: DatasetName, at view: Int64, because reason: String
  ) throws(StoreError) -> String {
    let now = environment.time.secondsSince1970
    let current = try catalog.read("find the view '\(name)'") { database in
      try Int64.fetchOne(
        database, sql: "SELECT viewID FROM viewName WHERE name = ?", arguments: [name.text])
    }
    guard current != view else { return reason }
    try catalog.write("name the view '\(name)'") { database in
      try Self.setName(
        name, table: "viewName", column: "viewID", to: view, now: now, in: database)
    }
    return "\(reason) as in an earlier view; the name '\(name)' now means that one"
  }

  static func setName(
    _ name: DatasetName, table: String, column: String, to row: Int64, now: Double,
    in database: Database
  ) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO \(table) (name, \(column), created) VALUES (?, ?, ?)",
      arguments: [name.text, row, now])
  }

  /// What differs between the view that has the name and the one that is asked for.
  private func whatChanged(
    _ name: DatasetName, plan: ViewPlan
  ) throws(StoreError) -> String {
    let earlier = try catalog.read("find the view '\(name)'") { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT view.framing AS framing, view.codeVersion AS codeVersion,
            dataset.name || '@' || version.number AS version, version.hash AS versionHash
          FROM viewName JOIN view ON view.id = viewName.viewID
            JOIN version ON version.id = view.versionID
            JOIN dataset ON dataset.id = version.datasetID
          WHERE viewName.name = ?
          """,
        arguments: [name.text])
    }
    guard let earlier else { return "no view has this name yet" }
    var changes: [String] = []
    if earlier["versionHash"] != plan.version.hash || earlier["version"] != plan.version.reference {
      changes.append(
        "the version is \(plan.version.reference), it was \(earlier["version"] as String)")
    }
    let framing = try CanonicalJSON.value(
      Framing.self, from: earlier["framing"], of: "view '\(name)'")
    changes += plan.framing.differences(from: framing)
    if earlier["codeVersion"] != Self.viewCodeVersion {
      changes.append(
        "the cutting code is at \(Self.viewCodeVersion), it was at \(earlier["codeVersion"] as Int)"
      )
    }
    return changes.joined(separator: "; ")
  }

  /// The view that has a name now.
  /// - Throws: `.notFound`
  public func view(named name: DatasetName) throws(StoreError) -> View {
    let (row, names) = try catalog.read("find the view '\(name)'") { database in
      (
        try Row.fetchOne(
          database,
          sql: "SELECT view.* FROM viewName JOIN view ON view.id = viewID WHERE name = ?",
          arguments: [name.text]),
        try String.fetchAll(database, sql: "SELECT name FROM viewName ORDER BY name")
      )
    }
    guard let row else { throw .unknown("view", name.text, known: names) }
    return try view(row, name: name.text)
  }

  func view(rowID: Int64, name: String) throws(StoreError) -> View {
    let row = try catalog.read("find the view '\(name)'") { database in
      try Row.fetchOne(database, sql: "SELECT * FROM view WHERE id = ?", arguments: [rowID])
    }
    guard let row else { throw .damagedRow("view \(rowID)", "the row is missing") }
    return try view(row, name: name)
  }

  private func view(_ row: Row, name: String) throws(StoreError) -> View {
    let versionRow: Int64 = row["versionID"]
    let version = try catalog.read("find the version of view '\(name)'") { database in
      try VersionRecord.fetch(rowID: versionRow, from: database)
    }
    guard let version else { throw .damagedRow("version \(versionRow)", "the row is missing") }
    let subject = "view '\(name)'"
    let summary = try CanonicalJSON.value(ViewSummary.self, from: row["summary"], of: subject)
    return View(
      rowID: row["id"], name: name, hash: row["hash"], version: version,
      framing: try CanonicalJSON.value(Framing.self, from: row["framing"], of: subject),
      channels: summary.channels, rate: summary.rateInHertz, exampleCount: row["exampleCount"],
      labels: summary.labels, objectHash: row["objectHash"])
  }

  /// Where the examples of a view lie.
  public func examples(of view: View) throws(StoreError) -> ExampleIndex {
    try ViewObject.index(
      from: try objectBytes(view.objectHash, neededBy: "View '\(view.name)' depends on it. "),
      hash: view.objectHash)
  }

  func objectBytes(_ hash: String, neededBy: String) throws(StoreError) -> [UInt8] {
    let row = try catalog.read("find object \(hash.prefix(12))…") { database in
      try Row.fetchOne(
        database, sql: "SELECT extension, sizeInBytes FROM object WHERE hash = ?",
        arguments: [hash])
    }
    guard let row else {
      throw .damagedRow("object \(hash.prefix(12))…", "the row is missing")
    }
    return try readObject(
      hash: hash, extension: row["extension"], sizeInBytes: row["sizeInBytes"], neededBy: neededBy)
  }
}

extension Framing {
  /// What is not as it was, in words.
  func differences(from earlier: Framing) -> [String] {
    func change(_ what: String, _ now: some Equatable, _ before: some Equatable) -> String? {
      "\(now)" == "\(before)" ? nil : "\(what) is \(now), it was \(before)"
    }
    func codes(_ rule: LabelRule?) -> String {
      rule?.codes.map { $0.map(String.init).joined(separator: ",") } ?? "all"
    }
    return [
      change("the window", lengthInSamples, earlier.lengthInSamples),
      change("the stride", strideInSamples, earlier.strideInSamples),
      channels == earlier.channels ? nil : "the channels differ",
      change(
        "the label track", labelRule?.track ?? "none", earlier.labelRule?.track ?? "none"),
      change(
        "the label rule", labelRule?.agreement.rawValue ?? "none",
        earlier.labelRule?.agreement.rawValue ?? "none"),
      change("the list of labels", codes(labelRule), codes(earlier.labelRule)),
      change(
        "the largest missing share", missingValues.maximumMissingFraction,
        earlier.missingValues.maximumMissingFraction),
      change("the fill", missingValues.fill.rawValue, earlier.missingValues.fill.rawValue),
    ].compactMap { $0 }
  }
}
