extension H5.File {
  /// Builds a file in memory and returns its bytes. Nothing touches a disk.
  ///
  /// The bytes are a pure function of the calls made in `build`: no times are recorded, numbers are
  /// little-endian, and the format is the earliest one, which every reader opens (in 1.10.8, images of
  /// the newer formats cannot even be re-opened). Contents from 64 KiB on begin at multiples of 4 KiB, so
  /// that they can be mapped.
  ///
  /// ```swift
  /// let bytes = try H5.File.image { root in
  ///   try root.createDataset("x", shape: [2, 3], values: [1, 2, 3, 4, 5, 6] as [Float])
  ///   try root.setAttribute("rateInHertz", 50.0)
  /// }
  /// ```
  ///
  /// - Parameter build: Fills the root group. Objects that outlive it can be read no more safely than
  ///   any object of a closed file; writing to them throws `.readOnly`.
  /// - Returns: The file, as it would be on disk.
  /// - Throws: What `build` throws, or `.library` where libhdf5 fails, for example without memory.
  public static func image(
    _ build: (H5.Group) throws(H5.Failure) -> Void
  ) throws(H5.Failure) -> [UInt8] {
    let file = try beginImage()
    try build(try H5.File(file).root)
    return try finishImage(file)
  }

  /// Builds a file in memory, with a closure that may throw anything.
  ///
  /// A closure without a written type of error is taken to throw any; so `H5.File.image { … }` is this
  /// one.
  ///
  /// - Throws: What `build` throws, or `.library`.
  @_disfavoredOverload
  public static func image(_ build: (H5.Group) throws -> Void) throws -> [UInt8] {
    let file = try beginImage()
    try build(try H5.File(file).root)
    return try finishImage(file)
  }

  // The lock is not held while values are computed in between; each call inside takes it.
  private static func beginImage() throws(H5.Failure) -> OpenFile {
    let name = "(image)"
    let handle = try library("create", name) { () throws(CallFault) in try createInMemory() }
    return OpenFile(
      handle, name: name, limits: .trusted, isWritable: true, userBlockInBytes: 0)
  }

  private static func finishImage(_ file: OpenFile) throws(H5.Failure) -> [UInt8] {
    file.seal()
    return try library("finish", file.name) { () throws(CallFault) in
      try Calls.flush(file.handle)
      let bytes = try Calls.image(of: file.handle)
      try file.handle.close()
      return bytes
    }
  }

  private static func createInMemory() throws(CallFault) -> Handle {
    try Calls.prepare()
    let access = try Calls.fileAccess()
    try Calls.useMemory(access, incrementInBytes: imageIncrementInBytes)
    try Calls.useEarliestFormat(access)
    try Calls.align(access, from: 64 << 10, to: 4 << 10)
    let creation = try Calls.fileCreation()
    try Calls.leaveOutTimes(creation)
    return try Calls.createFile(ImageNames.next(), creation: creation, access: access)
  }
}
