import TestSupport
import Testing

@testable import Harness

/// What each stage of a small study gave when its version was last raised.
private enum Golden {
    struct Stage {
        let version: Int
        let numbers: [(name: String, value: Double)]
    }

    static let stages: [String: Stage] = [
        "teacher": Stage(
            version: 1,
            numbers: [
                ("hidden.0.bias", 0.09904795935572985), ("hidden.0.weight", 0.22313340062833378),
                ("input.bias", 0.0859745275110715), ("input.weight", 0.1267502357448123),
                ("label.table", 0.9424174763478655), ("output.bias", 0.1759632944058789),
                ("output.weight", 0.26062758010846265), ("time.bias", 0.0859745275110715),
                ("time.weight", 0.3492823217267976),
            ]),
        "classifier": Stage(
            version: 1,
            numbers: [
                ("first.bias", 0.04033247624035555), ("first.weight", 0.14025241586804074),
                ("head.bias", 0.03302992216690576), ("head.weight", 0.3567580855972246),
                ("second.bias", 0.04021769551825965), ("second.weight", 0.23450531073776718),
            ]),
        "reference": Stage(
            version: 2,
            numbers: [
                ("samples", 1.1974132654015106), ("floor frechetDistance", 0.22004325710224215),
                ("floor slicedWasserstein", 0.3400077263722312), ("floor pairedError", 0),
                ("floor classifierScore", 1.1964894677227638), ("floor kernelDistance", -0.05796538502081905),
                ("floor varianceRatio", 1.0113663313020913), ("ceiling frechetDistance", 0.20404056854900166),
                ("ceiling slicedWasserstein", 0.36821498728018964), ("ceiling pairedError", 0.14345947658224786),
                ("ceiling classifierScore", 1.2061900302931903), ("ceiling kernelDistance", -0.08283707543501517),
                ("ceiling varianceRatio", 1.0949823265179184),
            ]),
        "run": Stage(
            version: 2,
            numbers: [
                ("samples", 1.2027485155987943), ("frechetDistance", 0.22086943334282338),
                ("slicedWasserstein", 0.3559118374915154), ("pairedError", 0.08179596900795048),
                ("classifierScore", 1.1795236536160238), ("kernelDistance", -0.018550602992812415),
                ("varianceRatio", 0.9619708217860543), ("mainResidual", 0.018190549686551094),
                ("secondTermResidual", 0.0017112507484853268), ("balance", 2.7789430618286133),
                ("gradientNorm", 3.0472559928894043), ("auxiliaryLoss", 2.0712993144989014),
            ]),
    ]

    /// Counts of samples, which one sample near a border changes by more than any tolerance.
    static let jumping = ["classAccuracy", "precision", "recall", "density", "coverage"]

    /// Processors differ in the last bits of a sum, which 40 steps of training make to some millionths; a change of what is
    /// computed, a seed's other noise or one step more, to some hundredths.
    static let tolerance = 1e-3
}

@Suite("A stage that gives other numbers has another version")
struct StageVersionTests {
    let folder = TemporaryFolder()

    @Test("teacher, classifier, reference and run")
    func golden() async throws {
        let results = ResultsFolder(folder.path)
        let study = try Study(
            yaml: TinyStudy.digits, file: "study.yaml", changes: .init(only: ["objective=combined"], seeds: "0"))
        let plan = Plan(study, results: results)
        _ = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        for item in plan.items {
            let found = try numbers(item.work, results).filter { number in
                !Golden.jumping.contains { number.name.hasSuffix($0) }
            }
            let golden = Golden.stages[item.work.kind]
            let text = found.map { "(\"\($0.name)\", \($0.value))" }.joined(separator: ", ")
            let isSame =
                golden.map { golden in
                    golden.version == item.work.version && golden.numbers.map(\.name) == found.map(\.name)
                        && relativeDifference(found.map(\.value), golden.numbers.map(\.value)) < Golden.tolerance
                } ?? false
            #expect(
                isSame,
                """
                the stage '\(item.work.kind)' gives other numbers than its version \(golden?.version ?? 0) did: raise its \
                version in Work.swift, unless that is done, and write here that version \(item.work.version) gives [\(text)]
                """)
        }
    }

    private func numbers(_ work: Work, _ results: ResultsFolder) throws -> [(name: String, value: Double)] {
        let path = results.product(work)
        switch work {
        case .teacher, .classifier: return try weights(path)
        case .reference:
            return try HDF5File.read(path) { root in
                let scores = try ReferenceScores(root.group("scores"))
                return [("samples", norm(try root.read("reference", as: Float.self).values))]
                    + zip(scores.floor.names, scores.floor.values).map { ("floor \($0)", $1) }
                    + zip(scores.ceiling.names, scores.ceiling.values).map { ("ceiling \($0)", $1) }
            }
        case .run:
            let record = try Record.read(path), scores = record.evaluation.last
            return [("samples", norm(record.samples?.student ?? []))]
                + zip(scores.names, scores.values).map { ($0, $1) }
                + zip(record.training.names, record.training.columns).map { ($0, $1.last ?? .nan) }
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
