internal import HDF5
internal import Signals

/// The recordings of one HDF5 file.
final class HDF5Recordings {
  /// The first bytes of an HDF5 file without a user block.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Where the recordings are.
  let places: [HDF5Places.Place]
  /// What is odd about the file, as far as it was read.
  private(set) var warnings: [String]

  private let source: SourceReference
  private let mapping: RecordingMapping
  private let root: H5.Group

  /// Opens a file and finds its recordings.
  /// - Throws: `.notHDF5`, `.damaged`, `.unsupported`, `.badMapping`, `.empty`.
  init(
    _ file: SourceFile, _ mapping: RecordingMapping, _ source: SourceReference
  ) throws(ImportError) {
    self.source = source
    self.mapping = mapping
    guard source.sizeInBytes > 0 else { throw .empty(source.name) }
    do throws(H5.Failure) { root = try H5.File.open(file.path).root } catch {
      throw .hdf5(source.name, error)
    }
    let found = try HDF5Places(root, mapping, subject: source.name)
    var places: [HDF5Places.Place] = []
    var warnings = found.warnings
    for place in found.places {
      if let reason = try Self.reasonToLeaveOut(place, root, mapping, source.name) {
        warnings.append("\(source.name.quoted()): \(reason) and was left out.")
      } else {
        places.append(place)
      }
    }
    guard !places.isEmpty else {
      throw .unsupported(
        source.name,
        found: "it is an HDF5 file without recordings" + (warnings.isEmpty ? "" : " that fit"),
        expected: "a dataset such as 'signals' with the axes time and channel is")
    }
    self.places = places
    self.warnings = warnings
  }

  private static func reasonToLeaveOut(
    _ place: HDF5Places.Place, _ root: H5.Group, _ mapping: RecordingMapping, _ subject: String
  ) throws(ImportError) -> String? {
    let dataset = try open(place.signalPaths[0], root, subject)
    if dataset.elementCount == 0 { return "\(dataset.path.quoted()) holds no readings" }
    guard place.isGuess, place.timePath == nil, mapping.rateInHertz == nil else { return nil }
    let attributes = try HDF5Attributes(
      root: root, dataset: dataset, groupPath: place.groupPath, subject: subject)
    let rate = try attributes.number(RecordingRules.rateNames)
    return rate == nil ? "nothing states the rate of \(dataset.path.quoted()), which" : nil
  }

  private static func open(
    _ path: String, _ root: H5.Group, _ subject: String
  ) throws(ImportError) -> H5.Dataset {
    do throws(H5.Failure) { return try root.dataset(path) } catch { throw .hdf5(subject, error) }
  }

  private func open(_ path: String) throws(ImportError) -> H5.Dataset {
    try Self.open(path, root, source.name)
  }

  // MARK: One recording

  /// Reads a recording.
  /// - Throws: `.badMapping`, `.badLabel`, `.clockBackwards`, `.unsupported`, `.damaged`.
  func recording(at place: HDF5Places.Place) throws(ImportError) -> Recording {
    let first = try open(place.signalPaths[0])
    let attributes = try HDF5Attributes(
      root: root, dataset: first, groupPath: place.groupPath, subject: source.name)
    let table = try HDF5Table(
      try place.signalPaths.map { (path) throws(ImportError) in try open(path) },
      timeAxis: mapping.timeAxis ?? 0, subject: source.name)
    let channels = try channels(of: place, table, attributes)
    let times = try times(of: place, table.rowCount)
    let rateFound =
      if let rate = mapping.rateInHertz { rate } else {
        try attributes.number(RecordingRules.rateNames)
      }
    let timing = try SeriesTiming(
      times: times, rateInHertz: rateFound, startTimeInSeconds: mapping.startTimeInSeconds,
      subject: source.name, place: place.signalPaths[0].quoted())
    let labels = try labels(of: place, table.rowCount, attributes)
    let name = name(of: place)
    let series = TimeSeries(
      channels: channels, rate: timing.rate, startTimeInSeconds: timing.startTimeInSeconds,
      values: table.values, times: timing.times, labels: labels)
    let isAlone = place.groupPath == "/" && places.count == 1
    return Recording(
      source: source, place: isAlone ? "" : place.groupPath, name: name,
      subject: try text(
        mapping.subject, "subject", place, attributes, RecordingRules.subjectNames),
      session: try text(
        mapping.session, "session", place, attributes, RecordingRules.sessionNames) ?? name,
      series: series)
  }

  private func name(of place: HDF5Places.Place) -> String {
    let base = MappedReader.baseName(of: source.name)
    let group = place.groupPath == "/" ? base : base + place.groupPath
    let isShared = places.count { $0.groupPath == place.groupPath } > 1
    return isShared ? "\(group)/\(HDF5Places.split(place.signalPaths[0]).name)" : group
  }

  private func text(
    _ template: String?, _ key: String, _ place: HDF5Places.Place, _ attributes: HDF5Attributes,
    _ names: [String]
  ) throws(ImportError) -> String? {
    guard let template else { return try attributes.text(names) }
    let context = MappingText.Context(
      fileName: source.name, groupPath: place.groupPath, wildcards: place.wildcards)
    return try MappingText.filled(template, key: key, context) { (name) throws(ImportError) in
      try attributes.text([name])
    }
  }

  private func channels(
    of place: HDF5Places.Place, _ table: HDF5Table, _ attributes: HDF5Attributes
  ) throws(ImportError) -> [Channel] {
    let count = table.columnCount
    let isSeries = place.signalPaths.count > 1 || table.isSingleSeries
    var names = mapping.channels
    if names == nil, isSeries { names = place.signalPaths.map { HDF5Places.split($0).name } }
    if names == nil { names = try attributes.texts(RecordingRules.channelNames, isSplit: true) }
    let found = names ?? (1...count).map { "channel_\($0)" }
    guard found.count == count else {
      throw .mapping(
        source.name, found: "\(counted(found.count, "name")) for \(counted(count, "channel"))",
        expected: "one for each is")
    }
    guard Set(found).count == count else {
      throw .mapping(
        source.name, found: "two channels of \(place.signalPaths[0].quoted()) have one name",
        expected: "different names are")
    }
    var units = mapping.units
    if units == nil, place.signalPaths.count > 1 {
      var each: [String] = []
      for path in place.signalPaths {
        let own = try HDF5Attributes(
          root: root, dataset: try open(path), groupPath: place.groupPath, subject: source.name)
        each.append(try own.text(RecordingRules.unitNames) ?? "")
      }
      units = each
    }
    if units == nil { units = try attributes.texts(RecordingRules.unitNames, isSplit: count > 1) }
    let given = units ?? [""]
    let unitOfEach = given.count == 1 ? Array(repeating: given[0], count: count) : given
    guard unitOfEach.count == count else {
      throw .mapping(
        source.name, found: "\(counted(given.count, "unit")) for \(counted(count, "channel"))",
        expected: "one for each or one for all is")
    }
    return zip(found, unitOfEach).map { Channel(name: $0, unit: $1) }
  }

  private func path(_ text: String, of place: HDF5Places.Place) throws(ImportError) -> String {
    guard let filled = NamePattern.filled(text, with: place.wildcards) else {
      throw .mapping(
        source.name, found: "\(text.quoted()) has more '*' than 'signals'",
        expected: "as many at most are")
    }
    if filled.hasPrefix("/") { return filled }
    return place.groupPath == "/" ? "/\(filled)" : "\(place.groupPath)/\(filled)"
  }

  private func times(
    of place: HDF5Places.Place, _ rowCount: Int
  ) throws(ImportError) -> [Double]? {
    let path: String
    if let text = mapping.time {
      path = try self.path(text, of: place)
    } else if let found = place.timePath {
      path = found
    } else {
      return nil
    }
    let dataset = try open(path)
    let unit = mapping.timeUnit ?? RecordingRules.timeUnit(of: HDF5Places.split(path).name)
    let values: [Double]
    do throws(H5.Failure) { values = try dataset.read(as: Double.self) } catch {
      throw .hdf5(source.name, error)
    }
    try require(values.count, rowCount, path)
    return values.map { $0 / (unit ?? .seconds).perSecond }
  }

  private func require(
    _ found: Int, _ rowCount: Int, _ path: String
  ) throws(ImportError) {
    guard found == rowCount else {
      throw .mapping(
        source.name, found: "\(path.quoted()) has \(found) values for \(rowCount) readings",
        expected: "one for each is")
    }
  }

  // MARK: Labels

  private func labels(
    of place: HDF5Places.Place, _ rowCount: Int, _ attributes: HDF5Attributes
  ) throws(ImportError) -> [LabelTrack] {
    let path: String
    if let text = mapping.label {
      path = try self.path(text, of: place)
    } else if let found = place.labelPath {
      path = found
    } else {
      return []
    }
    let dataset = try open(path)
    var codes: [Int32]
    do throws(H5.Failure) { codes = try dataset.read(as: Int32.self) } catch {
      throw .hdf5(source.name, error)
    }
    try require(codes.count, rowCount, path)
    if let unlabelled = mapping.unlabelled {
      codes = codes.map { Int($0) == unlabelled ? LabelTrack.unlabelled : $0 }
    }
    if let row = codes.firstIndex(where: { $0 < LabelTrack.unlabelled }) {
      throw .badLabelCode(source.name, path: path, row: row, code: codes[row])
    }
    var named = mapping.labelTerms
    if named.isEmpty { named = try attributes.labelNames() }
    if named.isEmpty, let meaningPath = place.meaningPath {
      let names: [String]
      do throws(H5.Failure) {
        names = try root.dataset(meaningPath).readStrings(invalidText: .repaired)
      } catch {
        throw .hdf5(source.name, error)
      }
      named = names.enumerated().map { (Int32(clamping: $0.offset), $0.element) }
    }
    let track = LabelTerms(named, codes)
    if !track.unnamed.isEmpty, !named.isEmpty {
      let list = track.unnamed.prefix(5).map(String.init).joined(separator: ", ")
      warnings.append(
        "\(source.name.quoted()): \(path.quoted()) holds codes without a name (\(list)).")
    }
    let name = mapping.labelTrack ?? HDF5Places.split(path).name
    return [LabelTrack(name: name, codes: codes, vocabulary: track.vocabulary)]
  }
}

/// The vocabulary of codes of which some have names.
struct LabelTerms {
  /// A term for each named code and for each code that occurs; those without a name are called by
  /// their digits.
  let vocabulary: Vocabulary
  /// The codes that occur and have no name, rising.
  let unnamed: [Int32]

  init(_ named: [(code: Int32, name: String)], _ codes: [Int32]) {
    let known = Set(named.map(\.code))
    unnamed = Set(codes).subtracting(known).subtracting([LabelTrack.unlabelled]).sorted()
    vocabulary = Vocabulary(
      named.map { Vocabulary.Term(code: $0.code, name: $0.name) }
        + unnamed.map { Vocabulary.Term(code: $0, name: String($0)) })
  }
}
