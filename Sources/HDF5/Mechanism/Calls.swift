import CHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An identifier of libhdf5, so that no other file needs its headers.
typealias ObjectID = Int64

/// Every call into libhdf5, one function each; the only file that imports its headers.
///
/// Each function turns a failure status into a `CallFault` that carries the whole error stack, and an
/// identifier into a `Handle`. The caller holds the library lock. `schemas/hdf5-surface.txt` lists the
/// C functions; a test compares the list with this file.
enum Calls {
  /// Stands for "default properties", "whole space" and "current error stack" alike.
  static let standard: ObjectID = 0

  // MARK: Library

  /// What has to happen before anything else; the fault if it did not.
  static let preparation: CallFault? = {
    do throws(CallFault) {
      // At exit another thread may still be reading, and we have nothing to flush.
      try check(H5dont_atexit(), "H5dont_atexit")
      try check(H5open(), "H5open")
      H5Eset_auto2(standard, nil, nil)
      // Never load code because a file asks for it.
      try check(H5PLset_loading_state(0), "H5PLset_loading_state")
      // Without its class an external link cannot be followed, whichever way it is met.
      try check(H5Lunregister(H5L_TYPE_EXTERNAL), "H5Lunregister")
      return nil
    } catch {
      return error
    }
  }()

  static func prepare() throws(CallFault) {
    if let fault = preparation { throw fault }
  }

  /// Comes first whenever a thread enters: any other call would start the library unprepared.
  static func silenceThisThread() {
    guard preparation == nil else { return }
    H5Eset_auto2(standard, nil, nil)
  }

  static func version() -> String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }

  static func pluginLoadingState() -> UInt32 {
    guard preparation == nil else { return .max }
    var state = UInt32.max
    H5PLget_loading_state(&state)
    return state
  }

  /// The number of files, groups, datasets, named types and attributes that are open.
  static func openCount() -> Int {
    let all = chdf5_all_objects()
    return H5Fget_obj_count(hid_t(all), all)
  }

  static var truncatedMinor: ObjectID { chdf5_minor_truncated() }
  static var notHDF5Minor: ObjectID { chdf5_minor_not_hdf5() }

  // MARK: Errors

  private static func check(_ status: herr_t, _ function: StaticString) throws(CallFault) {
    if status < 0 { throw fault(function) }
  }

  private static func own(
    _ id: hid_t, _ kind: Handle.Kind, _ function: StaticString
  ) throws(CallFault) -> Handle {
    if id < 0 { throw fault(function) }
    return Handle(owning: id, kind)
  }

  private static func fault(_ function: StaticString) -> CallFault {
    struct Entry {
      let function: String
      let reason: String
      let major: hid_t
      let minor: hid_t
    }
    var entries: [Entry] = []
    withUnsafeMutablePointer(to: &entries) { target in
      _ = H5Ewalk2(
        standard, H5E_WALK_UPWARD,
        { _, entry, context in
          guard let entry, let context else { return 0 }
          let reported = entry.pointee
          context.assumingMemoryBound(to: [Entry].self).pointee.append(
            Entry(
              function: reported.func_name.map { String(cString: $0) } ?? "",
              reason: reported.desc.map { String(cString: $0) } ?? "",
              major: reported.maj_num, minor: reported.min_num))
          return 0
        }, target)
    }
    // The messages are asked for afterwards: another call inside the walk might clear the stack.
    let frames = entries.map {
      H5.Frame(
        function: $0.function, reason: $0.reason, major: message($0.major),
        minor: message($0.minor))
    }
    return CallFault(function: "\(function)", frames: frames, minors: entries.map(\.minor))
  }

  private static func message(_ id: hid_t) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress, H5Eget_msg(id, nil, start, buffer.count) > 0 else {
        return "\(id)"
      }
      return String(cString: start)
    }
  }

  // MARK: Closing

  static func close(_ id: ObjectID, _ kind: Handle.Kind) throws(CallFault) {
    switch kind {
    case .file: try check(H5Fclose(id), "H5Fclose")
    case .object: try check(H5Oclose(id), "H5Oclose")
    case .space: try check(H5Sclose(id), "H5Sclose")
    case .type: try check(H5Tclose(id), "H5Tclose")
    case .properties: try check(H5Pclose(id), "H5Pclose")
    case .attribute: try check(H5Aclose(id), "H5Aclose")
    }
  }

  static func closeIgnoringFailure(_ id: ObjectID, _ kind: Handle.Kind) {
    do throws(CallFault) { try close(id, kind) } catch { return }
  }

  // MARK: Property lists

  static func fileAccess() throws(CallFault) -> Handle { try properties(chdf5_file_access()) }
  static func fileCreation() throws(CallFault) -> Handle { try properties(chdf5_file_create()) }
  static func groupCreation() throws(CallFault) -> Handle { try properties(chdf5_group_create()) }
  static func datasetCreation() throws(CallFault) -> Handle {
    try properties(chdf5_dataset_create())
  }
  static func datasetAccess() throws(CallFault) -> Handle { try properties(chdf5_dataset_access()) }
  static func transfer() throws(CallFault) -> Handle { try properties(chdf5_dataset_transfer()) }
  static func attributeCreation() throws(CallFault) -> Handle {
    try properties(chdf5_attribute_create())
  }
  static func linkCreation() throws(CallFault) -> Handle { try properties(chdf5_link_create()) }

  private static func properties(_ listClass: hid_t) throws(CallFault) -> Handle {
    try own(H5Pcreate(listClass), .properties, "H5Pcreate")
  }

  static func useDisk(_ access: Handle, locking: Bool) throws(CallFault) {
    try check(H5Pset_fapl_sec2(access.id), "H5Pset_fapl_sec2")
    try check(H5Pset_file_locking(access.id, locking, true), "H5Pset_file_locking")
  }

  static func useMemory(_ access: Handle, incrementInBytes: Int) throws(CallFault) {
    try check(H5Pset_fapl_core(access.id, incrementInBytes, false), "H5Pset_fapl_core")
  }

  static func setImage(_ bytes: [UInt8], on access: Handle) throws(CallFault) {
    // libhdf5 copies the bytes and does not write to them, although its prototype lacks the const.
    let status = bytes.withUnsafeBytes { source in
      H5Pset_file_image(
        access.id, UnsafeMutableRawPointer(mutating: source.baseAddress), source.count)
    }
    try check(status, "H5Pset_file_image")
  }

  static func useEarliestFormat(_ access: Handle) throws(CallFault) {
    try check(
      H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110),
      "H5Pset_libver_bounds")
  }

  static func align(_ access: Handle, from thresholdInBytes: Int, to multipleInBytes: Int)
    throws(CallFault)
  {
    try check(
      H5Pset_alignment(access.id, hsize_t(thresholdInBytes), hsize_t(multipleInBytes)),
      "H5Pset_alignment")
  }

  static func leaveOutTimes(_ creation: Handle) throws(CallFault) {
    try check(H5Pset_obj_track_times(creation.id, false), "H5Pset_obj_track_times")
  }

  static func nameInUTF8(_ creation: Handle) throws(CallFault) {
    try check(H5Pset_char_encoding(creation.id, H5T_CSET_UTF8), "H5Pset_char_encoding")
  }

  static func setChunk(_ shape: [Int], on creation: Handle) throws(CallFault) {
    let sides = shape.map { hsize_t($0) }
    try check(H5Pset_chunk(creation.id, Int32(sides.count), sides), "H5Pset_chunk")
  }

  static func addShuffle(_ creation: Handle) throws(CallFault) {
    try check(H5Pset_shuffle(creation.id), "H5Pset_shuffle")
  }

  static func addDeflate(_ creation: Handle, level: Int) throws(CallFault) {
    try check(H5Pset_deflate(creation.id, UInt32(level)), "H5Pset_deflate")
  }

  static func addFletcher32(_ creation: Handle) throws(CallFault) {
    try check(H5Pset_fletcher32(creation.id), "H5Pset_fletcher32")
  }

  static func setFill<Value: BitwiseCopyable>(
    _ value: Value, _ type: ObjectID, on creation: Handle
  ) throws(CallFault) {
    let status = withUnsafePointer(to: value) { H5Pset_fill_value(creation.id, type, $0) }
    try check(status, "H5Pset_fill_value")
  }

  static func setChunkCache(_ access: Handle, slots: Int, bytes: Int) throws(CallFault) {
    // Weight 1: chunks that were read to their end are dropped first.
    try check(H5Pset_chunk_cache(access.id, slots, bytes, 1), "H5Pset_chunk_cache")
  }

  static func layout(_ creation: Handle) throws(CallFault) -> H5.Dataset.Layout? {
    switch H5Pget_layout(creation.id) {
    case H5D_COMPACT: .compact
    case H5D_CONTIGUOUS: .contiguous
    case H5D_CHUNKED: .chunked
    case H5D_VIRTUAL: .virtual
    default: nil
    }
  }

  static func chunk(_ creation: Handle, rank: Int) throws(CallFault) -> [UInt64] {
    var sides = [hsize_t](repeating: 0, count: max(rank, 1))
    try check(H5Pget_chunk(creation.id, Int32(sides.count), &sides), "H5Pget_chunk")
    return sides
  }

  static func filterCount(_ creation: Handle) throws(CallFault) -> Int {
    let count = H5Pget_nfilters(creation.id)
    try check(count, "H5Pget_nfilters")
    return Int(count)
  }

  static func filter(
    _ creation: Handle, at index: Int
  ) throws(CallFault) -> (number: Int, name: String, firstParameter: Int?) {
    var parameterCount = 8
    var parameters = [UInt32](repeating: 0, count: parameterCount)
    var name = [CChar](repeating: 0, count: 256)
    var (flags, configuration): (UInt32, UInt32) = (0, 0)
    let number = H5Pget_filter2(
      creation.id, UInt32(index), &flags, &parameterCount, &parameters, name.count - 1, &name,
      &configuration)
    try check(number, "H5Pget_filter2")
    let first = parameterCount > 0 ? Int(parameters[0]) : nil
    return (Int(number), text(name), first)
  }

  static func externalFileCount(_ creation: Handle) throws(CallFault) -> Int {
    let count = H5Pget_external_count(creation.id)
    try check(count, "H5Pget_external_count")
    return Int(count)
  }

  static func userBlock(_ creation: Handle) throws(CallFault) -> Int {
    var size: hsize_t = 0
    try check(H5Pget_userblock(creation.id, &size), "H5Pget_userblock")
    return Int(clamping: size)
  }

  /// Makes a conversion fail, and sets the flag, where a value does not fit an integer.
  static func refuseLossyIntegers(
    _ transfer: Handle, flag: UnsafeMutablePointer<Bool>
  ) throws(CallFault) {
    let judge: H5T_conv_except_func_t = { exception, _, _, _, _, context in
      // Precision is lost only towards floats, where rounding is expected.
      if exception == H5T_CONV_EXCEPT_PRECISION { return H5T_CONV_UNHANDLED }
      context?.assumingMemoryBound(to: Bool.self).pointee = true
      return H5T_CONV_ABORT
    }
    try check(H5Pset_type_conv_cb(transfer.id, judge, flag), "H5Pset_type_conv_cb")
  }

  /// Takes the memory of variable-length strings from the arena.
  static func allocateStrings(_ transfer: Handle, from arena: StringArena) throws(CallFault) {
    let context = Unmanaged.passUnretained(arena).toOpaque()
    try check(
      H5Pset_vlen_mem_manager(
        transfer.id,
        { size, context in
          guard let context else { return nil }
          return Unmanaged<StringArena>.fromOpaque(context).takeUnretainedValue().allocate(size)
        }, context,
        // The arena frees everything at once, also when a read fails half-way.
        { _, _ in }, context),
      "H5Pset_vlen_mem_manager")
  }

  // MARK: Files

  static func openFile(_ path: UnsafePointer<CChar>, access: Handle) throws(CallFault) -> Handle {
    try own(H5Fopen(path, chdf5_read_only(), access.id), .file, "H5Fopen")
  }

  static func createFile(_ name: String, creation: Handle, access: Handle) throws(CallFault)
    -> Handle
  {
    try own(H5Fcreate(name, chdf5_truncate(), creation.id, access.id), .file, "H5Fcreate")
  }

  static func fileCreation(of file: Handle) throws(CallFault) -> Handle {
    try own(H5Fget_create_plist(file.id), .properties, "H5Fget_create_plist")
  }

  static func flush(_ file: Handle) throws(CallFault) {
    try check(H5Fflush(file.id, H5F_SCOPE_GLOBAL), "H5Fflush")
  }

  static func image(of file: Handle) throws(CallFault) -> [UInt8] {
    let size = H5Fget_file_image(file.id, nil, 0)
    if size < 0 { throw fault("H5Fget_file_image") }
    var copied = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      copied = H5Fget_file_image(file.id, buffer.baseAddress, buffer.count)
      count = max(copied, 0)
    }
    if copied != size { throw fault("H5Fget_file_image") }
    return bytes
  }

  // MARK: Links and objects

  /// What a link is, without following it.
  struct Link {
    let name: [UInt8]
    let kind: H5.LinkKind
    /// For soft and other non-hard links: the length of what they say.
    let valueInBytes: Int
  }

  static func links(of group: Handle, atMost limit: Int) throws(CallFault) -> (
    links: [Link], areAll: Bool
  ) {
    struct Collection {
      var links: [Link] = []
      let limit: Int
      var areAll = true
    }
    var collection = Collection(limit: limit)
    var position: hsize_t = 0
    let status = withUnsafeMutablePointer(to: &collection) { target in
      H5Literate(
        group.id, H5_INDEX_NAME, H5_ITER_INC, &position,
        { _, name, info, context in
          guard let name, let info, let context else { return -1 }
          let collection = context.assumingMemoryBound(to: Collection.self)
          guard collection.pointee.links.count < collection.pointee.limit else {
            collection.pointee.areAll = false
            return 1
          }
          let bytes = UnsafeBufferPointer(start: name, count: strlen(name)).map {
            UInt8(bitPattern: $0)
          }
          collection.pointee.links.append(Calls.link(named: bytes, info.pointee))
          return 0
        }, target)
    }
    try check(status, "H5Literate")
    return (collection.links, collection.areAll)
  }

  private static func link(named name: [UInt8], _ info: H5L_info_t) -> Link {
    switch info.type {
    case H5L_TYPE_HARD: Link(name: name, kind: .hard, valueInBytes: 0)
    case H5L_TYPE_SOFT: Link(name: name, kind: .soft, valueInBytes: info.u.val_size)
    case H5L_TYPE_EXTERNAL: Link(name: name, kind: .external, valueInBytes: info.u.val_size)
    default: Link(name: name, kind: .userDefined, valueInBytes: info.u.val_size)
    }
  }

  static func hasLink(_ name: String, in group: Handle) throws(CallFault) -> Bool {
    let answer = H5Lexists(group.id, name, standard)
    try check(answer, "H5Lexists")
    return answer > 0
  }

  static func link(_ name: String, in group: Handle) throws(CallFault) -> Link {
    var info = H5L_info_t()
    try check(H5Lget_info(group.id, name, &info, standard), "H5Lget_info")
    return link(named: Array(name.utf8), info)
  }

  static func linkValue(_ name: String, in group: Handle, sizeInBytes: Int) throws(CallFault)
    -> [UInt8]
  {
    var value = [UInt8](repeating: 0, count: max(sizeInBytes, 1))
    let status = H5Lget_val(group.id, name, &value, value.count, standard)
    try check(status, "H5Lget_val")
    return value
  }

  static func addHardLink(_ name: String, in group: Handle, to object: Handle, creation: Handle)
    throws(CallFault)
  {
    try check(
      H5Olink(object.id, group.id, name, creation.id, standard), "H5Olink")
  }

  static func addSoftLink(_ name: String, in group: Handle, to target: String, creation: Handle)
    throws(CallFault)
  {
    try check(
      H5Lcreate_soft(target, group.id, name, creation.id, standard), "H5Lcreate_soft")
  }

  static func openObject(_ name: String, in place: Handle) throws(CallFault) -> Handle {
    try own(H5Oopen(place.id, name, standard), .object, "H5Oopen")
  }

  /// Opens a dataset by itself where its chunk cache is to have another size than usual.
  static func openDataset(_ name: String, in place: Handle, access: Handle) throws(CallFault)
    -> Handle
  {
    try own(H5Dopen2(place.id, name, access.id), .object, "H5Dopen2")
  }

  static func object(_ handle: Handle) throws(CallFault) -> (kind: H5.ObjectKind, address: UInt64) {
    var info = H5O_info_t()
    try check(H5Oget_info2(handle.id, &info, H5O_INFO_BASIC), "H5Oget_info2")
    return (kind(info.type), UInt64(info.addr))
  }

  static func object(_ name: String, in group: Handle) throws(CallFault) -> (
    kind: H5.ObjectKind, address: UInt64
  ) {
    var info = H5O_info_t()
    try check(
      H5Oget_info_by_name2(group.id, name, &info, H5O_INFO_BASIC, standard),
      "H5Oget_info_by_name2")
    return (kind(info.type), UInt64(info.addr))
  }

  private static func kind(_ type: H5O_type_t) -> H5.ObjectKind {
    switch type {
    case H5O_TYPE_GROUP: .group
    case H5O_TYPE_DATASET: .dataset
    case H5O_TYPE_NAMED_DATATYPE: .namedType
    default: .unknown
    }
  }

  static func createGroup(_ name: String, in group: Handle, link: Handle, creation: Handle)
    throws(CallFault) -> Handle
  {
    try own(H5Gcreate2(group.id, name, link.id, creation.id, standard), .object, "H5Gcreate2")
  }

  // MARK: Spaces

  static func space(_ shape: [Int]) throws(CallFault) -> Handle {
    if shape.isEmpty { return try own(H5Screate(H5S_SCALAR), .space, "H5Screate") }
    let sides = shape.map { hsize_t($0) }
    return try own(
      H5Screate_simple(Int32(sides.count), sides, nil), .space, "H5Screate_simple")
  }

  /// The lengths of the axes; empty for a single value, nil for a space without any value.
  static func shape(_ space: Handle) throws(CallFault) -> [UInt64]? {
    if H5Sget_simple_extent_type(space.id) == H5S_NULL { return nil }
    let rank = H5Sget_simple_extent_ndims(space.id)
    try check(rank, "H5Sget_simple_extent_ndims")
    if rank == 0 { return [] }
    var sides = [hsize_t](repeating: 0, count: Int(rank))
    try check(H5Sget_simple_extent_dims(space.id, &sides, nil), "H5Sget_simple_extent_dims")
    return sides
  }

  static func select(_ slab: H5.Slab, in space: Handle) throws(CallFault) {
    let start = slab.start.map { hsize_t($0) }
    let stride = slab.stride.map { hsize_t($0) }
    let count = slab.count.map { hsize_t($0) }
    try check(
      H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, stride, count, nil),
      "H5Sselect_hyperslab")
  }

  // MARK: Types

  static func native(_ type: H5.NumericType) -> ObjectID {
    switch type {
    case .int8: chdf5_native_int8()
    case .int16: chdf5_native_int16()
    case .int32: chdf5_native_int32()
    case .int64: chdf5_native_int64()
    case .uint8: chdf5_native_uint8()
    case .uint16: chdf5_native_uint16()
    case .uint32: chdf5_native_uint32()
    case .uint64: chdf5_native_uint64()
    case .float32: chdf5_native_float()
    case .float64: chdf5_native_double()
    }
  }

  static func stored(_ type: H5.NumericType) -> ObjectID {
    switch type {
    case .int8: chdf5_stored_int8()
    case .int16: chdf5_stored_int16()
    case .int32: chdf5_stored_int32()
    case .int64: chdf5_stored_int64()
    case .uint8: chdf5_stored_uint8()
    case .uint16: chdf5_stored_uint16()
    case .uint32: chdf5_stored_uint32()
    case .uint64: chdf5_stored_uint64()
    case .float32: chdf5_stored_float()
    case .float64: chdf5_stored_double()
    }
  }

  static func copy(_ type: ObjectID) throws(CallFault) -> Handle {
    try own(H5Tcopy(type), .type, "H5Tcopy")
  }

  /// A string of fixed length, padded with zeros, in UTF-8.
  static func fixedString(sizeInBytes: Int) throws(CallFault) -> Handle {
    let type = try copy(chdf5_c_string())
    try check(H5Tset_size(type.id, sizeInBytes), "H5Tset_size")
    try check(H5Tset_strpad(type.id, H5T_STR_NULLPAD), "H5Tset_strpad")
    try check(H5Tset_cset(type.id, H5T_CSET_UTF8), "H5Tset_cset")
    return type
  }

  static func array(of base: ObjectID, shape: [Int]) throws(CallFault) -> Handle {
    let sides = shape.map { hsize_t($0) }
    return try own(
      H5Tarray_create2(base, UInt32(sides.count), sides), .type, "H5Tarray_create2")
  }

  /// A compound type of the one member, packed.
  static func compound(member name: String, _ type: ObjectID) throws(CallFault) -> Handle {
    let compound = try own(
      H5Tcreate(H5T_COMPOUND, H5Tget_size(type)), .type, "H5Tcreate")
    try check(H5Tinsert(compound.id, name, 0, type), "H5Tinsert")
    return compound
  }

  static func size(_ type: Handle) throws(CallFault) -> Int {
    let size = H5Tget_size(type.id)
    if size == 0 { throw fault("H5Tget_size") }
    return size
  }

  /// The classes of HDF5 types.
  enum TypeClass {
    case integer, float, time, string, bitfield, opaque, compound, reference, enumeration
    case variableLength, array, unknown
  }

  static func typeClass(_ type: Handle) -> TypeClass {
    switch H5Tget_class(type.id) {
    case H5T_INTEGER: .integer
    case H5T_FLOAT: .float
    case H5T_TIME: .time
    case H5T_STRING: .string
    case H5T_BITFIELD: .bitfield
    case H5T_OPAQUE: .opaque
    case H5T_COMPOUND: .compound
    case H5T_REFERENCE: .reference
    case H5T_ENUM: .enumeration
    case H5T_VLEN: .variableLength
    case H5T_ARRAY: .array
    default: .unknown
    }
  }

  static func isSigned(_ type: Handle) -> Bool { H5Tget_sign(type.id) == H5T_SGN_2 }

  /// Whether the bits of a number, as the file describes them, all lie within its bytes.
  ///
  /// Conversions in 1.10 take the description on trust, and follow it beyond their buffers.
  static func hasBitsInside(_ type: Handle, sizeInBytes: Int, isFloat: Bool) -> Bool {
    let (offset, precision) = (Int(H5Tget_offset(type.id)), H5Tget_precision(type.id))
    guard offset >= 0, precision >= 1, precision <= sizeInBytes * 8,
      offset <= sizeInBytes * 8 - precision
    else { return false }
    guard isFloat else { return true }
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    guard
      H5Tget_fields(type.id, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize) >= 0
    else { return false }
    let fields = [(sign, 1), (exponent, exponentSize), (mantissa, mantissaSize)]
    return fields.allSatisfy { place, size in
      place >= 0 && size >= 1 && size <= sizeInBytes * 8 && place <= sizeInBytes * 8 - size
    }
  }

  static func byteOrder(_ type: Handle) -> H5.ByteOrder {
    switch H5Tget_order(type.id) {
    case H5T_ORDER_LE: .littleEndian
    case H5T_ORDER_BE: .bigEndian
    default: .none
    }
  }

  static func isVariableString(_ type: Handle) throws(CallFault) -> Bool {
    let answer = H5Tis_variable_str(type.id)
    try check(answer, "H5Tis_variable_str")
    return answer > 0
  }

  static func padding(_ type: Handle) -> H5.TextPadding {
    switch H5Tget_strpad(type.id) {
    case H5T_STR_NULLTERM: .terminatedByZero
    case H5T_STR_SPACEPAD: .spaces
    default: .zeros
    }
  }

  static func isUTF8(_ type: Handle) -> Bool { H5Tget_cset(type.id) == H5T_CSET_UTF8 }

  static func memberCount(_ type: Handle) throws(CallFault) -> Int {
    let count = H5Tget_nmembers(type.id)
    try check(count, "H5Tget_nmembers")
    return Int(count)
  }

  static func memberName(_ type: Handle, at index: Int) throws(CallFault) -> String {
    guard let name = H5Tget_member_name(type.id, UInt32(index)) else {
      throw fault("H5Tget_member_name")
    }
    defer { H5free_memory(name) }
    return String(cString: name)
  }

  static func memberOffset(_ type: Handle, at index: Int) -> Int {
    H5Tget_member_offset(type.id, UInt32(index))
  }

  static func memberType(_ type: Handle, at index: Int) throws(CallFault) -> Handle {
    try own(H5Tget_member_type(type.id, UInt32(index)), .type, "H5Tget_member_type")
  }

  /// The value of a case of an enumeration, as bytes in the order of its base.
  static func memberValue(_ type: Handle, at index: Int, sizeInBytes: Int) throws(CallFault)
    -> [UInt8]
  {
    var value = [UInt8](repeating: 0, count: sizeInBytes)
    try check(H5Tget_member_value(type.id, UInt32(index), &value), "H5Tget_member_value")
    return value
  }

  /// The base of an enumeration, of an array or of a variable-length sequence.
  static func base(_ type: Handle) throws(CallFault) -> Handle {
    try own(H5Tget_super(type.id), .type, "H5Tget_super")
  }

  static func arrayShape(_ type: Handle) throws(CallFault) -> [UInt64] {
    let rank = H5Tget_array_ndims(type.id)
    try check(rank, "H5Tget_array_ndims")
    var sides = [hsize_t](repeating: 0, count: Int(rank))
    try check(H5Tget_array_dims2(type.id, &sides), "H5Tget_array_dims2")
    return sides
  }

  // MARK: Datasets

  static func createDataset(
    _ name: String, in group: Handle, type: ObjectID, space: Handle, link: Handle,
    creation: Handle
  ) throws(CallFault) -> Handle {
    try own(
      H5Dcreate2(group.id, name, type, space.id, link.id, creation.id, standard), .object,
      "H5Dcreate2")
  }

  static func datasetCreation(of dataset: Handle) throws(CallFault) -> Handle {
    try own(H5Dget_create_plist(dataset.id), .properties, "H5Dget_create_plist")
  }

  static func space(of dataset: Handle) throws(CallFault) -> Handle {
    try own(H5Dget_space(dataset.id), .space, "H5Dget_space")
  }

  static func type(of dataset: Handle) throws(CallFault) -> Handle {
    try own(H5Dget_type(dataset.id), .type, "H5Dget_type")
  }

  static func read(
    _ dataset: Handle, as type: ObjectID, memory: ObjectID, file: ObjectID, transfer: ObjectID,
    into target: UnsafeMutableRawPointer
  ) throws(CallFault) {
    try check(H5Dread(dataset.id, type, memory, file, transfer, target), "H5Dread")
  }

  static func write(
    _ dataset: Handle, as type: ObjectID, memory: ObjectID, file: ObjectID,
    from source: UnsafeRawPointer
  ) throws(CallFault) {
    try check(H5Dwrite(dataset.id, type, memory, file, standard, source), "H5Dwrite")
  }

  static func storedSize(_ dataset: Handle) -> UInt64 { H5Dget_storage_size(dataset.id) }

  static func storageOffset(_ dataset: Handle) -> UInt64? {
    let offset = H5Dget_offset(dataset.id)
    return offset == chdf5_undefined_address() ? nil : UInt64(offset)
  }

  static func chunkCount(_ dataset: Handle, _ space: Handle) throws(CallFault) -> Int {
    var count: hsize_t = 0
    try check(H5Dget_num_chunks(dataset.id, space.id, &count), "H5Dget_num_chunks")
    return Int(clamping: count)
  }

  static func chunk(
    _ dataset: Handle, _ space: Handle, at index: Int, rank: Int
  ) throws(CallFault) -> (offset: [UInt64], filterMask: UInt32, address: UInt64?, size: UInt64) {
    var offset = [hsize_t](repeating: 0, count: rank)
    var mask: UInt32 = 0
    var address: haddr_t = 0
    var size: hsize_t = 0
    try check(
      H5Dget_chunk_info(
        dataset.id, space.id, hsize_t(index), &offset, &mask, &address, &size),
      "H5Dget_chunk_info")
    let known = address == chdf5_undefined_address() ? nil : UInt64(address)
    return (offset, mask, known, size)
  }

  /// The stored bytes of a chunk; 0 for one that was never written.
  static func chunkSize(_ dataset: Handle, at offset: [Int]) throws(CallFault) -> UInt64 {
    let corner = offset.map { hsize_t($0) }
    var size: hsize_t = 0
    do throws(CallFault) {
      try check(
        H5Dget_chunk_storage_size(dataset.id, corner, &size), "H5Dget_chunk_storage_size")
    } catch  where error.kind == .chunkMissing {
      return 0
    }
    return size
  }

  /// Reads a chunk as it is stored. The caller has asked for its size and made room.
  static func readChunk(
    _ dataset: Handle, at offset: [Int], into target: UnsafeMutableRawPointer
  ) throws(CallFault) -> UInt32 {
    let corner = offset.map { hsize_t($0) }
    var mask: UInt32 = 0
    try check(H5Dread_chunk(dataset.id, standard, corner, &mask, target), "H5Dread_chunk")
    return mask
  }

  // MARK: Dimension scales

  static func makeScale(_ dataset: Handle, name: String) throws(CallFault) {
    try check(H5DSset_scale(dataset.id, name), "H5DSset_scale")
  }

  static func attachScale(_ scale: Handle, to dataset: Handle, axis: Int) throws(CallFault) {
    try check(H5DSattach_scale(dataset.id, scale.id, UInt32(axis)), "H5DSattach_scale")
  }

  static func labelAxis(_ axis: Int, of dataset: Handle, _ label: String) throws(CallFault) {
    try check(H5DSset_label(dataset.id, UInt32(axis), label), "H5DSset_label")
  }

  // MARK: Attributes

  static func attributeNames(of object: Handle, atMost limit: Int) throws(CallFault) -> (
    names: [[UInt8]], areAll: Bool
  ) {
    struct Collection {
      var names: [[UInt8]] = []
      let limit: Int
      var areAll = true
    }
    var collection = Collection(limit: limit)
    var position: hsize_t = 0
    let status = withUnsafeMutablePointer(to: &collection) { target in
      H5Aiterate2(
        object.id, H5_INDEX_NAME, H5_ITER_INC, &position,
        { _, name, _, context in
          guard let name, let context else { return -1 }
          let collection = context.assumingMemoryBound(to: Collection.self)
          guard collection.pointee.names.count < collection.pointee.limit else {
            collection.pointee.areAll = false
            return 1
          }
          collection.pointee.names.append(
            UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
          return 0
        }, target)
    }
    try check(status, "H5Aiterate2")
    return (collection.names, collection.areAll)
  }

  static func hasAttribute(_ name: String, of object: Handle) throws(CallFault) -> Bool {
    let answer = H5Aexists(object.id, name)
    try check(answer, "H5Aexists")
    return answer > 0
  }

  static func openAttribute(_ name: String, of object: Handle) throws(CallFault) -> Handle {
    try own(H5Aopen(object.id, name, standard), .attribute, "H5Aopen")
  }

  static func createAttribute(
    _ name: String, of object: Handle, type: ObjectID, space: Handle, creation: Handle
  ) throws(CallFault) -> Handle {
    try own(
      H5Acreate2(object.id, name, type, space.id, creation.id, standard), .attribute,
      "H5Acreate2")
  }

  static func attributeSpace(_ attribute: Handle) throws(CallFault) -> Handle {
    try own(H5Aget_space(attribute.id), .space, "H5Aget_space")
  }

  static func attributeType(_ attribute: Handle) throws(CallFault) -> Handle {
    try own(H5Aget_type(attribute.id), .type, "H5Aget_type")
  }

  static func readAttribute(
    _ attribute: Handle, as type: ObjectID, into target: UnsafeMutableRawPointer
  ) throws(CallFault) {
    try check(H5Aread(attribute.id, type, target), "H5Aread")
  }

  static func writeAttribute(
    _ attribute: Handle, as type: ObjectID, from source: UnsafeRawPointer
  ) throws(CallFault) {
    try check(H5Awrite(attribute.id, type, source), "H5Awrite")
  }

  /// Gives back the memory of variable-length strings that came without an arena.
  static func reclaim(
    _ type: Handle, _ space: Handle, _ values: UnsafeMutableRawPointer
  ) throws(CallFault) {
    try check(H5Dvlen_reclaim(type.id, space.id, standard, values), "H5Dvlen_reclaim")
  }

  // MARK: C strings

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
