import Durability
import SystemPackage
import TestSupport
import Testing

/// Expects `body` to throw a fault with this code, and returns the fault.
@discardableResult
func expectFault(
  _ code: FileFault.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(FileFault) -> Void
) -> FileFault? {
  do throws(FileFault) {
    try body()
    Issue.record("nothing was thrown, \(code) is expected", sourceLocation: sourceLocation)
    return nil
  } catch {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    return error
  }
}

/// Makes a named pipe, with which nobody will ever be connected.
func makeFIFO(_ path: FilePath) throws {
  let result = try ChildProcess.run("mkfifo", [path.string])
  try #require(result.status == 0, "\(result.errorText)")
}

/// Makes a symbolic link.
func makeLink(_ path: FilePath, to target: String) throws {
  let result = try ChildProcess.run("ln", ["-s", target, path.string])
  try #require(result.status == 0, "\(result.errorText)")
}
