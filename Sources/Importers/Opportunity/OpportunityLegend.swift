public import Signals

/// What the label codes of an OPPORTUNITY log mean, for each of its seven tracks.
public struct OpportunityLegend: Hashable, Sendable {
  /// The name of code 0, which the official list leaves out: nobody gave the reading a label. The
  /// code is kept, because the Null class takes part in the data set's own benchmarks.
  public static let nullName = "Null"

  /// The vocabulary of each track, code 0 included, in the order of the columns.
  public let tracks: [Track]

  /// One track.
  public struct Track: Hashable, Sendable {
    /// The name ("Locomotion").
    public let name: String
    /// The meanings of its codes, 0 among them.
    public let vocabulary: Vocabulary
  }

  /// Gives each track its terms; code 0 is added where it is missing.
  public init(_ terms: [(track: String, terms: [Vocabulary.Term])]) {
    tracks = terms.map { track, terms in
      let null = Vocabulary.Term(code: 0, name: Self.nullName)
      return Track(name: track, vocabulary: Vocabulary(terms + [null]))
    }
  }

  /// The legend of the published data set, as its `label_legend.txt` lists it.
  ///
  /// Facts from the documentation of the OPPORTUNITY data set, see `OpportunityColumns.published`.
  public static let published = OpportunityLegend([
    track("Locomotion", [1: "Stand", 2: "Walk", 4: "Sit", 5: "Lie"]),
    track("HL_Activity", from: 101, highLevelActivities),
    track("LL_Left_Arm", from: 201, armActions),
    track("LL_Left_Arm_Object", from: 301, objects),
    track("LL_Right_Arm", from: 401, armActions),
    track("LL_Right_Arm_Object", from: 501, objects),
    track("ML_Both_Arms", gestures),
  ])

  private static func track(
    _ name: String, _ codes: KeyValuePairs<Int32, String>
  ) -> (track: String, terms: [Vocabulary.Term]) {
    (name, codes.map { Vocabulary.Term(code: $0.key, name: $0.value) })
  }

  private static func track(
    _ name: String, from first: Int32, _ names: [String]
  ) -> (track: String, terms: [Vocabulary.Term]) {
    (name, zip(first..., names).map { Vocabulary.Term(code: $0, name: $1) })
  }

  private static let highLevelActivities = [
    "Relaxing", "Coffee time", "Early morning", "Cleanup", "Sandwich time",
  ]

  private static let armActions = [
    "unlock", "stir", "lock", "close", "reach", "open", "sip", "clean", "bite", "cut", "spread",
    "release", "move",
  ]

  private static let objects = [
    "Bottle", "Salami", "Bread", "Sugar", "Dishwasher", "Switch", "Milk", "Drawer3 (lower)",
    "Spoon",
    "Knife cheese", "Drawer2 (middle)", "Table", "Glass", "Cheese", "Chair", "Door1", "Door2",
    "Plate", "Drawer1 (top)", "Fridge", "Cup", "Knife salami", "Lazychair",
  ]

  // The codes join the action (404 close, 405 toggle, 406 open, …) and the object (505 dishwasher,
  // …).
  private static let gestures: KeyValuePairs<Int32, String> = [
    406_516: "Open Door 1", 406_517: "Open Door 2", 404_516: "Close Door 1",
    404_517: "Close Door 2", 406_520: "Open Fridge", 404_520: "Close Fridge",
    406_505: "Open Dishwasher", 404_505: "Close Dishwasher", 406_519: "Open Drawer 1",
    404_519: "Close Drawer 1", 406_511: "Open Drawer 2", 404_511: "Close Drawer 2",
    406_508: "Open Drawer 3", 404_508: "Close Drawer 3", 408_512: "Clean Table",
    407_521: "Drink from Cup", 405_506: "Toggle Switch",
  ]
}
