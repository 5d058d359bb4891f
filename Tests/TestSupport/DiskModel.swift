internal import SystemPackage

/// A disk of which every file and every name remembers what a power cut may still take back.
struct DiskModel {
  /// A place where a power cut decides, and how many ways it can.
  struct Choice {
    var place: Place
    var count: Int
  }

  /// Where a power cut decides.
  enum Place: Hashable {
    case content(node: Int)
    case mode(node: Int)
    case name(directory: Int, String)
  }

  private struct File {
    var bytes: [UInt8]
    /// How many of `bytes`, from the start, are certainly on the disk.
    var syncedCount: Int
    /// The modes that may be found; the last is the current one, the first the synced one.
    var modes: [FilePermissions]
  }

  private struct Directory {
    var permissions: FilePermissions
    /// For each name, the nodes it may be found to stand for; the last is the current one.
    var names: [String: [Int?]] = [:]
  }

  private enum Node {
    case file(File)
    case directory(Directory)
  }

  private var nodes: [Node] = [.directory(Directory(permissions: .ownerReadWriteExecute))]

  /// A disk on which everything in `snapshot` is safe.
  init(_ snapshot: DiskSnapshot) {
    for (path, entry) in snapshot.entries.sorted(by: { $0.key < $1.key }) {
      var parts = path.split(separator: "/").map(String.init)
      let name = parts.removeLast()
      let parent = node(at: parts)
      switch entry {
      case .directory(let permissions):
        nodes.append(.directory(Directory(permissions: permissions)))
      case .file(let bytes, let permissions):
        nodes.append(
          .file(File(bytes: bytes, syncedCount: bytes.count, modes: [permissions])))
      }
      let index = nodes.count - 1
      changeDirectory(parent) { $0.names[name] = [index] }
    }
  }

  /// Makes one change, which a power cut may take back until it is synced.
  mutating func apply(_ operation: FileOperation, below root: FilePath) {
    switch operation {
    case .write(let path, let bytes, let permissions):
      nodes.append(.file(File(bytes: bytes, syncedCount: 0, modes: [permissions])))
      setName(path, to: nodes.count - 1, below: root)
    case .append(let path, let bytes):
      changeFile(path, below: root) { $0.bytes += bytes }
    case .sync(let path):
      changeFile(path, below: root) { file in
        file.syncedCount = file.bytes.count
        file.modes = Array(file.modes.suffix(1))
      }
    case .setPermissions(let path, let permissions):
      changeFile(path, below: root) { $0.modes.append(permissions) }
    case .rename(let source, let target), .replace(let target, let source):
      setName(target, to: node(at: parts(of: source, below: root)), below: root)
      setName(source, to: nil, below: root)
    case .syncDirectory(let path):
      changeDirectory(node(at: parts(of: path, below: root))) { directory in
        directory.names = directory.names.mapValues { Array($0.suffix(1)) }
      }
    case .createDirectory(let path, let permissions):
      nodes.append(.directory(Directory(permissions: permissions)))
      setName(path, to: nodes.count - 1, below: root)
    case .remove(let path):
      setName(path, to: nil, below: root)
    }
  }

  /// Every place where a power cut now would decide.
  func openChoices() -> [Choice] {
    var choices: [Choice] = []
    for (index, node) in nodes.enumerated() {
      switch node {
      case .file(let file):
        choices.append(Choice(place: .content(node: index), count: Self.contents(of: file).count))
        choices.append(Choice(place: .mode(node: index), count: file.modes.count))
      case .directory(let directory):
        for (name, values) in directory.names.sorted(by: { $0.key < $1.key }) {
          choices.append(Choice(place: .name(directory: index, name), count: values.count))
        }
      }
    }
    return choices.filter { $0.count > 1 }
  }

  /// What is found after the power cut decided; where nothing was open, the one possibility.
  func snapshot(choosing decisions: [Place: Int]) -> DiskSnapshot {
    var snapshot = DiskSnapshot()
    func visit(_ directoryIndex: Int, prefix: String) {
      guard case .directory(let directory) = nodes[directoryIndex] else { return }
      for (name, values) in directory.names {
        let decision = decisions[.name(directory: directoryIndex, name)] ?? 0
        guard let index = values[decision] else { continue }
        switch nodes[index] {
        case .file(let file):
          snapshot.entries[prefix + name] = .file(
            bytes: Self.contents(of: file)[decisions[.content(node: index)] ?? 0],
            permissions: file.modes[decisions[.mode(node: index)] ?? 0])
        case .directory(let inner):
          snapshot.entries[prefix + name] = .directory(permissions: inner.permissions)
          visit(index, prefix: prefix + name + "/")
        }
      }
    }
    visit(0, prefix: "")
    return snapshot
  }

  /// The contents with which a file may be found, the synced one first and the full one last.
  private static func contents(of file: File) -> [[UInt8]] {
    let (synced, full) = (file.syncedCount, file.bytes.count)
    guard synced < full else { return [file.bytes] }
    var contents: [[UInt8]] = []
    for length in [synced, synced + 1, (synced + full) / 2, full - 1] where length < full {
      contents.append(Array(file.bytes[..<length]))
    }
    // The length arrived and the blocks did not: all of them, the last page, the last sector.
    for lostCount in [full - synced, 4096, 512] where lostCount <= full - synced {
      contents.append(
        file.bytes.dropLast(lostCount) + [UInt8](repeating: 0, count: lostCount))
    }
    contents.append(file.bytes)
    // Few and similar: comparing them is much faster than hashing every byte of them.
    return contents.enumerated().filter { !contents[..<$0.offset].contains($0.element) }
      .map(\.element)
  }

  private func parts(of path: FilePath, below root: FilePath) -> [String] {
    guard path != root else { return [] }
    precondition(path.starts(with: root), "A recorded path must lie below the recorded root.")
    return path.components.dropFirst(root.components.count).map(\.string)
  }

  private func node(at parts: [String]) -> Int {
    parts.reduce(0) { index, name in
      guard case .directory(let directory) = nodes[index],
        let next = directory.names[name]?.last.flatMap({ $0 })
      else { preconditionFailure("A recorded path must exist when it is used.") }
      return next
    }
  }

  private mutating func setName(_ path: FilePath, to node: Int?, below root: FilePath) {
    var parts = parts(of: path, below: root)
    let name = parts.removeLast()
    changeDirectory(self.node(at: parts)) { $0.names[name, default: [nil]].append(node) }
  }

  private mutating func changeDirectory(_ index: Int, _ change: (inout Directory) -> Void) {
    guard case .directory(var directory) = nodes[index] else {
      preconditionFailure("A recorded folder must be one.")
    }
    change(&directory)
    nodes[index] = .directory(directory)
  }

  private mutating func changeFile(
    _ path: FilePath, below root: FilePath, _ change: (inout File) -> Void
  ) {
    let index = node(at: parts(of: path, below: root))
    guard case .file(var file) = nodes[index] else {
      preconditionFailure("A recorded file must be one.")
    }
    change(&file)
    nodes[index] = .file(file)
  }
}
