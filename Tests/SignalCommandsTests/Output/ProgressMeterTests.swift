import SignalCommands
import Testing

@Suite("Progress follows tqdm's grammar")
struct ProgressMeterTests {
  /// What a meter writes, piece by piece.
  private final class Paper {
    var pieces: [String] = []
  }

  private func meter(
    _ title: String = "reading", total: Int64?, startingAt start: Int64 = 0,
    unit: ProgressMeter.Unit = .count("it"), display: ProgressMeter.Display, on paper: Paper
  ) -> ProgressMeter {
    ProgressMeter(
      title, total: total, startingAt: start, unit: unit, display: display, atSeconds: 100
    ) {
      paper.pieces.append($0)
    }
  }

  @Test("the line on a terminal fills it up to a bar of 40")
  func terminalLine() {
    for (width, line) in [
      (55, "\rreading: 43%|████▎     | 43/100 [00:12<00:16, 3.6it/s]"),
      (
        200,
        "\rreading: 43%|█████████████████▏                      | 43/100 [00:12<00:16, 3.6it/s]"
      ),
      (48, "\rreading: 43% 43/100 [00:12<00:16, 3.6it/s]"),
      (30, "\rreading: 43% 43/100 [00:12<0…"),
    ] {
      let paper = Paper()
      var meter = meter(total: 100, display: .terminal(width: width), on: paper)
      meter.update(to: 43, atSeconds: 112)
      #expect(paper.pieces == [line])
    }
  }

  @Test("a shorter line covers the longer one before it")
  func shorterLine() {
    let paper = Paper()
    var meter = meter(total: nil, display: .terminal(width: 60), on: paper)
    meter.update(to: 100, atSeconds: 101)
    meter.update(to: 1, atSeconds: 102)
    meter.update(to: 2, atSeconds: 100_000)
    #expect(
      paper.pieces == [
        "\rreading: 100it [00:01, 100it/s]", "\rreading: 1it [00:02, ?it/s]    ",
        "\rreading: 2it [27:45:00, 99898s/it]",
      ])
  }

  @Test("the first line waits half a second, later ones a tenth")
  func redraw() {
    let paper = Paper()
    var meter = meter(total: 4000, display: .terminal(width: 60), on: paper)
    for tenth in 1...20 {
      meter.update(to: Int64(tenth) * 10, atSeconds: 100 + Double(tenth) / 20)
    }
    meter.finish(atSeconds: 101)
    #expect(
      paper.pieces == [
        "\rreading: 2%|▎             | 100/4000 [00:00<00:20, 200it/s]",
        "\rreading: 3%|▍             | 120/4000 [00:00<00:19, 200it/s]",
        "\rreading: 3%|▍             | 140/4000 [00:00<00:19, 200it/s]",
        "\rreading: 4%|▌             | 160/4000 [00:00<00:19, 200it/s]",
        "\rreading: 4%|▋             | 180/4000 [00:00<00:19, 200it/s]",
        "\rreading: 5%|▋             | 200/4000 [00:01<00:19, 200it/s]",
        "\rreading: 5%|▋             | 200/4000 [00:01<00:19, 200it/s]", "\n",
      ])
  }

  @Test("at most ten drawings a second, whatever the number of updates")
  func redrawLimit() {
    let paper = Paper()
    var meter = meter(total: 100_000, display: .terminal(width: 80), on: paper)
    for step in 1...100_000 {
      meter.update(to: Int64(step), atSeconds: 100 + Double(step) / 10_000)
    }
    #expect(paper.pieces.count <= 100)
    #expect(paper.pieces.count >= 90)
  }

  @Test("a file or a pipe gets plain lines every five seconds and one at the end")
  func plainLines() {
    let paper = Paper()
    var meter = meter(total: 24, display: .plain, on: paper)
    for second in 1...12 { meter.update(to: Int64(second) * 2, atSeconds: 100 + Double(second)) }
    meter.finish(atSeconds: 112)
    #expect(
      paper.pieces == [
        "reading: 41%|████▏     | 10/24 [00:05<00:07, 2.0it/s]\n",
        "reading: 83%|████████▎ | 20/24 [00:10<00:02, 2.0it/s]\n",
        "reading: 100%|██████████| 24/24 [00:12<00:00, 2.0it/s]\n",
      ])
  }

  @Test("what is done at once, and what must be quiet, shows nothing")
  func silence() {
    let paper = Paper()
    var quick = meter(total: 10, display: .terminal(width: 80), on: paper)
    quick.update(to: 10, atSeconds: 100.4)
    quick.finish(atSeconds: 100.4)
    var short = meter(total: 10, display: .plain, on: paper)
    short.update(to: 10, atSeconds: 104)
    short.finish(atSeconds: 104)
    var quiet = meter(total: 10, display: .none, on: paper)
    quiet.update(to: 5, atSeconds: 200)
    quiet.finish(atSeconds: 300)
    #expect(paper.pieces == [])
  }

  @Test("bytes are shown in units of 1024")
  func bytes() {
    let paper = Paper()
    var meter = meter(total: 128 << 20, unit: .bytes, display: .plain, on: paper)
    meter.update(to: 32 << 20, atSeconds: 105)
    meter.update(to: 32 << 20 + 100, atSeconds: 205)
    #expect(
      paper.pieces == [
        "reading: 25%|██▌       | 32.0 MiB/128.0 MiB [00:05<00:15, 6.4MiB/s]\n",
        "reading: 25%|██▌       | 32.0 MiB/128.0 MiB [01:45<?, 1B/s]\n",
      ])
  }

  @Test("without a total there is no bar; without a rate no time left")
  func unknown() {
    let paper = Paper()
    var meter = meter(total: nil, unit: .count("rows"), display: .plain, on: paper)
    meter.update(to: 43_000, atSeconds: 110)
    meter.update(to: 43_000, atSeconds: 10_000)
    var standing = self.meter(total: 9, display: .plain, on: paper)
    standing.update(to: 0, atSeconds: 110)
    #expect(
      paper.pieces == [
        "reading: 43000rows [00:10, 4.3krows/s]\n", "reading: 43000rows [2:45:00, ?rows/s]\n",
        "reading: 0%|          | 0/9 [00:10<?, ?it/s]\n",
      ])
  }

  @Test("slow things are shown in seconds per piece, and a resumed task counts only its own")
  func slowAndResumed() {
    let paper = Paper()
    var meter = meter(total: 100, startingAt: 50, display: .plain, on: paper)
    meter.update(to: 54, atSeconds: 110)
    #expect(paper.pieces == ["reading: 54%|█████▍    | 54/100 [00:10<01:55, 2.5s/it]\n"])
  }

  @Test("the rate follows a change within seconds")
  func changingRate() {
    let paper = Paper()
    var meter = meter(total: 100_000, display: .plain, on: paper)
    meter.update(to: 10_000, atSeconds: 105)
    for second in 6...25 {
      meter.update(to: 10_000 + Int64(second - 5) * 100, atSeconds: 100 + Double(second))
    }
    #expect(paper.pieces.last == "reading: 12%|█▏        | 12000/100000 [00:25<12:00, 122it/s]\n")
  }

  @Test("counts beyond the total, clocks that stand still and hostile titles do no harm")
  func odd() {
    let paper = Paper()
    var meter = meter("a\u{1B}[2Jb", total: 10, display: .terminal(width: 60), on: paper)
    meter.update(to: 12, atSeconds: 101)
    meter.update(to: 13, atSeconds: 90)
    meter.clear()
    meter.finish(atSeconds: 90)
    #expect(
      paper.pieces == [
        "\ra\\u{1B}[2Jb: 100%|██████████| 12/10 [00:01<00:00, 12.0it/s]",
        "\r" + String(repeating: " ", count: 59) + "\r",
        "\ra\\u{1B}[2Jb: 100%|██████████| 13/10 [00:00<00:00, 12.0it/s]", "\n",
      ])
  }

  @Test("a bar grows by eighths from empty to full")
  func bar() {
    #expect(ProgressMeter.bar(0, width: 4) == "    ")
    #expect(ProgressMeter.bar(0.43, width: 10) == "████▎     ")
    #expect(ProgressMeter.bar(0.999, width: 4) == "███▉")
    #expect(ProgressMeter.bar(1, width: 4) == "████")
    for step in 0...1000 {
      #expect(DisplayWidth.of(ProgressMeter.bar(Double(step) / 1000, width: 7)) == 7)
    }
  }
}
