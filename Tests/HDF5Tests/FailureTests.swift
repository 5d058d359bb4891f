import HDF5
import Testing

@Suite("A failure")
struct FailureTests {
  typealias Case = (failure: H5.Failure, code: H5.Failure.Code, sentence: String)

  private static let opening: [Case] = [
    (
      .fileMissing("a.h5"), .fileMissing,
      "Could not open 'a.h5': there is no such file. Check the path."
    ),
    (
      .notRegular("a.h5", found: "a directory"), .fileUnreadable,
      "Could not open 'a.h5': it is a directory, an HDF5 file is a regular file. Check the path."
    ),
    (
      .fileUnreadable("a.h5", reason: "Permission denied"), .fileUnreadable,
      "Could not open 'a.h5': Permission denied. Check its permissions and its folder's."
    ),
    (
      .notHDF5("a.h5"), .notHDF5,
      "Could not open 'a.h5': it has no HDF5 signature. Check that it is an HDF5 file."
    ),
    (
      .truncated("a.h5"), .truncated,
      "Could not open 'a.h5': it ends before its contents do. Copy or download it again."
    ),
    (
      .beingWritten("a.h5"), .beingWritten,
      "Could not open 'a.h5': the file is being written or its writer crashed. "
        + "Copy it and run 'h5clear -s' on the copy to inspect it."
    ),
    (
      .objectMissing("a.h5:/x"), .objectMissing,
      "Could not open 'a.h5:/x': there is no such object. List its group to see what there is."
    ),
    (
      .wrongKind("a.h5:/x", found: "group", expected: "dataset"), .wrongKind,
      "Could not open 'a.h5:/x': it is a group, a dataset is expected. Check the path."
    ),
    (
      .externalLink("a.h5:/x"), .externalLink,
      "Could not open 'a.h5:/x': it is a link to another file, and such links are not followed. "
        + "Copy the object into the file with 'h5copy'."
    ),
    (
      .userDefinedLink("a.h5:/x"), .userDefinedLink,
      "Could not open 'a.h5:/x': it is a link of a kind that only its maker can follow. "
        + "Ask the maker of the file for one without it."
    ),
    (
      .softLinkLoop("a.h5:/x", limit: 16), .softLinkLoop,
      "Could not open 'a.h5:/x': more than 16 soft links lead to it. "
        + "Look for links that lead to one another."
    ),
    (
      .badName("create", "a.h5:/", found: "is empty"), .name,
      "Could not create 'a.h5:/': the name is empty. "
        + "Use a name of UTF-8 text without '/' and zero bytes."
    ),
  ]

  private static let refusals: [Case] = [
    (
      .externalStorage("a.h5:/x"), .externalStorage,
      "Could not open 'a.h5:/x': its values lie in another file, and such files are not read. "
        + "Store the values in the file with 'h5repack'."
    ),
    (
      .virtualDataset("a.h5:/x"), .virtualDataset,
      "Could not open 'a.h5:/x': it is put together from other datasets, and such views are not "
        + "read. Store the values in the file with 'h5repack'."
    ),
    (
      .filterNotPermitted("a.h5:/x", number: 32001, name: "Blosc"), .filter,
      "Could not open 'a.h5:/x': its chunks are stored with filter 32001 (Blosc), which is not "
        + "read here. Store them with gzip by 'h5repack -f GZIP=1'."
    ),
    (
      .filterRepeated("a.h5:/x", filter: "deflate", count: 3), .filter,
      "Could not open 'a.h5:/x': its chunks pass 3 times through the filter deflate, once is "
        + "expected. Store them anew with 'h5repack -f GZIP=1'."
    ),
    (
      .overLimit("read", "a.h5:/x", found: "it has 9 axes", limit: "8"), .overLimit,
      "Could not read 'a.h5:/x': it has 9 axes, the limit is 8. "
        + "Raise the limit only for a file that you trust."
    ),
    (
      .unsupportedType("a.h5:/x", type: "'reference'"), .unsupportedType,
      "Could not read 'a.h5:/x': type 'reference' is not supported. "
        + "Convert it to numbers or strings."
    ),
    (
      .wrongType("a.h5:/x", found: "strings", expected: "numbers"), .wrongType,
      "Could not read 'a.h5:/x': it holds strings, numbers were asked for. Look at its element type."
    ),
    (
      .valueOutOfRange("a.h5:/x", type: "Int8"), .valueOutOfRange,
      "Could not read 'a.h5:/x': a value does not fit Int8 exactly. Read it as a wider type."
    ),
    (
      .invalidText("a.h5:/x", index: 1), .invalidText,
      "Could not read 'a.h5:/x': string 1 is not UTF-8. Read it with invalid text repaired."
    ),
    (
      .zeroByteInText("a.h5:/x", index: 1), .invalidText,
      "Could not write 'a.h5:/x': string 1 has a zero byte, which ends a string in HDF5. Remove it."
    ),
    (
      .checksum("a.h5:/x", chunk: [8, 0]), .checksum,
      "Could not read 'a.h5:/x': the chunk at [8, 0] does not match its Fletcher-32 checksum. "
        + "Restore the file from its source."
    ),
  ]

  private static let uses: [Case] = [
    (
      .selectionOutside("a.h5:/x", selection: "rows 3..<6", shape: [5, 3]), .selection,
      "Could not select from 'a.h5:/x': rows 3..<6 lies outside the shape [5, 3]. "
        + "Select within the shape."
    ),
    (
      .wrongCount("read", "a.h5:/x", found: 2, expected: 3), .count,
      "Could not read 'a.h5:/x': there is room for 2 values, 3 are expected. "
        + "Match the count to the selection."
    ),
    (
      .badShape("create", "a.h5:/x", found: "the shape is [-1]"), .shape,
      "Could not create 'a.h5:/x': the shape is [-1]. Use at most 32 axes, none negative, and at "
        + "least 1 along each axis of a chunk."
    ),
    (
      .badFilters("a.h5:/x", found: "there are filters but no chunks"), .filter,
      "Could not create 'a.h5:/x': there are filters but no chunks. "
        + "Give a chunk shape, and filters that can be written."
    ),
    (
      .notChunked("a.h5:/x"), .shape,
      "Could not read a chunk of 'a.h5:/x': it is not stored in chunks. Read it by a selection."
    ),
    (
      .noSuchChunk("a.h5:/x", chunk: "at [1]"), .selection,
      "Could not read a chunk of 'a.h5:/x': there is no stored chunk at [1]. "
        + "List the chunks to see which there are."
    ),
    (
      .attributeMissing("a.h5:/x@unit"), .attributeMissing,
      "Could not read 'a.h5:/x@unit': there is no such attribute. List the attributes of the object."
    ),
    (
      .memberMissing("a.h5:/x", member: "time"), .attributeMissing,
      "Could not read 'a.h5:/x': its elements have no member 'time'. Look at its element type."
    ),
    (
      .attributeTooLarge("a.h5:/@x", sizeInBytes: 70_000, limitInBytes: 64_512), .overLimit,
      "Could not write 'a.h5:/@x': it has 70000 bytes, an attribute holds 64512. "
        + "Write it as a dataset."
    ),
    (
      .alreadyExists("a.h5:/x"), .alreadyExists,
      "Could not create 'a.h5:/x': the name is taken. Choose another name."
    ),
    (
      .readOnly("write", "a.h5:/x"), .readOnly,
      "Could not write 'a.h5:/x': the file is open for reading only. Write inside 'H5.File.image'."
    ),
    (
      .libraryFailure("read", "a.h5:/x", reason: "inflate() failed", cause: nil), .library,
      "Could not read 'a.h5:/x': libhdf5 found \"inflate() failed\". "
        + "Compare the file with its source, it may be damaged."
    ),
  ]

  @Test("says one literal sentence for each situation, and what to do")
  func sentences() throws {
    for (failure, code, sentence) in Self.opening + Self.refusals + Self.uses {
      #expect(failure.message == sentence)
      #expect(failure.code == code)
      #expect(failure.subject.hasPrefix("a.h5"))
      #expect(failure.description == sentence)
      #expect(failure.location.hasPrefix("HDF5Tests/FailureTests.swift:"))
    }
  }

  @Test("has no situation without a sentence in this test")
  func allSituations() throws {
    let source = try Repository.text("Sources/HDF5/H5.Failure+Factories.swift")
    let factories = source.matches(of: /package static func (\w+)\(\n?/).map { String($0.output.1) }
    let here = try Repository.text("Tests/HDF5Tests/FailureTests.swift")
    for factory in factories {
      #expect(here.contains(".\(factory)("), "\(factory) has no sentence here.")
    }
    #expect(factories.count == (Self.opening + Self.refusals + Self.uses).count)
  }

  @Test("keeps the whole error stack of libhdf5, innermost frame first")
  func errorStack() throws {
    var image = try sampleImage()
    // The first local heap holds the names of the root group; without it nothing is found.
    let heap = try #require(image.indices.first { image[$0...].starts(with: Array("HEAP".utf8)) })
    image[heap] = 0
    let failure = expectFailure(.library) { try H5.File.open(image: image).root.children() }
    let stack = try #require(failure?.cause as? H5.ErrorStack)
    #expect(stack.frames.count > 3)
    #expect(stack.frames.last?.function == stack.function)
    #expect(stack.frames.first?.reason == "bad local heap signature")
    #expect(try #require(failure).message.contains("bad local heap signature"))
    #expect(stack.description.split(separator: "\n").count == stack.frames.count + 1)
  }
}
