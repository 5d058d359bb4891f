import Signals

extension MissingValuePolicy.Fill {
  /// Replaces missing readings.
  ///
  /// Shape: `values` is `[sampleCount, channelCount]`, last axis fastest.
  func apply(to values: inout [Float], channelCount: Int) {
    switch self {
    case .keep: return
    case .zero:
      for index in values.indices where values[index].isNaN { values[index] = 0 }
    case .linear:
      let sampleCount = values.count / channelCount
      for channel in 0..<channelCount {
        Self.interpolate(
          &values, first: channel, stride: channelCount, count: sampleCount)
      }
    }
  }

  /// Joins the readings on both sides of each gap of one channel by a straight line.
  private static func interpolate(
    _ values: inout [Float], first: Int, stride: Int, count: Int
  ) {
    func position(_ sample: Int) -> Int { first + sample * stride }
    var lastKnown: Int?
    var sample = 0
    while sample < count {
      guard values[position(sample)].isNaN else {
        lastKnown = sample
        sample += 1
        continue
      }
      var next = sample
      while next < count, values[position(next)].isNaN { next += 1 }
      let before = lastKnown.map { values[position($0)] }
      let after = next < count ? values[position(next)] : nil
      for missing in sample..<next {
        values[position(missing)] =
          switch (before, after) {
          case (let before?, let after?):
            before + (after - before) * Float(missing - sample + 1) / Float(next - sample + 1)
          case (let only?, nil), (nil, let only?): only
          case (nil, nil): 0
          }
      }
      sample = next
    }
  }
}
