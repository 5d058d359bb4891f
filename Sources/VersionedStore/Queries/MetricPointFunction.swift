package import Foundation
package import GRDB

/// The SQL function `metricPoint(points, step)`: the value that a block of metric points holds.
///
/// A block is a row of (step, value) pairs, Int64 and Float64, little-endian, as the catalogue's
/// table `metricPoints` documents. Of pairs with the same step the last one counts. SQLite cannot
/// read floating-point numbers out of a blob, so this is a function of ours.
package enum MetricPointFunction {
  /// The name of the function in SQL.
  package static let name = "metricPoint"

  /// Adds the function to a connection that does not have it yet.
  ///
  /// Adding it again would replace it, which SQLite refuses while a statement runs.
  package static func add(to database: Database) throws {
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM pragma_function_list WHERE name = lower(?))",
      arguments: [name])
    guard isThere == false else { return }
    database.add(
      function: DatabaseFunction(name, argumentCount: 2, pure: true) { arguments in
        guard let points = Data.fromDatabaseValue(arguments[0]),
          let step = Int64.fromDatabaseValue(arguments[1])
        else { return nil }
        return try value(in: points, atStep: step)
      })
  }

  /// The value at a step, or nil when the block has no such step.
  package static func value(in points: Data, atStep step: Int64) throws(QueryError) -> Double? {
    guard points.count % 16 == 0 else { throw .damagedPoints(sizeInBytes: points.count) }
    return points.withUnsafeBytes { bytes in
      var place = bytes.count - 16
      while place >= 0 {
        let recorded = Int64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
        if recorded == step {
          let bits = bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)
          return Double(bitPattern: UInt64(littleEndian: bits))
        }
        place -= 16
      }
      return nil
    }
  }
}
