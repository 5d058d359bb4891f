import Foundation
import VersionedStore

/// Numbers as tables show them.
enum Quantity {
  /// A number with up to four significant places after the point.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
    let size = abs(value)
    if size >= 1e6 || size < 1e-4 { return String(format: "%.4g", value) }
    return size >= 1000 ? String(format: "%.1f", value) : String(format: "%.4f", value)
  }

  /// A share as a percentage.
  static func percent(_ share: Double) -> String {
    share == 0 ? "0 %" : String(format: "%.2f %%", 100 * share)
  }

  /// A number of bytes in powers of 1024.
  static func bytes(_ count: Int) -> String {
    var size = Double(count)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if size < 1024 {
        return unit == "B" ? "\(count) B" : String(format: "%.1f \(unit)", size)
      }
      size /= 1024
    }
    return String(format: "%.1f TiB", size)
  }

  /// A duration.
  static func seconds(_ seconds: Double) -> String {
    if seconds < 60 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? String(format: "%d min %02d s", whole / 60, whole % 60)
      : String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
  }

  /// A value of a query.
  static func value(_ value: QueryValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .real(let number):
      number
        .isFinite ? Self.number(number) : "-"
    case .null: "-"
    }
  }
}
