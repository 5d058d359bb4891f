/// A text of a mapping in which names between braces stand for what a source says.
struct MappingText {
  /// What can be said about the source of a recording.
  struct Context {
    /// The name of the file below the given folder.
    let fileName: String
    /// The path of the HDF5 group; nothing in CSV files.
    var groupPath: String?
    /// What each `*` of the path of the signals stood for.
    var wildcards: [String] = []
  }

  /// Fills in a text.
  /// - Parameters:
  ///   - text: The text of the mapping.
  ///   - key: The key that it stands under, for errors.
  ///   - context: What is known about the source.
  ///   - attribute: Looks an attribute up.
  /// - Throws: `.badMapping` for a brace that is not closed, an unknown name, something missing.
  static func filled(
    _ text: String, key: String, _ context: Context,
    attribute: (String) throws(ImportError) -> String?
  ) throws(ImportError) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw .mapping(
          context.fileName, found: "\(key.quoted()) holds \(text.quoted()) without a '}'",
          expected: "one after each '{' is")
      }
      let name = String(rest[rest.index(after: open)..<close])
      guard let value = try value(of: name, context, attribute) else {
        throw .mapping(
          context.fileName, found: "\(key.quoted()) asks for {\(name)}, which is not there",
          expected: "{file}, {folder}, {group}, {*} or {@attribute} with a value is")
      }
      result += value
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private static func value(
    of name: String, _ context: Context,
    _ attribute: (String) throws(ImportError) -> String?
  ) throws(ImportError) -> String? {
    let parts = context.fileName.split(separator: "/")
    switch name {
    case "file": return parts.last.map { MappedReader.baseName(of: String($0)) }
    case "folder": return parts.count > 1 ? String(parts[parts.count - 2]) : nil
    case "group": return context.groupPath
    case "*": return context.wildcards.first
    default: return name.hasPrefix("@") ? try attribute(String(name.dropFirst())) : nil
    }
  }
}
