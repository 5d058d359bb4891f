import ArgumentParser
import Foundation

/// The command `signalstore`.
public enum SignalTool {
  /// The release; also written into every run.
  public static let release = "0.1.0"

  /// Carries out the command line of this process and ends it.
  public static func run() -> Never {
    // A reader that goes away (`| head`) is met as a failed write, not as a killed process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that grows beyond `ulimit -f`: it gets its sentence instead of a core dump.
    signal(SIGXFSZ, SIG_IGN)
    exit(status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Carries out a command line, printing to the standard streams.
  public static func status(of arguments: [String]) -> ExitStatus {
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      try command.run()
      return .done
    } catch let outcome as CheckFoundSomething {
      _ = outcome
      return .found
    } catch {
      return report(error, arguments: arguments)
    }
  }

  private static func report(_ error: any Error, arguments: [String]) -> ExitStatus {
    let code = RootCommand.exitCode(for: error)
    let isFromParser = error is CleanExit || code == .success || code == .validationFailure
    if isFromParser {
      let text = RootCommand.fullMessage(for: error)
      if code == .success {
        if !text.isEmpty { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
        return .done
      }
      Talk.complain(text)
      return .usage
    }
    Talk.complain(ErrorWords.sentence(for: error))
    if arguments.contains("--verbose") { Talk.complain(String(reflecting: error)) }
    return ErrorWords.status(of: error)
  }
}

/// Ends a command that did its work and found something: exit status 1, nothing more to say.
struct CheckFoundSomething: Error {}
