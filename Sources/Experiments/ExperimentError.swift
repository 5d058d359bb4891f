import VersionedStore

/// Why a training or an evaluation was not begun or not ended.
public struct ExperimentError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public enum Code: String, Hashable, Sendable {
    /// A setting does not exist or does not have such a value.
    case badSetting
    /// The data does not fit the study.
    case unsuitableData
    /// The training ran into numbers that are no numbers.
    case diverged
    /// It was stopped from outside.
    case interrupted
    /// A model cannot be read back.
    case badModel
  }

  /// What kind of failure it was.
  public let code: Code
  /// What it happened to.
  public let subject: String
  /// One complete sentence, and what to do.
  public let message: String

  /// The message.
  public var description: String { message }

  static func unknownSetting(_ name: String, study: String, known: [String]) -> ExperimentError {
    let near = NearWord.of(name, in: known).map { " Did you mean '\($0)'?" } ?? ""
    return ExperimentError(
      code: .badSetting, subject: name,
      message: "Could not set '\(name)': the study '\(study)' has no such setting.\(near) It has: "
        + "\(known.joined(separator: ", ")).")
  }

  static func settingForm(_ text: String) -> ExperimentError {
    ExperimentError(
      code: .badSetting, subject: text,
      message: "Could not read the setting '\(text)': expected NAME=VALUE, such as "
        + "`--set learning_rate=0.001`.")
  }

  static func settingValue(_ name: String, value: String, expected: String) -> ExperimentError {
    ExperimentError(
      code: .badSetting, subject: name,
      message: "Could not set '\(name)' to '\(value)': \(expected). Give another value.")
  }

  /// A setting whose value makes no sense for the study.
  public static func setting(_ name: String, _ message: String) -> ExperimentError {
    ExperimentError(
      code: .badSetting, subject: name, message: "Could not use the setting '\(name)': \(message)")
  }

  /// Data that the study cannot be trained or evaluated on.
  public static func unsuitable(_ subject: String, _ message: String) -> ExperimentError {
    ExperimentError(code: .unsuitableData, subject: subject, message: message)
  }

  /// A loss that is not finite.
  public static func diverged(epoch: Int, loss: Double) -> ExperimentError {
    ExperimentError(
      code: .diverged, subject: "epoch \(epoch)",
      message:
        "Could not go on training: the loss of epoch \(epoch) is \(loss). Lower the learning "
        + "rate (`--set learning_rate=…`), or look for values that are not finite in the view.")
  }

  /// A network whose weights are not finite, whatever its loss says.
  public static func lostWeights(epoch: Int) -> ExperimentError {
    ExperimentError(
      code: .diverged, subject: "epoch \(epoch)",
      message:
        "Could not go on training: in epoch \(epoch) weights of the network left the numbers. Lower "
        + "the learning rate (`--set learning_rate=…`), or scale the readings (`--set "
        + "scaling=standard`).")
  }

  /// A training that was asked to stop.
  public static func interrupted(run: Int, epoch: Int) -> ExperimentError {
    ExperimentError(
      code: .interrupted, subject: "run \(run)",
      message: "Stopped run \(run) after epoch \(epoch), as asked; its checkpoint is kept. Go on "
        + "with `--resume \(run)`.")
  }

  /// Model bytes that do not describe a model of the study.
  public static func model(_ subject: String, _ message: String) -> ExperimentError {
    ExperimentError(
      code: .badModel, subject: subject,
      message: "Could not read the model of \(subject): \(message)")
  }
}
