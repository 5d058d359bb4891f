import Durability
import GRDB
import Signals

extension Store {
  /// Divides the examples of a view into parts, and proves that the parts share nothing.
  ///
  /// Durability: when this returns, the split survives power loss. When it throws, the name means
  /// what it meant before.
  /// - Throws: `.leak` if the certificate is not clean; `.badRequest` or `.notFound` if the rule does
  ///   not fit the view; `.locked` if another process writes.
  public func split(
    _ name: DatasetName, of view: View, rule: SplitRule
  ) throws(StoreError) -> Split {
    let index = try examples(of: view)
    let recordings = try recordings(of: view.version)
    let parts = try SplitAssignment(
      view: view, index: index, recordings: recordings, rule: rule
    ).parts()
    let certificate = SplitCertificate.check(
      parts: parts, index: index, recordings: recordings,
      windowLength: view.framing.lengthInSamples, rule: rule)
    guard certificate.clean else { throw .notClean(certificate, view: view) }
    let counts = SplitCounts(parts: parts)
    guard counts.training > 0 else {
      throw .badRequest(
        name.text,
        "Could not make the split '\(name)': no example is left to train on. Give less to "
          + "validation and test.")
    }
    for (part, choice) in [(SplitPart.validation, rule.validation), (.test, rule.test)]
    where choice != .fraction(0) && choice != .names([]) && counts[part] == 0 {
      throw .badRequest(
        name.text,
        "Could not make the split '\(name)': the \(part.rawValue) part that was asked for "
          + "has no example. Give it more, or leave a smaller gap.")
    }
    let ruleText = try CanonicalJSON.text(rule)
    let bytes = try SplitObject.bytes(parts: parts, view: view, rule: ruleText)
    let lock = try writeLock(to: "publish the split '\(name)'")
    defer { withExtendedLifetime(lock) {} }
    let object = try publish(bytes, kind: .split, extension: "h5")
    let hash = try CanonicalJSON.hash([view.hash, ruleText, object.hash])
    let now = environment.time.secondsSince1970
    let countsText = try CanonicalJSON.text(counts)
    let certificateText = try CanonicalJSON.text(certificate)
    try catalog.write("publish the split '\(name)'") { database in
      try object.insert(in: database, now: now)
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO split
            (hash, viewID, rule, objectHash, counts, certificate, created)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [hash, view.rowID, ruleText, object.hash, countsText, certificateText, now])
      guard
        let row = try Int64.fetchOne(
          database, sql: "SELECT id FROM split WHERE hash = ?", arguments: [hash])
      else { preconditionFailure("A split that was just inserted can be found.") }
      try Self.setName(
        name, table: "splitName", column: "splitID", to: row, now: now, in: database)
    }
    return try split(named: name)
  }

  /// The split that has a name now.
  /// - Throws: `.notFound`
  public func split(named name: DatasetName) throws(StoreError) -> Split {
    let (row, names) = try catalog.read("find the split '\(name)'") { database in
      (
        try Row.fetchOne(
          database,
          sql: "SELECT split.* FROM splitName JOIN split ON split.id = splitID WHERE name = ?",
          arguments: [name.text]),
        try String.fetchAll(database, sql: "SELECT name FROM splitName ORDER BY name")
      )
    }
    guard let row else { throw .unknown("split", name.text, known: names) }
    return try split(row, name: name.text, viewName: nil)
  }

  /// The split that a run was trained on, whatever its name means now.
  public func split(of run: Run) throws(StoreError) -> Split {
    let row = try catalog.read("find the split of run \(run.number)") { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM split WHERE id = ?", arguments: [run.splitRowID])
    }
    guard let row else { throw .damagedRow("split \(run.splitRowID)", "the row is missing") }
    return try split(row, name: run.split, viewName: run.view)
  }

  /// A split by its row, under the first of the names that point to it now.
  func split(rowID: Int64) throws(StoreError) -> Split {
    let (row, name) = try catalog.read("find split \(rowID)") { database in
      (
        try Row.fetchOne(database, sql: "SELECT * FROM split WHERE id = ?", arguments: [rowID]),
        try String.fetchOne(
          database, sql: "SELECT name FROM splitName WHERE splitID = ? ORDER BY name LIMIT 1",
          arguments: [rowID])
      )
    }
    guard let row else { throw .damagedRow("split \(rowID)", "the row is missing") }
    return try split(row, name: name ?? "split \(rowID)", viewName: nil)
  }

  private func split(_ row: Row, name: String, viewName: String?) throws(StoreError) -> Split {
    let viewRow: Int64 = row["viewID"]
    let currentName = try catalog.read("find the view of split '\(name)'") { database in
      try String.fetchOne(
        database, sql: "SELECT name FROM viewName WHERE viewID = ? ORDER BY name LIMIT 1",
        arguments: [viewRow])
    }
    let subject = "split '\(name)'"
    return Split(
      rowID: row["id"], name: name, hash: row["hash"],
      view: try view(rowID: viewRow, name: viewName ?? currentName ?? "unnamed"),
      rule: try CanonicalJSON.value(SplitRule.self, from: row["rule"], of: subject),
      counts: try CanonicalJSON.value(SplitCounts.self, from: row["counts"], of: subject),
      certificate: try CanonicalJSON.value(
        SplitCertificate.self, from: row["certificate"], of: subject),
      objectHash: row["objectHash"])
  }

  /// The part code of every example of the view of a split; 0 is "in no part".
  public func parts(of split: Split) throws(StoreError) -> [UInt8] {
    try SplitObject.parts(
      from: try objectBytes(split.objectHash, neededBy: "Split '\(split.name)' depends on it. "),
      hash: split.objectHash)
  }
}

extension StoreError {
  /// A split that shares something between its parts, told by the largest offence.
  static func notClean(_ certificate: SplitCertificate, view: View) -> StoreError {
    let window = Double(view.framing.lengthInSamples) / view.rate.hertz
    if let worst = certificate.overlaps.max(by: { $0.seconds < $1.seconds }) {
      let parts = worst.parts.map(\.rawValue).joined(separator: " and ")
      // By time, copies are cut alike, and what they share lies at a border as in one recording.
      let isCopied = worst.recordings.count > 1 && certificate.unit != .time
      let amount = Words.seconds(worst.seconds) + (isCopied ? " of them" : "")
      let place =
        isCopied
        ? "recordings \(Words.list(worst.recordings)) hold the same readings,"
        : "recording '\(worst.recordings[0])' has"
      let cure =
        isCopied
        ? "Ingest only one of them, or put both into one part."
        : certificate.unit == .random
          ? "Cut windows that do not overlap (a stride of at least \(view.framing.lengthInSamples)), or "
            + "split by subject."
          : "Split by subject, or leave a gap of \(Words.seconds(window)) (`--gap \(window)`)."
      return .leak(
        view.name,
        "Could not certify the split: \(place) \(amount) in both \(parts); "
          + "\(Words.seconds(certificate.sharedSeconds)) are shared in all. \(cure)")
    }
    if !certificate.sharedSubjects.isEmpty || !certificate.sharedSessions.isEmpty {
      let (word, names) =
        certificate.sharedSubjects.isEmpty
        ? ("session", certificate.sharedSessions) : ("subject", certificate.sharedSubjects)
      return .leak(
        view.name,
        "Could not certify the split: \(word) \(Words.list(names)) has examples in more than one "
          + "part. Name each \(word) for one part only.")
    }
    return .leak(
      view.name,
      "Could not certify the split: parts are \(certificate.smallestGapInSeconds ?? 0) s apart, "
        + "\(certificate.requiredGapInSeconds) s were asked for. Leave a wider gap.")
  }
}

extension Store {
  /// The split that was made last on a version; nothing where it has none.
  public func newestSplit(of version: Version) throws(StoreError) -> Split? {
    let name = try catalog.read("find a split of '\(version.reference)'") { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT splitName.name FROM splitName
            JOIN split ON split.id = splitName.splitID JOIN view ON view.id = split.viewID
          WHERE view.versionID = ? ORDER BY splitName.created DESC, split.id DESC LIMIT 1
          """,
        arguments: [version.rowID])
    }
    guard let name else { return nil }
    return try split(named: try DatasetName(name))
  }

  /// The view that cuts another version exactly as `view` cuts its own.
  public func view(like view: View, of version: Version) throws(StoreError) -> View {
    let name = try DatasetName(
      "\(view.name.prefix(40)).on.\(version.dataset.text.prefix(12)).\(version.number)")
    return try self.view(name, of: version, framing: view.framing).view
  }

  /// The recordings of a view whose readings a part of a split uses, under whatever name.
  public func recordings(
    of view: View, usedBy part: SplitPart, of split: Split
  ) throws(StoreError) -> [String] {
    let index = try examples(of: split.view)
    let parts = try parts(of: split)
    let trained = try recordings(of: split.view.version)
    var used: Set<String> = []
    for (recording, code) in zip(index.recordings, parts) where code == part.code {
      used.insert(trained[Int(recording)].contentHash)
    }
    return try recordings(of: view.version).filter { used.contains($0.contentHash) }.map(\.name)
  }
}
