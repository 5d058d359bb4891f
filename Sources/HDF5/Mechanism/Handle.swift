/// An open identifier of libhdf5, closed when the last reference goes.
///
/// It exists only for an identifier that was really opened, so a failed open never closes anything.
final class Handle {
  enum Kind {
    case file, object, space, type, properties, attribute
  }

  let id: ObjectID
  private let kind: Kind
  private var isOpen = true

  init(owning id: ObjectID, _ kind: Kind) {
    self.id = id
    self.kind = kind
  }

  /// Closes now, so that a failure of the close can be reported.
  func close() throws(CallFault) {
    guard isOpen else { return }
    isOpen = false
    try Calls.close(id, kind)
  }

  deinit {
    guard isOpen else { return }
    // Nothing can be thrown from here. What was only read loses nothing by a failed close, and an
    // image is closed by `close()`, where a failure counts.
    LibraryLock.shared.withLock { Calls.closeIgnoringFailure(id, kind) }
  }
}
