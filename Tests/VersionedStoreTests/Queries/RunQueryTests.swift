import GRDB
import Testing
import VersionedStore

@Suite("A query finds the runs that it describes")
struct RunQueryTests {
  static func runs(_ text: String, sort: String? = "run:asc", limit: Int? = nil) throws -> [Int64] {
    let query = try RunQuery(text, columns: "run", sort: sort, limit: limit)
    return try SmallCatalog.shared().read { database in
      let answer = try query.run(in: database)
      let count = try query.count(in: database)
      #expect(limit != nil || count == answer.rows.count)
      return answer.rows.compactMap { row in
        if case .integer(let run)? = row.first { run } else { nil }
      }
    }
  }

  @Test(
    "by every kind of field",
    arguments: [
      ("", [1, 2, 3, 4, 5, 6, 7, 8]),
      ("  \n\t ", [1, 2, 3, 4, 5, 6, 7, 8]),
      ("run = 3", [3]), ("run in (1, 3, 99)", [1, 3]), ("run > 2.5 and run <= 4", [3, 4]),
      ("dataset = hapt", [1, 2, 3, 4]), ("DataSet = \"hapt\"", [1, 2, 3, 4]),
      ("dataset != hapt", [5, 6, 7, 8]), ("dataset ~ PORT", [5, 6, 7, 8]),
      ("dataset in (hapt, 'opportunity')", [1, 2, 3, 4, 5, 6, 7, 8]),
      ("dataset = hapt@2", [2, 3]), ("dataset != hapt@2", [1, 4, 5, 6, 7, 8]),
      ("dataset = hapt@latest", [4]), ("dataset = hapt@paper", [2, 3]),
      ("dataset = hapt@old", []), ("dataset in (hapt@1, opportunity@old)", [1, 5, 6, 7, 8]),
      ("dataset = 'hapt@2'", []), ("dataset = hapt@99", []),
      ("version = 2", [2, 3]), ("version >= 2", [2, 3, 4]), ("version in (2, 3)", [2, 3, 4]),
      ("version != 1", [2, 3, 4]), ("version = @paper", [2, 3, 5, 6, 7, 8]),
      ("version = @old", [5, 6, 7, 8]), ("version = @latest", [4, 5, 6, 7, 8]),
      ("version < @paper", [1]), ("version > @paper", [4]), ("version = @nothing", []),
      ("not version = @nothing", [1, 2, 3, 4, 5, 6, 7, 8]),
      ("tag = paper", [2, 3, 5, 6, 7, 8]), ("tag = @old", [5, 6, 7, 8]),
      ("tag != old", [1, 2, 3, 4]), ("tag in (old)", [5, 6, 7, 8]),
      ("because ~ \"more people\"", [2, 3]), ("because = 'first import'", [1]),
      ("study = classifier", [1, 2, 3, 4, 5, 7, 8]), ("study ~ SHARP", [6]),
      ("split = by-person", [1, 2, 3, 4]), ("view = pictures", [5, 6, 7, 8]),
      ("seed = 3", [4]), ("seed = 18446744073709551615", [3]), ("seed > 9", [3, 7]),
      ("seed <= 10", [1, 2, 4, 5, 6, 7, 8]), ("seed in (2, 10)", [2, 7]),
      ("seed < 3", [1, 2, 5, 6]),
      ("status = finished", [1, 2, 3, 5, 7]), ("status = RUNNING", [4]),
      ("status not in (finished, running)", [6, 8]),
      ("seconds > 60", [7, 8]), ("steps = 100", [1]), ("hash ~ 0", [1, 2, 3, 5, 7]),
      ("not hash ~ 0", [4, 6, 8]),
      ("subject = S3", [5, 6, 7, 8]), ("subject = P1", [1, 2, 3, 4]), ("subject = P2", [2, 3, 4]),
      ("subject != P2", [1, 5, 6, 7, 8]), ("subject ~ s", [5, 6, 7, 8]),
      ("subject in (P2, S3)", [2, 3, 4, 5, 6, 7, 8]), ("session = ADL1", [5, 6, 7, 8]),
      ("recording = acc_exp02", [2, 3, 4]), ("recording ~ exp01", [1, 2, 3, 4]),
      ("source = exp02.txt", [2, 3, 4]), ("source != S3-ADL1.dat", [1, 2, 3, 4]),
    ] as [(String, [Int64])])
  func fields(text: String, expected: [Int64]) throws {
    #expect(try Self.runs(text) == expected)
  }

  @Test(
    "by metrics and settings",
    arguments: [
      ("metric.test_f1 > 0.8", [2, 3, 7]), ("metric.test_f1 >= 0.8", [1, 2, 3, 7]),
      ("metric.test_f1.last = 0.9", [2, 7]), ("metric.TEST_F1 = 0.9", [2, 7]),
      ("metric.test_f1.max >= 0.9", [1, 2, 7]), ("metric.test_f1.min < 0.5", [1, 8]),
      ("metric.test_f1 != 0.9", [1, 3, 5, 8]), ("not metric.test_f1 = 0.9", [1, 3, 4, 5, 6, 8]),
      ("metric.test_f1 in (0.9, 0.1)", [2, 7, 8]), ("metric.test_f1 < inf", [1, 2, 3, 5, 7, 8]),
      ("metric.test_f1 > -1e-3 and metric.test_f1 < 2e-1", [8]),
      ("metric.val_loss@5 <= 0.4", [1]), ("metric.val_loss@5 <= 0.5", [1, 2]),
      ("metric.val_loss@4 = 0.2", [1]), ("metric.val_loss@9 > 0", [1]),
      ("metric.val_loss@7 > 0", []), ("metric.val_loss@0 > 0", []),
      ("not metric.val_loss@5 <= 0.5", [3, 4, 5, 6, 7, 8]),
      ("metric.val_loss.min < 0.3", [1]), ("metric.val_loss.min < 0.4", [1, 2]),
      ("metric.'class f1 (walking)' = 0.5", [3]),
      ("metric.\"class f1 (walking)\".max = 0.5", [3]),
      ("setting.model = cnn", [1, 2, 4, 7, 8]), ("setting.MODEL = 'cnn'", [1, 2, 4, 7, 8]),
      ("setting.model != cnn", [3, 5]), ("not setting.model = cnn", [3, 5, 6]),
      ("setting.model in (cnn, mlp)", [1, 2, 3, 4, 5, 7, 8]), ("setting.model ~ L", [3, 5]),
      ("setting.learning_rate < 0.01", [2]), ("setting.learning_rate = 1e-2", [1, 4, 5]),
      ("setting.learning_rate = '0.01'", [1, 4, 5]), ("setting.learning_rate = '1e-2'", []),
      ("setting.learning_rate in (3, 0.1)", [3, 7, 8]),
      ("setting.layers = '64,32'", [1, 2, 3, 4, 5, 7, 8]),
      ("setting.layers > 1", []),
    ] as [(String, [Int64])])
  func measures(text: String, expected: [Int64]) throws {
    #expect(try Self.runs(text) == expected)
  }

  @Test(
    "by time, where a date means the whole day in UTC",
    arguments: [
      // Runs begin at noon and midnight in turn, from 2026-01-31T00:00:00Z on.
      ("started = 2026-01-31", [1, 2]), ("started < 2026-02-01", [1, 2]),
      ("started > 2026-01-31", [3, 4, 5, 6, 7, 8]), ("started >= 2026-02-03", [7, 8]),
      ("started <= 2026-02-02", [1, 2, 3, 4, 5, 6]), ("started != 2026-02-01", [1, 2, 5, 6, 7, 8]),
      ("started in (2026-01-31, 2026-02-03)", [1, 2, 7, 8]),
      ("started = 2026-01-31T12:00", [2]), ("started = '2026-01-31 12:00:00'", [2]),
      ("started = 2026-01-31T12:00:00.0Z", [2]), ("started = 2026-01-31T12:00:00.5", []),
      ("started = 2026-01-31T13:00+01:00", [2]), ("started < 2026-01-31T12:00:00.000", [1]),
      ("started <= 2026-01-31T12:00:00.000", [1, 2]), ("started > 2026-02-03T00:00:00", [8]),
      ("finished = 2026-01-31T00:01", [1]), ("finished < 2027-01-01", [1, 2, 3, 5, 6, 7, 8]),
      ("not finished < 2027-01-01", [4]), ("finished != 2026-01-31", [3, 5, 6, 7, 8]),
    ] as [(String, [Int64])])
  func times(text: String, expected: [Int64]) throws {
    #expect(try Self.runs(text) == expected)
  }

  @Test(
    "by words and by logic",
    arguments: [
      ("text ~ sharp", [6]), ("text ~ HAPT", [1, 2, 3, 4]), ("text ~ pictures", [5, 6, 7, 8]),
      ("text ~ by-time", [5, 6, 7, 8]), ("text ~ 'four more'", [2, 3]), ("text ~ mlp", [3, 5]),
      ("text ~ learning", [1, 2, 3, 4, 5, 7, 8]), ("text ~ '100%'", [4]), ("text ~ '%'", [4]),
      ("text ~ nowhere", []),
      ("study = classifier and dataset = hapt and seed = 1", [1]),
      ("seed = 1 and dataset = hapt or run = 8", [1, 8]),
      ("seed = 1 and (dataset = hapt or run = 5)", [1, 5]),
      ("NOT seed = 1 AND NOT status = finished", [4, 8]),
      ("not (seed = 1 or status = finished)", [4, 8]), ("not not seed = 3", [4]),
      ("(run=1)OR(run=2)", [1, 2]),
    ] as [(String, [Int64])])
  func logic(text: String, expected: [Int64]) throws {
    #expect(try Self.runs(text) == expected)
  }

  @Test(
    "in the order that is asked for, runs without a value last",
    arguments: [
      (nil, nil, [8, 7, 6, 5, 4, 3, 2, 1]), (nil, 3, [8, 7, 6]),
      ("metric.test_f1", nil, [7, 2, 3, 1, 5, 8, 6, 4]),
      ("metric.test_f1", 8, [7, 2, 3, 1, 5, 8, 6, 4]),
      ("metric.test_f1", 7, [7, 2, 3, 1, 5, 8, 6]), ("metric.test_f1", 2, [7, 2]),
      ("metric.test_f1:asc", nil, [8, 5, 1, 3, 2, 7, 4, 6]),
      ("metric.test_f1:asc", 7, [8, 5, 1, 3, 2, 7, 4]), ("metric.test_f1:ASC", 1, [8]),
      ("metric.test_f1:desc, run:asc", 3, [2, 7, 3]),
      ("metric.test_f1.max", 3, [7, 2, 1]), ("metric.val_loss@5:asc", 3, [1, 2, 3]),
      ("metric.nowhere", 3, [8, 7, 6]),
      ("dataset, seed:asc", nil, [1, 2, 4, 3, 5, 6, 8, 7]), ("seed", 3, [3, 7, 8]),
      ("setting.model, setting.learning_rate", nil, [2, 1, 4, 7, 8, 5, 3, 6]),
      ("started:asc", 2, [1, 2]), ("split:desc, run", 2, [8, 7]),
    ] as [(String?, Int?, [Int64])])
  func order(sort: String?, limit: Int?, expected: [Int64]) throws {
    #expect(try Self.runs("", sort: sort, limit: limit) == expected)
  }

  @Test("and combines a filter with the walk along a metric's index")
  func filteredRanking() throws {
    #expect(try Self.runs("dataset = hapt", sort: "metric.test_f1", limit: 10) == [2, 3, 1, 4])
    #expect(
      try Self.runs("metric.test_f1 > 0.8 and dataset = hapt", sort: "metric.test_f1", limit: 10)
        == [2, 3])
    #expect(
      try Self.runs("metric.test_f1.max > 0.85", sort: "metric.test_f1:asc", limit: 2) == [1, 2])
    #expect(
      try Self.runs(
        "not metric.test_f1 > 0.8 and dataset = hapt", sort: "metric.test_f1", limit: 9) == [1, 4])
  }
}
