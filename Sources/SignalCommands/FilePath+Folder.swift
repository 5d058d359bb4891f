import SystemPackage

extension FilePath {
  /// The folder that the path lies in; "." for a name alone.
  var parentFolder: FilePath {
    let parent = removingLastComponent()
    return parent.isEmpty ? "." : parent
  }
}
