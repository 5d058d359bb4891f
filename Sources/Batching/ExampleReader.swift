import Signals
import Synchronization
public import VersionedStore

/// Serves single examples of a view: windows of chosen channels, missing readings filled.
///
/// Recordings whose readings must be filled or unpacked are kept in memory up to a budget, the least
/// recently used leaving first; windows of others are copied straight from the mapped shard.
public final class ExampleReader: Sendable {
  /// The view.
  public let view: View
  /// Where its examples lie.
  public let index: ExampleIndex
  private let series: SeriesReader
  private let channels: [[Int]]
  private let needsWhole: [Bool]
  private let sampleCounts: [Int]
  private let filled: Mutex<FilledRecordings>

  /// Prepares to read examples of a view.
  /// - Parameter memoryBudgetInBytes: how much filled recordings may take.
  public init(_ view: View, in store: Store, memoryBudgetInBytes: Int = 1 << 30) throws(StoreError)
  {
    self.view = view
    index = try store.examples(of: view)
    let reader = try SeriesReader(of: view.version, in: store)
    series = reader
    let recordings = try store.recordings(of: view.version)
    let names = view.channels.map(\.name)
    let chosen = recordings.map { recording in
      names.compactMap { name in recording.channels.firstIndex { $0.name == name } }
    }
    precondition(
      chosen.allSatisfy { $0.count == names.count },
      "Every recording of a view has the channels of the view.")
    channels = chosen
    let fill = view.framing.missingValues.fill
    needsWhole = recordings.indices.map { position in
      let statistics = recordings[position].statistics
      let needsFilling =
        fill != .keep && chosen[position].contains { statistics[$0].missingCount > 0 }
      // One window of packed readings costs a whole chunk, so they are read once, too.
      return needsFilling || !reader.isMapped(recording: position)
    }
    sampleCounts = recordings.map(\.sampleCount)
    filled = Mutex(FilledRecordings(budgetInBytes: memoryBudgetInBytes))
  }

  /// The axes of an example: `[time, channel]`.
  public var exampleShape: [Int] { [view.framing.lengthInSamples, view.channels.count] }

  /// How many numbers an example has.
  public var exampleLength: Int { view.framing.lengthInSamples * view.channels.count }

  /// Copies an example.
  ///
  /// Shape: `target` becomes `[time, channel]`, last axis fastest.
  /// - Throws: `.damaged` if a shard is not what was published.
  /// - Precondition: `target` holds `exampleLength` numbers.
  public func read(
    _ example: Int, into target: UnsafeMutableBufferPointer<Float>
  ) throws(StoreError) {
    let recording = Int(index.recordings[example])
    let start = Int(index.starts[example])
    let length = view.framing.lengthInSamples
    guard needsWhole[recording] else {
      try series.read(
        recording: recording, samples: start..<(start + length), channels: channels[recording],
        into: target)
      return
    }
    let values = try filledRecording(recording)
    let width = channels[recording].count
    values.withUnsafeBufferPointer { source in
      _ = target.update(
        fromContentsOf: source[(start * width)..<((start + length) * width)])
    }
  }

  private func filledRecording(_ recording: Int) throws(StoreError) -> [Float] {
    if let values = filled.withLock({ $0.values(of: recording) }) { return values }
    let count = sampleCounts[recording]
    let chosen = channels[recording]
    var values = [Float](repeating: 0, count: count * chosen.count)
    try values.withUnsafeMutableBufferPointer { (target) throws(StoreError) in
      try series.read(recording: recording, samples: 0..<count, channels: chosen, into: target)
    }
    view.framing.missingValues.fill.apply(to: &values, channelCount: chosen.count)
    filled.withLock { $0.insert(values, for: recording) }
    return values
  }
}

/// Recordings in memory, the least recently used leaving first.
private struct FilledRecordings {
  private let budgetInBytes: Int
  private var entries: [Int: (values: [Float], lastUse: Int)] = [:]
  private var sizeInBytes = 0
  private var uses = 0

  init(budgetInBytes: Int) {
    self.budgetInBytes = budgetInBytes
  }

  mutating func values(of recording: Int) -> [Float]? {
    guard let entry = entries[recording] else { return nil }
    uses += 1
    entries[recording]?.lastUse = uses
    return entry.values
  }

  mutating func insert(_ values: [Float], for recording: Int) {
    guard entries[recording] == nil else { return }
    uses += 1
    entries[recording] = (values, uses)
    sizeInBytes += values.count * MemoryLayout<Float>.size
    while sizeInBytes > budgetInBytes, entries.count > 1,
      let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      entries[oldest.key] = nil
      sizeInBytes -= oldest.value.values.count * MemoryLayout<Float>.size
    }
  }
}
