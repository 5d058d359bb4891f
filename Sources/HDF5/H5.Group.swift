extension H5 {
  /// A named collection of groups and datasets.
  public final class Group: Object {
    /// An entry of a group.
    public struct Child: Hashable, Sendable {
      /// What the entry is.
      public enum Kind: Hashable, Sendable {
        case group, dataset, namedType
        /// A name for a path in the same file, which may not exist.
        case softLink(to: String)
        /// A name for an object of another file; never followed.
        case externalLink
        /// A link that only its maker can follow; never followed.
        case userDefinedLink
        case unknown
      }

      /// The name within the group.
      public let name: String
      /// What the entry is.
      public let kind: Kind
    }

    /// The entries, ordered by the bytes of their names.
    ///
    /// - Throws: `.overLimit` beyond `objectCount` entries or for a long name, `.name` for a name that
    ///   is not UTF-8 or contains '/'.
    public func children() throws(H5.Failure) -> [Child] {
      try locked { () throws(H5.Failure) in
        var children: [Child] = []
        for link in try links() {
          let name = try name(link.name, "list")
          try requireUsableName(name, "list")
          children.append(Child(name: name, kind: try kind(of: link, name)))
        }
        return children
      }
    }

    /// Whether the group has an entry of that name.
    public func hasChild(_ name: String) throws(H5.Failure) -> Bool {
      try requireUsableName(name, "look up")
      return try library("look up", subject(of: name)) { () throws(CallFault) in
        try Calls.hasLink(name, in: handle)
      }
    }

    /// The group at a path, from here on or, with a leading '/', from the root on.
    ///
    /// - Throws: `.objectMissing`, `.wrongKind`, or a refusal of a link out of the file.
    public func group(_ path: String) throws(H5.Failure) -> Group {
      try locked { () throws(H5.Failure) in
        let place = try resolve(path)
        try requireKind(.group, place)
        return Group(place.handle, path: place.path, in: file)
      }
    }

    /// The dataset at a path, from here on or, with a leading '/', from the root on.
    ///
    /// - Parameters:
    ///   - path: Names separated by '/'.
    ///   - chunkCacheInBytes: How much of the chunks that were read last is kept unpacked, as long as
    ///     the dataset is open; nil for libhdf5's 1 MiB. A cache smaller than one chunk keeps nothing.
    /// - Throws: `.objectMissing`, `.wrongKind`, or a refusal (links out of the file, storage outside
    ///   it, virtual datasets, filters, limits).
    public func dataset(
      _ path: String, chunkCacheInBytes: Int? = nil
    ) throws(H5.Failure) -> Dataset {
      try locked { () throws(H5.Failure) in
        let place = try resolve(path)
        try requireKind(.dataset, place)
        var opened = place.handle
        if let chunkCacheInBytes {
          opened = try library("open", file.subject(path)) { () throws(CallFault) in
            let access = try Calls.datasetAccess()
            // Slots: a prime well above ten times the chunks that fit at 64 KiB each.
            try Calls.setChunkCache(access, slots: 12_289, bytes: max(chunkCacheInBytes, 0))
            return try Calls.openDataset(".", in: place.handle, access: access)
          }
        }
        return try Dataset(opening: opened, path: place.path, in: file)
      }
    }

    // MARK: Links

    func links() throws(H5.Failure) -> [Calls.Link] {
      let limit = file.limits.objectCount
      let (links, areAll) = try library("list", subject) { () throws(CallFault) in
        try Calls.links(of: handle, atMost: limit)
      }
      guard areAll else {
        throw .overLimit(
          "list", subject, found: "it has more than \(limit) entries", limit: "\(limit)")
      }
      return links
    }

    private func kind(of link: Calls.Link, _ name: String) throws(H5.Failure) -> Child.Kind {
      switch link.kind {
      case .hard:
        let object = try library("list", subject(of: name)) { () throws(CallFault) in
          try Calls.object(name, in: handle)
        }
        switch object.kind {
        case .group: return .group
        case .dataset: return .dataset
        case .namedType: return .namedType
        case .unknown: return .unknown
        }
      case .soft: return .softLink(to: try target(of: link, name, in: handle, path))
      case .external: return .externalLink
      case .userDefined: return .userDefinedLink
      }
    }

    private func requireKind(_ expected: ObjectKind, _ place: Place) throws(H5.Failure) {
      let found = try library("open", file.subject(place.path)) { () throws(CallFault) in
        try Calls.object(place.handle).kind
      }
      guard found == expected else {
        throw .wrongKind(
          file.subject(place.path), found: found.noun, expected: expected.noun)
      }
    }
  }

  /// What a link says about the way to its object.
  enum LinkKind {
    case hard, soft, external, userDefined
  }
}
