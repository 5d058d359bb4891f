import HDF5

/// The object that holds the part of every example of a split; described in
/// schemas/shard-layout.md.
enum SplitObject {
  static func bytes(parts: [UInt8], view: View, rule: String) throws(StoreError) -> [UInt8] {
    do throws(H5.Failure) {
      return try H5.File.image { (root) throws(H5.Failure) in
        try root.setAttribute("format", ShardLayout.splitFormat)
        try root.setAttribute("format_version", Int64(ShardLayout.formatVersion))
        try root.setAttribute("view_id", view.hash)
        try root.setAttribute("parts", ["unused"] + SplitPart.allCases.map(\.rawValue))
        try root.createDataset("rule", shape: [1], values: [rule])
        let part = try root.createDataset("part", shape: [parts.count], values: parts)
        try part.setAttribute("long_name", "part of each example of the view: index into parts")
      }
    } catch {
      throw .format(error, doing: "build a split of '\(view.name)'")
    }
  }

  static func parts(from bytes: [UInt8], hash: String) throws(StoreError) -> [UInt8] {
    do throws(H5.Failure) {
      return try H5.File.open(image: bytes, limits: .trusted).dataset("/part")
        .read(as: UInt8.self)
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }
}
