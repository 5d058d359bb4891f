/// How a command ends, in the numbers of sysexits.h; the table is in schemas/exit-codes.md.
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// Everything that was asked for was done.
  case done = 0
  /// A check found something.
  case found = 1
  /// The command line makes no sense.
  case usage = 64
  /// The data is not as it should be.
  case badData = 65
  /// Something that was named is not there.
  case noInput = 66
  /// Something outside the program is not available.
  case unavailable = 69
  /// A mistake of ours.
  case bug = 70
  /// A file cannot be made.
  case cannotCreate = 73
  /// The disk failed or is full.
  case inputOutput = 74
  /// Someone else is writing; try again.
  case locked = 75
  /// The operating system forbids it.
  case permission = 77
  /// The configuration, or a store of a newer release.
  case configuration = 78
  /// Stopped by the user (Ctrl-C), as shells report it.
  case interrupted = 130
}
