import Foundation
import HDF5
import Testing

@Suite("A dimension scale")
struct ScaleTests {
  private static func image() throws -> [UInt8] {
    try H5.File.image { root in
      let data = try root.createDataset("x", shape: [3, 2], values: [1, 2, 3, 4, 5, 6] as [Float])
      let time = try root.createDataset("time", shape: [3], values: [0, 0.5, 1])
      try time.makeScale("time")
      try data.attachScale(time, toAxis: 0)
      try data.labelAxis(0, "time")
      try data.labelAxis(1, "channel")
      expectFailure(.selection) { try data.attachScale(time, toAxis: 2) }
    }
  }

  @Test("does not spoil the determinism of the image")
  func isDeterministic() throws { #expect(try Self.image() == Self.image()) }

  @Test("is found by h5py", .enabled(if: Python.hasH5py, Python.missing))
  func isFound() throws {
    let folder = try TemporaryFolder()
    try Data(try Self.image()).write(to: folder.file("x.h5"))
    let program = """
      import h5py, sys
      d = h5py.File(sys.argv[1])["x"].dims
      print([a.label for a in d], [list(a.keys()) for a in d], list(d[0]["time"][()]) == [0, .5, 1])
      """
    let printed = try Python.run(["-c", program, folder.file("x.h5").path])
    #expect(
      String(decoding: printed, as: UTF8.self) == "['time', 'channel'] [['time'], []] True\n")
  }
}
