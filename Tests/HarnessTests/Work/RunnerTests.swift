import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("A study is carried out")
struct RunnerTests {
    let folder = TemporaryFolder()
    var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    private func study(_ yaml: String = TinyStudy.planar, _ settings: [String] = []) throws -> Study {
        try Study(yaml: yaml, file: "study.yaml", settings: settings)
    }

    @discardableResult
    private func run(_ study: Study, in results: ResultsFolder? = nil) async throws -> [StageResult] {
        try await Runner(Plan(study, results: results ?? self.results), launcher: LocalLauncher(), jobs: 1).run().map(
            \.stageResult)
    }

    private func records(_ study: String = "tiny", in results: ResultsFolder? = nil) throws -> [Record] {
        let results = results ?? self.results
        let (records, unreadable) = try results.records(of: results.study(study))
        #expect(unreadable.isEmpty)
        return records
    }

    private func files(_ path: String) -> [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\($0)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    private func cached(_ stage: Stage) -> String { "cache/\(stage.kind)/\(stage.identity.hex.prefix(24)).h5" }

    @Test("shared work once, then the runs, and nothing of it again")
    func whole() async throws {
        let study = try study()
        let plan = Plan(study, results: results)
        #expect(
            plan.items.map(\.stage.kind) == ["teacher", "reference"] + Array(repeating: "training", count: 4)
                + Array(repeating: "run", count: 4))
        #expect(plan.items.allSatisfy { $0.status == .pending })
        #expect(plan.runItems.map(\.stage.title) == study.runs.map(\.point))
        #expect(folder.names() == [], "a plan writes nothing")

        let endings = try await run(study)
        #expect(endings == Array(repeating: .done, count: 10))
        let shared = (plan.sharedItems + plan.trainingItems).map { cached($0.stage) }
        let left = study.runs.flatMap { run in
            // Only where there is a correction is there an auxiliary.
            let models = ["student"] + (run.point.hasPrefix("objective=combined") ? ["auxiliary"] : [])
            return models.map { "tiny/\(run.point)/\($0).safetensors" }
        }
        let products = shared + study.runs.map { "tiny/\($0.point)/run.h5" }
        let journals = products.map { $0.replacing(".h5", with: ".journal") }
        let locks = plan.items.map { "cache/locks/\($0.identity.hex.prefix(24)).lock" }
        #expect(
            files(results.path)
                == (products + journals + locks + left + [
                    "tiny/resolved.yaml", "tiny/study.json", "tiny/study.yaml",
                ])
                .sorted())
        #expect(try String(contentsOfFile: results.path + "/tiny/study.yaml", encoding: .utf8) == TinyStudy.planar)

        let second = Plan(study, results: results)
        #expect(second.pending.isEmpty)
        #expect(
            second.items.map(\.stage.kind) == ["run", "run", "run", "run"], "nobody needs what they share any more")
        #expect(second.items.allSatisfy { $0.status == .done })
        #expect(try await run(study) == [])
    }

    @Test("and the records say what was measured, and when")
    func content() async throws {
        let study = try study()
        try await run(study)
        let records = try records()
        #expect(records.map(\.run) == study.runs)
        #expect(records.map(\.identity) == study.runs.map { RunStage(run: $0).identity })
        for record in records {
            #expect(record.outcome == .done)
            #expect(
                record.evaluation.names == [
                    "frechetDistance", "slicedWasserstein", "pairedError", "kernelDistance", "precision", "recall",
                    "density", "coverage", "varianceRatio", "energyDistance", "meanDiscrepancy", "coveredModes",
                    "highQualityShare", "modeVariation",
                ])
            #expect(record.reference.floor.names == record.evaluation.names, "every score has its floor")
            #expect(record.features == .coordinates)
            #expect(record.drift?.durations == [0.25, 0.5, 0.75, 1])
            #expect(record.drift?.ceiling == records[0].drift?.ceiling)
            #expect(record.evaluation.steps == [10, 20])
            #expect(record.training.steps == Array(1...20))
            #expect(record.samples?.count == 8 && record.samples?.dimension == 2 && record.samples?.labels == nil)
            #expect(record.reference == records[0].reference)
            #expect(
                mismatch(record.samples?.teacher ?? [], records[0].samples?.teacher ?? []) == nil,
                "all are judged from one noise")
        }
        #expect(Set(records.map { $0.samples?.student }).count == 4)
        #expect(records[0].reference.floor["pairedError"] == 0)
        #expect(records[0].reference.floorEvaluations == 7)
    }

    @Test("measuring what the study lists, in its order, and nothing else")
    func metrics() async throws {
        try await run(study(TinyStudy.planar, ["base.evaluation.metrics=[recall, pairedError]", "axes.seed=[0]"]))
        for record in try records() {
            #expect(record.evaluation.names == ["recall", "pairedError"] && record.drift == nil)
        }
        #expect(
            try #require(records().first).reference.floor.names == ["recall", "pairedError"])
    }

    /// Of a few layers in float32, relative to the largest number.
    private static let rounding = 1e-5

    @Test("keeping samples over training and ways from noise to data where the study asks for them")
    func kept() async throws {
        let asked = ["base.evaluation.sampleSnapshots=4", "base.evaluation.trajectories=3", "axes.seed=[0]"]
        let plain = try study(TinyStudy.planar, ["axes.seed=[0]"]), asking = try study(TinyStudy.planar, asked)
        #expect(RunStage(run: plain.runs[0]).reference.identity == RunStage(run: asking.runs[0]).reference.identity)
        try await run(plain)
        let without = try records()
        #expect(without.allSatisfy { $0.overTraining == nil && $0.trajectories == nil })
        try await run(asking)
        for (record, without) in zip(try records(), without) {
            let course = try #require(record.overTraining), ways = try #require(record.trajectories)
            let samples = try #require(record.samples)
            #expect(course.steps == [10, 20] && course.count == 4)
            #expect(mismatch(course.values[1], Array(samples.student[..<8])) == nil)
            #expect(mismatch(course.values[0], course.values[1]) != nil)
            #expect(ways.durations == [0, 0.25, 0.5, 0.75, 1] && ways.count == 3)
            #expect(mismatch(ways.student[0], ways.teacher[0]) == nil, "both begin at the noise")
            // Three rows are multiplied in another order than all of them: float32 rounds differently.
            #expect(
                mismatch(ways.student[4], Array(samples.student[..<6]), within: Self.rounding) == nil,
                "and end at the samples")
            #expect(mismatch(ways.teacher[4], Array(samples.teacher[..<6])) == nil)
            #expect(mismatch(record.samples, without.samples) == nil)
            #expect(record.evaluation == without.evaluation)
        }
    }

    @Test("but not on the features of a classifier below its least accuracy")
    func accuracy() async throws {
        let path = "base.evaluation.features.classifier"
        let endings = try await run(
            study(
                TinyStudy.digits,
                [
                    "\(path).width=~", "\(path).convolution={channels: [4]}", "\(path).accuracy=0.999",
                    "axes.seed=[0]",
                ]))
        let causes = endings.compactMap { if case .failed(let cause) = $0 { cause } else { nil } }
        #expect(causes.count == 4, "all but the teacher")
        #expect(causes.first?.hasPrefix("evaluation.features.classifier.accuracy: found 0.") == true)
        #expect(causes.first?.hasSuffix(" held-out samples, allowed: at least 0.999") == true)
        #expect(
            !files(results.path).contains { $0.hasPrefix("cache/classifier") && $0.hasSuffix(".h5") },
            "and it is not kept")
    }

    @Test("on images with classes: a classifier, class accuracy, and a grid a run")
    func images() async throws {
        let study = try study(TinyStudy.digits, ["axes.seed=[0]"])
        #expect(Plan(study, results: results).sharedItems.map(\.stage.kind) == ["teacher", "classifier", "reference"])
        #expect(try await run(study) == Array(repeating: .done, count: 7))
        let records = try records()
        #expect(records.count == 2)
        for record in records {
            #expect(
                record.evaluation.names == [
                    "frechetDistance", "slicedWasserstein", "pairedError", "classAccuracy", "classifierScore",
                    "kernelDistance", "precision", "recall", "density", "coverage", "varianceRatio",
                ])
            let classifier = try #require(RunStage(run: record.run).reference.classifier)
            guard case .classifier(let identity, let accuracy) = record.features else {
                Issue.record("the record does not say its classifier")
                return
            }
            #expect(identity == classifier.identity && (0...1).contains(accuracy))
            #expect(record.samples?.labels == Array(0..<8))
            let grid = try PNGImage.read(results.point(record.run) + "/grid.png")
            #expect(
                grid.text == [
                    PNGImage.Text("Title", "tiny: \(record.run.point)"), PNGImage.Text("Identity", record.identity.hex),
                ])
        }
    }

    @Test("and the same study in another folder gives the same bits")
    func repeated() async throws {
        let study = try study(TinyStudy.digits, ["axes.seed=[0]"])
        let other = ResultsFolder(folder.file("elsewhere"))
        try await run(study)
        try await run(study, in: other)
        for (first, second) in zip(try records(), try records(in: other)) {
            #expect(first.training == second.training)
            #expect(first.evaluation == second.evaluation)
            #expect(mismatch(first.samples, second.samples) == nil)
            #expect(first.reference == second.reference)
        }
    }

    @Test("another seed or objective is no obstacle: only what is new is done")
    func extended() async throws {
        try await run(study(TinyStudy.planar, ["axes.seed=[0]"]))
        let more = Plan(try study(), results: results)
        let points = ["objective=prediction,seed=1", "objective=combined,seed=1"]
        #expect(more.pending.map(\.stage.title) == points.map { "training of \($0)" } + points)
        #expect(more.items.map(\.status) == [.done, .done, .pending, .pending, .done, .pending, .done, .pending])
    }

    @Test("a record of the same identity in another study is taken over under the new names")
    func takenOver() async throws {
        try await run(study())
        let original = try records()
        let renamed = try study(
            TinyStudy.planar.changing("study: tiny", to: "study: other")
                .changing("  objective:\n    prediction", to: "  arm:\n    alone"))
        let plan = Plan(renamed, results: results)
        #expect(plan.pending.isEmpty)
        #expect(plan.items.map(\.status) == original.map { .elsewhere(results.record($0.run)) })
        #expect(try await run(renamed) == [])
        let taken = try records("other")
        #expect(taken.map(\.run) == renamed.runs)
        #expect(
            taken.map(\.run.point) == [
                "arm=alone,seed=0", "arm=alone,seed=1", "arm=combined,seed=0", "arm=combined,seed=1",
            ])
        #expect(taken.map(\.identity) == original.map(\.identity))
        #expect(taken.map(\.training) == original.map(\.training))
        for (taken, original) in zip(taken, original) { #expect(mismatch(taken.samples, original.samples) == nil) }
        #expect(taken.map(\.provenance) == original.map(\.provenance), "it tells of the time when it was made")
        #expect(Plan(renamed, results: results).items.allSatisfy { $0.status == .done })
    }

    @Test("arms that change names are taken over crosswise")
    func swapped() async throws {
        let yaml = TinyStudy.planar
        try await run(study(yaml))
        let original = try records()
        let arms = "    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}"
        let swapped = try study(
            yaml.changing(
                arms, to: "    combined: {student: {method: {freeflow: {secondTerm: ~}}}}\n    prediction: {}"))
        #expect(Plan(swapped, results: results).pending.isEmpty)
        #expect(try await run(swapped) == [])
        let taken = try records()
        #expect(taken.map(\.run) == swapped.runs)
        #expect(taken.map(\.identity) == original.map(\.identity), "in the order of the study, which is as before")
        for (taken, original) in zip(taken, original) { #expect(mismatch(taken.samples, original.samples) == nil) }
    }

    @Test("a record that is damaged is made again, and what it needs is found")
    func damaged() async throws {
        let study = try study()
        try await run(study)
        let path = results.record(study.runs[1])
        let before = try #require(try records().dropFirst().first)
        try Data(contentsOf: URL(fileURLWithPath: path)).prefix(3000).write(to: URL(fileURLWithPath: path))
        let plan = Plan(study, results: results)
        #expect(plan.items.map(\.status) == [.done, .done, .done, .done, .pending, .done, .done])
        #expect(try await run(study) == [.done])
        #expect(try records().map(\.training).contains(before.training))
    }

    @Test("a teacher that was deleted is trained again where a run needs it")
    func deletedTeacher() async throws {
        let first = try study(TinyStudy.planar, ["axes.seed=[0]"])
        try await run(first)
        let teacher = RunStage(run: first.runs[0]).teacher
        try FileManager.default.removeItem(atPath: results.product(.teacher(teacher)))
        #expect(Plan(first, results: results).pending.isEmpty, "nobody needs it")
        let more = try study()
        #expect(
            Plan(more, results: results).pending.map(\.stage.kind) == ["teacher", "training", "training", "run", "run"])
        #expect(try await run(more) == Array(repeating: .done, count: 5))
    }

    @Test("a run that diverges is recorded with its step and cause, and the others are done")
    func diverged() async throws {
        let arms = "    combined: {}\n    wild: {student: {optimization: {learningRate: 1.0e10, clip: ~}}}"
        let study = try study(TinyStudy.planar.changing("    combined: {}", to: arms), ["axes.seed=[0]"])
        let endings = try await run(study)
        #expect(endings.filter { $0 == .done }.count == 7)
        #expect(endings.count == 8)
        let records = try records()
        try #require(records.count == 3)
        #expect(records.map(\.outcome).prefix(2) == [.done, .done])
        guard case .diverged(let step, let cause) = records[2].outcome else {
            Issue.record("the run did not diverge")
            return
        }
        // The first step is taken from finite numbers; the second sees the weights of 1e10.
        #expect(step == 2)
        #expect(cause == "mainResidual is inf at step 2")
        #expect(endings.contains(.diverged(cause)))
        #expect(records[2].training.steps == [1], "what was measured before stays")
        #expect(records[2].evaluation.steps == [] && records[2].samples == nil)
        #expect(Plan(study, results: results).pending.isEmpty, "it is not tried again")
        let table = StudyTable(records).table.csv.split(separator: "\r\n")
        #expect(table[3].hasPrefix("wild,,,") && table[3].hasSuffix("\"0, 1 diverged\""), "\(table[3])")
    }

    @Test("samples that are not finite are measured as that, and hinder nobody")
    func notFinite() async throws {
        let study = try study(
            TinyStudy.planar,
            [
                "axes.seed=[0]", "base.student.optimization.learningRate=1.0e10", "base.student.optimization.clip=~",
                "base.evaluation.measurements=20",
            ])
        try await run(study)
        for record in try records() {
            guard case .diverged = record.outcome else {
                Issue.record("\(record.run.point) did not diverge")
                continue
            }
            #expect(record.evaluation.steps == [1])
            #expect(record.samples?.count == 8)
        }
    }
}
