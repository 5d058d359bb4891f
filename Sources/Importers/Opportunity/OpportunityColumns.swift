public import Signals

/// The 250 columns of an OPPORTUNITY log: a clock, 242 sensor channels, 7 label tracks.
public struct OpportunityColumns: Hashable, Sendable {
  /// How many columns a line has.
  public static let count = 250
  /// The positions of the sensor channels, from 0; column 1 of the format is the clock.
  public static let sensorRange = 1..<243
  /// The positions of the label tracks, from 0.
  public static let labelRange = 243..<250

  /// One column.
  public struct Column: Hashable, Sendable {
    /// The name as the official list spells it ("InertialMeasurementUnit BACK accX").
    public let name: String
    /// How the number was made from the sensor's ("round(original_value)"); empty for the clock and
    /// labels.
    public let formula: String
    /// The unit as the official list spells it; empty for the clock and labels.
    public let unit: String

    /// Describes a column.
    public init(name: String, formula: String = "", unit: String = "") {
      self.name = name
      self.formula = formula
      self.unit = unit
    }
  }

  /// The columns by position; always 250.
  public let columns: [Column]

  /// Takes 250 columns; nothing for another number of them.
  public init?(_ columns: [Column]) {
    guard columns.count == Self.count else { return nil }
    self.columns = columns
  }

  private init(builtIn columns: [Column]) {
    precondition(columns.count == Self.count, "An OPPORTUNITY log has 250 columns.")
    self.columns = columns
  }

  /// The channels of the 242 sensor columns.
  ///
  /// The official list gives three columns of each instrumented object the same name
  /// (`Accelerometer CUP accX`, surely meant to be X, Y and Z). Names of channels must differ, so
  /// the second and third get their column number: `Accelerometer CUP accX (column 136)`.
  public var channels: [Channel] {
    var seen: Set<String> = []
    return Self.sensorRange.map { index in
      let column = columns[index]
      let isFirst = seen.insert(column.name).inserted
      let name = isFirst ? column.name : "\(column.name) (column \(index + 1))"
      let sensor = column.name.split(separator: " ").dropLast().joined(separator: " ")
      let unit = ["unknown", "none"].contains(column.unit) ? "" : column.unit
      return Channel(name: name, unit: unit, sensor: sensor)
    }
  }

  /// The names of the seven label tracks.
  public var trackNames: [String] { Self.labelRange.map { columns[$0].name } }

  /// The names of the 15 acceleration channels of the five inertial measurement units of the
  /// jacket: the only group of five triaxial accelerometers of one kind in the data.
  public static let jacketAccelerationNames: [String] = ["BACK", "RUA", "RLA", "LUA", "LLA"]
    .flatMap { place in
      ["accX", "accY", "accZ"].map { "InertialMeasurementUnit \(place) \($0)" }
    }

  /// The columns of the published data set, as its `column_names.txt` lists them.
  ///
  /// Facts from the documentation of the OPPORTUNITY data set (D. Roggen et al., "Collecting
  /// complex activity data sets in highly rich networked sensor environments", INSS 2010; R.
  /// Chavarriaga et al., Pattern Recognition Letters 34, 2013).
  public static let published = OpportunityColumns(
    builtIn: [Column(name: "MILLISEC")] + bluetoothAccelerometers + jacketUnits + shoeUnits
      + objectAccelerometers + reedSwitches + furnitureAccelerometers + locationTags + labelTracks)

  private enum Formula {
    static let rounded = "round(original_value)"
    static let thousandth = "round(original_value * 1000)"
    static let gravity = "round(original_value / 9.8 * 1000)"
    static let plain = "original_value"
  }

  private static let axes = ["X", "Y", "Z"]

  private static func triaxial(_ place: String) -> [Column] {
    axes.map {
      Column(name: "Accelerometer \(place) acc\($0)", formula: Formula.rounded, unit: "milli g")
    }
  }

  // Twelve on the body: knees, hip, arms, hands, wrists, back. `^` is the upper, `_` the lower one.
  private static let bluetoothAccelerometers = [
    "RKN^", "HIP", "LUA^", "RUA_", "LH", "BACK", "RKN_", "RWR", "RUA^", "LUA_", "LWR", "RH",
  ].flatMap(triaxial)

  // Five in the jacket: back, right upper and lower arm, left upper and lower arm.
  private static let jacketUnits = ["BACK", "RUA", "RLA", "LUA", "LLA"].flatMap { place in
    let device = "InertialMeasurementUnit \(place)"
    let acceleration = axes.map {
      Column(name: "\(device) acc\($0)", formula: Formula.gravity, unit: "milli g")
    }
    let turning = ["gyro", "magnetic"].flatMap { kind in
      axes.map {
        Column(name: "\(device) \(kind)\($0)", formula: Formula.thousandth, unit: "unknown")
      }
    }
    let attitude = (1...4).map {
      Column(name: "\(device) Quaternion\($0)", formula: Formula.thousandth, unit: "none")
    }
    return acceleration + turning + attitude
  }

  private static let shoeUnits = ["L-SHOE", "R-SHOE"].flatMap { place in
    let device = "InertialMeasurementUnit \(place)"
    let angles = axes.map {
      Column(name: "\(device) Eu\($0)", formula: Formula.rounded, unit: "degrees")
    }
    let acceleration = ["Nav_A", "Body_A"].flatMap { kind in
      axes.map {
        Column(
          name: "\(device) \(kind)\($0.lowercased())", formula: Formula.gravity, unit: "milli g")
      }
    }
    let turning = ["AngVelBodyFrame", "AngVelNavFrame"].flatMap { kind in
      axes.map { Column(name: "\(device) \(kind)\($0)", formula: Formula.thousandth, unit: "mm/s") }
    }
    let compass = Column(name: "\(device) Compass", formula: Formula.rounded, unit: "degrees")
    return angles + acceleration + turning + [compass]
  }

  // The official list names all three axes accX.
  private static let objectAccelerometers = [
    "CUP", "SALAMI", "WATER", "CHEESE", "BREAD", "KNIFE1", "MILK", "SPOON", "SUGAR", "KNIFE2",
    "PLATE", "GLASS",
  ].flatMap { object in
    let acceleration = Column(
      name: "Accelerometer \(object) accX", formula: Formula.rounded, unit: "milli g")
    let turning = ["X", "Y"].map {
      Column(name: "Accelerometer \(object) gyro\($0)", formula: Formula.rounded, unit: "unknown")
    }
    return [acceleration, acceleration, acceleration] + turning
  }

  private static let reedSwitches = [
    "DISHWASHER S1", "FRIDGE S3", "FRIDGE S2", "FRIDGE S1", "MIDDLEDRAWER S1", "MIDDLEDRAWER S2",
    "MIDDLEDRAWER S3", "LOWERDRAWER S3", "LOWERDRAWER S2", "UPPERDRAWER", "DISHWASHER S3",
    "LOWERDRAWER S1", "DISHWASHER S2",
  ].map {
    Column(name: "REED SWITCH \($0)", formula: Formula.plain, unit: "logical (0/1)")
  }

  private static let furnitureAccelerometers = [
    "DOOR1", "LAZYCHAIR", "DOOR2", "DISHWASHER", "UPPERDRAWER", "LOWERDRAWER", "MIDDLEDRAWER",
    "FRIDGE",
  ].flatMap(triaxial)

  private static let locationTags = (1...4).flatMap { tag in
    axes.map {
      Column(name: "LOCATION TAG\(tag) \($0)", formula: Formula.rounded, unit: "millimetres")
    }
  }

  private static let labelTracks = [
    "Locomotion", "HL_Activity", "LL_Left_Arm", "LL_Left_Arm_Object", "LL_Right_Arm",
    "LL_Right_Arm_Object", "ML_Both_Arms",
  ].map { Column(name: $0) }
}
