// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every target. C types cannot leak into public API
// (InternalImportsByDefault), and a module sees only what it imports itself.
let rules: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: rules)
}

/// The tests of a module; `golden` names folders of files that other programs made.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], golden: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
    exclude: golden, swiftSettings: rules)
}

let package = Package(
  name: "signal-store",
  products: [.executable(name: "signalstore", targets: ["signalstore"])],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    // Floor 0: doors to C, and the only C of our own.
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels"),
    // Floor 1: foundations, which know nothing of each other.
    module("Randomness", []),
    module("Durability", [system, crypto]),
    module("HDF5", ["CHDF5", system]),
    module("Compression", ["CZlib"]),
    module("Tensors", ["COpenBLAS", "CKernels"]),
    module("Signals", []),
    // Floor 2: services.
    module("NeuralNetworks", ["Tensors", "Randomness"]),
    module("Importers", ["Signals", "HDF5", "Compression", "Durability", "Randomness", system]),
    module(
      "VersionedStore",
      ["Signals", "HDF5", "Durability", "Randomness", grdb, grdbSQLite, system]),
    // Floor 3: versions to tensors.
    module("Batching", ["VersionedStore", "Signals", "HDF5", "Randomness"]),
    // Floor 4: train, evaluate, record.
    module("Experiments", ["Batching", "VersionedStore", "Durability", "Randomness"]),
    // Floor 5: the studies.
    module(
      "Studies",
      [
        "Experiments", "Batching", "NeuralNetworks", "Tensors", "VersionedStore", "Signals",
        "Randomness",
      ]),
    // Floor 6: words, tables, exit codes.
    module(
      "SignalCommands",
      [
        "Studies", "Experiments", "Batching", "Importers", "VersionedStore", "Signals",
        "Durability", "Randomness", arguments, system,
      ]),
    // Floor 7: the program.
    .executableTarget(
      name: "signalstore", dependencies: ["SignalCommands"], swiftSettings: rules),
    // Tests, floor by floor.
    .target(
      name: "TestSupport", dependencies: ["Durability", "Randomness", system],
      path: "Tests/TestSupport", swiftSettings: rules),
    .target(
      name: "StoreSupport",
      dependencies: [
        "VersionedStore", "Signals", "Durability", "Randomness", "TestSupport", system,
      ], path: "Tests/StoreSupport", swiftSettings: rules),
    tests("Randomness"),
    tests("Signals", ["Randomness"]),
    tests("Durability", ["Randomness", system], golden: ["Golden"]),
    tests("HDF5", ["Randomness", system]),
    tests("Compression", ["Randomness"]),
    tests("Tensors", ["Randomness"]),
    tests("NeuralNetworks", ["Tensors", "Randomness"], golden: ["Golden"]),
    tests(
      "Importers", ["Compression", "Durability", "HDF5", "Randomness", "Signals", system],
      golden: ["Golden"]),
    tests(
      "VersionedStore",
      ["StoreSupport", "Signals", "HDF5", "Durability", "Randomness", grdb, system]),
    tests(
      "Batching", ["StoreSupport", "VersionedStore", "Signals", "Durability", "Randomness", system]),
    tests(
      "Experiments", ["StoreSupport", "Batching", "VersionedStore", "Durability", "Randomness"],
      golden: ["Golden"]),
    tests(
      "Studies",
      [
        "StoreSupport", "Experiments", "Batching", "VersionedStore", "Signals", "Durability",
        "Randomness",
      ]),
    tests("SignalCommands"),
    .testTarget(
      name: "SchemaTests",
      dependencies: [
        "signalstore", "SignalCommands", "StoreSupport", "TestSupport", "VersionedStore",
        "Signals", "HDF5", "Durability", "Randomness", grdb, system,
      ], swiftSettings: rules),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["signalstore", "TestSupport", "Durability", grdb, system],
      swiftSettings: rules),
  ]
)
