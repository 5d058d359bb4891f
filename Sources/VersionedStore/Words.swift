import Foundation

/// Quantities as people read them.
enum Words {
  static func seconds(_ seconds: Double) -> String {
    seconds >= 100
      ? String(format: "%.0f s", seconds) : String(format: "%.1f s", seconds)
  }

  static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
