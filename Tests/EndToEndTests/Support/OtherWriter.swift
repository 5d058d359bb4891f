import SystemPackage
import TestSupport

/// Another program that holds the lock of a store, as a writer of the same release would.
///
/// It is written in Python from the documented form of the lock file, so that it shares no code
/// with the program.
final class OtherWriter {
  private let process: ChildProcess

  /// The moment since which it says it writes.
  static let since = "2026-01-01T09:54:03Z"

  private static let script = """
    import fcntl, os, sys, time
    path, seconds = sys.argv[1], float(sys.argv[2])
    lock = open(path, "r+b")
    fcntl.flock(lock, fcntl.LOCK_EX)
    fields = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
    record = "\\n".join([
        f"process {os.getpid()}",
        "boot " + open("/proc/sys/kernel/random/boot_id").read().strip(),
        f"start {fields[19]}",
        "space " + os.readlink("/proc/self/ns/pid"),
        "since 1767261243.0",
        "command stage 'something'",
    ]) + "\\n"
    lock.write(record.encode().ljust(512, b"\\n"))
    lock.flush()
    print("locked", flush=True)
    time.sleep(seconds)
    """

  /// Takes the lock of a store and keeps it for some seconds, or until this object goes away.
  init(of store: FilePath, forSeconds seconds: Double = 300) throws {
    process = try ChildProcess(
      "python3", ["-c", Self.script, store.appending("store.lock").string, "\(seconds)"])
    try process.wait(forOutput: "locked")
  }

  /// Its process number.
  var number: Int32 { process.number }

  /// Lets go of the lock.
  func end() throws {
    process.send(.kill)
    _ = try process.waitUntilExit()
  }
}
