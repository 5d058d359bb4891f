// One factory for each situation; nowhere else is a failure made. `file` and `line` are the caller's.
extension H5.Failure {
  // MARK: Opening files

  package static func fileMissing(_ path: String, file: String = #fileID, line: Int = #line) -> Self
  {
    Self(
      .fileMissing, path, "Could not open '\(path)': there is no such file. Check the path.",
      (file, line))
  }

  package static func notRegular(
    _ path: String, found: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .fileUnreadable, path,
      "Could not open '\(path)': it is \(found), an HDF5 file is a regular file. Check the path.",
      (file, line))
  }

  package static func fileUnreadable(
    _ path: String, reason: String, cause: (any Error)? = nil, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .fileUnreadable, path,
      "Could not open '\(path)': \(reason). Check its permissions and its folder's.", cause: cause,
      (file, line))
  }

  package static func notHDF5(
    _ name: String, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .notHDF5, name,
      "Could not open '\(name)': it has no HDF5 signature. Check that it is an HDF5 file.",
      cause: cause, (file, line))
  }

  package static func truncated(
    _ name: String, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .truncated, name,
      "Could not open '\(name)': it ends before its contents do. Copy or download it again.",
      cause: cause, (file, line))
  }

  package static func beingWritten(
    _ name: String, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .beingWritten, name,
      "Could not open '\(name)': the file is being written or its writer crashed. "
        + "Copy it and run 'h5clear -s' on the copy to inspect it.",
      cause: cause, (file, line))
  }

  // MARK: Finding objects

  package static func objectMissing(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .objectMissing, subject,
      "Could not open '\(subject)': there is no such object. List its group to see what there is.",
      (file, line))
  }

  package static func wrongKind(
    _ subject: String, found: String, expected: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .wrongKind, subject,
      "Could not open '\(subject)': it is a \(found), a \(expected) is expected. Check the path.",
      (file, line))
  }

  package static func externalLink(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .externalLink, subject,
      "Could not open '\(subject)': it is a link to another file, and such links are not followed. "
        + "Copy the object into the file with 'h5copy'.",
      (file, line))
  }

  package static func userDefinedLink(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .userDefinedLink, subject,
      "Could not open '\(subject)': it is a link of a kind that only its maker can follow. "
        + "Ask the maker of the file for one without it.",
      (file, line))
  }

  package static func softLinkLoop(
    _ subject: String, limit: Int, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .softLinkLoop, subject,
      "Could not open '\(subject)': more than \(limit) soft links lead to it. "
        + "Look for links that lead to one another.",
      (file, line))
  }

  package static func badName(
    _ action: String, _ subject: String, found: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .name, subject,
      "Could not \(action) '\(subject)': the name \(found). "
        + "Use a name of UTF-8 text without '/' and zero bytes.",
      (file, line))
  }

  // MARK: Limits and refusals

  package static func externalStorage(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .externalStorage, subject,
      "Could not open '\(subject)': its values lie in another file, and such files are not read. "
        + "Store the values in the file with 'h5repack'.",
      (file, line))
  }

  package static func virtualDataset(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .virtualDataset, subject,
      "Could not open '\(subject)': it is put together from other datasets, and such views are not "
        + "read. Store the values in the file with 'h5repack'.",
      (file, line))
  }

  package static func filterNotPermitted(
    _ subject: String, number: Int, name: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .filter, subject,
      "Could not open '\(subject)': its chunks are stored with filter \(number) (\(name)), which is "
        + "not read here. Store them with gzip by 'h5repack -f GZIP=1'.",
      (file, line))
  }

  package static func filterRepeated(
    _ subject: String, filter: String, count: Int, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .filter, subject,
      "Could not open '\(subject)': its chunks pass \(count) times through the filter \(filter), once "
        + "is expected. Store them anew with 'h5repack -f GZIP=1'.",
      (file, line))
  }

  package static func overLimit(
    _ action: String, _ subject: String, found: String, limit: String, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .overLimit, subject,
      "Could not \(action) '\(subject)': \(found), the limit is \(limit). "
        + "Raise the limit only for a file that you trust.",
      (file, line))
  }

  // MARK: Types and values

  package static func unsupportedType(
    _ subject: String, type: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .unsupportedType, subject,
      "Could not read '\(subject)': type \(type) is not supported. Convert it to numbers or strings.",
      (file, line))
  }

  package static func wrongType(
    _ subject: String, found: String, expected: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .wrongType, subject,
      "Could not read '\(subject)': it holds \(found), \(expected) were asked for. "
        + "Look at its element type.",
      (file, line))
  }

  package static func valueOutOfRange(
    _ subject: String, type: String, cause: (any Error)? = nil, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .valueOutOfRange, subject,
      "Could not read '\(subject)': a value does not fit \(type) exactly. Read it as a wider type.",
      cause: cause, (file, line))
  }

  package static func invalidText(
    _ subject: String, index: Int, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .invalidText, subject,
      "Could not read '\(subject)': string \(index) is not UTF-8. "
        + "Read it with invalid text repaired.",
      (file, line))
  }

  package static func zeroByteInText(
    _ subject: String, index: Int, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .invalidText, subject,
      "Could not write '\(subject)': string \(index) has a zero byte, which ends a string in HDF5. "
        + "Remove it.",
      (file, line))
  }

  package static func checksum(
    _ subject: String, chunk: [Int], cause: (any Error)? = nil, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .checksum, subject,
      "Could not read '\(subject)': the chunk at \(chunk) does not match its Fletcher-32 checksum. "
        + "Restore the file from its source.",
      cause: cause, (file, line))
  }

  package static func selectionOutside(
    _ subject: String, selection: String, shape: [Int], file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .selection, subject,
      "Could not select from '\(subject)': \(selection) lies outside the shape \(shape). "
        + "Select within the shape.",
      (file, line))
  }

  package static func wrongCount(
    _ action: String, _ subject: String, found: Int, expected: Int, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .count, subject,
      "Could not \(action) '\(subject)': there is room for \(found) values, \(expected) are expected. "
        + "Match the count to the selection.",
      (file, line))
  }

  package static func badShape(
    _ action: String, _ subject: String, found: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .shape, subject,
      "Could not \(action) '\(subject)': \(found). Use at most 32 axes, none negative, and at least "
        + "1 along each axis of a chunk.",
      (file, line))
  }

  package static func badFilters(
    _ subject: String, found: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .filter, subject,
      "Could not create '\(subject)': \(found). Give a chunk shape, and filters that can be written.",
      (file, line))
  }

  package static func notChunked(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .shape, subject,
      "Could not read a chunk of '\(subject)': it is not stored in chunks. "
        + "Read it by a selection.",
      (file, line))
  }

  package static func noSuchChunk(
    _ subject: String, chunk: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .selection, subject,
      "Could not read a chunk of '\(subject)': there is no stored chunk \(chunk). "
        + "List the chunks to see which there are.",
      (file, line))
  }

  // MARK: Attributes and members

  package static func attributeMissing(_ subject: String, file: String = #fileID, line: Int = #line)
    -> Self
  {
    Self(
      .attributeMissing, subject,
      "Could not read '\(subject)': there is no such attribute. List the attributes of the object.",
      (file, line))
  }

  package static func memberMissing(
    _ subject: String, member: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .attributeMissing, subject,
      "Could not read '\(subject)': its elements have no member '\(member)'. "
        + "Look at its element type.",
      (file, line))
  }

  package static func attributeTooLarge(
    _ subject: String, sizeInBytes: Int, limitInBytes: Int, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    Self(
      .overLimit, subject,
      "Could not write '\(subject)': it has \(sizeInBytes) bytes, an attribute holds \(limitInBytes). "
        + "Write it as a dataset.",
      (file, line))
  }

  // MARK: Writing

  package static func alreadyExists(
    _ subject: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .alreadyExists, subject,
      "Could not create '\(subject)': the name is taken. Choose another name.", (file, line))
  }

  package static func readOnly(
    _ action: String, _ subject: String, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .readOnly, subject,
      "Could not \(action) '\(subject)': the file is open for reading only. "
        + "Write inside 'H5.File.image'.",
      (file, line))
  }

  // MARK: The library

  /// A call failed: tells the situations apart that have a code of their own.
  static func library(
    _ action: String, _ subject: String, _ fault: CallFault, file: String = #fileID,
    line: Int = #line
  ) -> Self {
    libraryFailure(
      action, subject, reason: fault.reason, cause: fault.stack, file: file, line: line)
  }

  package static func libraryFailure(
    _ action: String, _ subject: String, reason: String, cause: (any Error)?,
    file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(
      .library, subject,
      "Could not \(action) '\(subject)': libhdf5 found \"\(reason)\". "
        + "Compare the file with its source, it may be damaged.",
      cause: cause, (file, line))
  }
}
