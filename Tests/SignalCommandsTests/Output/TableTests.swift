import SignalCommands
import Testing

@Suite("A table is aligned and fits the terminal")
struct TableTests {
  private static func runs() -> Table {
    var table = Table([
      .right("run"), .left("dataset"), .right("version"), .left("because"), .right("f1"),
    ])
    table.append(["1", "hapt", "2", "four more people", "0.964"])
    table.append(["12", "opportunity", "11", "a better clock, and logs of the fifth day", "0.8"])
    return table
  }

  @Test("without a width nothing is cut, and lines do not end in spaces")
  func wide() {
    #expect(
      Self.runs().rendered(width: nil) == """
        run  dataset      version  because                                       f1
          1  hapt               2  four more people                           0.964
         12  opportunity       11  a better clock, and logs of the fifth day    0.8

        """)
    var names = Table([.left("name"), .left("kind")])
    names.append(["hapt", ""])
    #expect(names.rendered(width: nil) == "name  kind\nhapt\n")
  }

  @Test("the widest column of names is cut first, numbers never")
  func cut() {
    #expect(
      Self.runs().rendered(width: 60) == """
        run  dataset      version  because                        f1
          1  hapt               2  four more people            0.964
         12  opportunity       11  a better clock, and logs …    0.8

        """)
    #expect(
      Self.runs().rendered(width: 40) == """
        run  dataset   version  because      f1
          1  hapt            2  four mo…  0.964
         12  opportu…       11  a bette…    0.8

        """)
  }

  @Test("columns that do not fit at all are left out, with a sign")
  func dropped() {
    #expect(
      Self.runs().rendered(width: 34) == """
        run  dataset  version  because  …
          1  hapt           2  four m…  …
         12  opport…       11  a bett…  …

        """)
    #expect(Self.runs().rendered(width: 6) == "run  …\n  1  …\n 12  …\n")
  }

  @Test("every line keeps to every width that has room for the first column")
  func allWidths() {
    for width in 6...120 {
      for line in Self.runs().rendered(width: width).split(separator: "\n") {
        #expect(DisplayWidth.of(String(line)) <= width, "\(width)")
      }
    }
  }

  @Test("wide and combining characters stay aligned")
  func wideCharacters() {
    var table = Table([.left("name"), .right("n")])
    table.append(["信号データ", "1"])
    table.append(["cafe\u{301}", "22"])
    table.append(["👩‍👩‍👧 ok", "3"])
    #expect(
      table.rendered(width: nil) == """
        name         n
        信号データ   1
        cafe\u{301}        22
        👩‍👩‍👧 ok        3

        """)
    #expect(
      table.rendered(width: 10) == """
        name     n
        信号…    1
        cafe\u{301}    22
        👩‍👩‍👧 ok    3

        """)
  }

  @Test("an empty table is its heading; no columns are nothing")
  func empty() {
    #expect(Table([.left("name"), .right("n")]).rendered(width: 80) == "name  n\n")
    #expect(Table([]).rendered(width: 80) == "")
  }

  @Test("cells cannot steer the terminal; headings are emphasised only in colour")
  func safety() {
    var table = Table([.left("name")])
    table.append(["a\u{1B}[31mb\nc\u{202E}d"])
    #expect(table.rendered(width: nil) == "name\na\\u{1B}[31mb\\nc\\u{202E}d\n")
    #expect(
      Table([.left("name")]).rendered(width: nil, style: TerminalStyle(isColored: true))
        == "\u{1B}[1mname\u{1B}[0m\n")
  }
}
