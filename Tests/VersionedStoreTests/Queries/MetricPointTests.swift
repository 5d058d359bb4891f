import Foundation
import GRDB
import Testing
import VersionedStore

@Suite("Points of a metric are read from their blocks")
struct MetricPointTests {
  @Test("the value at a step, the last one of equal steps")
  func values() throws {
    let points = CatalogFixture.blob([(-4, 0.5), (2, -1.25), (7, .infinity), (7, 3)][...])
    #expect(try MetricPointFunction.value(in: points, atStep: -4) == 0.5)
    #expect(try MetricPointFunction.value(in: points, atStep: 2) == -1.25)
    #expect(try MetricPointFunction.value(in: points, atStep: 7) == 3)
    #expect(try MetricPointFunction.value(in: points, atStep: 3) == nil)
    #expect(try MetricPointFunction.value(in: Data(), atStep: 3) == nil)
  }

  private static let sentence = """
    Could not read the points of a metric: the block has 17 bytes, a multiple of 16 is expected. \
    Run 'signalstore verify'.
    """

  @Test("a damaged block is an error, alone and in a query")
  func damaged() throws {
    let error = #expect(throws: QueryError.self) {
      try MetricPointFunction.value(in: Data(count: 17), atStep: 0)
    }
    #expect(error?.message == Self.sentence)
    #expect(error?.code == .damaged)
    let query = try RunQuery("metric.test_f1@5 > 0")
    try SmallCatalog.make().write { (database) throws in
      #expect(try query.run(in: database).rows.count == 6)
      try database.execute(sql: "UPDATE metricPoints SET points = zeroblob(17) WHERE runID = 2")
      let failure = #expect(throws: DatabaseError.self) { try query.run(in: database) }
      #expect(failure?.message == Self.sentence)
    }
  }

  @Test("the function can be added while a statement runs")
  func addedTwice() throws {
    let query = try RunQuery("metric.test_f1@5 > 0", columns: "run")
    try SmallCatalog.make().read { (database) throws in
      let cursor = try Row.fetchCursor(database, sql: "SELECT id FROM run")
      var count = 0
      while try cursor.next() != nil { count += try query.run(in: database).rows.count }
      #expect(count == 8 * 6)
    }
  }
}
