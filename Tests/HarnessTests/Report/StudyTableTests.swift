import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Specification
@testable import Study

@Suite("The table of a study")
struct StudyTableTests {
    private func record(
        _ axes: [(String, String)], position: Int, _ distance: Double, seconds: Double, settings: [String] = [],
        outcome: Record.Outcome = .done, floor: Double = 0.125
    ) throws -> Record {
        try SampleRecord.make(
            axes.map { SampleRecord.coordinate($0.0, $0.1) }, position: position, settings: settings, outcome: outcome,
            scores: [("frechetDistance", distance), ("pairedError", distance / 2)], floor: floor, seconds: seconds)
    }

    @Test("has a row an arm, means over its seeds, and the teacher's scores")
    func arms() throws {
        let table = StudyTable([
            try record([("objective", "prediction"), ("seed", "0")], position: 0, 0.5, seconds: 2),
            try record([("objective", "prediction"), ("seed", "1")], position: 1, 0.75, seconds: 4),
            try record([("objective", "combined"), ("seed", "0")], position: 2, 0.25, seconds: 5),
            try record(
                [("objective", "combined"), ("seed", "1")], position: 3, 9, seconds: 9,
                outcome: .diverged(step: 2, cause: "loss is nan at step 2")),
        ]).table
        #expect(
            table.text() == """
                objective               Fréchet distance         paired error  evaluations     training (s)           runs
                ─────────────────────  ─────────────────  ───────────────────  ───────────  ───────────────  ─────────────
                prediction             0.63 ± 0.18 (n 2)  0.313 ± 0.088 (n 2)            1  3.0 ± 1.4 (n 2)              2
                combined                     0.250 (n 1)          0.125 (n 1)            1       5.00 (n 1)  1, 1 diverged
                teacher, 4 Heun steps              0.125                0.125            7                –              –
                teacher, 1 Euler step               1.50                 1.50            1                –              –
                Scores of 64 samples each.

                """)
    }

    @Test("shows one score over training, empty where a run was not measured")
    func overTraining() throws {
        let table = StudyTable.overTraining(
            "pairedError",
            [
                try record([("objective", "prediction"), ("seed", "0")], position: 0, 0.5, seconds: 2),
                try record([("objective", "prediction"), ("seed", "1")], position: 1, 0.75, seconds: 4),
                try record(
                    [("objective", "combined"), ("seed", "0")], position: 2, 9, seconds: 9,
                    outcome: .diverged(step: 2, cause: "loss is nan at step 2")),
            ])
        #expect(
            table.text() == """
                objective   step 20 (n 2)
                ──────────  ─────────────
                prediction  0.313 ± 0.088
                combined                –

                """)
    }

    @Test("leaves the cell of an axis empty that does not apply")
    func condition() throws {
        let table = StudyTable([
            try record([("objective", "meanFlow"), ("strength", "0.5"), ("seed", "0")], position: 0, 0.5, seconds: 2),
            try record([("objective", "freeflow"), ("seed", "0")], position: 1, 0.25, seconds: 2),
        ]).table
        #expect(
            table.csv == """
                objective,strength,Fréchet distance mean,Fréchet distance deviation,Fréchet distance n,paired error mean,\
                paired error deviation,paired error n,evaluations,training mean (s),training deviation (s),training n,runs\r
                meanFlow,0.5,0.5,,1,0.25,,1,1,2.0,,1,1\r
                freeflow,,0.25,,1,0.125,,1,1,2.0,,1,1\r
                "teacher, 4 Heun steps",,0.125,,,0.125,,,7,,,,\r
                "teacher, 1 Euler step",,1.5,,,1.5,,,1,,,,\r

                """)
    }

    @Test("of one arm says whose scores a row has")
    func single() throws {
        let table = StudyTable([
            try record([("seed", "0")], position: 0, 0.5, seconds: 2),
            try record([("seed", "1")], position: 1, 0.5, seconds: 2),
        ]).table
        #expect(
            table.text() == """
                samples of             Fréchet distance (n 2)  paired error (n 2)  evaluations  training (s, n 2)  runs
                ─────────────────────  ──────────────────────  ──────────────────  ───────────  ─────────────────  ────
                student                             0.500 ± 0           0.250 ± 0            1           2.00 ± 0     2
                teacher, 4 Heun steps                   0.125               0.125            7                  –     –
                teacher, 1 Euler step                    1.50                1.50            1                  –     –
                Scores of 64 samples each.

                """)
    }

    @Test("has each different teacher once, though a score of it be NaN")
    func teachers() throws {
        let same = try (0..<3).map { try record([("seed", "\($0)")], position: $0, 0.5, seconds: 2, floor: .nan) }
        #expect(StudyTable(same).table.rows.count == 3)
        let other = try record(
            [("seed", "3")], position: 3, 0.5, seconds: 2,
            settings: ["base.evaluation.teacher.sampler={euler: {steps: 1}}"])
        #expect(StudyTable(same + [other]).table.rows.count == 5)
        #expect(StudyTable(same + [other]).table.csv.contains("\"teacher, 1 Euler step\",0.125"))
    }

    @Test("calls teachers of several arms by what is theirs alone, where that is little to say")
    func teacherNames() throws {
        func records(_ arms: [(set: String, method: String)], _ steps: Int) throws -> [Record] {
            try arms.enumerated().map { index, arm in
                try record(
                    [("set", arm.set), ("method", arm.method)], position: 10 * steps + index, 0.5, seconds: 2,
                    settings: ["base.evaluation.teacher.sampler={heun: {steps: \(steps)}}"])
            }
        }
        func teachers(_ records: [Record]) -> [String] {
            StudyTable(records).table.rows.compactMap { row in
                let label = row[0].text(.unicode)
                return label.hasPrefix("teacher") && !label.hasSuffix("Euler step") ? label : nil
            }
        }
        let rings = try records([("rings", "a"), ("rings", "b")], 2)
        #expect(teachers(rings) == ["teacher, 2 Heun steps"])
        let moons = try records([("moons", "a"), ("moons", "b")], 3)
        #expect(teachers(rings + moons) == ["teacher of rings, 2 Heun steps", "teacher of moons, 3 Heun steps"])
        let more = try records([("moons", "c"), ("moons", "d")], 4)
        #expect(
            teachers(rings + moons + more) == [
                "teacher of rings, 2 Heun steps", "teacher, 3 Heun steps", "teacher of c, d, 4 Heun steps",
            ])
    }

    /// A record with many scores on the features of a classifier.
    private func measured(_ scores: [String]) throws -> Record {
        try SampleRecord.make(
            [SampleRecord.coordinate("seed", "0")], scores: scores.map { ($0, 0.5) },
            features: .classifier(Identity(hashing: [1]), heldOutAccuracy: 0.981))
    }

    @Test("of many scores shows the telling ones, names the classifier, and says what else there is")
    func few() throws {
        let names = [
            "frechetDistance", "slicedWasserstein", "pairedError", "classAccuracy", "kernelDistance", "recall",
            "density",
        ]
        let record = try measured(names), count = record.run.specification.evaluation.samples
        let classifier = "classifier \(Identity(hashing: [1]).short)"
        let few = StudyTable([record]).table
        #expect(
            few.columns.dropFirst().prefix(5).map(\.title)
                == ["Fréchet distance", "sliced Wasserstein", "paired error", "class accuracy", "recall"])
        #expect(
            few.notes == [
                "On features of \(classifier), held-out accuracy 0.981: Fréchet distance, class accuracy, recall.",
                "Scores of \(count) samples each.", "With --all: kernel distance, density.",
            ])
        #expect(few.text().hasSuffix("\nWith --all: kernel distance, density.\n"))
        #expect(few.markdown.hasSuffix("|\n\n" + few.notes.joined(separator: "\n\n") + "\n"))
        let all = StudyTable([record], scores: .all).table
        #expect(all.columns.count == 1 + names.count + 3 && all.notes.count == 2)
        #expect(all.csv.hasPrefix("samples of,Fréchet distance [\(classifier)] mean,"))
        #expect(all.csv.contains(",sliced Wasserstein mean,"))
        #expect(!all.csv.contains("held-out"))
        let named = StudyTable([record], scores: .named(["density", "pairedError", "unknown"])).table
        #expect(named.columns.dropFirst().prefix(2).map(\.title) == ["density", "paired error"])
    }

    @Test("has the columns that are named, facts of the arms among them, and runs where some diverged")
    func named() throws {
        let done = try record([("objective", "prediction"), ("seed", "0")], position: 0, 0.5, seconds: 2)
        let names = ["teacher", "dataBased", "pairedError", "evaluations", "steps", "cost"]
        let table = StudyTable([done], scores: .named(names)).table
        #expect(
            table.csv == """
                objective,teacher?,data-based?,paired error mean,paired error deviation,paired error n,evaluations,\
                training steps,training cost (forward passes)\r
                prediction,yes,no,0.25,,1,1,20,1600.0\r
                "teacher, 4 Heun steps",,,0.125,,,7,,\r
                "teacher, 1 Euler step",,,1.5,,,1,,\r

                """)
        let wild = try record(
            [("objective", "wild"), ("seed", "0")], position: 1, 9, seconds: 9,
            outcome: .diverged(step: 2, cause: "loss is nan at step 2"))
        #expect(
            StudyTable([done, wild], scores: .named(["cost"])).table.columns.map(\.title) == [
                "objective", "training cost", "runs",
            ])
        func teacher(_ objective: String) throws -> String {
            let record = try SampleRecord.make(
                [], settings: ["base.student.method=!replace \(objective)", "axes={seed: [0]}"])
            return StudyTable([record], scores: .named(["teacher", "dataBased"])).table.rows[0].dropFirst().map {
                $0.text(.unicode)
            }
            .joined(separator: ", ")
        }
        #expect(try teacher("sdei") == "yes, yes")
        #expect(try teacher("{sdei: {states: prior}}") == "yes, no")
        #expect(try teacher("ect") == "to start, yes")
        #expect(try teacher("shortcut") == "\(Method.shortcut.start == .teacher ? "to start" : "no"), yes")
    }

    @Test("of few scores shows them all")
    func allOfFew() throws {
        let names = ["density", "pairedError", "kernelDistance", "varianceRatio"]
        let table = StudyTable([try measured(names)]).table
        #expect(table.columns.count == 1 + 4 + 3 && table.notes.count == 2)
    }

    @Test("of runs that all diverged has no scores but the teacher's")
    func allDiverged() throws {
        let table = StudyTable([
            try record(
                [("objective", "wild"), ("seed", "0")], position: 0, 1, seconds: 1,
                outcome: .diverged(step: 1, cause: "x"))
        ]).table
        #expect(
            table.csv == """
                objective,Fréchet distance,paired error,evaluations,training (s),runs\r
                wild,,,1,,"0, 1 diverged"\r
                "teacher, 4 Heun steps",0.125,0.125,7,,\r
                "teacher, 1 Euler step",1.5,1.5,1,,\r

                """)
    }

    @Test(
        "has the words of scores as titles",
        arguments: [
            ("frechetDistance", "Fréchet distance"), ("slicedWasserstein", "sliced Wasserstein"),
            ("pairedError", "paired error"), ("classAccuracy", "class accuracy"), ("loss", "loss"),
        ])
    func titles(name: String, title: String) { #expect(StudyTable.title(name) == title) }
}
