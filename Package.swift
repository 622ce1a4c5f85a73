// swift-tools-version: 6.1
import PackageDescription

// This file is the architecture diagram: the compiler keeps the arrows, which all point down.
//
//   ablate → Reporting → Results → Study → Storage → Specification → FlowMaps → Tensors → CKernels
//            Execution → Results                                      FlowMaps → LinearAlgebra → CKernels, COpenBLAS
//            CPU → Tensors, LinearAlgebra, CKernels                   XLA → Tensors, CPJRT
//
// Tensors, CPU, XLA and LinearAlgebra are the Engine. CPU and XLA are each a `Backend` of Tensors: only programs and tests make one,
// and hand it to whoever needs numbers. XLA links no plug-in: it loads one while the program runs. Of CKernels, Tensors uses random
// numbers, LinearAlgebra and CPU matrix products.
//
// The six rooms from Reporting to Specification are the Harness. Reporting and Execution do not know each other. CHDF5, CPNG,
// CJPEG and CZlib have Storage as their one importer, Yams and CCrypto have Specification, CProcess Execution, PlotTemplates
// Reporting, CVersion Results, CDigits FlowMaps.

let rooms = ["Specification", "Storage", "Study", "Results", "Execution", "Reporting"]
let harness: [Target.Dependency] = rooms.map { .target(name: $0) }

/// The commit that is built, as `make` says it; "" for a plain `swift build`. `Context.gitInformation` would say an old one: what
/// this file comes to is cached by its text and by the environment.
let commit = (Context.environment["ABLATE_COMMIT"] ?? "").filter { $0.isLetter || $0.isNumber || $0 == "-" }

/// Tests that compute little themselves are not optimised, which was a third of the time of a build with tests; what they test is.
let asWritten: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

let package = Package(
    name: "ablate",
    products: [
        .executable(name: "ablate", targets: ["ablate"]),
        .library(name: "Engine", targets: ["Tensors", "CPU", "LinearAlgebra"]),
        .library(name: "FlowMaps", targets: ["FlowMaps"]),
        .library(name: "Harness", targets: rooms),
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
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),
        .target(name: "CProcess"),
        .target(name: "CVersion", cSettings: [.define("ABLATE_COMMIT", to: "\"\(commit)\"")]),
        .target(
            name: "CDigits", exclude: ["LICENSE-digits.md", "digits-images.idx3-ubyte", "digits-labels.idx1-ubyte"],
            cSettings: [.headerSearchPath(".")]),
        .target(name: "CPJRT"),
        .target(name: "Tensors", dependencies: ["CKernels"], path: "Sources/Engine/Tensor"),
        .target(name: "XLA", dependencies: ["Tensors", "CPJRT"], path: "Sources/Engine/XLA"),
        .target(
            name: "LinearAlgebra", dependencies: ["CKernels", "COpenBLAS"], path: "Sources/Engine/LinearAlgebra"),
        .target(name: "CPU", dependencies: ["Tensors", "LinearAlgebra", "CKernels"], path: "Sources/Engine/CPU"),
        .target(
            name: "FlowMaps", dependencies: ["Tensors", "LinearAlgebra", "CDigits"],
            exclude: [
                "Notation.md", "Method/Methods.md", "Method/FromScratch.md", "Method/Distilled.md",
                "Method/DataFree.md", "Teacher/Teachers.md",
            ]),
        .target(
            name: "PlotTemplates", path: "plots",
            exclude: ["README.md", "quickstart.png", "mnist.png", "mismatch.png", "onset.png"],
            sources: ["PlotTemplate.swift"],
            resources: ["style", "lines", "bars", "scatter", "heat", "plane", "trajectories", "samples"].map {
                .embedInCode("\($0).gp")
            }),
        .target(
            name: "Specification", dependencies: ["FlowMaps", "Yams", "CCrypto"], path: "Sources/Harness/Specification"
        ),
        .target(
            name: "Storage", dependencies: ["Specification", "CHDF5", "CJPEG", "CPNG", "CZlib"],
            path: "Sources/Harness/Storage"),
        .target(
            name: "Study", dependencies: ["Specification", "Storage", "FlowMaps", "Tensors"],
            path: "Sources/Harness/Study"),
        .target(
            name: "Results",
            dependencies: ["Study", "Specification", "Storage", "FlowMaps", "Tensors", "LinearAlgebra", "CVersion"],
            path: "Sources/Harness/Results"),
        .target(
            name: "Execution",
            dependencies: [
                "Results", "Study", "Specification", "Storage", "FlowMaps", "Tensors", "CProcess",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ], path: "Sources/Harness/Execution", resources: [.embedInCode("Checkpoint/student.py")]),
        .target(
            name: "Reporting",
            dependencies: [
                "Results", "Study", "Specification", "Storage", "FlowMaps", "PlotTemplates",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ], path: "Sources/Harness/Reporting"),
        .executableTarget(
            name: "ablate",
            dependencies: harness + [
                "FlowMaps", "Tensors", "LinearAlgebra", "CPU", "XLA",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: ["base", "examples", "objectives", "mismatch", "sweep", "baselines"].map {
                .embedInCode("Templates/\($0).yaml")
            }),
        .executableTarget(
            name: "ablate-benchmark",
            dependencies: [
                "FlowMaps", "Tensors", "LinearAlgebra", "CPU", "XLA", "CAllocationCount",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Step"),
        .executableTarget(
            name: "ablate-overhead",
            dependencies: [
                "Study", "Results", "Execution", "Reporting", "CPU", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Overhead"),
        .executableTarget(
            name: "ablate-torture",
            dependencies: [
                "Results", "Reporting", "Storage", "Specification", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Torture"),
        .target(name: "TestSupport", dependencies: ["Tensors", "CPU"], path: "Tests/TestSupport"),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .target(name: "RandomPrograms", dependencies: ["Tensors", "TestSupport"], path: "Tests/RandomPrograms"),
        .testTarget(
            name: "EngineTests",
            dependencies: ["Tensors", "LinearAlgebra", "CPU", "CKernels", "RandomPrograms", "TestSupport"]),
        .testTarget(
            name: "XLABackendTests",
            dependencies: [
                "ablate-benchmark", "XLA", "Tensors", "CPU", "CPJRT", "FlowMaps", "RandomPrograms", "TestSupport",
            ],
            swiftSettings: asWritten),
        .testTarget(
            name: "FlowMapsTests",
            dependencies: ["FlowMaps", "Tensors", "LinearAlgebra", "CPU", "TestSupport", "CAllocationCount"],
            swiftSettings: asWritten),
        .testTarget(
            name: "HarnessTests",
            dependencies: harness + ["ablate-torture", "FlowMaps", "Tensors", "LinearAlgebra", "CPU", "TestSupport"],
            swiftSettings: asWritten),
        .testTarget(
            name: "CommandTests",
            dependencies: harness + [
                "ablate", "ablate-torture", "FlowMaps", "Tensors", "LinearAlgebra", "CPU", "XLA", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: asWritten),
    ],
    swiftLanguageModes: [.v6]
)
