// swift-tools-version: 6.1
import PackageDescription

// This file is the architecture diagram: the compiler keeps the arrows, which all point down.
//
//   ablate → Harness → FlowMaps → Engine → CKernels, COpenBLAS
//                      FlowMaps → CDigits
//            Harness → PlotTemplates, CVersion, CProcess, CHDF5, CPNG, CZlib

/// The commit that is built, as `make` says it; "" for a plain `swift build`. `Context.gitInformation` would say an old one: what
/// this file comes to is cached by its text and by the environment.
let commit = (Context.environment["ABLATE_COMMIT"] ?? "").filter { $0.isLetter || $0.isNumber || $0 == "-" }

/// Tests that compute little themselves are not optimised, which was a third of the time of a build with tests; what they test is.
let asWritten: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

let package = Package(
    name: "ablate",
    products: [
        .executable(name: "ablate", targets: ["ablate"]),
        .library(name: "Engine", targets: ["Engine"]),
        .library(name: "FlowMaps", targets: ["FlowMaps"]),
        .library(name: "Harness", targets: ["Harness"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),
        .target(name: "CProcess"),
        .target(name: "CVersion", cSettings: [.define("ABLATE_COMMIT", to: "\"\(commit)\"")]),
        .target(
            name: "CDigits", exclude: ["LICENSE-digits.md", "digits-images.idx3-ubyte", "digits-labels.idx1-ubyte"],
            cSettings: [.headerSearchPath(".")]),
        .target(name: "Engine", dependencies: ["CKernels", "COpenBLAS"]),
        .target(
            name: "FlowMaps", dependencies: ["Engine", "CDigits"],
            exclude: [
                "Notation.md", "Method/Methods.md", "Method/FromScratch.md", "Method/Distilled.md",
                "Method/DataFree.md", "Teacher/Teachers.md",
            ]),
        .target(
            name: "PlotTemplates", path: "plots",
            exclude: ["README.md", "quickstart.png", "mnist.png", "mismatch.png"],
            sources: ["PlotTemplate.swift"],
            resources: ["style", "lines", "bars", "scatter", "plane", "trajectories", "samples"].map {
                .embedInCode("\($0).gp")
            }),
        .target(
            name: "Harness",
            dependencies: [
                "FlowMaps", "Engine", "PlotTemplates", "CVersion", "CProcess", "CHDF5", "CPNG", "CZlib", "Yams",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .executableTarget(
            name: "ablate",
            dependencies: [
                "Harness", "FlowMaps", "Engine", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "ablate-benchmark",
            dependencies: [
                "FlowMaps", "Engine", "CAllocationCount",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Step"),
        .executableTarget(
            name: "ablate-overhead",
            dependencies: [
                "Harness", "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Overhead"),
        .executableTarget(
            name: "ablate-torture",
            dependencies: [
                "Harness", "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Torture"),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "CKernels", "TestSupport"]),
        .testTarget(name: "FlowMapsTests", dependencies: ["FlowMaps", "Engine", "TestSupport", "CAllocationCount"]),
        .testTarget(
            name: "HarnessTests", dependencies: ["Harness", "FlowMaps", "Engine", "TestSupport"],
            swiftSettings: asWritten),
        .testTarget(
            name: "CommandTests",
            dependencies: ["ablate", "ablate-torture", "Harness", "FlowMaps", "Engine", "TestSupport"],
            swiftSettings: asWritten),
    ],
    swiftLanguageModes: [.v6]
)
