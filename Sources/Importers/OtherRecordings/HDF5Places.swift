internal import HDF5

/// Where the recordings of an HDF5 file are.
struct HDF5Places {
  /// One recording.
  struct Place: Hashable {
    /// The group, "/" for the root.
    let groupPath: String
    /// One dataset `[time, channel]` or `[time]`, or several `[time]`.
    let signalPaths: [String]
    /// The dataset of labels.
    var labelPath: String?
    /// The dataset of times.
    var timePath: String?
    /// A dataset of texts, the names of codes 0, 1, ….
    var meaningPath: String?
    /// What each `*` of the mapping stood for.
    var wildcards: [String] = []
    /// Whether nothing but the form of the datasets speaks for a recording; then it must have a
    /// rate.
    var isGuess = false
  }

  private(set) var places: [Place] = []
  /// Why groups that look like recordings were left out.
  private(set) var warnings: [String] = []

  private let root: H5.Group
  private let subject: String

  /// Looks through a file.
  init(
    _ root: H5.Group, _ mapping: RecordingMapping, subject: String
  ) throws(ImportError) {
    self.root = root
    self.subject = subject
    if let signals = mapping.signals {
      try find(signals)
    } else {
      try findByRules()
    }
  }

  // MARK: By rules

  private struct Entry {
    let path: String
    let name: String
    let shape: [Int]
    let type: H5.ElementType

    var isFloat: Bool { if case .float = type.kind { true } else { false } }
    var isInteger: Bool {
      switch type.kind {
      case .integer, .enumeration: true
      default: false
      }
    }
    var isNumber: Bool { isFloat || isInteger }
  }

  private mutating func findByRules() throws(ImportError) {
    var groupPaths: [String] = []
    var entries: [String: [Entry]] = [:]
    do throws(H5.Failure) {
      try root.walk { (visited) throws(H5.Failure) in
        switch visited {
        case .group(let group): groupPaths.append(group.path)
        case .dataset(let dataset):
          let (parent, name) = Self.split(dataset.path)
          entries[parent, default: []].append(
            Entry(path: dataset.path, name: name, shape: dataset.shape, type: dataset.elementType))
        case .namedType: break
        }
      }
    } catch {
      throw .hdf5(subject, error)
    }
    for groupPath in groupPaths {
      if let place = place(in: groupPath, entries[groupPath] ?? []) { places.append(place) }
    }
  }

  private mutating func place(in groupPath: String, _ entries: [Entry]) -> Place? {
    let isTime = { (entry: Entry) in RecordingRules.timeUnit(of: entry.name) != nil }
    let tables = entries.filter { $0.shape.count == 2 && $0.isNumber }
    let rows = entries.filter { $0.shape.count == 1 && $0.isNumber }
    var chosen: [Entry] = []
    var isGuess = false
    if let named = Self.best(of: tables, RecordingRules.signalNames) {
      chosen = [named]
    } else if tables.filter(\.isFloat).count == 1 {
      chosen = tables.filter(\.isFloat)
    } else {
      chosen = rows.filter { $0.isFloat && !isTime($0) }
      isGuess = true
      if chosen.isEmpty, let named = Self.best(of: rows, RecordingRules.signalNames) {
        chosen = [named]
      }
    }
    guard let length = chosen.first?.shape.first else { return nil }
    guard chosen.allSatisfy({ $0.shape[0] == length }) else {
      warnings.append(
        "\(subject.quoted()): group \(groupPath.quoted()) holds \(chosen.count) series of "
          + "different "
          + "lengths and was left out.")
      return nil
    }
    let others = rows.filter { row in !chosen.contains { $0.path == row.path } }
    var place = Place(groupPath: groupPath, signalPaths: chosen.map(\.path))
    place.isGuess = isGuess
    let labels = Self.best(of: others.filter(\.isInteger), RecordingRules.labelNames)
    place.labelPath = fitting(labels, length)
    place.timePath = fitting(others.first(where: isTime), length)
    let texts = entries.filter { $0.shape.count == 1 && $0.type.isString }
    place.meaningPath = Self.best(of: texts, RecordingRules.meaningNames)?.path
    return place
  }

  private mutating func fitting(_ entry: Entry?, _ length: Int) -> String? {
    guard let entry else { return nil }
    guard entry.shape[0] == length else {
      warnings.append(
        "\(subject.quoted()): \(entry.path.quoted()) has \(entry.shape[0]) values for \(length) "
          + "readings and was left out.")
      return nil
    }
    return entry.path
  }

  private static func best(of entries: [Entry], _ names: [String]) -> Entry? {
    for name in names {
      if let found = entries.first(where: { $0.name.lowercased() == name }) { return found }
    }
    return nil
  }

  /// The group and the name of a path.
  static func split(_ path: String) -> (parent: String, name: String) {
    let names = path.split(separator: "/")
    let parent = "/" + names.dropLast().joined(separator: "/")
    return (parent, names.last.map(String.init) ?? "")
  }

  // MARK: By a mapping

  private struct Match: Hashable {
    let wildcards: [String]
    let path: String
  }

  private mutating func find(_ patterns: [String]) throws(ImportError) {
    var matches: [[Match]] = []
    for pattern in patterns {
      let found = try self.matches(of: pattern)
      guard !found.isEmpty else {
        throw .mapping(
          subject, found: "no dataset is at \(pattern.quoted())", expected: "one at least is")
      }
      matches.append(found)
    }
    for match in matches[0] {
      var paths = [match.path]
      for (pattern, found) in zip(patterns, matches).dropFirst() {
        guard let same = found.first(where: { $0.wildcards == match.wildcards }) else {
          throw .mapping(
            subject, found: "\(pattern.quoted()) has nothing that goes with \(match.path.quoted())",
            expected: "a dataset where '*' stands for the same is")
        }
        paths.append(same.path)
      }
      places.append(
        Place(
          groupPath: Self.split(match.path).parent, signalPaths: paths,
          wildcards: match.wildcards))
    }
  }

  private func matches(of pattern: String) throws(ImportError) -> [Match] {
    var found = [Match(wildcards: [], path: "/")]
    let names = pattern.split(separator: "/")
    for (index, name) in names.enumerated() {
      let isLast = index == names.count - 1
      let namePattern = NamePattern(name)
      var next: [Match] = []
      for match in found {
        for child in try children(of: match.path) {
          guard Self.canBe(child.kind, isLast: isLast),
            let captures = namePattern.match(child.name)
          else { continue }
          let path = match.path == "/" ? "/\(child.name)" : "\(match.path)/\(child.name)"
          next.append(Match(wildcards: match.wildcards + captures, path: path))
        }
      }
      found = next
    }
    return names.isEmpty ? [] : found
  }

  private func children(of path: String) throws(ImportError) -> [H5.Group.Child] {
    do throws(H5.Failure) { return try root.group(path).children() } catch {
      throw .hdf5(subject, error)
    }
  }

  private static func canBe(_ kind: H5.Group.Child.Kind, isLast: Bool) -> Bool {
    switch kind {
    case .softLink: true
    case .dataset: isLast
    case .group: !isLast
    default: false
    }
  }
}
