internal import Foundation
public import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Another program, started by a test and never left behind.
///
/// Its output goes to files, not to pipes: nobody has to read while it runs, so it can never block
/// on a full pipe, and whoever waits for it cannot wait for ever.
public final class ChildProcess {
  /// How a program ended and what it wrote.
  public struct Result: Sendable {
    /// Its exit status; the signal's number if a signal ended it.
    public let status: Int32
    /// Whether a signal ended it.
    public let wasSignalled: Bool
    /// What it wrote to its standard output.
    public let output: [UInt8]
    /// What it wrote to its standard error.
    public let errorOutput: [UInt8]

    /// Its standard output as text.
    public var outputText: String { String(decoding: output, as: UTF8.self) }
    /// Its standard error as text.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
  }

  /// What can be sent to a running program.
  public enum Signal: Sendable {
    /// Ends it at once; it cannot do anything about it.
    case kill
    /// Stops it until `resume`; it cannot do anything about it.
    case stop
    /// Lets it go on after `stop`.
    case resume
    /// Asks it to end, as Control-C does.
    case interrupt
    /// Asks it to end.
    case terminate

    fileprivate var number: Int32 {
      switch self {
      case .kill: SIGKILL
      case .stop: SIGSTOP
      case .resume: SIGCONT
      case .interrupt: SIGINT
      case .terminate: SIGTERM
      }
    }
  }

  /// The program did not end in time.
  public struct TimeoutError: Error, CustomStringConvertible {
    /// What happened, with what the program had written to its standard error.
    public let description: String
  }

  private let process = Process()
  private let folder: TemporaryDirectory
  private let outputs: [FileHandle]
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: Its name, looked up on the `PATH`, or its path.
  ///   - arguments: What follows its name.
  ///   - environment: Variables that are added to those of this process.
  ///   - workingDirectory: Where it runs; by default where this process does.
  /// - Throws: If there is no such program.
  public init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    workingDirectory: FilePath? = nil
  ) throws {
    folder = try TemporaryDirectory()
    outputs = try ["output", "error"].map { [folder] name in
      let path = folder.appending(name).string
      try Data().write(to: URL(fileURLWithPath: path))
      return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = outputs[0]
    process.standardError = outputs[1]
    if let workingDirectory {
      process.currentDirectoryURL = URL(fileURLWithPath: workingDirectory.string)
    }
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  deinit {
    if process.isRunning {
      send(.kill)
      ended.wait()
    }
  }

  /// The program's process number.
  public var number: Int32 { process.processIdentifier }

  /// Whether it has not ended yet.
  public var isRunning: Bool { process.isRunning }

  /// What it has written to its standard output so far.
  public func outputSoFar() throws -> String {
    String(decoding: try read("output"), as: UTF8.self)
  }

  /// Sends it a signal; does nothing once it has ended.
  public func send(_ signal: Signal) {
    guard process.isRunning else { return }
    // It may end between the two lines; until it is waited for, its number is not used again.
    _ = kill(number, signal.number)
  }

  /// Waits until its standard output contains `text`.
  ///
  /// - Throws: `TimeoutError` if that takes too long or the program ends without it.
  public func wait(forOutput text: String, atMostSeconds seconds: Double = 30) throws {
    let end = ProcessInfo.processInfo.systemUptime + seconds
    while !(try outputSoFar().contains(text)) {
      guard isRunning, ProcessInfo.processInfo.systemUptime < end else {
        // It may have written the text and ended since the line above.
        if try outputSoFar().contains(text) { return }
        throw TimeoutError(
          description: "'\(text)' was not written: "
            + String(decoding: try read("error"), as: UTF8.self))
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  /// Waits until it ends, and collects what it wrote.
  ///
  /// - Throws: `TimeoutError` if that takes too long; the program is then killed.
  public func waitUntilExit(atMostSeconds seconds: Double = 300) throws -> Result {
    guard ended.wait(timeout: .now() + seconds) == .success else {
      send(.kill)
      throw TimeoutError(
        description: "The program did not end in \(seconds) s: "
          + String(decoding: try read("error"), as: UTF8.self))
    }
    ended.signal()
    return Result(
      status: process.terminationStatus,
      wasSignalled: process.terminationReason == .uncaughtSignal, output: try read("output"),
      errorOutput: try read("error"))
  }

  /// Runs a program to its end; see the initialiser.
  public static func run(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    workingDirectory: FilePath? = nil, atMostSeconds seconds: Double = 300
  ) throws -> Result {
    try ChildProcess(
      program, arguments, environment: environment, workingDirectory: workingDirectory
    ).waitUntilExit(atMostSeconds: seconds)
  }

  private func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.appending(name).string)))
  }
}
