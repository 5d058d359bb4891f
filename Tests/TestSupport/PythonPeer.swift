/// Python as another implementation to compare with, where it is installed.
///
/// A test that needs it says so: `@Test(.enabled(if: PythonPeer.has("h5py"), "needs h5py"))`.
public enum PythonPeer {
  /// A script ended with another status than 0.
  public struct ScriptError: Error, CustomStringConvertible {
    /// The status, and what the script wrote to its standard error.
    public let description: String
  }

  /// Whether `python3` is on the path and finds every one of these modules.
  public static func has(_ modules: String...) -> Bool {
    let script = """
      import importlib.util, sys
      sys.exit(0 if all(importlib.util.find_spec(name) for name in sys.argv[1:]) else 1)
      """
    do {
      return try ChildProcess.run("python3", ["-c", script] + modules, atMostSeconds: 60).status
        == 0
    } catch {
      // No python3 at all, which is one of the two answers.
      return false
    }
  }

  /// Runs a script given as text and returns its standard output.
  ///
  /// - Throws: `ScriptError` if it ends with another status than 0, `ChildProcess.TimeoutError` if
  ///   it does not end.
  public static func run(
    script: String, arguments: [String] = [], atMostSeconds seconds: Double = 300
  ) throws -> String {
    let result = try ChildProcess.run(
      "python3", ["-c", script] + arguments, atMostSeconds: seconds)
    guard result.status == 0, !result.wasSignalled else {
      throw ScriptError(
        description: "The script ended with status \(result.status): \(result.errorText)")
    }
    return result.outputText
  }
}
