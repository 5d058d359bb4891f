import SignalCommands
import Testing

@Suite("Text from data cannot steer a terminal")
struct TerminalTextTests {
  @Test(
    arguments: [
      ("plain", "plain"), ("größe 信号 👩‍👩‍👧", "größe 信号 👩‍👩‍👧"), ("", ""),
      ("a\tb\r\nc", "a\\tb\\r\\nc"), ("\u{1B}]0;title\u{7}", "\\u{1B}]0;title\\u{7}"),
      ("\u{9B}31m", "\\u{9B}31m"), ("x\u{7F}", "x\\u{7F}"), ("\u{0}", "\\u{0}"),
      ("gpj.\u{202E}exe", "gpj.\\u{202E}exe"), ("\u{2067}a\u{2069}", "\\u{2067}a\\u{2069}"),
      ("a\u{2028}b", "a\\u{2028}b"), ("\u{FEFF}a\u{200B}", "\\u{FEFF}a\\u{200B}"),
      ("\u{E0041}", "\\u{E0041}"),
    ])
  func escaped(text: String, expected: String) {
    #expect(TerminalText.escaped(text) == expected)
  }

  @Test("no scalar of the classes control, line and paragraph separator comes through")
  func allScalars() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        #expect(TerminalText.isUnsafe(scalar), "\(value)")
      default:
        if scalar.properties.isBidiControl { #expect(TerminalText.isUnsafe(scalar), "\(value)") }
      }
    }
  }
}

@Suite("Colours go only where they are wanted")
struct TerminalStyleTests {
  @Test(
    arguments: [
      (true, [:], false, true), (false, [:], false, false), (true, [:], true, false),
      (true, ["NO_COLOR": "1"], false, false), (true, ["NO_COLOR": ""], false, true),
      (true, ["TERM": "dumb"], false, false), (true, ["TERM": "xterm"], false, true),
    ] as [(Bool, [String: String], Bool, Bool)])
  func decision(isTerminal: Bool, environment: [String: String], isRefused: Bool, expected: Bool) {
    let style = TerminalStyle(
      isTerminal: isTerminal, environment: environment, isRefused: isRefused)
    #expect(style.isColored == expected)
  }

  @Test func styled() {
    let colored = TerminalStyle(isColored: true)
    #expect(colored.styled("ok", as: .good) == "\u{1B}[32mok\u{1B}[0m")
    #expect(colored.styled("", as: .bad) == "")
    #expect(TerminalStyle.plain.styled("ok", as: .good) == "ok")
  }
}

@Suite("The width of text is what a terminal shows")
struct DisplayWidthTests {
  // Widths from wcswidth of wcwidth 0.9.4 for Python.
  @Test(
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("信号", 4), ("ﾊﾝｶｸ", 4), ("한글", 4),
      ("ｆｕｌｌ", 8), ("█▎", 2), ("…", 1), ("😀", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("\u{200D}", 0),
      ("☎", 1), ("☎\u{FE0F}", 2), ("𠀀", 2), ("→", 1), ("א", 1),
    ])
  func widths(text: String, expected: Int) {
    #expect(DisplayWidth.of(text) == expected)
  }

  @Test(
    arguments: [
      ("signal", 6, "signal"), ("signals", 6, "signa…"), ("signal", 1, "…"), ("signal", 0, ""),
      ("信号データ", 5, "信号…"), ("信号データ", 4, "信…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
  func cut(text: String, width: Int, expected: String) {
    #expect(DisplayWidth.cut(text, to: width) == expected)
  }

  @Test func padded() {
    #expect(DisplayWidth.padded("信", to: 4, on: .before) == "  信")
    #expect(DisplayWidth.padded("信", to: 4, on: .after) == "信  ")
    #expect(DisplayWidth.padded("signal", to: 3, on: .after) == "signal")
  }
}
