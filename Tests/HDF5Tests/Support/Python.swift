import Foundation
import Testing

/// Runs Python programs, for comparison with h5py.
enum Python {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static let missing: Comment = "python3 with h5py is needed"

  /// Whether there is a python3 that has h5py.
  static let hasH5py: Bool = {
    do {
      _ = try run(["-c", "import h5py"])
      return true
    } catch {
      return false
    }
  }()

  /// Runs python3 with arguments and returns what it printed.
  static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let folder = try TemporaryFolder()
    // Complaints go to a file: two pipes read one after the other could each wait for the other.
    let complaints = folder.file("stderr")
    try Data().write(to: complaints)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(contentsOf: complaints, encoding: .utf8))
    }
    return printed
  }

  static func runTool(_ name: String, _ arguments: [String]) throws -> Data {
    try run([Repository.file("tools/golden/\(name)").path] + arguments)
  }
}

/// What make_hdf5_listing.py tells about an object.
struct ListedValue: Decodable {
  let type: String?
  let shape: [Int]?
  let crc32: UInt32?
  let sum: Double?
  let strings: [String]?
}

struct ListedObject: Decodable {
  let kind: String
  let shape: [Int]?
  let type: String?
  let crc32: UInt32?
  let sum: Double?
  let strings: [String]?
  let members: [String: ListedValue]?
  let attributes: [String: ListedValue]

  var value: ListedValue {
    ListedValue(type: type, shape: shape, crc32: crc32, sum: sum, strings: strings)
  }

  /// What h5py finds in files.
  static func listing(of files: [URL]) throws -> [String: [String: ListedObject]] {
    let printed = try Python.runTool("make_hdf5_listing.py", files.map(\.path))
    return try JSONDecoder().decode([String: [String: ListedObject]].self, from: printed)
  }
}
