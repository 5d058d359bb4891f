import Testing

extension Tag {
  /// Takes more than some seconds.
  @Tag static var slow: Self
  /// Needs recordings that are not part of the package.
  @Tag static var data: Self
}
