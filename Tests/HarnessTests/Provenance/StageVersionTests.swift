import LinearAlgebra
import Tensors
import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

/// What each stage of a small study gave when its version was last raised.
private enum Golden {
    struct Stage {
        let version: Int
        let numbers: [(name: String, value: Double)]
    }

    static let stages: [String: Stage] = [
        "teacher": Stage(
            version: 2,
            numbers: [
                ("hidden.0.bias", 0.0990479635791398), ("hidden.0.weight", 0.22313339786443576),
                ("input.bias", 0.0859745346346421), ("input.weight", 0.1267502375215318),
                ("label.table", 0.9424174733847845), ("output.bias", 0.17596329520280082),
                ("output.weight", 0.26062757960166044), ("time.bias", 0.0859745346346421),
                ("time.weight", 0.34928231991113623),
            ]),
        "classifier": Stage(
            version: 2,
            numbers: [
                ("first.bias", 0.04033247809502936), ("first.weight", 0.1402524160034787),
                ("head.bias", 0.03302992374327225), ("head.weight", 0.35675808453200053),
                ("second.bias", 0.04021769611789185), ("second.weight", 0.23450530934645178),
            ]),
        "reference": Stage(
            version: 3,
            numbers: [
                ("samples", 1.1974132647602294), ("floor frechetDistance", 0.2200432516852402),
                ("floor slicedWasserstein", 0.3400077155674701), ("floor pairedError", 0.0),
                ("floor classifierScore", 1.1964894563382038), ("floor kernelDistance", -0.0579653433266305),
                ("floor varianceRatio", 1.0113663303663267), ("ceiling frechetDistance", 0.20404050475029933),
                ("ceiling slicedWasserstein", 0.36821498258447694), ("ceiling pairedError", 0.14345948833750427),
                ("ceiling classifierScore", 1.206190035765721), ("ceiling kernelDistance", -0.0828371812967923),
                ("ceiling varianceRatio", 1.094982334591671),
            ]),
        "training": Stage(
            version: 2,
            numbers: [
                ("mainResidual", 0.018190553411841393), ("secondTermResidual", 0.0017112493515014648),
                ("balance", 2.778944253921509), ("gradientNorm", 3.0472514629364014),
                ("auxiliaryLoss", 2.0712993144989014),
            ]),
        "evaluation": Stage(
            version: 1,
            numbers: [
                ("samples", 1.2027485325131626), ("frechetDistance", 0.2208694172207757),
                ("slicedWasserstein", 0.355911826517386), ("pairedError", 0.08179595099798041),
                ("classifierScore", 1.1795236523492036), ("kernelDistance", -0.018550644745998213),
                ("varianceRatio", 0.9619708231867331),
            ]),
    ]

    /// Counts of samples, which one sample near a border changes by more than any tolerance.
    static let jumping = ["classAccuracy", "precision", "recall", "density", "coverage"]

    /// Scores go through float64 library calls, LAPACK's among them, whose last bits are the processor's: they hold to nine digits.
    /// All else, weights, samples and what was measured in training, holds in every bit.
    static let digitsOfScores = 1e-9
}

@Suite(
    "A stage that gives other numbers has another version",
    .enabled(if: InstructionSet.current != "portable", "without fused multiply-adds bits are others"))
struct StageVersionTests {
    let folder = TemporaryFolder()

    @Test("teacher, classifier, reference, training and evaluation")
    func golden() async throws {
        let results = ResultsFolder(folder.path)
        let study = try Study(
            yaml: TinyStudy.digits, file: "study.yaml", changes: .init(only: ["objective=combined"], seeds: "0"))
        let plan = Plan(study, results: results)
        _ = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        for item in plan.items {
            for stage in item.stage.stages {
                let found = try numbers(item.stage, stage.name, results).filter { number in
                    !Golden.jumping.contains { number.name.hasSuffix($0) }
                }
                let golden = Golden.stages[stage.name]
                let text = found.map { "(\"\($0.name)\", \($0.value))" }.joined(separator: ", ")
                let isSame =
                    golden.map { golden in
                        golden.version == stage.version && golden.numbers.map(\.name) == found.map(\.name)
                            && zip(found, golden.numbers).allSatisfy { agree($0.value, $1.value, on: $0.name) }
                    } ?? false
                #expect(
                    isSame,
                    """
                    the stage '\(stage.name)' gives other numbers than its version \(golden?.version ?? 0) did: raise its \
                    version, unless that is done, and write here that version \(stage.version) gives [\(text)]
                    """)
            }
        }
    }

    private func agree(_ found: Double, _ golden: Double, on name: String) -> Bool {
        let metric = name.split(separator: " ").last.map(String.init) ?? name
        let isScore = Metric.allCases.contains { metric == $0.rawValue }
        return isScore ? relativeDifference([found], [golden]) < Golden.digitsOfScores : found == golden
    }

    private func numbers(_ stage: Stage, _ name: String, _ results: ResultsFolder) throws -> [(
        name: String, value: Double
    )] {
        let path = results.product(stage)
        switch stage {
        case .teacher, .classifier: return try weights(path)
        case .reference:
            return try HDF5File.read(path) { root in
                let scores = try ReferenceScores(root.group("scores"))
                return [("samples", norm(try root.read("reference", as: Float.self).values))]
                    + zip(scores.floor.names, scores.floor.values).map { ("floor \($0)", $1) }
                    + zip(scores.ceiling.names, scores.ceiling.values).map { ("ceiling \($0)", $1) }
            }
        case .training:
            let training = try HDF5File.read(path) { try Curves($0.group("training")) }
            return zip(training.names, training.columns).map { ($0, $1.last ?? .nan) }
        case .run:
            let record = try Record.read(path), scores = record.evaluation.last
            return [("samples", norm(record.samples?.student ?? []))]
                + zip(scores.names, scores.values).map { ($0, $1) }
        }
    }

    /// The root mean square of each of the weights.
    private func weights(_ path: String) throws -> [(name: String, value: Double)] {
        try HDF5File.read(path) { root in
            let group = try root.group("weights")
            return try group.datasetNames().map { ($0, norm(try group.read($0, as: Float.self).values)) }
        }
    }

    private func norm(_ numbers: [Float]) -> Double {
        numbers.isEmpty
            ? 0 : (numbers.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(numbers.count)).squareRoot()
    }
}
