import TestSupport
import Testing

@Suite(
  "A second writer waits or is told whom it would wait for",
  .enabled(if: PythonPeer.has("fcntl"), "needs python3 as the other writer"))
struct SecondWriterTests {
  @Test("A writer that may not wait names the holder, and leaves the store as it is")
  func refused() throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    log.cells.removeLast()
    try workspace.write(log.text, to: "more/S8-ADL1.dat")
    let other = try OtherWriter(of: workspace.store)
    let words =
      ": process \(other.number) has been writing since \(OtherWriter.since). Wait, or pass "
      + "`--wait 60`."
    try workspace.expectRefusal(
      "ingest", "opportunity", "more", "--as", "sample", "--append", status: 75,
      words: "Could not stage 'sample'\(words)")
    try workspace.expectRefusal(
      "view", "windows", "--on", "sample@1", "--window", "8", "--stride", "8", status: 75,
      words: "Could not publish the view 'windows'\(words)")
    try other.end()
    // A holder that was killed holds nothing.
    let answer = try workspace.answer(
      "ingest", "opportunity", "more", "--as", "sample", "--append")
    #expect(answer["version"] == 2)
  }

  @Test("Everyone reads while somebody writes")
  func readers() throws {
    let workspace = try SimulatedStore.trained()
    let other = try OtherWriter(of: workspace.store)
    try workspace.answer("datasets")
    try workspace.answer("versions", "daily")
    try workspace.answer("show", "daily@1")
    try workspace.answer("log", "daily")
    #expect(try workspace.answer("query", "dataset = daily")["count"] == 1)
    try workspace.answer("compare", "1", "1")
    try workspace.answer("evaluate", "1")
    try workspace.answer("export", "windows", "--format", "csv", "--out", "windows.csv")
    // A view that is there already needs no writing.
    let view = try workspace.answer(
      "view", "windows", "--on", "daily@1", "--window", "30", "--stride", "15", "--channels",
      SimulatedStore.channels, "--labels", "Locomotion")
    #expect(view["cache"] == "hit")
    try other.end()
  }

  @Test("A writer that may wait gets its turn")
  func patience() throws {
    let workspace = try SimulatedStore.sample()
    var log = try SampleLog()
    log.cells.removeLast()
    try workspace.write(log.text, to: "more/S8-ADL1.dat")
    let other = try OtherWriter(of: workspace.store, forSeconds: 1)
    let answer = try workspace.answer(
      "ingest", "opportunity", "more", "--as", "sample", "--append", "--wait", "60")
    #expect(answer["version"] == 2 && answer["recordings"] == 2)
    try other.end()
  }

  @Test("A training waits for others rather than lose what it learnt")
  func training() throws {
    let workspace = try SimulatedStore.split()
    let other = try OtherWriter(of: workspace.store, forSeconds: 2)
    let answer = try workspace.answer(
      "train", "classifier", "--split", "people", "--set", "epochs=1", "--set", "filters=4")
    #expect(answer["run"] == 1)
    expectHash(answer["run_id"])
    try other.end()
  }
}

@Suite("Two writers at once")
struct ConcurrentWriterTests {
  @Test("Both publish, one after the other, and nothing of either is lost")
  func bothPublish() throws {
    let workspace = try SimulatedStore.sample()
    for (folder, cut) in [("first", 1), ("second", 2)] {
      var log = try SampleLog()
      log.cells.removeLast(cut)
      try workspace.write(log.text, to: "\(folder)/S\(cut)-ADL1.dat")
    }
    for round in 0..<3 {
      let names = ["first", "second"]
      let writers = try names.map { folder in
        try workspace.start([
          "ingest", "opportunity", folder, "--as", round == 0 ? "sample" : "\(folder)\(round)",
          "--append", "--wait", "30", "--json",
        ])
      }
      let results = try writers.map { try $0.waitUntilExit() }
      for result in results { #expect(result.status == 0, "\(result.errorText)") }
      let answers = try results.map { try JSON(document: $0.output) }
      if round == 0 {
        #expect(answers.map { $0["version"].number }.sorted() == [2, 3])
        #expect(answers.map { $0["recordings"].number }.sorted() == [2, 3])
      } else {
        #expect(answers.map { $0["version"] } == [1, 1])
      }
    }
    let shown = try workspace.answer("show", "sample@latest")
    #expect(shown["version"] == 3)
    #expect(
      shown["sources"].elements.map(\.["source"]) == ["S1-ADL1.dat", "S2-ADL1.dat", "S9-ADL1.dat"])
    #expect(try workspace.answer("datasets")["datasets"].elements.count == 5)
  }
}
