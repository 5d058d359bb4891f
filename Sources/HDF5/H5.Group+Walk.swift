extension H5 {
  /// An object met on a walk.
  public enum Visited {
    case group(Group)
    case dataset(Dataset)
    /// A type that was given a name; nothing can be read from it.
    case namedType(path: String)
  }
}

extension H5.Group {
  /// Visits this group and everything below it, each object once, in the order of the names.
  ///
  /// An object that has several names, also a group that contains itself, is visited under the first
  /// one. Soft links are followed last, and only inside the file; one that leads nowhere is passed over.
  ///
  /// - Parameter visit: Called for each object. What it throws ends the walk.
  /// - Throws: `.overLimit` beyond `depth` or `objectCount`; `.externalLink`, `.userDefinedLink`,
  ///   `.softLinkLoop`, and all refusals of ``dataset(_:chunkCacheInBytes:)``.
  public func walk(
    _ visit: (H5.Visited) throws(H5.Failure) -> Void
  ) throws(H5.Failure) {
    var walk = Walk(from: self)
    while let visited = try walk.next() { try visit(visited) }
  }

  /// Visits this group and everything below it, with a closure that may throw anything.
  ///
  /// A closure without a written type of error is taken to throw any; so `root.walk { … }` is this one.
  ///
  /// - Throws: What `visit` throws, and as the other `walk`.
  @_disfavoredOverload
  public func walk(_ visit: (H5.Visited) throws -> Void) throws {
    var walk = Walk(from: self)
    while let visited = try walk.next() { try visit(visited) }
  }

  /// The paths of the datasets at and below this group that fulfil a condition, in the order of the walk.
  ///
  /// ```swift
  /// let series = try file.root.datasetPaths { $0.rank == 2 && $0.elementType.isNumeric }
  /// ```
  ///
  /// - Throws: As ``walk(_:)``.
  public func datasetPaths(
    where isWanted: (H5.Dataset) -> Bool = { _ in true }
  ) throws(H5.Failure) -> [String] {
    var walk = Walk(from: self)
    var paths: [String] = []
    while let visited = try walk.next() {
      if case .dataset(let dataset) = visited, isWanted(dataset) { paths.append(dataset.path) }
    }
    return paths
  }
}

/// The state of a walk: what was seen, and what is left to follow.
private struct Walk {
  private struct Step {
    let group: H5.Group
    /// The entry of the group to follow; nil for the group itself, where the walk begins.
    let link: Calls.Link?
    let depth: Int
  }

  private let start: H5.Group
  private var file: OpenFile { start.file }
  private var steps: [Step]
  /// Followed when nothing else is left: what lies below the start was met by then.
  private var softLinks: [(path: String, depth: Int)] = []
  private var softLinksFollowed = 0
  private var seen: Set<UInt64> = []
  private var entryCount = 0

  init(from start: H5.Group) {
    self.start = start
    steps = [Step(group: start, link: nil, depth: 0)]
  }

  /// The next object that was not met before; nil at the end.
  mutating func next() throws(H5.Failure) -> H5.Visited? {
    while true {
      if let step = steps.popLast() {
        if let visited = try follow(step) { return visited }
      } else if softLinksFollowed < softLinks.count {
        let link = softLinks[softLinksFollowed]
        softLinksFollowed += 1
        guard let place = try existing(link.path) else { continue }
        if let visited = try visit(place, depth: link.depth) { return visited }
      } else {
        return nil
      }
    }
  }

  private mutating func follow(_ step: Step) throws(H5.Failure) -> H5.Visited? {
    guard let link = step.link else {
      return try visit(.init(handle: start.handle, path: start.path), depth: 0)
    }
    let name = try step.group.name(link.name, "walk")
    try step.group.requireUsableName(name, "walk")
    switch link.kind {
    case .hard:
      let place = try locked { () throws(H5.Failure) in try step.group.resolve(name) }
      return try visit(place, depth: step.depth)
    case .soft:
      softLinks.append((step.group.path(of: name), step.depth))
      return nil
    case .external: throw .externalLink(step.group.subject(of: name))
    case .userDefined: throw .userDefinedLink(step.group.subject(of: name))
    }
  }

  private mutating func visit(
    _ place: H5.Group.Place, depth: Int
  ) throws(H5.Failure) -> H5.Visited? {
    let subject = file.subject(place.path)
    let object = try library("open", subject) { () throws(CallFault) in
      try Calls.object(place.handle)
    }
    guard seen.insert(object.address).inserted else { return nil }
    switch object.kind {
    case .group:
      let group = H5.Group(place.handle, path: place.path, in: file)
      try enter(group, depth: depth)
      return .group(group)
    case .dataset:
      return .dataset(try H5.Dataset(opening: place.handle, path: place.path, in: file))
    case .namedType: return .namedType(path: place.path)
    case .unknown:
      throw .wrongKind(subject, found: object.kind.noun, expected: "group or dataset")
    }
  }

  private mutating func enter(_ group: H5.Group, depth: Int) throws(H5.Failure) {
    let limits = file.limits
    guard depth <= limits.depth else {
      throw .overLimit(
        "walk", group.subject, found: "it lies \(depth) groups deep", limit: "\(limits.depth)")
    }
    let links = try group.links()
    entryCount += links.count
    guard entryCount <= limits.objectCount else {
      throw .overLimit(
        "walk", group.subject, found: "there are more than \(limits.objectCount) entries",
        limit: "\(limits.objectCount)")
    }
    // The last one pushed is the next one followed.
    for link in links.reversed() {
      steps.append(Step(group: group, link: link, depth: depth + 1))
    }
  }

  private func existing(_ path: String) throws(H5.Failure) -> H5.Group.Place? {
    do throws(H5.Failure) {
      return try locked { () throws(H5.Failure) in try start.resolve(path) }
    } catch  where error.code == .objectMissing {
      return nil
    }
  }
}
