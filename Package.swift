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
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: rules)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
    exclude: [], swiftSettings: rules)
}

let package = Package(
  name: "signal-store",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    // Floor 0: doors to C.
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    // Floor 1: foundations, which know nothing of each other.
    module("Randomness", []),
    module("Durability", [system, crypto]),
    module("HDF5", ["CHDF5", system]),
    module("Signals", []),
    // Floor 2: services.
    module("VersionedStore", ["Signals", "HDF5", "Durability", "Randomness", grdb, system]),
    // Floor 3: versions to tensors.
    module("Batching", ["VersionedStore", "Signals", "Randomness"]),
    // Floor 4: train, evaluate, record.
    module("Experiments", ["Batching", "VersionedStore", "Durability", "Randomness"]),
  ]
)
