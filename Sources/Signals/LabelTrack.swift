/// One label for every reading of a recording: the locomotion, the gesture, the activity.
public struct LabelTrack: Hashable, Sendable {
  /// The code of a reading that nobody labelled. It is not a class: a source's own "null" class
  /// keeps its own code.
  public static let unlabelled: Int32 = -1

  /// What the track tells ("Locomotion"); unique within a recording.
  public var name: String
  /// The code of each reading, in time order.
  public var codes: [Int32]
  /// What the codes mean.
  public var vocabulary: Vocabulary

  /// Makes a track.
  public init(name: String, codes: [Int32], vocabulary: Vocabulary) {
    self.name = name
    self.codes = codes
    self.vocabulary = vocabulary
  }
}
