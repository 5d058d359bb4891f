private import Foundation

/// The place for progress, warnings and errors.
package enum StandardError {
  /// Writes text as it is; it must be safe for a terminal already.
  ///
  /// A closed standard error is no reason to fail: the text is lost, the work goes on.
  package static func write(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { rest in
        Foundation.write(STDERR_FILENO, rest.baseAddress, rest.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      written += count
    }
  }
}
