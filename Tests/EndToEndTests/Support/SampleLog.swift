import Foundation
import SystemPackage
import TestSupport

/// The small made-up log of the package, which tests spoil in one place each.
struct SampleLog {
  /// The readings, as the texts between the blanks; `cells[line][column]`, both from 0.
  var cells: [[String]]
  /// What follows the last line.
  var end = "\n"

  /// Reads `data/opportunity/sample/S9-ADL1.dat`, whose blanks and line ends vary.
  init() throws {
    let path = RealData.packageRoot.appending("data/opportunity/sample/S9-ADL1.dat")
    let text = try String(contentsOf: URL(fileURLWithPath: path.string), encoding: .utf8)
    cells = text.split { $0.isNewline }.map { line in
      line.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
  }

  /// The log as a file.
  var text: String {
    cells.map { $0.joined(separator: " ") }.joined(separator: "\n") + end
  }
}
