extension H5 {
  /// One line of libhdf5's own account of a failure.
  public struct Frame: Hashable, Sendable, CustomStringConvertible {
    /// The C function that reports.
    public let function: String
    /// What it says, with file names and numbers.
    public let reason: String
    /// The part of the library, for example "Dataset".
    public let major: String
    /// The kind of failure, for example "Read failed".
    public let minor: String

    /// The frame on one line.
    public var description: String { "\(function): \(reason) (\(major), \(minor))" }
  }

  /// The error stack of libhdf5 as it was when a call failed, innermost frame first.
  ///
  /// It is the `cause` of every ``H5/Failure`` that comes from a failed call. For a missing file only
  /// the innermost frame carries the path and the system's reason, so all frames are kept.
  public struct ErrorStack: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function that we called and that failed.
    public let function: String
    /// The frames, innermost first.
    public let frames: [Frame]

    /// The stack as lines, innermost first.
    public var description: String {
      ([function + " failed"] + frames.map { "  " + $0.description }).joined(separator: "\n")
    }
  }
}

/// A failed call, before it is known what was being done to which object.
struct CallFault: Error {
  /// What kinds of failure we tell apart.
  enum Kind: Equatable {
    case truncated
    case notHDF5
    case markedOpenForWriting
    case lockRefused(errorNumber: Int?)
    case checksum
    case chunkMissing
    case other
  }

  let stack: H5.ErrorStack
  let kind: Kind

  init(function: String, frames: [H5.Frame], minors: [ObjectID]) {
    stack = H5.ErrorStack(function: function, frames: frames)
    kind = Self.kind(of: frames, minors: minors)
  }

  /// The most telling sentence: the innermost one.
  var reason: String { stack.frames.first?.reason ?? "\(stack.function) failed without a reason" }

  // Where libhdf5 has no error number of its own for a situation, its wording is all there is. The
  // tests hold files of each situation, so a change of wording shows.
  private static func kind(of frames: [H5.Frame], minors: [ObjectID]) -> Kind {
    for frame in frames {
      if frame.reason.contains("already open for write") { return .markedOpenForWriting }
      if frame.reason.contains("unable to lock file") {
        return .lockRefused(errorNumber: errorNumber(in: frame.reason))
      }
      if frame.reason.contains("Fletcher32") { return .checksum }
      if frame.reason.contains("chunk storage is not allocated") { return .chunkMissing }
    }
    if minors.contains(Calls.truncatedMinor) { return .truncated }
    if minors.contains(Calls.notHDF5Minor) { return .notHDF5 }
    return .other
  }

  private static func errorNumber(in reason: String) -> Int? {
    guard let label = reason.firstRange(of: "errno = ") else { return nil }
    return Int(reason[label.upperBound...].prefix { $0.isNumber })
  }
}
