import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Storage

@Suite("Runs and studies beside each other")
struct ComparisonTests {
    private func record(_ arm: String, seed: Int, _ score: Double, settings: [String] = []) throws -> Record {
        try SampleRecord.make(
            [SampleRecord.coordinate("objective", arm), SampleRecord.coordinate("seed", "\(seed)")],
            settings: settings, scores: [("frechetDistance", score)])
    }

    private func run(_ record: Record) -> ArmComparison.Subject { .init(path: "a", content: .run(record)) }
    private func study(_ records: [Record]) -> ArmComparison.Subject {
        .init(path: "b", content: .study(SampleResults.make(records)))
    }

    @Test("of runs: each score, its difference to the first, and the settings that differ")
    func runs() throws {
        let changed = "base.student.optimization.batch=32"
        let comparison = ArmComparison([
            run(try record("a", seed: 0, 0.5)), run(try record("b", seed: 1, 0.75, settings: [changed])),
        ])
        #expect(
            comparison.table.csv == """
                score,A,B,B − A\r
                Fréchet distance,0.5,0.75,0.25\r
                training (s),2.0,2.0,0.0\r

                """)
        #expect(comparison.settings?.csv == "setting,A,B\r\nstudent.optimization.batch,16,32\r\n")
        #expect(ArmComparison([run(try record("a", seed: 0, 1)), run(try record("a", seed: 0, 1))]).settings == nil)
    }

    @Test("of studies: arms by their coordinates, pairs by seed, whatever the order")
    func arms() throws {
        // B has the seeds in another order and one more, and an arm of its own.
        let first = study([try record("a", seed: 0, 1), try record("a", seed: 1, 2)])
        let second = study([
            try record("a", seed: 2, 9), try record("a", seed: 1, 4), try record("a", seed: 0, 3.5),
            try record("b", seed: 0, 7),
        ])
        let rows = ArmComparison([first, second]).table.csv.components(separatedBy: "\r\n")
        #expect(
            rows[0].hasPrefix("objective,score,A mean,A deviation,A n,B mean,B deviation,B n,B − A,95 % from,to,pairs"))
        let fields = rows[1].components(separatedBy: ",")
        // Differences 2.5 and 2: mean 2.25, deviation √0.125; t of one degree at 0.975 is 12.706.
        #expect(fields[2] == "1.5" && fields[5] == "5.5" && fields[8] == "2.25" && fields[11] == "2")
        #expect(abs(Double(fields[9])! - (2.25 - 12.7062 * 0.25)) < 1e-3)
        #expect(rows[2] == "b,Fréchet distance,,,,7.0,,1,,,,0")
    }

    @Test("what lies at a path: a record, a run's folder, a study's folder, nothing")
    func reading() throws {
        let folder = TemporaryFolder(), record = try record("a", seed: 0, 1)
        try ResultsFolder.create(folder.file("point"))
        try record.write(to: folder.file("point/run.h5"))
        for path in ["point", "point/run.h5"] {
            guard case .run = try ArmComparison.Subject.read(folder.file(path)).content else {
                Issue.record("\(path) is no run")
                continue
            }
        }
        guard case .study(let study) = try ArmComparison.Subject.read(folder.path).content else {
            Issue.record("no study")
            return
        }
        #expect(study.records.count == 1)
        #expect(throws: InputError.self) { try ArmComparison.Subject.read(folder.file("absent")) }
    }
}
