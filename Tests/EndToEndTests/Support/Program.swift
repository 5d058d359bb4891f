import Foundation
import SystemPackage
import TestSupport

/// The program `signalstore` as it was built beside these tests.
enum Program {
  /// The tests were built without the program.
  struct MissingError: Error, CustomStringConvertible {
    let description: String
  }

  /// Where it is: SwiftPM puts all products into one folder, that of this test executable.
  static func path() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = FilePath(tests).removingLastComponent().appending("signalstore").string
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw MissingError(
        description: "There is no program at '\(path)': the test target must depend on the "
          + "executable target 'signalstore'.")
    }
    return path
  }
}
