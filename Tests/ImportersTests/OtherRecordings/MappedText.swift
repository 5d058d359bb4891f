import HDF5
import Importers
import Signals
import SystemPackage

/// Reading recordings of other origin in tests.
enum MappedText {
  /// Reads one file of a folder, with a mapping given as JSON.
  static func read(
    _ folder: ImportFolder, _ name: String, mapping: String? = nil
  ) throws -> (recordings: [Recording], report: SourceReport) {
    let mapping = try mapping.map { try RecordingMapping(json: Array($0.utf8)) }
    var recordings: [Recording] = []
    let reader = MappedReader(.init(mapping: mapping))
    let report = try reader.read(folder.source(name)) { recordings.append($0) }
    return (recordings, report)
  }

  /// Reads a CSV text.
  static func csv(
    _ text: String, mapping: String? = nil
  ) throws -> (recording: Recording, report: SourceReport) {
    let (recordings, report) = try read(ImportFolder(["t.csv": text]), "t.csv", mapping: mapping)
    return (recordings[0], report)
  }

  /// Reads an HDF5 file that is built in memory.
  static func hdf5(
    mapping: String? = nil, _ build: (H5.Group) throws(H5.Failure) -> Void
  ) throws -> (recordings: [Recording], report: SourceReport) {
    let folder = try ImportFolder()
    try folder.write(H5.File.image(build), to: "f.h5")
    return try read(folder, "f.h5", mapping: mapping)
  }
}
