import SystemPackage
import TestSupport
import Testing

/// A workspace with simulated logs on the way to a run: what many tests begin with.
enum SimulatedStore {
  /// Channels of which some tell locomotion, few enough for quick trainings.
  static let channels = "Accelerometer RKN^*,Accelerometer HIP*,*BACK acc*,*SHOE Body_A*"

  /// Ingests 3 simulated people with one log of a minute each as 'daily@1'.
  static func ingested() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.done(
      "simulate", "opportunity", "logs", "--subjects", "3", "--runs", "1", "--minutes", "1",
      "--seed", "1", "--quiet")
    try workspace.done("ingest", "opportunity", "logs", "--as", "daily", "--quiet")
    return workspace
  }

  /// The same with the view 'windows' and the split 'people' (1 person for each part).
  static func split() throws -> Workspace {
    let workspace = try ingested()
    try workspace.done(
      "view", "windows", "--on", "daily@1", "--window", "30", "--stride", "15", "--channels",
      channels, "--labels", "Locomotion", "--quiet")
    try workspace.done(
      "split", "people", "--view", "windows", "--by", "subject", "--validation", "S2", "--test",
      "S3", "--quiet")
    return workspace
  }

  /// The same with a run of one epoch.
  static func trained() throws -> Workspace {
    let workspace = try split()
    try workspace.done(
      "train", "classifier", "--split", "people", "--set", "epochs=1", "--seed", "1", "--quiet")
    return workspace
  }

  /// A store with the made-up log of 40 lines as 'sample@1'; quicker than all others.
  static func sample() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.copy(
      RealData.packageRoot.appending("data/opportunity/sample/S9-ADL1.dat"),
      to: "sample/S9-ADL1.dat")
    try workspace.done("ingest", "opportunity", "sample", "--as", "sample", "--quiet")
    return workspace
  }
}
