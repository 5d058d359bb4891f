internal import Foundation
internal import SystemPackage
public import Testing
public import VersionedStore

/// Expects `body` to throw a store error with this code, and returns it.
@discardableResult
public func expectStoreError(
  _ code: StoreError.Code, saying message: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> StoreError? {
  do {
    try body()
    Issue.record("nothing was thrown, \(code) is expected", sourceLocation: sourceLocation)
    return nil
  } catch let error as StoreError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    if let message { #expect(error.message == message, sourceLocation: sourceLocation) }
    return error
  } catch {
    Issue.record("\(error) was thrown, \(code) is expected", sourceLocation: sourceLocation)
    return nil
  }
}
