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
        try root.setAttribute("window", Int64(plan.framing.lengthInSamples))
        try root.createDataset("framing", shape: [1], values: [framing])
        try root.createDataset("channel", shape: [plan.channels.count], values: plan.channels.map(\.name))
        try root.createDataset("recording_name", shape: [plan.recordings.count], values: plan.recordings.map(\.name))
        let shape = [index.count]
        try root.createDataset("recording", shape: shape, values: index.recordings)
        try root.createDataset("start", shape: shape, values: index.starts)
        try root.createDataset("label", shape: shape, values: index.labels)
        try root.createDataset("missing_fraction", shape: shape, values: index.missingFractions)
      }
    } catch {
      throw .format(error, doing: "build the view '\(plan.name)'")
    }
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
