import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("The layout of a record is no part of its identity")
struct RecordLayoutTests {
    let folder = TemporaryFolder()

    @Test("and a sealed record of another layout is made again")
    func layout() throws {
        let results = ResultsFolder(folder.path), run = try Study(yaml: TinyStudy.planar, file: "study.yaml").runs[0]
        let stage = Stage.run(RunStage(run: run)), path = results.record(run)
        try ResultsFolder.create(results.point(run))
        for (schema, status) in [(Record.schema, StageStatus.done), ("ablate.run/0", .pending)] {
            try HDF5File.write(to: path) { try $0.setAttribute("schema", schema) }
            let journal = try JournalWriter(results.journal(stage), of: stage.identity) { _, _ in }
            try journal.seal(try #require(FileBytes.hash(path)))
            #expect(results.status(stage) == status)
            #expect(results.isDone(stage) == (status == .done))
        }
    }
}
