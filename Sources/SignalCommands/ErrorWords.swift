import ArgumentParser
import Durability
import Experiments
import Importers
import VersionedStore

/// Turns every error that a command can meet into words and an exit status.
enum ErrorWords {
  /// The status with which a command ends that met `error`.
  static func status(of error: any Error) -> ExitStatus {
    switch error {
    case let error as StoreError: status(of: error)
    case let error as ImportError: status(of: error)
    case let error as ExperimentError: status(of: error)
    case let error as QueryError: error.code == .damaged ? .badData : .usage
    case let error as CommandError: error.status
    case let fault as FileFault: status(of: fault)
    default: .bug
    }
  }

  /// The sentence for people.
  static func sentence(for error: any Error) -> String {
    switch error {
    case let error as StoreError: error.message
    case let error as ImportError: error.message
    case let error as ExperimentError: error.message
    case let error as QueryError: error.description
    case let error as CommandError: error.message
    case let fault as FileFault: fault.message
    default: "Something went wrong that should not: \(error). Please report it."
    }
  }

  private static func status(of error: StoreError) -> ExitStatus {
    switch error.code {
    case .notFound, .notAStore: .noInput
    case .alreadyExists: .cannotCreate
    case .contract, .leak, .damaged: .badData
    case .conflict, .locked: .locked
    case .newerFormat: .configuration
    case .noSpace, .storage, .catalogue: .inputOutput
    case .permission: .permission
    case .badReference, .badRequest: .usage
    default: .bug
    }
  }

  private static func status(of error: ExperimentError) -> ExitStatus {
    switch error.code {
    case .badSetting: .usage
    case .unsuitableData, .diverged, .badModel: .badData
    case .interrupted: .interrupted
    }
  }

  private static func status(of fault: FileFault) -> ExitStatus {
    switch fault.code {
    case .notFound: .noInput
    case .alreadyExists: .cannotCreate
    case .permission, .readOnly: .permission
    default: .inputOutput
    }
  }

  private static func status(of error: ImportError) -> ExitStatus {
    switch error.code {
    case .notFound, .noSource: .noInput
    case .badSettings: .usage
    case .permission: .permission
    case .inputOutput: .inputOutput
    default: .badData
    }
  }
}

/// A command line that is well formed but cannot be carried out.
struct CommandError: Error, Sendable {
  let status: ExitStatus
  let message: String

  static func usage(_ message: String) -> CommandError {
    CommandError(status: .usage, message: message)
  }

  static func cannotWrite(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      status: .cannotCreate,
      message: "Could not write '\(path)': \(reason). Choose another path, or remove what is there."
    )
  }

  static func noFolder(for path: String) -> CommandError {
    CommandError(
      status: .cannotCreate,
      message: "Could not write '\(path)': its folder does not exist. Make the folder, or choose "
        + "another path.")
  }
}
