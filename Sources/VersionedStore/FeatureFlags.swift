/// Features that a program must know before it may touch a store; the table is in
/// schemas/feature-flags.md.
///
/// Reader flags stand for things without which a store cannot be understood, writer flags for
/// things that a writer could spoil. An unknown bit is refused, whatever it may mean.
package enum FeatureFlags {
  /// The bits that this release understands when it reads.
  package static let knownReaderFlags: Int64 = 0
  /// The bits that this release respects when it writes.
  package static let knownWriterFlags: Int64 = 0

  static func firstUnknown(inReaderFlags flags: Int64) -> Int64? {
    lowestBit(of: flags & ~knownReaderFlags)
  }

  static func firstUnknown(inWriterFlags flags: Int64) -> Int64? {
    lowestBit(of: flags & ~knownWriterFlags)
  }

  private static func lowestBit(of flags: Int64) -> Int64? {
    flags == 0 ? nil : flags & -flags
  }
}
