import HDF5
import Testing

/// Expects a failure of a kind, and returns it.
@discardableResult
func expectFailure<Result>(
  _ code: H5.Failure.Code, _ location: SourceLocation = #_sourceLocation,
  _ body: () throws -> Result
) -> H5.Failure? {
  do {
    _ = try body()
    Issue.record("No failure; '\(code)' was expected.", sourceLocation: location)
  } catch let failure as H5.Failure {
    #expect(failure.code == code, "\(failure.message)", sourceLocation: location)
    return failure
  } catch {
    Issue.record("\(error) is no H5.Failure.", sourceLocation: location)
  }
  return nil
}

/// Everything that can be read in a file, read. The failures met, in the order of the walk.
func readEverything(in file: H5.File) -> [H5.Failure] {
  var failures: [H5.Failure] = []
  func attempt(_ body: () throws(H5.Failure) -> Void) {
    do throws(H5.Failure) { try body() } catch { failures.append(error) }
  }
  attempt { () throws(H5.Failure) in
    try file.root.walk { (visited) throws(H5.Failure) in
      switch visited {
      case .group(let group): attempt { () throws(H5.Failure) in try readAttributes(of: group) }
      case .dataset(let dataset):
        attempt { () throws(H5.Failure) in try readAttributes(of: dataset) }
        attempt { () throws(H5.Failure) in _ = try dataset.read(as: Double.self) }
        attempt { () throws(H5.Failure) in _ = try dataset.read(as: Int16.self) }
        attempt { () throws(H5.Failure) in _ = try dataset.readStrings(invalidText: .repaired) }
        attempt { () throws(H5.Failure) in
          for chunk in try dataset.chunks() { _ = try dataset.readRawChunk(at: chunk.corner) }
        }
      case .namedType: return
      }
    }
  }
  return failures
}

private func readAttributes(of object: H5.Object) throws(H5.Failure) {
  for name in try object.attributeNames() {
    let attribute = try object.attribute(name)
    if attribute.elementType.isString {
      _ = try attribute.strings(invalidText: .repaired)
    } else if attribute.elementType.isNumeric {
      _ = try attribute.numbers(as: Double.self)
    }
  }
}
