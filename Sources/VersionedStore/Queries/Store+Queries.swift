import GRDB

extension Store {
  /// The runs for which a query holds.
  /// - Throws: `QueryError`, or `StoreError` if the catalogue cannot be read.
  public func runs(_ query: RunQuery) throws -> QueryResult {
    try catalog.ask { try query.run(in: $0) }
  }

  /// How many runs there are for which a query holds, whatever its limit.
  public func count(_ query: RunQuery) throws -> Int {
    try catalog.ask { try query.count(in: $0) }
  }

  /// Answers read-only SQL on the documented views.
  /// - Throws: `QueryError` for what is not permitted, too slow or no SQL.
  public func query(sql: String, timeLimitInSeconds: Double) throws -> QueryResult {
    try catalog.ask {
      try SQLQuery.run(sql, in: $0, timeLimitInSeconds: timeLimitInSeconds)
    }
  }
}

extension Catalog {
  /// Reads one consistent state for a question whose own errors pass unchanged.
  fileprivate func ask<Answer>(_ body: (Database) throws -> Answer) throws -> Answer {
    var refusal: QueryError?
    do {
      return try read("answer the query") { database in
        do {
          return try body(database)
        } catch let error as QueryError {
          refusal = error
          throw error
        }
      }
    } catch {
      throw refusal ?? error
    }
  }
}
