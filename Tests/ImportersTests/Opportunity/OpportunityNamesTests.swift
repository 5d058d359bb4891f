import Foundation
import Importers
import Signals
import SystemPackage
import TestSupport
import Testing

@Suite("The names in OPPORTUNITY logs")
struct OpportunityNamesTests {
  private static var official: FilePath? { RealData.folder?.appending("opportunity") }

  private static func officialText(_ name: String) throws -> String {
    let path = try #require(official).appending(name)
    let bytes = try #require(FileManager.default.contents(atPath: path.string))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "of the built-in columns are those of the official list",
    .enabled(if: RealData.folder != nil, "needs the real data"))
  func columnsMatch() throws {
    let text = try Self.officialText("column_names.txt")
    #expect(try OpportunityColumns(text: text) == .published)
    // Not only the meaning: with the line ends of the official file, the same bytes.
    #expect(
      OpportunityColumns.published.text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\r\n") == text)
  }

  @Test(
    "of the built-in legend are those of the official list",
    .enabled(if: RealData.folder != nil, "needs the real data"))
  func legendMatches() throws {
    let text = try Self.officialText("label_legend.txt")
    #expect(try OpportunityLegend(text: text) == .published)
    #expect(
      OpportunityLegend.published.tracks.map { $0.vocabulary.terms.count - 1 }
        == [4, 5, 13, 23, 13, 23, 17])
  }

  @Test(
    "of the originals are those of the list of files",
    .enabled(if: RealData.folder != nil, "needs the real data"))
  func originalsMatch() throws {
    let lines = try Self.officialText("original_files.csv").split(separator: "\n").dropFirst()
    let listed = lines.map { $0.split(separator: ",").prefix(4).joined(separator: ",") }
    let builtIn = OpportunityOriginal.all.map {
      "\($0.name),\($0.sizeInBytes),\($0.sha256),\($0.rowCount)"
    }
    #expect(builtIn == listed)
  }

  private struct Manifest: Decodable {
    struct File: Decodable {
      let name: String
      let bytes: Int
      let sha256: String
      let rows: Int
    }
    let files: [File]
  }

  @Test("of the originals are those of the committed manifest, 869,387 lines in all")
  func manifestMatches() throws {
    let path = RealData.packageRoot.appending("data/opportunity/manifest.json")
    let bytes = try #require(FileManager.default.contents(atPath: path.string))
    let files = try JSONDecoder().decode(Manifest.self, from: bytes).files
    #expect(files.count == 24)
    #expect(files.reduce(0) { $0 + $1.rows } == 869_387)
    for (file, original) in zip(files, OpportunityOriginal.all) {
      #expect(file.name == original.name && file.bytes == original.sizeInBytes)
      #expect(file.sha256 == original.sha256 && file.rows == original.rowCount)
    }
  }

  @Test("become 242 channels with different names, units and sensors")
  func channels() {
    let channels = OpportunityColumns.published.channels
    #expect(channels.count == 242)
    #expect(Set(channels.map(\.name)).count == 242)
    #expect(
      channels[36]
        == Channel(
          name: "InertialMeasurementUnit BACK accX", unit: "milli g",
          sensor: "InertialMeasurementUnit BACK"))
    #expect(channels[133].name == "Accelerometer CUP accX")
    #expect(channels[134].name == "Accelerometer CUP accX (column 136)")
    #expect(channels[39].unit == "")
    #expect(channels[241].name == "LOCATION TAG4 Z")
    let jacket = OpportunityColumns.jacketAccelerationNames
    #expect(jacket.count == 15)
    let positions = jacket.map { name in (channels.firstIndex { $0.name == name } ?? -3) + 2 }
    #expect(positions == [38, 39, 40, 51, 52, 53, 64, 65, 66, 77, 78, 79, 90, 91, 92])
  }

  @Test("survive being written and read", arguments: ["\n", "\r\n"])
  func roundTrip(lineEnd: String) throws {
    let columns = OpportunityColumns.published.text.replacing("\n", with: lineEnd)
    #expect(try OpportunityColumns(text: columns) == .published)
    let legend = OpportunityLegend.published.text.replacing("\n", with: lineEnd)
    #expect(try OpportunityLegend(text: legend) == .published)
  }

  @Test(
    "are refused where a list is wrong, with the line",
    arguments: [
      (
        "Column: 251 X",
        "Could not use 'column_names.txt': line 1 has no column number from 1 to "
          + "250, one is expected. Correct it, or remove it to use the built-in list."
      ),
      (
        "Data\nColumn: 1",
        "Could not use 'column_names.txt': column 1 in line 2 has no name, one is "
          + "expected. Correct it, or remove it to use the built-in list."
      ),
      (
        "Column: 1 A\nColumn: 1 B",
        "Could not use 'column_names.txt': column 1 stands there twice, "
          + "once is expected. Correct it, or remove it to use the built-in list."
      ),
      (
        "Column: 1 A\nColumn: 3 B",
        "Could not use 'column_names.txt': 2 columns and not column 2, "
          + "all of 1 to 250 are expected. Correct it, or remove it to use the built-in list."
      ),
    ])
  func badColumns(text: String, sentence: String) {
    let error = importError { _ = try OpportunityColumns(text: text) }
    #expect(error?.message == sentence)
    #expect(error?.code == .badCompanion)
  }

  @Test(
    "of labels are refused where the legend is wrong, with the line",
    arguments: [
      (
        "1 - Locomotion",
        "line 1 holds '1 - Locomotion', a code, a track and a name with '-' "
          + "between them are expected"
      ),
      (
        "1   -   Locomotoin   -   Stand",
        "line 1 names the track 'Locomotoin', one of Locomotion, "
          + "HL_Activity, LL_Left_Arm, LL_Left_Arm_Object, LL_Right_Arm, LL_Right_Arm_Object, "
          + "ML_Both_Arms is expected"
      ),
      (
        "1 - Locomotion - A\n1 - Locomotion - B",
        "line 2 gives a meaning to code 1 of Locomotion, each code but 0 once is expected"
      ),
      ("nothing", "no code has a name, at least one is expected"),
    ])
  func badLegend(text: String, middle: String) {
    let error = importError { _ = try OpportunityLegend(text: text) }
    #expect(
      error?.message
        == "Could not use 'label_legend.txt': \(middle). "
        + "Correct it, or remove it to use the built-in list.")
  }
}
