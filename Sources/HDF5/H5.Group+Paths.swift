extension H5.Group {
  /// An object that was found, and where.
  struct Place {
    let handle: Handle
    let path: String
  }

  /// Follows a path name by name.
  ///
  /// libhdf5 could follow it in one call, but it would follow whatever link it meets. Here each link is
  /// looked at first: only those that stay in the file are followed, and soft links only so many times.
  func resolve(_ path: String) throws(H5.Failure) -> Place {
    guard path.utf8.count <= file.limits.nameInBytes else {
      throw .overLimit(
        "open", subject, found: "a path has \(path.utf8.count) bytes",
        limit: "\(file.limits.nameInBytes) bytes")
    }
    var place = Self.isFromRoot(path) ? try root() : Place(handle: handle, path: self.path)
    var names = Self.names(in: path)
    var softLinksLeft = file.limits.softLinkCount
    while let name = names.popLast() {
      let next = place.path == "/" ? "/" + name : place.path + "/" + name
      let link = try link(name, in: place, next)
      switch link.kind {
      case .hard:
        let handle = try library("open", file.subject(next)) { () throws(CallFault) in
          try Calls.openObject(name, in: place.handle)
        }
        place = Place(handle: handle, path: next)
      case .soft:
        softLinksLeft -= 1
        guard softLinksLeft >= 0 else {
          let asked = Self.isFromRoot(path) ? path : self.path(of: path)
          throw .softLinkLoop(file.subject(asked), limit: file.limits.softLinkCount)
        }
        let target = try target(of: link, name, in: place.handle, next)
        names += Self.names(in: target)
        if Self.isFromRoot(target) { place = try root() }
      case .external: throw .externalLink(file.subject(next))
      case .userDefined: throw .userDefinedLink(file.subject(next))
      }
    }
    return place
  }

  private func root() throws(H5.Failure) -> Place {
    let handle = try library("open", file.subject("/")) { () throws(CallFault) in
      try Calls.openObject("/", in: file.handle)
    }
    return Place(handle: handle, path: "/")
  }

  // Byte by byte: to Swift, a '/' with a combining mark behind it would be another character, but
  // libhdf5 sees the '/'.
  private static let separator = UInt8(ascii: "/")

  private static func isFromRoot(_ path: String) -> Bool { path.utf8.first == separator }

  /// The names of a path, the last one first. "." stands for the group itself, as in libhdf5; ".."
  /// is a name like any other.
  private static func names(in path: String) -> [String] {
    path.utf8.split(separator: separator).map { String(Substring($0)) }.filter { $0 != "." }
      .reversed()
  }

  private func link(
    _ name: String, in place: Place, _ path: String
  ) throws(H5.Failure) -> Calls.Link {
    let subject = file.subject(path)
    guard !name.utf8.contains(0) else {
      throw .badName("open", subject, found: "contains a zero byte")
    }
    let found = try library("open", subject) { () throws(CallFault) -> Calls.Link? in
      // Only a group has links; to ask another object for them would be an error of the library.
      guard try Calls.object(place.handle).kind == .group,
        try Calls.hasLink(name, in: place.handle)
      else { return nil }
      return try Calls.link(name, in: place.handle)
    }
    guard let found else { throw .objectMissing(subject) }
    return found
  }

  func target(
    of link: Calls.Link, _ name: String, in group: Handle, _ path: String
  ) throws(H5.Failure) -> String {
    let limit = file.limits.nameInBytes
    guard link.valueInBytes <= limit else {
      throw .overLimit(
        "open", file.subject(path), found: "a soft link has \(link.valueInBytes) bytes",
        limit: "\(limit) bytes")
    }
    let value = try library("open", file.subject(path)) { () throws(CallFault) in
      try Calls.linkValue(name, in: group, sizeInBytes: link.valueInBytes)
    }
    guard let target = String(validating: value.prefix { $0 != 0 }, as: UTF8.self) else {
      throw .badName("open", file.subject(path), found: "its soft link gives is not UTF-8")
    }
    return target
  }
}
