import Signals

/// What every recording of a store keeps to, whatever reader it came from.
///
/// Checked before anything is written: what breaks it could be stored, but not found again by name.
enum RecordingContract {
  /// - Throws: `.contract`, naming the first thing that breaks it.
  static func check(_ recording: Recording, dataset: String) throws(StoreError) {
    let series = recording.series
    if recording.name.isEmpty {
      throw .unsuitableRecording(
        recording.source.name, dataset: dataset, found: "it has no name",
        advice: "Give it one with a mapping file.")
    }
    if series.sampleCount == 0 {
      throw .unsuitableRecording(
        recording.name, dataset: dataset, found: "it has no readings", advice: "Leave it out.")
    }
    if let twice = firstRepeated(series.channels.map(\.name)) {
      throw .unsuitableRecording(
        recording.name, dataset: dataset, found: "two channels are named '\(twice)'",
        advice: "Give each channel a name of its own.")
    }
    let tracks = series.labels.map(\.name)
    if let twice = firstRepeated(tracks) {
      throw .unsuitableRecording(
        recording.name, dataset: dataset, found: "two label tracks are named '\(twice)'",
        advice: "Give each track a name of its own.")
    }
    // A track is found by its name inside the shard, where these would lead elsewhere.
    if let track = tracks.first(where: { name in
      name.isEmpty || name == "." || name == ".." || name.utf8.contains { $0 == 0 || $0 == 0x2f }
    }) {
      throw .unsuitableRecording(
        recording.name, dataset: dataset, found: "a label track is named '\(track)'",
        advice: "Use a name without '/' and zero bytes.")
    }
  }

  private static func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }
}
