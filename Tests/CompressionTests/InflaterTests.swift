import Compression
import Randomness
import Testing

@Suite("Unpacking")
struct InflaterTests {
  /// gzip(1) of "signal store\n" without name and time (`printf 'signal store\n' | gzip -n9`).
  private static let byGzip: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0xce, 0x4c, 0xcf, 0x4b, 0xcc,
    0x51, 0x28, 0x2e, 0xc9, 0x2f, 0x4a, 0xe5, 0x02, 0x00, 0x51, 0xba, 0x1a, 0x45, 0x0d, 0x00, 0x00,
    0x00,
  ]

  private static func text(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = Seed(seed).generator()
    return (0..<count).map { _ in UInt8(48 + generator.nextIndex(below: 10)) }
  }

  @Test("reads what another program packed")
  func readsGzip() throws {
    #expect(try Inflater.unpack(Self.byGzip, as: .gzip) == Array("signal store\n".utf8))
  }

  @Test("gives back every length", arguments: [0, 1, 2, 100, 65_535, 65_536, 65_537, 1_000_000])
  func roundTrip(count: Int) throws {
    let bytes = Self.text(count, seed: UInt64(count))
    #expect(try Inflater.unpack(Deflater.gzip(bytes), as: .gzip) == bytes)
    #expect(try Inflater.unpack(Deflater.rawDeflate(bytes), as: .rawDeflate) == bytes)
  }

  @Test("does not depend on how the stream is cut into blocks", arguments: [1, 2, 7, 64, 4096])
  func blockSizes(size: Int) throws {
    let bytes = Self.text(20_000, seed: 5)
    let packed = try Deflater.gzip(bytes) + Deflater.gzip(bytes)
    let inflater = try Inflater(.gzip)
    var unpacked: [UInt8] = []
    var room = [UInt8](repeating: 0, count: size)
    for start in stride(from: 0, to: packed.count, by: size) {
      try packed[start..<min(start + size, packed.count)].withUnsafeBytes { block in
        var rest = block
        var count = 0
        repeat {
          count = try room.withUnsafeMutableBytes { try inflater.inflate(&rest, into: $0) }
          unpacked += room.prefix(count)
        } while count > 0 || !rest.isEmpty
      }
    }
    try inflater.finish()
    #expect(unpacked == bytes + bytes)
    #expect(inflater.consumedInBytes == packed.count)
  }

  @Test("joins members and passes over zero padding, but over nothing else")
  func members() throws {
    let twice = Self.byGzip + Self.byGzip + [0, 0, 0]
    #expect(try Inflater.unpack(twice, as: .gzip).count == 26)
    for (tail, code) in [
      ([UInt8(1)], CompressionError.Code.trailingBytes), ([0, 7], .trailingBytes),
      ([0, 0x1f], .trailingBytes), ([0x1f], .cut), ([0x1f, 0x8c], .damaged),
    ] {
      #expect(Self.code { try Inflater.unpack(Self.byGzip + tail, as: .gzip) } == code)
    }
  }

  @Test("notices every cut")
  func cuts() {
    for length in 0..<Self.byGzip.count {
      let code = Self.code { try Inflater.unpack(Array(Self.byGzip.prefix(length)), as: .gzip) }
      #expect(code == .cut, "cut at \(length)")
    }
  }

  @Test("never unpacks other bytes silently, whichever single bit is flipped")
  func flips() {
    let expected = Array("signal store\n".utf8)
    for bit in 0..<(Self.byGzip.count * 8) {
      var damaged = Self.byGzip
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      // Flips in the header's time, operating system and flags leave the content as it is.
      if let unpacked = try? Inflater.unpack(damaged, as: .gzip) {
        #expect(unpacked == expected, "bit \(bit)")
      }
    }
  }

  @Test("stops at its limits before the memory is full")
  func limits() throws {
    let bomb = try Deflater.gzip([UInt8](repeating: 0, count: 4_000_000), level: 9)
    let byRatio = InflationLimits(ratio: 100, graceInBytes: 1000)
    let bySize = InflationLimits(unpackedInBytes: 100_000)
    #expect(Self.code { try Inflater.unpack(bomb, as: .gzip, limits: byRatio) } == .tooLarge)
    #expect(Self.code { try Inflater.unpack(bomb, as: .gzip, limits: bySize) } == .tooLarge)
    #expect(try Inflater.unpack(bomb, as: .gzip).count == 4_000_000)
  }

  @Test("says what is wrong in these words")
  func sentences() throws {
    #expect(
      Self.message { try Inflater.unpack([1, 2, 3], as: .gzip) }
        == "the first bytes are not those of a gzip stream (1f 8b). "
        + "Check how the file was compressed.")
    #expect(
      Self.message { try Inflater.unpack(Array(Self.byGzip.prefix(27)), as: .gzip) }
        == "the compressed stream is cut after 13 unpacked bytes. Copy or download it again.")
    var damaged = Self.byGzip
    damaged[26] ^= 1
    #expect(
      Self.message { try Inflater.unpack(damaged, as: .gzip) }
        == "the compressed stream is damaged after 13 unpacked bytes (incorrect data check). "
        + "Copy or download it again.")
    #expect(
      Self.message { try Inflater.unpack(Self.byGzip + [9], as: .gzip) }
        == "bytes that are no gzip stream follow the end of one after 13 unpacked bytes. "
        + "Copy or download it again.")
    let limits = InflationLimits(unpackedInBytes: 5)
    #expect(
      Self.message { try Inflater.unpack(Self.byGzip, as: .gzip, limits: limits) }
        == "the stream unpacks to more than the limit of 5 bytes. "
        + "Unpack it yourself where that much is really expected.")
  }

  @Test("survives random bytes")
  func randomBytes() {
    for seed in 0..<2000 {
      var generator = Seed(UInt64(seed)).generator()
      var bytes = (0..<generator.nextIndex(below: 200)).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      if seed % 2 == 0 { bytes = Array(Self.byGzip.prefix(10)) + bytes }
      for format in Inflater.Format.allCases { _ = try? Inflater.unpack(bytes, as: format) }
    }
  }

  private static func code(_ body: () throws -> [UInt8]) -> CompressionError.Code? {
    do { _ = try body() } catch let error as CompressionError { return error.code } catch {}
    return nil
  }

  private static func message(_ body: () throws -> [UInt8]) -> String? {
    do { _ = try body() } catch let error as CompressionError { return error.message } catch {}
    return nil
  }
}
