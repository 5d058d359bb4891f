import HDF5
import Signals
public import VersionedStore

/// The examples of a view as one file for other programs: filled, not scaled.
public struct ViewExport {
  private let view: View
  private let recordings: [RecordingSummary]
  private let reader: ExampleReader
  private let parts: [UInt8]?
  private let split: Split?

  /// Prepares to export, with the parts of a split where one is given.
  public init(_ view: View, split: Split?, in store: Store) throws(StoreError) {
    self.view = view
    self.split = split
    recordings = try store.recordings(of: view.version)
    reader = try ExampleReader(view, in: store)
    parts =
      if let split { try store.parts(of: split) } else { nil }
  }

  /// The name of an example: recording and first reading.
  private func name(of example: Int) -> String {
    "\(recordings[Int(reader.index.recordings[example])].name):\(reader.index.starts[example])"
  }

  private func partName(_ example: Int) -> String {
    parts.flatMap { SplitPart(code: $0[example]) }?.rawValue ?? ""
  }

  private func allValues() throws(StoreError) -> [Float] {
    let length = reader.exampleLength
    var values = [Float](repeating: 0, count: view.exampleCount * length)
    try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
      for example in 0..<view.exampleCount {
        try reader.read(
          example,
          into: UnsafeMutableBufferPointer(
            rebasing: target[(example * length)..<((example + 1) * length)]))
      }
    }
    return values
  }

  /// HDF5 with the NeXus default plot: `/entry/data/x` `[example, time, channel]`, its axes as
  /// dimension scales, and `/x`, `/label`, `/id`, `/split` at the root as links to the same data.
  /// - Throws: `.damaged` if a shard is not what was published.
  public func hdf5() throws -> [UInt8] {
    let values = try allValues()
    let examples = 0..<view.exampleCount
    let names = examples.map(name)
    let partNames = examples.map(partName)
    return try H5.File.image { (root) throws(H5.Failure) in
      try root.setAttribute("format", "signalstore-export")
      try root.setAttribute("dataset", view.version.dataset.text)
      try root.setAttribute("version", Int64(view.version.number))
      try root.setAttribute("version_id", view.version.hash)
      try root.setAttribute("view_id", view.hash)
      try root.setAttribute("is_simulated", Int64(recordings.contains { $0.isSimulated } ? 1 : 0))
      try root.setAttribute("default", "entry")
      let entry = try root.createGroup("entry")
      try entry.setAttribute("NX_class", "NXentry")
      try entry.setAttribute("default", "data")
      let data = try entry.createGroup("data")
      try writeExamples(values, into: data)
      try root.createHardLink("x", to: try data.dataset("x"))
      let label = try root.createDataset(
        "label", shape: [view.exampleCount], values: reader.index.labels)
      if !view.labels.isEmpty {
        try label.setAttribute("codes", view.labels.map { Int64($0.code) })
        try label.setAttribute("names", view.labels.map(\.name))
      }
      try root.createDataset("id", shape: [view.exampleCount], values: names)
      try root.createDataset("split", shape: [view.exampleCount], values: partNames)
      try writeIndex(into: try entry.createGroup("index"))
    }
  }

  private func writeExamples(_ values: [Float], into data: H5.Group) throws(H5.Failure) {
    let window = view.framing.lengthInSamples
    try data.setAttribute("NX_class", "NXdata")
    try data.setAttribute("signal", "x")
    try data.setAttribute("axes", ["window", "time", "channel"])
    for (axis, name) in ["window", "time", "channel"].enumerated() {
      try data.setAttribute("\(name)_indices", Int64(axis))
    }
    let x = try data.createDataset(
      "x", shape: [view.exampleCount, window, view.channels.count], values: values)
    try x.setAttribute("long_name", "readings")
    try x.setAttribute(
      "units", Set(view.channels.map(\.unit)).count == 1 ? view.channels[0].unit : "")
    let scales = [
      try data.createDataset(
        "window", shape: [view.exampleCount], values: (0..<view.exampleCount).map { Int64($0) }),
      try data.createDataset(
        "time", shape: [window], values: (0..<window).map { view.rate.seconds(atSample: $0) }),
      try data.createDataset(
        "channel", shape: [view.channels.count], values: view.channels.map(\.name)),
    ]
    try scales[1].setAttribute("units", "s")
    try scales[2].setAttribute("units", view.channels.map(\.unit))
    for (axis, (scale, name)) in zip(scales, ["window", "time", "channel"]).enumerated() {
      try scale.makeScale(name)
      try x.attachScale(scale, toAxis: axis)
      try x.labelAxis(axis, name)
    }
  }

  private func writeIndex(into group: H5.Group) throws(H5.Failure) {
    let shape = [view.exampleCount]
    let positions = reader.index.recordings.map { Int($0) }
    try group.createDataset(
      "recording", shape: shape, values: positions.map { recordings[$0].name })
    try group.createDataset(
      "subject", shape: shape, values: positions.map { recordings[$0].subject ?? "" })
    try group.createDataset(
      "session", shape: shape, values: positions.map { recordings[$0].session ?? "" })
    try group.createDataset(
      "source_sha256", shape: shape, values: positions.map { recordings[$0].source.sha256 })
    try group.createDataset("start_sample", shape: shape, values: reader.index.starts)
    try group.createDataset("missing_fraction", shape: shape, values: reader.index.missingFractions)
  }

  /// CSV: one row for each reading of each example: id, part, label, the index within the window,
  /// and the channels.
  public func csv() throws -> [UInt8] {
    let width = view.channels.count
    var text = CSVText()
    text.row(["id", "split", "label", "sample"] + view.channels.map(\.name))
    var values = [Float](repeating: 0, count: reader.exampleLength)
    for example in 0..<view.exampleCount {
      try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
        try reader.read(example, into: target)
      }
      let label = view.labels.isEmpty ? "" : String(reader.index.labels[example])
      let lead = [name(of: example), partName(example), label]
      for sample in 0..<view.framing.lengthInSamples {
        text.row(
          lead + [String(sample)]
            + values[(sample * width)..<((sample + 1) * width)].map { CSVText.field($0) })
      }
    }
    return text.bytes
  }
}
