/// What was being done when a fault occurred, as it reads after "Could not".
public enum FileAction: String, Hashable, Sendable, CaseIterable {
  /// Making a file, or adding to one.
  case write
  /// Waiting for a file's bytes to reach the disk.
  case sync
  /// Waiting for a directory's names to reach the disk.
  case syncDirectory = "sync the directory"
  /// Giving a file another name.
  case rename
  /// Making a directory.
  case createDirectory = "create the directory"
  /// Removing a name.
  case remove
  /// Setting the mode of a file.
  case setPermissions = "set the mode of"
  /// Reading the names in a directory.
  case list
  /// Asking what stands at a path.
  case examine
  /// Reading from a file.
  case read
  /// Making the bytes of a file visible in memory.
  case map
  /// Taking the lock that a file stands for.
  case lock
  /// Asking how much room is left.
  case measureFreeSpace = "measure the free space at"
}
