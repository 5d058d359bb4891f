import Foundation
import Signals
import Testing

@Suite("A time series")
struct TimeSeriesTests {
  private static let rate = SampleRate(hertz: 50)

  @Test("counts readings and tells their times, by its rate or by the source's own clock")
  func times() throws {
    let rate = try #require(Self.rate)
    let channels = [Channel(name: "a"), Channel(name: "b")]
    let regular = TimeSeries(
      channels: channels, rate: rate, startTimeInSeconds: 100, values: .float32([1, 2, 3, 4, 5, 6]))
    #expect(regular.sampleCount == 3)
    #expect(regular.time(atSample: 2) == 100.04)
    let own = TimeSeries(
      channels: channels, rate: rate, values: .float64([1, 2, 3, 4]), times: [7, 7.5])
    #expect(own.sampleCount == 2)
    #expect(own.time(atSample: 1) == 7.5)
  }

  @Test("may be empty")
  func empty() throws {
    let series = TimeSeries(
      channels: [Channel(name: "a")], rate: try #require(Self.rate), values: .float32([]))
    #expect(series.sampleCount == 0)
  }

  @Test("gives its numbers as they lie in memory")
  func bytes() {
    #expect(
      SampleValues.float32([1, -2]).withUnsafeBytes { Array($0) } == [
        0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0,
      ])
    #expect(
      SampleValues.float64([1]).withUnsafeBytes { Array($0) } == [0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    #expect(SampleValues.float32([1, 2, 3]).count == 3)
    #expect(SampleValues.float64([1, 2]).bytesPerValue == 8)
    #expect(SampleValues.float32([]).bytesPerValue == 4)
    #expect(SampleValues.float32([]).typeName == "float32")
    #expect(SampleValues.float64([]).typeName == "float64")
  }

  @Test("is not made without channels")
  func noChannels() async {
    await #expect(processExitsWith: .failure) {
      guard let rate = SampleRate(hertz: 1) else { return }
      _ = TimeSeries(channels: [], rate: rate, values: .float32([]))
    }
  }

  @Test("is not made of numbers that do not fill its channels")
  func uneven() async {
    await #expect(processExitsWith: .failure) {
      guard let rate = SampleRate(hertz: 1) else { return }
      _ = TimeSeries(
        channels: [Channel(name: "a"), Channel(name: "b")], rate: rate, values: .float32([1, 2, 3]))
    }
  }

  @Test("is not made with fewer times than readings")
  func tooFewTimes() async {
    await #expect(processExitsWith: .failure) {
      guard let rate = SampleRate(hertz: 1) else { return }
      _ = TimeSeries(
        channels: [Channel(name: "a")], rate: rate, values: .float32([1, 2]), times: [0])
    }
  }

  @Test("is not made with more labels than readings")
  func labels() async {
    await #expect(processExitsWith: .failure) {
      guard let rate = SampleRate(hertz: 1) else { return }
      _ = TimeSeries(
        channels: [Channel(name: "a")], rate: rate, values: .float32([1]),
        labels: [LabelTrack(name: "t", codes: [1, 2], vocabulary: Vocabulary([]))])
    }
  }
}

@Suite("A sample rate")
struct SampleRateTests {
  @Test("is finite and positive", arguments: [0, -1, .nan, .infinity, -.infinity] as [Double])
  func refused(hertz: Double) {
    #expect(SampleRate(hertz: hertz) == nil)
  }

  @Test("places readings in time")
  func seconds() throws {
    let rate = try #require(SampleRate(hertz: 30))
    #expect(rate.seconds(atSample: 0) == 0)
    #expect(rate.seconds(atSample: 45) == 1.5)
  }

  @Test("is a plain number in JSON, and a number that is no rate is refused there too")
  func json() throws {
    let rate = try #require(SampleRate(hertz: 33.3))
    #expect(String(decoding: try JSONEncoder().encode([rate]), as: UTF8.self) == "[33.3]")
    #expect(try JSONDecoder().decode([SampleRate].self, from: Data("[33.3]".utf8)) == [rate])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([SampleRate].self, from: Data("[0]".utf8))
    }
  }
}
