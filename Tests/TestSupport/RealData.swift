internal import Foundation
public import SystemPackage

/// Real recordings that are too large to be part of the package.
///
/// A test that needs them says so:
/// `@Test(.enabled(if: RealData.folder != nil, "needs the real data"))`.
public enum RealData {
  /// The folder they are in: what the variable `SIGNALSTORE_REALDATA` names, or else
  /// `shared/realdata` beside the package; `nil` if there is none.
  public static var folder: FilePath? {
    let named = ProcessInfo.processInfo.environment["SIGNALSTORE_REALDATA"].map { FilePath($0) }
    let beside = packageRoot.removingLastComponent().appending("shared").appending("realdata")
    let folder = named ?? beside
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder.string, isDirectory: &isDirectory)
    return exists && isDirectory.boolValue ? folder : nil
  }

  /// The folder of `Package.swift`, links resolved.
  public static var packageRoot: FilePath {
    // This file is <root>/Tests/TestSupport/RealData.swift.
    let path = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().path
    return FilePath(path).removingLastComponent().removingLastComponent().removingLastComponent()
  }
}
