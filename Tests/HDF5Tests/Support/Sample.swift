import HDF5

/// A small file with something of everything that we write.
func sampleImage() throws -> [UInt8] {
  try H5.File.image { root in
    try root.setAttribute("rateInHertz", 50.0)
    try root.setAttribute("channels", ["x", "yy", "\u{b5}"])
    try root.setAttribute("shape", [40, 6])
    let group = try root.createGroup("group")
    try group.createDataset("plain", shape: [40, 6], values: (0..<240).map { Float($0) / 7 })
    try group.createDataset(
      "packed", shape: [40, 6], values: (0..<240).map { Int32($0) * 1_000 }, chunk: [16, 6],
      filters: [.shuffle, .deflate(level: 1), .fletcher32])
    try root.createDataset("names", shape: [3], values: ["one", "two", "three"])
    try root.createSoftLink("soft", to: "/group/plain")
    try root.createHardLink("again", to: group)
  }
}
