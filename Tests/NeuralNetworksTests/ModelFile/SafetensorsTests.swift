import Foundation
import NeuralNetworks
import Tensors
import Testing

/// A file that is no safetensors file, and the refusal.
struct MalformedRow: CustomTestStringConvertible, Sendable {
  let header: String
  var data = 0
  let code: ModelFileError.Code
  let message: String

  var testDescription: String { "\(code)" }

  var bytes: [UInt8] { SafetensorsTests.file(header: header, dataCount: data) }
}

@Suite("A safetensors file")
struct SafetensorsTests {
  static func file(header: String, dataCount: Int) -> [UInt8] {
    let text = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return length + text + [UInt8](repeating: 0, count: dataCount)
  }

  private func example() throws -> Safetensors {
    var file = Safetensors(metadata: ["b": "line\n\"quoted\" \\ é \u{1}", "a": ""])
    try file.add("small", Tensor<Float>(shape: [2, 1], values: [1.5, -.infinity]))
    try file.add("wide", Tensor<Double>(shape: [], values: [0.1]))
    try file.add("empty", Tensor<Float>(shape: [0, 3], values: []))
    return file
  }

  @Test("is the same bytes for the same contents, aligned and in order")
  func deterministicBytes() throws {
    let bytes = try example().encoded()
    let header = """
      {"__metadata__":{"a":"","b":"line\\n\\"quoted\\" \\\\ é \\u0001"},\
      "wide":{"dtype":"F64","shape":[],"data_offsets":[0,8]},\
      "empty":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},\
      "small":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}}
      """
    let padded = header.utf8.count + (8 - header.utf8.count % 8) % 8
    #expect(bytes.count == 8 + padded + 16)
    #expect(String(decoding: bytes[8..<8 + header.utf8.count], as: UTF8.self) == header)
    #expect(bytes[..<2] == [UInt8(padded & 255), UInt8(padded >> 8)])
    var reversed = Safetensors(metadata: try example().metadata)
    for entry in try example().entries.reversed() where entry.elementType == .float32 {
      try reversed.add(
        entry.name, try #require(try example().tensor(entry.name, of: Float.self)))
    }
    try reversed.add("wide", Tensor<Double>(shape: [], values: [0.1]))
    #expect(reversed.encoded() == bytes)
  }

  @Test("reads back what was written")
  func roundTrip() throws {
    let file = try example()
    let read = try Safetensors(decoding: file.encoded())
    #expect(read == file)
    #expect(try read.tensor("small", of: Float.self)?.values == [1.5, -.infinity])
    #expect(try read.tensor("none", of: Float.self) == nil)
    let empty = Safetensors()
    #expect(try Safetensors(decoding: empty.encoded()) == empty)
  }

  @Test("reads escapes, surrogate pairs, spaces and any order of fields")
  func readsOtherWriters() throws {
    let header =
      #"{ "t\u00e9\ud83d\ude00\/" : { "data_offsets" : [0, 2], "shape":[1], "dtype":"F16"} }  "#
    let file = try Safetensors(decoding: Self.file(header: header, dataCount: 2))
    #expect(file.entries.map(\.name) == ["té😀/"])
    #expect(file.entries.first?.elementType == .float16)
    let error = #expect(throws: ModelFileError.self) {
      try file.tensor("té😀/", of: Float.self)
    }
    #expect(error?.code == .tensorType)
    #expect(
      error?.message
        == "Could not read the model file: tensor 'té😀/' has the element type F16, the "
        + "model is being read as F32. Read it in its own precision.")
  }

  @Test("refuses a name twice or the name of the metadata")
  func reservedNames() throws {
    var file = try example()
    for name in ["small", "__metadata__"] {
      let error = #expect(throws: ModelFileError.self) {
        try file.add(name, Tensor<Float>(shape: [1], values: [1]))
      }
      #expect(error?.code == .reservedName)
      #expect(
        error?.message
          == "Could not write the model file: the name '\(name)' is used twice or kept "
          + "for the format itself. Choose another name.")
    }
  }

  static let good = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
  private static let damaged = "Get an undamaged copy of the file."

  static let malformed: [MalformedRow] = [
    MalformedRow(
      header: "[]        ", code: .headerNotObject,
      message: "Could not read the model file: its header does not start with '{', it has to be a "
        + "JSON object. \(damaged)"),
    MalformedRow(
      header: #"{"a":\#(good)"#, data: 4, code: .headerNotJSON,
      message:
        "Could not read the model file: its header breaks off at byte 53, JSON has ',' or '}' "
        + "there. \(damaged)"),
    MalformedRow(
      header: #"{"a":\#(good),"a":\#(good)}"#, data: 4, code: .duplicateKey,
      message:
        "Could not read the model file: the key 'a' appears twice, every key has to be unique. "
        + damaged),
    MalformedRow(
      header: #"{"__metadata__":{"n":3}}"#, code: .metadataNotText,
      message:
        "Could not read the model file: the metadata under 'n' are not text, they have to be. "
        + damaged),
    MalformedRow(
      header: #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, data: 4, code: .fieldMissing,
      message:
        "Could not read the model file: tensor 'a' has no 'dtype' of the right form, it needs "
        + "one. \(damaged)"),
    MalformedRow(
      header: #"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, data: 4,
      code: .elementType,
      message:
        "Could not read the model file: tensor 'a' has the element type 'F33', which is not one "
        + "of safetensors. Convert the file."),
    MalformedRow(
      header: #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, data: 4,
      code: .fieldMissing,
      message:
        "Could not read the model file: tensor 'a' has no 'shape' of the right form, it needs "
        + "one. \(damaged)"),
    MalformedRow(
      header:
        #"{"a":{"dtype":"F32","shape":[9007199254740992,9007199254740992],"data_offsets":[0,4]}}"#,
      data: 4, code: .shape,
      message:
        "Could not read the model file: the shape of tensor 'a' does not multiply to a 64-bit "
        + "count, it has to. \(damaged)"),
    MalformedRow(
      header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: 4, code: .offsets,
      message:
        "Could not read the model file: tensor 'a' lies from byte 4 to 0, the file has 4 bytes "
        + "of data. \(damaged)"),
    MalformedRow(
      header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 4, code: .offsets,
      message:
        "Could not read the model file: tensor 'a' lies from byte 0 to 8, the file has 4 bytes "
        + "of data. \(damaged)"),
    MalformedRow(
      header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: 4, code: .byteCount,
      message:
        "Could not read the model file: tensor 'a' spans 4 bytes, its shape and element type "
        + "need 8. \(damaged)"),
    MalformedRow(
      header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, data: 8, code: .hole,
      message:
        "Could not read the model file: 4 bytes before tensor 'a' belong to no tensor, all have "
        + "to. \(damaged)"),
    MalformedRow(
      header: #"{"a":\#(good),"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, data: 6,
      code: .overlap,
      message:
        "Could not read the model file: tensor 'b' shares 2 bytes with the one before, none may "
        + "be shared. \(damaged)"),
    MalformedRow(
      header: #"{"a":\#(good)}"#, data: 7, code: .incompleteBuffer,
      message: "Could not read the model file: its tensors cover 4 bytes of data, the file has 7. "
        + damaged),
  ]

  @Test(
    "is refused for each malformation by a code and a sentence of its own", arguments: malformed)
  func refusals(row: MalformedRow) {
    let error = #expect(throws: ModelFileError.self) { try Safetensors(decoding: row.bytes) }
    #expect(error?.code == row.code)
    #expect(error?.message == row.message)
    #expect(
      error?.location.contains("Safetensors") == true || error?.location.contains("JSON") == true)
  }

  @Test("is refused for lengths that do not fit")
  func lengths() {
    func refusal(_ bytes: [UInt8], _ limits: Safetensors.Limits = .init()) -> ModelFileError? {
      #expect(throws: ModelFileError.self) { try Safetensors(decoding: bytes, limits: limits) }
    }
    #expect(
      refusal([1, 2, 3])?.message
        == "Could not read the model file: it has 3 bytes, a header needs at least 10. "
        + Self.damaged)
    let huge = [UInt8](repeating: 255, count: 8) + [123, 125]
    #expect(
      refusal(huge)?.message
        == "Could not read the model file: its header claims 18446744073709551615 bytes, the limit is "
        + "100000000. \(Self.damaged)")
    #expect(refusal(huge)?.code == .headerTooLarge)
    let beyond: [UInt8] = [200, 0, 0, 0, 0, 0, 0, 0, 123, 125]
    #expect(
      refusal(beyond)?.message
        == "Could not read the model file: its header claims 200 bytes, the file has 2 after the "
        + "length. \(Self.damaged)")
    #expect(refusal(beyond)?.code == .headerBeyondEnd)
    let limited = refusal(Safetensors().encoded(), .init(fileInBytes: 12))
    #expect(
      limited?.message
        == "Could not read the model file: it has 16 bytes, the limit is 12. Raise the limit.")
    let wrong = Self.file(header: "{ \u{0}}", dataCount: 0)
    #expect(refusal(wrong + [UInt8](repeating: 0, count: 4))?.code == .headerNotJSON)
    var notText = Self.file(header: "{\"abc\":1}", dataCount: 0)
    notText[10] = 0xff
    #expect(
      refusal(notText)?.message
        == "Could not read the model file: its header is not UTF-8 text, it has to be JSON. "
        + Self.damaged)
  }

  @Test("never traps on damage: every byte changed, every length cut")
  func damage() throws {
    let bytes = try example().encoded()
    var refused = 0
    for index in bytes.indices {
      for change in [UInt8(1), 0x20, 0x80, 0xff] {
        var damaged = bytes
        damaged[index] ^= change
        do { _ = try Safetensors(decoding: damaged) } catch { refused += 1 }
      }
      #expect(throws: ModelFileError.self) { try Safetensors(decoding: Array(bytes[..<index])) }
    }
    #expect(refused > bytes.count)
  }

  @Test("is read by the safetensors package of Python")
  func readByPython() throws {
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", "-c",
      """
      import sys
      try:
        import safetensors
      except ImportError:
        sys.exit(77)
      file = safetensors.deserialize(sys.stdin.buffer.read())
      for name, value in sorted(file):
        print(name, value["dtype"], value["shape"], value["data"].hex())
      """,
    ]
    let (input, output) = (Pipe(), Pipe())
    python.standardInput = input
    python.standardOutput = output
    python.standardError = FileHandle.nullDevice
    try python.run()
    input.fileHandleForWriting.write(Data(try example().encoded()))
    try input.fileHandleForWriting.close()
    let lines = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    python.waitUntilExit()
    if python.terminationStatus == 77 || python.terminationStatus == 127 {
      print("Skipped: reading safetensors in Python needs python3 with the safetensors package.")
      return
    }
    #expect(python.terminationStatus == 0)
    #expect(
      lines == """
        empty F32 [0, 3] \n\
        small F32 [2, 1] 0000c03f000080ff
        wide F64 [] 9a9999999999b93f

        """)
  }
}
