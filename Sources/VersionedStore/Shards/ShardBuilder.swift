import Durability
import HDF5
import Signals

/// Fills shards with readings: a pure function from recordings to bytes.
struct ShardBuilder {
  private let storage: ShardLayout.Storage
  private var pieces: [ShardPiece] = []
  private var sizeInBytes = 0
  private var source: String?

  init(storage: ShardLayout.Storage) {
    self.storage = storage
  }

  /// Takes a recording in, cut into pieces where it is too large for one shard.
  /// - Returns: the shards that are full.
  mutating func add(
    _ staged: StagedRecording, series: TimeSeries
  ) throws(StoreError) -> [SealedShard] {
    var sealed: [SealedShard] = []
    let newSource = staged.recording.sourceHash
    if source != newSource, sizeInBytes >= ShardLayout.smallestShardInBytes {
      try seal(into: &sealed)
    }
    source = newSource
    let rowInBytes = ShardPiece.bytesPerReading(of: series)
    let longest = max(1, ShardLayout.largestShardInBytes / rowInBytes)
    var first = 0
    while first < series.sampleCount {
      let length = min(longest, series.sampleCount - first)
      if sizeInBytes + length * rowInBytes > ShardLayout.largestShardInBytes, !pieces.isEmpty {
        try seal(into: &sealed)
      }
      pieces.append(ShardPiece(staged: staged, series: series, samples: first..<(first + length)))
      sizeInBytes += length * rowInBytes
      first += length
    }
    return sealed
  }

  /// Seals what is left, if anything.
  mutating func finish() throws(StoreError) -> SealedShard? {
    var sealed: [SealedShard] = []
    if !pieces.isEmpty { try seal(into: &sealed) }
    return sealed.first
  }

  private mutating func seal(into sealed: inout [SealedShard]) throws(StoreError) {
    let taken = pieces
    pieces = []
    sizeInBytes = 0
    sealed.append(try SealedShard(taken, storage: storage))
  }
}

/// A run of readings of one recording on its way into a shard.
struct ShardPiece {
  let staged: StagedRecording
  let series: TimeSeries
  let samples: Range<Int>

  static func bytesPerReading(of series: TimeSeries) -> Int {
    series.channels.count * series.values.bytesPerValue
      + (series.times == nil ? 0 : MemoryLayout<Double>.size)
      + series.labels.count * MemoryLayout<Int32>.size
  }
}

/// The bytes of a finished shard, read back and found right.
struct SealedShard {
  /// Where a run of readings went.
  struct Placement {
    let recording: StagedRecording
    let place: String
    let firstSample: Int
    let sampleCount: Int
    /// Where contiguous readings begin in the file.
    let valueOffset: Int?
  }

  let bytes: [UInt8]
  let placements: [Placement]

  init(_ pieces: [ShardPiece], storage: ShardLayout.Storage) throws(StoreError) {
    do throws(H5.Failure) {
      bytes = try ShardImage.bytes(of: pieces, storage: storage)
      placements = try ShardImage.placements(of: pieces, in: bytes)
    } catch {
      throw .format(error, doing: "build a shard")
    }
  }
}
