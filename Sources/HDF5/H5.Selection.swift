extension H5 {
  /// The part of a dataset that is read or written.
  public struct Selection: Hashable, Sendable, CustomStringConvertible {
    enum Extent: Hashable, Sendable {
      case all
      case rows(Range<Int>)
      case slab(start: [Int], count: [Int], stride: [Int]?)
    }
    let extent: Extent

    /// Everything.
    public static let all = Selection(extent: .all)

    /// The given places along the first axis, everything along the others.
    public static func rows(_ rows: Range<Int>) -> Selection { Selection(extent: .rows(rows)) }

    /// A regular grid: along each axis `count` places from `start` on, `stride` apart.
    ///
    /// - Parameters:
    ///   - start: The first place along each axis.
    ///   - count: How many places along each axis; 0 selects nothing.
    ///   - stride: The distance of two places along each axis, at least 1; nil stands for 1.
    public static func slab(start: [Int], count: [Int], stride: [Int]? = nil) -> Selection {
      Selection(extent: .slab(start: start, count: count, stride: stride))
    }

    /// The selection in words.
    public var description: String {
      switch extent {
      case .all: "everything"
      case .rows(let rows): "rows \(rows)"
      case .slab(let start, let count, nil): "start \(start), count \(count)"
      case .slab(let start, let count, let stride?):
        "start \(start), count \(count), stride \(stride)"
      }
    }

    /// The grid within a shape, one number per axis.
    func resolved(
      in shape: [Int], _ subject: @autoclosure () -> String
    ) throws(H5.Failure) -> Slab {
      let slab: Slab
      switch extent {
      case .all: return Slab(all: shape)
      case .rows(let rows):
        guard !shape.isEmpty else {
          throw .selectionOutside(subject(), selection: description, shape: shape)
        }
        slab = Slab(
          start: [rows.lowerBound] + shape.dropFirst().map { _ in 0 },
          count: [rows.count] + shape.dropFirst(), stride: shape.map { _ in 1 }, isAll: false)
      case .slab(let start, let count, let stride):
        slab = Slab(
          start: start, count: count, stride: stride ?? shape.map { _ in 1 }, isAll: false)
      }
      guard slab.fits(shape) else {
        throw .selectionOutside(subject(), selection: description, shape: shape)
      }
      return slab
    }
  }

  /// A selection made definite for a shape that it fits.
  struct Slab {
    let start: [Int]
    let count: [Int]
    let stride: [Int]
    let isAll: Bool

    init(start: [Int], count: [Int], stride: [Int], isAll: Bool) {
      self.start = start
      self.count = count
      self.stride = stride
      self.isAll = isAll
    }

    init(all shape: [Int]) {
      self.init(
        start: shape.map { _ in 0 }, count: shape, stride: shape.map { _ in 1 }, isAll: true)
    }

    /// The number of places; the shape has been checked, so the product fits.
    var placeCount: Int { count.reduce(1, *) }

    func fits(_ shape: [Int]) -> Bool {
      guard start.count == shape.count, count.count == shape.count, stride.count == shape.count
      else { return false }
      return shape.indices.allSatisfy { axis in
        let (first, number, step) = (start[axis], count[axis], stride[axis])
        guard first >= 0, number >= 0, step >= 1, first <= shape[axis] else { return false }
        guard number > 0 else { return true }
        let (reach, overflow) = (number - 1).multipliedReportingOverflow(by: step)
        return !overflow && reach < shape[axis] - first
      }
    }

    /// The corners of all chunks that the selection touches, in row-major order.
    ///
    /// Complexity: O(places along each axis + chunks touched), so never more than the places selected
    /// times the rank.
    func touchedChunks(_ chunkShape: [Int]) -> [[Int]] {
      guard placeCount > 0 else { return [] }
      let corners = chunkShape.indices.map { axis in
        var along: [Int] = []
        if stride[axis] <= chunkShape[axis] {
          // No chunk between the first and the last is skipped.
          let last = start[axis] + (count[axis] - 1) * stride[axis]
          along = Array(
            Swift.stride(
              from: start[axis] / chunkShape[axis] * chunkShape[axis], through: last,
              by: chunkShape[axis]))
        } else {
          along = (0..<count[axis]).map {
            (start[axis] + $0 * stride[axis]) / chunkShape[axis] * chunkShape[axis]
          }
        }
        return along
      }
      return corners.reduce([[]]) { prefixes, along in
        prefixes.flatMap { prefix in along.map { prefix + [$0] } }
      }
    }
  }

  /// The axes as `Int`, or a refusal where one of them, or the size of the whole in bytes, does not fit.
  static func checkedShape(
    _ sides: [UInt64], sizeInBytes: Int, _ subject: String
  ) throws(H5.Failure) -> [Int] {
    var shape: [Int] = []
    var (product, hasOverflown) = (max(sizeInBytes, 1), false)
    for side in sides {
      guard let length = Int(exactly: side) else {
        hasOverflown = true
        break
      }
      shape.append(length)
      // An axis without places must not hide the overflow of the others.
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      (product, hasOverflown) = (next, hasOverflown || overflow)
    }
    guard !hasOverflown else {
      throw .overLimit(
        "open", subject, found: "its shape \(sides) has more bytes than can be counted",
        limit: "\(Int.max) bytes")
    }
    return shape
  }
}
