/// What a disk or a machine can do to one call.
public enum InjectedFault: Hashable, Sendable, CaseIterable {
  /// No space is left; nothing was done.
  case fullDisk
  /// No space is left, noticed in the middle: a write leaves the first half of its bytes.
  case cutWrite
  /// The device failed; nothing was done.
  case inputOutput
  /// The device failed after the work was done, as when only the answer is lost.
  case inputOutputAfterwards
  /// No file descriptor is left; nothing was done.
  case tooManyOpenFiles
  /// The process ends before the call: neither it nor any later call does anything.
  case crash
  /// The process ends in the middle of the call: a write leaves the first half of its bytes,
  /// any other call is done, and no later call does anything.
  case crashInTheMiddle

  /// Whether the process is gone, so that nothing can be cleaned up.
  public var endsTheProcess: Bool { self == .crash || self == .crashInTheMiddle }
}
