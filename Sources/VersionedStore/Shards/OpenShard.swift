import Durability
import HDF5
import Synchronization
import SystemPackage

/// A shard whose bytes were found to be the published ones, mapped into memory.
final class OpenShard: Sendable {
  private let hash: String
  private let mapped: MappedFile
  private let path: FilePath
  private let version: String

  init(hash: String, path: FilePath, version: String) throws(StoreError) {
    self.hash = hash
    self.path = path
    self.version = version
    let needed = "Version \(version) depends on it. "
    let found: String
    do throws(FileFault) {
      mapped = try PositionalReader(opening: path).mapped()
      found = try mapped.withBytes(0..<mapped.sizeInBytes) { (bytes) throws(FileFault) in
        ContentHash(of: bytes).hexText
      }
    } catch {
      throw .damagedObject(hash, found: error.message, needed: needed)
    }
    guard found == hash else {
      throw .damagedObject(
        hash, found: "its bytes have SHA-256 \(found.prefix(12))…", needed: needed)
    }
  }

  /// Copies rows of contiguous single-precision readings out of the mapped file.
  func copy(
    rows: Range<Int>, width: Int, channels: [Int], valuesAt offset: Int,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(StoreError) {
    let rowInBytes = width * MemoryLayout<Float>.size
    let start = Int64(offset + rows.lowerBound * rowInBytes)
    let isWhole = channels.count == width && channels == Array(0..<width)
    do throws(FileFault) {
      try mapped.withBytes(start..<(start + Int64(rows.count * rowInBytes))) {
        (bytes) throws(FileFault) in
        bytes.withUnsafeBytes { source in
          if isWhole {
            UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
          } else {
            Self.gather(source, rows: rows.count, width: width, channels: channels, into: target)
          }
        }
      }
    } catch {
      throw .damagedObject(hash, found: error.message, needed: "Version \(version) depends on it. ")
    }
  }

  private static func gather(
    _ source: UnsafeRawBufferPointer, rows: Int, width: Int, channels: [Int],
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let size = MemoryLayout<Float>.size
    var position = 0
    for row in 0..<rows {
      let base = row * width
      for channel in channels {
        target[position] = source.loadUnaligned(
          fromByteOffset: (base + channel) * size, as: Float.self)
        position += 1
      }
    }
  }

  /// Reads rows as HDF5 understands them: for chunked and double-precision readings, and as the
  /// check on the other way.
  func readThroughHDF5(
    _ place: String, rows: Range<Int>, width: Int, channels: [Int],
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(StoreError) {
    do throws(H5.Failure) {
      let dataset = try H5.File.open(path, limits: .trusted).dataset(place)
      let all = try dataset.read(.rows(rows), as: Float.self)
      all.withUnsafeBytes { source in
        Self.gather(source, rows: rows.count, width: width, channels: channels, into: target)
      }
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }

  /// The source's own times of the readings; nothing where they follow from the rate.
  func times(_ place: String) throws(StoreError) -> [Double]? {
    do throws(H5.Failure) {
      let group = try H5.File.open(path, limits: .trusted).group(place)
      guard try group.hasChild("time") else { return nil }
      return try group.dataset("time").read(as: Double.self)
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }

  /// The codes of a label track.
  func codes(_ place: String) throws(StoreError) -> [Int32] {
    do throws(H5.Failure) {
      return try H5.File.open(path, limits: .trusted).dataset(place).read(as: Int32.self)
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }

  /// Adds all readings of a dataset, in the precision in which they were published.
  func hash(
    _ place: String, valueType: String, into hasher: inout ContentHasher
  ) throws(StoreError) {
    do throws(H5.Failure) {
      let dataset = try H5.File.open(path, limits: .trusted).dataset(place)
      // Not through `span`: the optimiser of Swift 6.3.1 fails on spans of temporaries here.
      if valueType == "float64" {
        let values = try dataset.read(as: Double.self)
        values.withUnsafeBytes { hasher.update($0.bytes) }
      } else {
        let values = try dataset.read(as: Float.self)
        values.withUnsafeBytes { hasher.update($0.bytes) }
      }
    } catch {
      throw .format(error, doing: "read object \(hash.prefix(12))…")
    }
  }
}
