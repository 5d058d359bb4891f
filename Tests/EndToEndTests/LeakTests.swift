import TestSupport
import Testing

@Suite("A split that leaks is refused with what it would share, and the store stays as it is")
struct LeakTests {
  @Test("People, times and lots")
  func leaks() throws {
    let workspace = try SimulatedStore.split()
    // The same person on both sides: a log of a minute.
    try workspace.expectRefusal(
      "split", "bad", "--view", "windows", "--by", "subject", "--validation", "S2", "--test", "S2",
      status: 65,
      words: "Could not certify the split: subject 'S2' has 60.0 s in both validation and test. "
        + "Name each subject for one part only.")
    // Windows of 1 s every 0.5 s: the ones at a border reach over it by 0.5 s.
    try workspace.expectRefusal(
      "split", "bad", "--view", "windows", "--by", "time", "--validation", "0.2", "--test", "0.2",
      status: 65,
      words: "Could not certify the split: recording 'S1-ADL1' has 0.5 s in both training and "
        + "validation; 3.0 s are shared in all. Split by subject, or leave a gap of 1.0 s "
        + "(`--gap 1.0`).")
    // The advice is right.
    let kept = try workspace.answer(
      "split", "later", "--view", "windows", "--by", "time", "--validation", "0.2", "--test",
      "0.2", "--gap", "1.0")
    #expect(kept["certificate"]["clean"] == true && kept["certificate"]["shared_seconds"] == 0)
    #expect(kept["certificate"]["shared_subjects"] == ["S1", "S2", "S3"])
    #expect(kept["counts"]["unused"].number > 0)
    // Overlapping windows by lot.
    let before = try workspace.fingerprint()
    let words = try workspace.refusal(
      [
        "split", "bad", "--view", "windows", "--by", "random", "--validation", "0.2", "--test",
        "0.2",
      ], status: 65)
    try expectWords(
      words,
      like: #"Could not certify the split: recording 'S[1-3]-ADL1' has [0-9.]+ s in both training "#
        + #"and (validation|test); [0-9.]+ s are shared in all\. Cut windows that do not overlap "#
        + #"\(a stride of at least 30\), or split by subject\."#)
    try workspace.expectStore(before)
    // A refused name means nothing.
    try workspace.expectRefusal(
      "train", "classifier", "--split", "bad", status: 66,
      words: "Could not find split 'bad'. There are: later, people.")
  }

  @Test("The same readings under another name are found")
  func sameReadings() throws {
    let workspace = try SimulatedStore.sample()
    // Two people with the same readings: the labels differ, so that the recordings do.
    for (name, label) in [("S5-ADL1", "1"), ("S6-ADL1", "2")] {
      var log = try SampleLog()
      for line in log.cells.indices { log.cells[line][243] = label }
      try workspace.write(log.text, to: "twins/\(name).dat")
    }
    let answer = try workspace.answer("ingest", "opportunity", "twins", "--as", "twins")
    let warnings = answer["warnings"].elements
    #expect(warnings.contains("Recordings 'S5-ADL1', 'S6-ADL1' hold the same readings."))
    try workspace.done(
      "view", "twins", "--on", "twins@1", "--window", "10", "--stride", "10", "--quiet")
    try workspace.expectRefusal(
      "split", "bad", "--view", "twins", "--by", "subject", "--test", "S6", status: 65,
      words: "Could not certify the split: recordings 'S5-ADL1', 'S6-ADL1' hold the same readings, "
        + "1.3 s of them in both training and test; 1.3 s are shared in all. Ingest only one of "
        + "them, or put both into one part.")
  }
}
