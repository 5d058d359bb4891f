public import Durability
internal import Randomness
public import Signals
internal import Synchronization
public import SystemPackage
public import TestSupport
public import VersionedStore

/// A folder for one store, in memory where the system offers that; gone with this object and the
/// stores that it opened.
public final class StoreFolder: Sendable {
  private let folder: TemporaryDirectory
  /// Where the store is, or will be.
  public let root: FilePath

  /// Finds a place for a store; nothing is there yet.
  public init(named name: String = "store") throws {
    folder = try TemporaryDirectory(on: .memory)
    root = folder.appending(name)
  }

  /// Takes over a folder that holds a store, such as a state after a power cut.
  public init(_ folder: TemporaryDirectory) {
    self.folder = folder
    root = folder.path
  }

  /// Makes a store.
  public func create(
    on fileSystem: any FileSystem = LocalFileSystem(), time: any TimeSource = FixedTimeSource()
  ) throws -> Store {
    try Store.create(
      at: root, environment: try keepingFolder(.forTests(on: fileSystem, time: time)))
  }

  /// Opens the store.
  public func open(
    for access: Access = .writing, on fileSystem: any FileSystem = LocalFileSystem(),
    time: any TimeSource = FixedTimeSource(), waitInSeconds: Double = 0
  ) throws -> Store {
    try Store.open(
      root, for: access,
      environment: try keepingFolder(
        .forTests(on: fileSystem, time: time, waitInSeconds: waitInSeconds)))
  }

  /// The folder lives as long as any store in it: `try StoreFolder().create()` is a store to use.
  private func keepingFolder(_ environment: StoreEnvironment) -> StoreEnvironment {
    var environment = environment
    let randomBits = environment.randomBits
    environment.randomBits = { withExtendedLifetime(self) { randomBits() } }
    return environment
  }
}

extension StoreEnvironment {
  // Temporary names must differ also between the environments of one test: a test that "crashes"
  // leaves a file behind, as a process would.
  private static let environmentCount = Atomic<Int>(0)

  /// A world in which time stands still and chance follows from how many worlds there were before.
  public static func forTests(
    on fileSystem: any FileSystem = LocalFileSystem(), time: any TimeSource = FixedTimeSource(),
    waitInSeconds: Double = 0
  ) throws -> StoreEnvironment {
    let number = environmentCount.wrappingAdd(1, ordering: .relaxed).newValue
    let generator = Mutex(Seed(7).child(number).generator())
    return StoreEnvironment(
      fileSystem: fileSystem, time: time, process: try ProcessIdentity.current(),
      randomBits: { generator.withLock { $0.next() } }, waitInSeconds: waitInSeconds)
  }
}

extension Store {
  /// Publishes sketched recordings as the next version of a dataset.
  @discardableResult
  public func commit(
    _ sketches: [RecordingSketch], to dataset: String = "daily", mode: StagingMode = .exactly,
    storage: ShardLayout.Storage = .contiguous
  ) throws -> CommitOutcome {
    var staged = try stage(
      try DatasetName(dataset), kind: "recordings", mode: mode, storage: storage)
    for sketch in sketches { try staged.append(try sketch.recording) }
    return try staged.commit(
      because: "a test", ingestion: IngestionRecord(reader: "recordings"))
  }

  /// A view of a version with windows of `window` readings.
  public func makeView(
    _ name: String = "windows", of version: Version, window: Int = 10, stride: Int? = nil,
    channels: [String]? = nil, labelled: Bool = true,
    missingValues: MissingValuePolicy = MissingValuePolicy()
  ) throws -> View {
    try view(
      try DatasetName(name), of: version,
      framing: Framing(
        lengthInSamples: window, strideInSamples: stride ?? window, channels: channels,
        labelRule: labelled ? LabelRule(track: "activity") : nil, missingValues: missingValues)
    ).view
  }

  /// A split of a view.
  public func makeSplit(
    _ name: String = "parts", of view: View, by unit: SplitRule.Unit, validation: String = "0",
    test: String = "0", gapInSeconds: Double = 0, seed: UInt64 = 0
  ) throws -> Split {
    try split(
      try DatasetName(name), of: view,
      rule: SplitRule(
        unit: unit, validation: SplitRule.Choice(validation), test: SplitRule.Choice(test),
        gapInSeconds: gapInSeconds, seed: seed))
  }

  /// All readings of a recording, all channels, shape `[time, channel]`.
  public func readings(of version: Version, recording: Int) throws -> [Float] {
    let summary = try recordings(of: version)[recording]
    var values = [Float](repeating: -999, count: summary.sampleCount * summary.channels.count)
    let reader = try SeriesReader(of: version, in: self)
    try values.withUnsafeMutableBufferPointer { target in
      try reader.read(
        recording: recording, samples: 0..<summary.sampleCount,
        channels: Array(summary.channels.indices), into: target)
    }
    return values
  }
}

/// Bit patterns, because NaN is not equal to itself.
public func bits(_ values: some Sequence<Float>) -> [UInt32] {
  values.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
}
