import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("Programs of the user's take part in an evaluation")
struct PlugInTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    /// Two arms of one seed, the second of which is scored by a program too.
    private static let yaml = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
        "    combined: {}", to: "    combined: {evaluation: {metrics: [frechetDistance, PROGRAM]}}"
    ).changing("features: coordinates", to: "features: coordinates\n    metrics: [frechetDistance]")

    private func study(_ program: String, of yaml: String = Self.yaml) throws -> Study {
        try Study(yaml: yaml.replacing("PROGRAM", with: program), file: folder.file("study.yaml"))
    }

    private func shell(_ script: String, named name: String = "score.sh") throws {
        try Data((script + "\n").utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }

    private static func program(_ timeout: Double = 60, version: Int = 1, more: String = "") -> String {
        "{command: [sh, score.sh], version: \(version), timeout: \(timeout), scores: [fid]\(more)}"
    }

    private func run(_ study: Study, allowing: Bool = true) async throws -> [String: StageResult] {
        let launcher = LocalLauncher(workerOptions: WorkerOptions(allowsCommands: allowing))
        let endings = try await Runner(Plan(study, results: results), launcher: launcher, jobs: 1).run()
        return Dictionary(endings.map { ($0.stage.kind + " " + ($0.stage.title), $0.stageResult) }) { first, _ in first
        }
    }

    private func record(_ study: Study, _ index: Int = 1) throws -> Record {
        try Record.read(results.record(study.runs[index]))
    }

    @Test("their numbers stand among the scores of student and teacher, and leave no folder behind")
    func scores() async throws {
        try shell(
            """
            ls "$1" > seen.txt
            cp "$1/specification.json" specification.txt
            echo 'on the way' >&2
            echo 'not the answer'
            echo '{"fid": 1.5, "other": "passed over"}'
            """)
        let study = try study(Self.program(more: ", reference: data"))
        let endings = try await run(study)
        #expect(endings.values.allSatisfy { $0 == .done }, "\(endings)")
        let record = try record(study)
        #expect(record.evaluation.names == ["frechetDistance", "fid.data"])
        #expect(record.evaluation["fid.data"] == [1.5, 1.5])
        #expect(record.reference.floor["fid.data"] == 1.5 && record.reference.ceiling["fid.data"] == 1.5)
        let seen = try String(contentsOfFile: folder.file("seen.txt"), encoding: .utf8)
        #expect(seen == "output.txt\nreference.npz\nsamples.npz\nspecification.json\n")
        let specification = try String(contentsOfFile: folder.file("specification.txt"), encoding: .utf8)
        #expect(specification.contains("the student at step 20"), "\(specification.prefix(400))")
        let dense = specification.replacing(" ", with: "")
        #expect(dense.contains(#""reference":"data""#) && dense.contains(#""samples":64"#))
        let log = try String(contentsOfFile: results.log(.run(RunStage(run: study.runs[1]))), encoding: .utf8)
        #expect(log.contains("on the way\n"))
        #expect((try? FileManager.default.contentsOfDirectory(atPath: results.plugIns)) ?? [] == [])
        let table = StudyTable([record], scores: .all).table
        #expect(table.columns.map(\.title).contains("fid against data"), "\(table.columns.map(\.title))")
    }

    @Test(
        "one that hangs, crashes, answers rubbish or no number fails its evaluation alone, and its log is kept",
        arguments: [
            ("sleep 100", "gave no answer in 3.00 s"), ("exit 3", "ended with 3"),
            ("kill -SEGV $$", "was ended by signal 11"), ("echo hello", "answered 'hello'"),
            ("echo '{\"fid\": NaN}'", "answered a number that is none: "),
            ("echo '{\"fid\": 1e999}'", "answered "), ("echo '{\"other\": 1}'", "answered no number 'fid', but other"),
            ("echo '{\"fid\": true}'", "answered no number 'fid', but fid"), ("true", "answered nothing"),
        ])
    func failing(_ script: String, _ cause: String) async throws {
        // The teacher is scored, the student is not.
        try shell(
            "echo told >&2; if grep -q 'the student at step' \"$1/specification.json\"; then \(script); exit; fi; "
                + "echo '{\"fid\": 1}'")
        let study = try study(Self.program(3))
        // Slow machines need longer for what answers.
        let patient = script.hasPrefix("sleep") ? study : try self.study(Self.program())
        let endings = try await run(patient)
        let failed = endings.filter { if case .failed = $0.value { true } else { false } }
        #expect(failed.keys.sorted() == ["run objective=combined,seed=0"], "\(endings)")
        guard case .failed(let text)? = failed.values.first else { return }
        #expect(text.hasPrefix("the program score.sh \(cause)"), "\(text)")
        let log = results.log(.run(RunStage(run: patient.runs[1])))
        #expect(text.hasSuffix("; its log: \(log)"), "\(text)")
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("told\n"))
        #expect(try record(patient, 0).outcome == .done, "the other arm is scored")
        #expect(results.isDone(.training(RunStage(run: patient.runs[1]).student)), "and both are trained")
    }

    @Test("none is run that nobody has allowed")
    func refused() async throws {
        try shell("touch ran; echo '{\"fid\": 1}'")
        let study = try study(Self.program())
        let endings = try await run(study, allowing: false)
        guard case .obstructed(let text)? = endings["run objective=combined,seed=0"] else {
            Issue.record("\(endings)")
            return
        }
        #expect(text.contains("the study runs programs, which nobody has allowed"), "\(text)")
        #expect(text.contains("sh score.sh FOLDER\n    in \(folder.path)"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("ran")))
    }

    @Test("an identity has the command, the content of its files and its version, but not timeout or place")
    func identity() throws {
        try shell("echo 1")
        func identities(_ program: String) throws -> [Identity] {
            try study(program).runs.map { RunStage(run: $0).identity }
        }
        let first = try identities(Self.program())
        #expect(try identities(Self.program(7)) == first, "a timeout decides no answer")
        let second = try identities(Self.program(version: 2))
        #expect(second[0] == first[0] && second[1] != first[1])
        try shell("echo 2")
        let third = try identities(Self.program())
        #expect(third[0] == first[0] && third[1] != first[1] && third[1] != second[1])
        let training = try study(Self.program()).runs.map { RunStage(run: $0).training.identity }
        #expect(try study(Self.program(version: 3)).runs.map { RunStage(run: $0).training.identity } == training)
        let elsewhere = TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.file("score.sh"), toPath: elsewhere.file("score.sh"))
        let moved = try Study(
            yaml: Self.yaml.replacing("PROGRAM", with: Self.program()), file: elsewhere.file("study.yaml"))
        #expect(moved.runs.map { RunStage(run: $0).identity } == third)
    }

    @Test("one that has changed since the study was read is not run")
    func changed() async throws {
        try shell("echo '{\"fid\": 1}'")
        let study = try study(Self.program())
        try shell("touch ran; echo '{\"fid\": 1}'")
        guard case .obstructed(let text)? = try await run(study)["run objective=combined,seed=0"] else {
            Issue.record("it was run")
            return
        }
        #expect(text.contains("score.sh, which has changed"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("ran")))
    }

    @Test(
        "a program that cannot be one is refused with its place",
        arguments: [
            ("{command: [], version: 1, timeout: 1, scores: [a]}", "at least one entry"),
            ("{command: [sh], version: 0, timeout: 1, scores: [a]}", "at least 1"),
            ("{command: [sh], version: 1, timeout: 0, scores: [a]}", "more than 0 seconds, at most a week"),
            ("{command: [sh], version: 1, timeout: 1}", "scores, the names of the numbers that it answers"),
            ("{command: [sh], version: 1, timeout: 1, scores: [recall]}", "none of a metric's"),
            ("{command: [sh], version: 1, timeout: 1, scores: [a], reference: {statistics: x.npz}}", "teacher or data"),
            ("{command: [sh], version: 1, timeout: 1, scores: [a], formats: [gif]}", "npz, float32, png"),
            ("{command: [sh], version: 1, timeout: 1, scores: [a], speed: 1}", "command, files, version"),
        ])
    func invalid(_ program: String, _ allowed: String) throws {
        let error = #expect(throws: SpecError.self) { try study(program) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(allowed), "\(String(describing: error))")
        #expect("\(error.map { "\($0)" } ?? "")".contains("study.yaml:"), "\(String(describing: error))")
    }
}
