import HDF5
import Signals

/// Writes and checks the HDF5 image of a shard.
enum ShardImage {
  static func place(at index: Int) -> String {
    let digits = String(index)
    return "/recordings/" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  static func bytes(
    of pieces: [ShardPiece], storage: ShardLayout.Storage
  ) throws(H5.Failure) -> [UInt8] {
    try H5.File.image { (root) throws(H5.Failure) in
      try root.setAttribute("format", ShardLayout.shardFormat)
      try root.setAttribute("format_version", Int64(ShardLayout.formatVersion))
      let recordings = try root.createGroup("recordings")
      for (index, piece) in pieces.enumerated() {
        let name = String(place(at: index).dropFirst("/recordings/".count))
        try write(piece, into: try recordings.createGroup(name), storage: storage)
      }
    }
  }

  private static func write(
    _ piece: ShardPiece, into group: H5.Group, storage: ShardLayout.Storage
  ) throws(H5.Failure) {
    let record = piece.staged.recording
    let series = piece.series
    try group.setAttribute("name", record.name)
    try group.setAttribute("subject", record.subject ?? "")
    try group.setAttribute("session", record.session ?? "")
    try group.setAttribute("is_simulated", Int64(record.isSimulated ? 1 : 0))
    try group.setAttribute("source", record.sourceName)
    try group.setAttribute("source_sha256", record.sourceHash)
    try group.setAttribute("source_place", record.place)
    try group.setAttribute("content_sha256", record.contentHash)
    try group.setAttribute("sampling_rate", record.rateInHertz)
    try group.setAttribute("sampling_rate_unit", "Hz")
    try group.setAttribute("starting_time", series.time(atSample: piece.samples.lowerBound))
    try group.setAttribute("starting_time_unit", "s")
    try group.setAttribute("first_sample", Int64(piece.samples.lowerBound))
    try group.setAttribute("total_samples", Int64(series.sampleCount))
    try writeValues(of: piece, into: group, storage: storage)
    if let times = series.times {
      let dataset = try group.createDataset(
        "time", shape: [piece.samples.count], values: Array(times[piece.samples]))
      try dataset.setAttribute("units", "s")
    }
    try writeChannels(series.channels, into: group)
    for (index, track) in series.labels.enumerated() {
      if index == 0 { _ = try group.createGroup("labels") }
      try write(track, of: piece, into: group)
    }
  }

  private static func writeValues(
    of piece: ShardPiece, into group: H5.Group, storage: ShardLayout.Storage
  ) throws(H5.Failure) {
    let series = piece.series
    let width = series.channels.count
    let shape = [piece.samples.count, width]
    let range = (piece.samples.lowerBound * width)..<(piece.samples.upperBound * width)
    let (chunk, filters) = packing(
      storage, shape: shape, rowInBytes: width * series.values.bytesPerValue)
    let dataset =
      switch series.values {
      case .float32(let values):
        try group.createDataset(
          "x", shape: shape, values: values.span.extracting(range), chunk: chunk, filters: filters)
      case .float64(let values):
        try group.createDataset(
          "x", shape: shape, values: values.span.extracting(range), chunk: chunk, filters: filters)
      }
    try describe(dataset, channels: series.channels, rate: series.rate)
  }

  /// Says what the readings `[time, channel]` are: for people, who look at attributes first.
  static func describe(
    _ x: H5.Dataset, channels: [Channel], rate: SampleRate
  ) throws(H5.Failure) {
    try x.setAttribute("long_name", "readings [time, channel]")
    // The full lists are datasets; here they stand where they fit.
    for (name, list) in [("channels", channels.map(\.name)), ("units", channels.map(\.unit))]
    where fitsIntoAttribute(list) {
      try x.setAttribute(name, list)
    }
    try x.setAttribute("sampling_rate", rate.hertz)
  }

  private static func packing(
    _ storage: ShardLayout.Storage, shape: [Int], rowInBytes: Int
  ) -> (chunk: [Int]?, filters: [H5.Filter]) {
    switch storage {
    case .contiguous: (nil, [])
    case .compressed:
      (
        [min(shape[0], max(1, ShardLayout.chunkInBytes / max(1, rowInBytes))), shape[1]],
        [.shuffle, .deflate(level: 1), .fletcher32]
      )
    }
  }

  private static func writeChannels(
    _ channels: [Channel], into group: H5.Group
  ) throws(H5.Failure) {
    try group.createDataset("channel", shape: [channels.count], values: channels.map(\.name))
    try group.createDataset("channel_unit", shape: [channels.count], values: channels.map(\.unit))
    try group.createDataset(
      "channel_sensor", shape: [channels.count], values: channels.map(\.sensor))
  }

  private static func write(
    _ track: LabelTrack, of piece: ShardPiece, into group: H5.Group
  ) throws(H5.Failure) {
    let labels = try group.group("labels")
    let dataset = try labels.createDataset(
      track.name, shape: [piece.samples.count],
      values: track.codes.span.extracting(piece.samples))
    try dataset.setAttribute("long_name", "label codes [time]")
    try dataset.setAttribute("unlabelled", Int64(LabelTrack.unlabelled))
    try write(track.vocabulary, of: track.name, on: dataset, in: group)
  }

  /// Writes what label codes mean: as attributes of the labels, or where they are too long for that, as
  /// datasets beside them.
  static func write(
    _ vocabulary: Vocabulary, of track: String, on labels: H5.Dataset, in group: H5.Group
  ) throws(H5.Failure) {
    let terms = vocabulary.terms
    guard !terms.isEmpty else { return }
    let codes = terms.map { Int64($0.code) }
    let names = terms.map(\.name)
    if codes.count * MemoryLayout<Int64>.size <= attributeLimitInBytes, fitsIntoAttribute(names) {
      try labels.setAttribute("codes", codes)
      try labels.setAttribute("names", names)
    } else {
      let vocabularies =
        try group.hasChild("vocabulary")
        ? try group.group("vocabulary") : try group.createGroup("vocabulary")
      let terms = try vocabularies.createGroup(track)
      try terms.createDataset("code", shape: [codes.count], values: codes)
      try terms.createDataset("name", shape: [names.count], values: names)
    }
  }

  /// An attribute lies in the header of its object, which holds messages of less than 64 KiB.
  private static let attributeLimitInBytes = 32 << 10

  /// Whether a list of texts, each in a place as long as the longest, is small enough.
  private static func fitsIntoAttribute(_ texts: [String]) -> Bool {
    let longest = texts.reduce(1) { max($0, $1.utf8.count) }
    return texts.count * longest <= attributeLimitInBytes
  }

  /// Opens the image as a reader would, counts what is in it, and notes where the readings lie.
  static func placements(
    of pieces: [ShardPiece], in bytes: [UInt8]
  ) throws(H5.Failure) -> [SealedShard.Placement] {
    let file = try H5.File.open(image: bytes, limits: .trusted)
    var placements: [SealedShard.Placement] = []
    for (index, piece) in pieces.enumerated() {
      let place = place(at: index)
      let dataset = try file.dataset("\(place)/x")
      precondition(
        dataset.shape == [piece.samples.count, piece.series.channels.count],
        "A shard that was just written has the shape that was written.")
      placements.append(
        SealedShard.Placement(
          recording: piece.staged, place: place, firstSample: piece.samples.lowerBound,
          sampleCount: piece.samples.count, valueOffset: dataset.storageOffsetInBytes()))
    }
    return placements
  }
}
