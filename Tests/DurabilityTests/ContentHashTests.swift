import Durability
import Foundation
import Randomness
import SystemPackage
import TestSupport
import Testing

@Suite("A content hash")
struct ContentHashTests {
  /// Lengths and hashes by hashlib; made by tools/golden/make_content_hashes.py.
  private static func golden() throws -> [(length: Int, hexText: String)] {
    let path = FilePath(#filePath).removingLastComponent()
      .appending("Golden").appending("content-hashes.txt")
    let bytes = try LocalFileSystem().read(path, limitInBytes: 1 << 20)
    return try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
      let fields = line.split(separator: " ")
      return (try #require(Int(fields[0])), String(fields[1]))
    }
  }

  private static func content(length: Int) -> [UInt8] {
    (0..<length).map { UInt8((7 * $0 + 3) % 251) }
  }

  @Test("is what hashlib computes, from memory, from a file and piece by piece")
  func agreesWithHashlib() throws {
    let folder = try TemporaryDirectory()
    let golden = try Self.golden()
    #expect(golden.count == 264)
    for (length, hexText) in golden {
      let bytes = Self.content(length: length)
      #expect(ContentHash(of: bytes).hexText == hexText, "length \(length)")
      let path = folder.appending("\(length)")
      try LocalFileSystem().write(bytes, toNew: path)
      #expect(try ContentHash(ofFile: path, on: LocalFileSystem()).hexText == hexText)
    }
  }

  @Test("does not depend on how the bytes were divided")
  func divisionDoesNotMatter() {
    SeededCases.check(randomCount: 100) { generator in
      (0..<generator.nextIndex(below: 12)).map { _ in
        (0..<generator.nextIndex(below: 200)).map { _ in
          UInt8(generator.nextIndex(below: 256))
        }
      }
    } _: { pieces in
      var hasher = ContentHasher()
      var bytes: [UInt8] = []
      for piece in pieces {
        hasher.update(piece)
        bytes += piece
        #expect(hasher.finish() == ContentHash(of: bytes))
      }
      #expect(hasher.finish() == ContentHash(of: bytes))
    }
  }

  @Test("survives the way through its text, its bytes and JSON")
  func roundTrips() throws {
    for length in 0..<50 {
      let hash = ContentHash(of: Self.content(length: length))
      #expect(ContentHash(hexText: hash.hexText) == hash)
      #expect(ContentHash(bytes: hash.bytes) == hash)
      #expect(hash.bytes.count == ContentHash.lengthInBytes)
      #expect(hash.hexText == hash.bytes.map { String(format: "%02x", $0) }.joined())
      #expect(hash.description == hash.hexText)
      #expect(hash.shortText == String(hash.hexText.prefix(8)))
      let json = try JSONEncoder().encode([hash])
      #expect(String(decoding: json, as: UTF8.self) == "[\"\(hash.hexText)\"]")
      #expect(try JSONDecoder().decode([ContentHash].self, from: json) == [hash])
    }
  }

  @Test("is not read from anything but 64 lower-case digits or 32 bytes")
  func refusesOtherTexts() {
    let right = ContentHash(of: []).hexText
    let others = [
      "", String(right.dropLast()), right + "0", right.uppercased(), "g" + right.dropFirst(),
      " " + right.dropFirst(), "é" + right.dropFirst(2),
    ]
    for text in others {
      #expect(ContentHash(hexText: text) == nil, "'\(text)'")
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([ContentHash].self, from: Data("[\"\(text)\"]".utf8))
      }
    }
    #expect(ContentHash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(ContentHash(bytes: [UInt8](repeating: 0, count: 33)) == nil)
  }

  @Test("is ordered as its text is")
  func ordersAsText() {
    let hashes = (0..<200).map { ContentHash(of: Self.content(length: $0)) }
    #expect(hashes.sorted().map(\.hexText) == hashes.map(\.hexText).sorted())
    // The same in all but one byte, at every place.
    for place in 0..<32 {
      var bytes = [UInt8](repeating: 0x7f, count: 32)
      let middle = ContentHash(bytes: bytes)
      bytes[place] = 0x80
      let high = ContentHash(bytes: bytes)
      #expect(middle.flatMap { low in high.map { low < $0 && !($0 < low) } } == true)
    }
  }

  @Test("of a file reports what is not a file, and what ends early")
  func reportsUnreadableFiles() throws {
    let folder = try TemporaryDirectory()
    expectFault(.notFound) {
      () throws(FileFault) in
      _ = try ContentHash(ofFile: folder.appending("none"), on: LocalFileSystem())
    }
    expectFault(.notRegularFile) {
      () throws(FileFault) in
      _ = try ContentHash(ofFile: folder.path, on: LocalFileSystem())
    }
  }
}
