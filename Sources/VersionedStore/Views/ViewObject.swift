import HDF5
import Signals

/// The object that lists the examples of a view; described in schemas/shard-layout.md.
enum ViewObject {
  static func bytes(index: ExampleIndex, plan: ViewPlan) throws(StoreError) -> [UInt8] {
    let framing = try CanonicalJSON.text(plan.framing)
    do throws(H5.Failure) {
      return try H5.File.image { (root) throws(H5.Failure) in
        try root.setAttribute("format", ShardLayout.viewFormat)
        try root.setAttribute("format_version", Int64(ShardLayout.formatVersion))
        try root.setAttribute("dataset", plan.version.dataset.text)
        try root.setAttribute("version", Int64(plan.version.number))
        try root.setAttribute("version_id", plan.version.hash)
        try root.setAttribute("sampling_rate", plan.rate.hertz)
        try root.setAttribute("sampling_rate_unit", "Hz")
        try root.setAttribute("window", Int64(plan.framing.lengthInSamples))
        try root.createDataset("framing", shape: [1], values: [framing])
        let channels = plan.channels
        try root.createDataset("channel", shape: [channels.count], values: channels.map(\.name))
        try root.createDataset(
          "channel_unit", shape: [channels.count], values: channels.map(\.unit))
        let names = plan.recordings.map(\.name)
        try root.createDataset("recording_name", shape: [names.count], values: names)
        try write(index, into: root)
      }
    } catch {
      throw .format(error, doing: "build the view '\(plan.name)'")
    }
  }

  /// One column for each fact about an example, one row for each example.
  private static func write(_ index: ExampleIndex, into root: H5.Group) throws(H5.Failure) {
    let shape = [index.count]
    let recording = try root.createDataset("recording", shape: shape, values: index.recordings)
    try recording.setAttribute("long_name", "row of recording_name")
    let start = try root.createDataset("start", shape: shape, values: index.starts)
    try start.setAttribute("long_name", "first reading of the example in its recording")
    let label = try root.createDataset("label", shape: shape, values: index.labels)
    try label.setAttribute("long_name", "label code")
    let missing = try root.createDataset(
      "missing_fraction", shape: shape, values: index.missingFractions)
    try missing.setAttribute("long_name", "share of the chosen readings that are missing")
    try missing.setAttribute("units", "1")
  }

  static func index(from bytes: [UInt8], hash: String) throws(StoreError) -> ExampleIndex {
    do throws(H5.Failure) {
      let file = try H5.File.open(image: bytes, limits: .trusted)
      var index = ExampleIndex()
      index.recordings = try file.dataset("/recording").read(as: Int32.self)
      index.starts = try file.dataset("/start").read(as: Int64.self)
      index.labels = try file.dataset("/label").read(as: Int32.self)
      index.missingFractions = try file.dataset("/missing_fraction").read(as: Float.self)
      return index
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }
}
