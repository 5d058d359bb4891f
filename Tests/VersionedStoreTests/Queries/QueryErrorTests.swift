import Testing
import VersionedStore

@Suite("A query that cannot be read says where and what to do")
struct QueryErrorTests {
  @Test(
    "errors of the expression, with the line and a caret",
    arguments: [
      (
        "dataset = hapt an version = 2", QueryError.Code.syntax,
        """
        Could not read the query: 'an' stands where 'and', 'or' or the end is expected. \
        Did you mean 'and'?
          dataset = hapt an version = 2
                         ^
        """
      ),
      (
        "study = my study", .syntax,
        """
        Could not read the query: 'study' stands where 'and', 'or' or the end is expected. \
        Put values with spaces in quotes.
          study = my study
                     ^
        """
      ),
      (
        "run = 1 && run = 2", .syntax,
        """
        Could not read the query: '&&' stands where 'and', 'or' or the end is expected. \
        Did you mean 'and'?
          run = 1 && run = 2
                  ^
        """
      ),
      (
        "run = 1)", .syntax,
        """
        Could not read the query: ')' stands where 'and', 'or' or the end is expected.
          run = 1)
                 ^
        """
      ),
      (
        "(run = 1", .syntax,
        """
        Could not read the query: it ends where 'and', 'or' or ')' is expected.
          (run = 1
                  ^
        """
      ),
      (
        "datset = hapt", .unknownField,
        """
        Could not read the query: 'datset' is not a field of a run. Did you mean 'dataset'?
          datset = hapt
          ^
        """
      ),
      (
        "metrics.f1 > 0.8", .unknownField,
        """
        Could not read the query: 'metrics.f1' is not a field of a run. Did you mean 'metric.f1'?
          metrics.f1 > 0.8
          ^
        """
      ),
      (
        "test_macro_f1 > 0.8", .unknownField,
        """
        Could not read the query: 'test_macro_f1' is not a field of a run. \
        Write a metric as 'metric.NAME', a setting as 'setting.NAME'.
          test_macro_f1 > 0.8
          ^
        """
      ),
      (
        "metric > 1", .unknownField,
        """
        Could not read the query: 'metric' has no name. Write 'metric.NAME'.
          metric > 1
          ^
        """
      ),
      (
        "setting. > 1", .unknownField,
        """
        Could not read the query: 'setting' has no name. Write 'setting.NAME'.
          setting. > 1
          ^
        """
      ),
      (
        "metric.loss@five > 1", .unfitValue,
        """
        Could not read the query: 'five' is not a step. Write a whole number after '@', or put \
        the metric's name in quotes.
          metric.loss@five > 1
          ^
        """
      ),
      (
        "dataset hapt", .syntax,
        """
        Could not read the query: 'hapt' stands where an operator such as '=' or '>' is expected.
          dataset hapt
                  ^
        """
      ),
      (
        "study like x", .syntax,
        """
        Could not read the query: 'like' stands where an operator such as '=' or '>' is expected. \
        Did you mean '~'?
          study like x
                ^
        """
      ),
      (
        "study not = x", .syntax,
        """
        Could not read the query: '=' stands where 'in' is expected.
          study not = x
                    ^
        """
      ),
      (
        "study in classifier", .syntax,
        """
        Could not read the query: 'classifier' stands where '(' after 'in' is expected.
          study in classifier
                   ^
        """
      ),
      (
        "study in (a b)", .syntax,
        """
        Could not read the query: 'b' stands where ',' or ')' is expected.
          study in (a b)
                      ^
        """
      ),
      (
        "study in ()", .syntax,
        """
        Could not read the query: ')' stands where a value is expected.
          study in ()
                    ^
        """
      ),
      (
        "run =", .syntax,
        """
        Could not read the query: it ends where a value is expected.
          run =
               ^
        """
      ),
      (
        "= 3", .syntax,
        """
        Could not read the query: '=' stands where a field such as 'dataset' is expected.
          = 3
          ^
        """
      ),
      (
        "dataset > hapt", .unfitOperator,
        """
        Could not read the query: 'dataset' cannot be compared by '>'. \
        Use '=', '!=', '~', 'in'.
          dataset > hapt
                  ^
        """
      ),
      (
        "text = x", .unfitOperator,
        """
        Could not read the query: 'text' cannot be compared by '='. Use '~'.
          text = x
               ^
        """
      ),
      (
        "metric.f1 > high", .unfitValue,
        """
        Could not read the query: 'high' is not a number, which 'metric.f1' is compared with.
          metric.f1 > high
                      ^
        """
      ),
      (
        "seed = -1", .unfitValue,
        """
        Could not read the query: '-1' is not a whole number from 0 to 18446744073709551615, \
        which 'seed' is compared with.
          seed = -1
                 ^
        """
      ),
      (
        "version = v3", .unfitValue,
        """
        Could not read the query: 'v3' is not a number or a tag such as '@paper', which 'version' \
        is compared with. Did you mean '3'?
          version = v3
                    ^
        """
      ),
      (
        "version = paper", .unfitValue,
        """
        Could not read the query: 'paper' is not a number or a tag such as '@paper', which \
        'version' is compared with. Write '@paper' for a tag.
          version = paper
                    ^
        """
      ),
      (
        "status = finishd", .unfitValue,
        """
        Could not read the query: 'finishd' is not one of running, finished, failed, interrupted, \
        which 'status' is compared with. Did you mean 'finished'?
          status = finishd
                   ^
        """
      ),
      (
        "started > 2026-02-30", .unfitValue,
        """
        Could not read the query: '2026-02-30' is not a date such as 2026-01-31 or \
        2026-01-31T10:00, which 'started' is compared with.
          started > 2026-02-30
                    ^
        """
      ),
      (
        "dataset = hapt@", .unfitValue,
        """
        Could not read the query: 'hapt@' is not a name such as 'hapt', 'hapt@2' or \
        'hapt@latest', which 'dataset' is compared with.
          dataset = hapt@
                    ^
        """
      ),
      (
        "study = 'open", .syntax,
        """
        Could not read the query: the quote that begins here has no end. Add ' after the value.
          study = 'open
                  ^
        """
      ),
      (
        "study = don't", .syntax,
        """
        Could not read the query: a quote touches a word. Put a space between them, or the whole \
        value in quotes (a quote inside is written twice).
          study = don't
                     ^
        """
      ),
      (
        "study = \"a\"and run = 1", .syntax,
        """
        Could not read the query: a quote touches a word. Put a space between them, or the whole \
        value in quotes (a quote inside is written twice).
          study = "a"and run = 1
                     ^
        """
      ),
      (
        "study = a! b", .syntax,
        """
        Could not read the query: '!' stands alone. Write '!=' for unequal, or the word 'not'.
          study = a! b
                   ^
        """
      ),
      (
        "study = a\u{202E}b", .syntax,
        """
        Could not read the query: U+202E cannot be seen and stands outside quotes. Remove it.
          study = a\u{FFFD}b
                   ^
        """
      ),
      (
        "run = 1\nand\tdatset = 2\nand run = 3", .unknownField,
        """
        Could not read the query: 'datset' is not a field of a run. Did you mean 'dataset'?
          and datset = 2
              ^
        """
      ),
    ] as [(String, QueryError.Code, String)])
  func sentences(text: String, code: QueryError.Code, expected: String) {
    let error = #expect(throws: QueryError.self) { try QueryParser.expression(text) }
    #expect(error?.description == expected)
    #expect(error?.code == code)
    #expect(error?.subject == text)
  }

  @Test("a place far inside a long line is shown with its surroundings")
  func longLine() {
    let text =
      "run = 1 and " + String(repeating: "run = 1 and ", count: 20) + "datset = 2 and run = 3"
    let error = #expect(throws: QueryError.self) { try QueryParser.expression(text) }
    #expect(
      error?.description == """
        Could not read the query: 'datset' is not a field of a run. Did you mean 'dataset'?
          …d run = 1 and run = 1 and run = 1 and run = 1 and datset = 2 and run = 3
                                                             ^
        """)
  }

  @Test("columns, sort keys and limits have sentences of their own")
  func options() {
    func message(_ make: () throws -> Void) -> String? {
      #expect(throws: QueryError.self) { try make() }?.description
    }
    #expect(
      message { _ = try QueryColumn.list("run, tag") } == """
        Could not use 'tag' as a column: a run can have several of it. Use it in the expression only.
          run, tag
               ^
        """)
    #expect(
      message { _ = try QueryColumn.list("run dataset") } == """
        Could not read the query: 'dataset' stands where ',' or the end is expected.
          run dataset
              ^
        """)
    #expect(
      message { _ = try QueryColumn.list("") } == """
        Could not read the query: it ends where a field such as 'dataset' is expected.
          
          ^
        """)
    #expect(
      message { _ = try QuerySortKey.list("-metric.f1") } == """
        Could not read the query: '-metric.f1' stands where a field such as 'dataset' is expected. \
        Write 'metric.f1:asc' or ':desc'.
          -metric.f1
          ^
        """)
    #expect(
      message { _ = try QuerySortKey.list("started:asc, subject") } == """
        Could not use 'subject' as a sort key: a run can have several of it. Use it in the \
        expression only.
          started:asc, subject
                       ^
        """)
    #expect(
      message { _ = try RunQuery("", limit: 0) }
        == "Could not limit the answer: 0 rows were asked for, at least 1 is expected.")
  }
}
