internal import HDF5

/// Attributes looked for on a dataset, on its group, and on the groups above up to the root.
struct HDF5Attributes {
  private let subject: String
  private let objects: [H5.Object]

  /// Opens the objects.
  /// - Parameters:
  ///   - root: The root of the file.
  ///   - dataset: The first place to look, where there is one.
  ///   - groupPath: The group of the dataset.
  ///   - subject: The name of the file, for errors.
  init(
    root: H5.Group, dataset: H5.Dataset?, groupPath: String, subject: String
  ) throws(ImportError) {
    self.subject = subject
    var objects: [H5.Object] = dataset.map { [$0] } ?? []
    var names = groupPath.split(separator: "/")
    while !names.isEmpty {
      let path = "/" + names.joined(separator: "/")
      do throws(H5.Failure) { objects.append(try root.group(path)) } catch {
        throw .hdf5(subject, error)
      }
      names.removeLast()
    }
    self.objects = objects + [root]
  }

  /// The first attribute with one of the names: the nearest object first, there the first name.
  func first(_ names: [String]) throws(ImportError) -> H5.Attribute? {
    do throws(H5.Failure) {
      for object in objects {
        let present = try object.attributeNames()
        for name in names {
          if let found = present.first(where: { $0.lowercased() == name.lowercased() }) {
            return try object.attribute(found)
          }
        }
      }
      return nil
    } catch {
      throw .hdf5(subject, error)
    }
  }

  /// The numbered texts `label_1`, `label_2`, …: those of the nearest object that has any.
  func labelNames() throws(ImportError) -> [(code: Int32, name: String)] {
    do throws(H5.Failure) {
      for object in objects {
        var found: [(code: Int32, name: String)] = []
        for name in try object.attributeNames() {
          let parts = name.split(separator: "_", maxSplits: 1)
          guard parts.count == 2, parts[0].lowercased() == "label", let code = Int32(parts[1]),
            code >= 0
          else { continue }
          let attribute = try object.attribute(name)
          guard attribute.elementType.isString, attribute.elementCount == 1 else { continue }
          found.append((code, try attribute.string(invalidText: .repaired)))
        }
        if !found.isEmpty { return found.sorted { $0.code < $1.code } }
      }
      return []
    } catch {
      throw .hdf5(subject, error)
    }
  }

  /// A single value as text: a whole number as its decimal digits.
  func text(_ names: [String]) throws(ImportError) -> String? {
    guard let attribute = try first(names), attribute.elementCount == 1 else { return nil }
    do throws(H5.Failure) {
      if attribute.elementType.isString { return try attribute.string(invalidText: .repaired) }
      guard attribute.elementType.isNumeric, attribute.elementType.valuesPerElement == 1 else {
        return nil
      }
      if case .float = attribute.elementType.kind {
        let value = try attribute.number(as: Double.self)
        return Int64(exactly: value).map { String($0) } ?? String(value)
      }
      return String(try attribute.number(as: Int64.self))
    } catch {
      throw .hdf5(subject, error)
    }
  }

  /// A single number, also where it is written as text.
  func number(_ names: [String]) throws(ImportError) -> Double? {
    try text(names).flatMap { Double($0) }
  }

  /// A list of texts; a single text is taken apart at commas where `isSplit`.
  func texts(_ names: [String], isSplit: Bool) throws(ImportError) -> [String]? {
    guard let attribute = try first(names), attribute.elementType.isString else { return nil }
    do throws(H5.Failure) {
      let texts = try attribute.strings(invalidText: .repaired)
      guard isSplit, texts.count == 1, texts[0].contains(",") else { return texts }
      return texts[0].split(separator: ",", omittingEmptySubsequences: false).map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    } catch {
      throw .hdf5(subject, error)
    }
  }
}
