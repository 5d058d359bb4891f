internal import HDF5
internal import Signals

/// The numbers of one recording, read from one dataset or from one for each channel.
struct HDF5Table {
  /// Shape `[time, channel]`.
  let values: SampleValues
  /// How many readings there are.
  let rowCount: Int
  /// How many channels there are.
  let columnCount: Int
  /// Whether the only dataset had one axis.
  let isSingleSeries: Bool

  /// The numbers of one dataset, in the precision that keeps them.
  private enum Numbers {
    case single([Float])
    case double([Double])
  }

  /// Reads datasets.
  /// - Throws: `.unsupported` for axes or types that are no table of numbers, `.badMapping` for
  ///   datasets of different lengths, `.damaged`.
  init(
    _ datasets: [H5.Dataset], timeAxis: Int, subject: String
  ) throws(ImportError) {
    for dataset in datasets {
      try Self.requireForm(dataset, isOneOfSeveral: datasets.count > 1, subject)
    }
    let first = datasets[0]
    isSingleSeries = first.rank == 1
    guard datasets.count > 1 else {
      let numbers = try Self.numbers(of: first, subject)
      let isTransposed = timeAxis == 1 && first.rank == 2
      let rows = isTransposed ? first.shape[1] : first.shape[0]
      let columns = first.rank == 1 ? 1 : isTransposed ? first.shape[0] : first.shape[1]
      (rowCount, columnCount) = (rows, columns)
      switch numbers {
      case .single(let values):
        self.values = .float32(isTransposed ? Self.transposed(values, rows, columns) : values)
      case .double(let values):
        self.values = .float64(isTransposed ? Self.transposed(values, rows, columns) : values)
      }
      return
    }
    (rowCount, columnCount) = (first.shape[0], datasets.count)
    var columns: [Numbers] = []
    for dataset in datasets {
      guard dataset.shape[0] == rowCount else {
        throw .mapping(
          subject,
          found: "\(dataset.path.quoted()) has \(dataset.shape[0]) readings, "
            + "\(first.path.quoted()) \(rowCount)",
          expected: "equally many are")
      }
      columns.append(try Self.numbers(of: dataset, subject))
    }
    values = Self.joined(columns, rowCount)
  }

  private static func requireForm(
    _ dataset: H5.Dataset, isOneOfSeveral: Bool, _ subject: String
  ) throws(ImportError) {
    let most = isOneOfSeveral ? 1 : 2
    guard (1...most).contains(dataset.rank), dataset.elementCount > 0 else {
      throw .unsupported(
        subject, found: "\(dataset.path.quoted()) has the shape \(dataset.shape)",
        expected: most == 1 ? "one axis of time is" : "the axes time and channel are")
    }
    guard dataset.elementType.isNumeric, dataset.elementType.valuesPerElement == 1 else {
      throw .unsupported(
        subject, found: "\(dataset.path.quoted()) holds '\(dataset.elementType)'",
        expected: "numbers are")
    }
  }

  private static func numbers(
    of dataset: H5.Dataset, _ subject: String
  ) throws(ImportError) -> Numbers {
    let size = dataset.elementType.sizeInBytes
    do throws(H5.Failure) {
      if case .float = dataset.elementType.kind {
        // Half and single precision fit into single precision, all others are read in double.
        return size <= 4
          ? .single(try dataset.read(as: Float.self)) : .double(try dataset.read(as: Double.self))
      }
      // Integers of 16 bits are exact in single precision.
      if size <= 2 { return .single(try dataset.read(as: Float.self)) }
      let whole = try dataset.read(as: Int64.self)
      if whole.allSatisfy({ Float(exactly: $0) != nil }) { return .single(whole.map { Float($0) }) }
      if whole.allSatisfy({ Double(exactly: $0) != nil }) {
        return .double(whole.map { Double($0) })
      }
    } catch {
      throw .hdf5(subject, error)
    }
    throw .unsupported(
      subject, found: "\(dataset.path.quoted()) holds integers beyond 53 bits",
      expected: "numbers that are exact in double precision are")
  }

  private static func joined(_ columns: [Numbers], _ rowCount: Int) -> SampleValues {
    let areSingle = columns.allSatisfy { if case .single = $0 { true } else { false } }
    if areSingle {
      var values = [Float](repeating: 0, count: rowCount * columns.count)
      for (index, column) in columns.enumerated() {
        guard case .single(let numbers) = column else { continue }
        for row in 0..<rowCount { values[row * columns.count + index] = numbers[row] }
      }
      return .float32(values)
    }
    var values = [Double](repeating: 0, count: rowCount * columns.count)
    for (index, column) in columns.enumerated() {
      switch column {
      case .single(let numbers):
        for row in 0..<rowCount { values[row * columns.count + index] = Double(numbers[row]) }
      case .double(let numbers):
        for row in 0..<rowCount { values[row * columns.count + index] = numbers[row] }
      }
    }
    return .float64(values)
  }

  private static func transposed<Number: Numeric>(
    _ values: [Number], _ rows: Int, _ columns: Int
  ) -> [Number] {
    var result = [Number](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { result[row * columns + column] = values[column * rows + row] }
    }
    return result
  }
}
