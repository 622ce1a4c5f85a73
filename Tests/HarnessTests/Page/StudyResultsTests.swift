import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("A folder of results tells its study")
struct StudyResultsTests {
    let folder = TemporaryFolder()

    private func write(_ records: [Record]) throws {
        for record in records {
            try ResultsFolder.create(folder.file(record.run.point))
            try record.write(to: folder.file("\(record.run.point)/run.h5"))
        }
    }

    private func manifest(_ records: [Record], claims: [Claim] = []) -> StudyManifest {
        StudyManifest(
            study: "tiny", question: "Does it run?", claims: claims,
            points: records.map {
                .init(point: $0.run.point, coordinates: $0.run.coordinates, identity: $0.identity)
            })
    }

    @Test("question, claims and all runs come back from study.json")
    func outlined() throws {
        let records = try SampleResults.conditional()
        let claims: [Claim] = [
            Claim(
                name: "a", says: "A.",
                statement: .flat(
                    metric: "frechetDistance", along: "strength", from: nil, to: 1, within: 0.1,
                    where: ["objective": "meanFlow"])),
            Claim(
                name: "b", says: "B.",
                statement: .lower(
                    metric: "frechetDistance", of: ["objective": "meanFlow", "strength": "0"],
                    than: ["objective": "freeflow"], by: 0.5)),
        ]
        try write(Array(records.dropLast()))
        try manifest(records, claims: claims).write(to: folder.path)
        let results = try StudyResults.read(folder.path + "/")
        #expect(results.folder == folder.path)
        #expect(results.name == "tiny" && results.question == "Does it run?" && results.claims == claims)
        #expect(results.records.count == 5 && results.leftOut.isEmpty)
        #expect(results.missing == ["objective=freeflow,seed=1"])
        #expect(results.claimResults.map(\.claim.name) == ["a", "b"])
    }

    @Test("damaged and foreign records are left out by name, with the reason")
    func leftOut() throws {
        let records = try SampleResults.conditional()
        try write(records)
        try Data("no record".utf8).write(to: URL(fileURLWithPath: folder.file("\(records[0].run.point)/run.h5")))
        // The study names the second no more, and has another version of the third.
        let points = manifest(records).points.enumerated().filter { $0.offset != 1 }.map { index, point in
            StudyManifest.Point(
                point: point.point, coordinates: point.coordinates,
                identity: index == 2 ? Identity(hashing: []) : point.identity)
        }
        try StudyManifest(study: "tiny", question: "?", claims: [], points: points).write(to: folder.path)
        let results = try StudyResults.read(folder.path)
        #expect(results.records.map(\.run.position) == [3, 4, 5])
        #expect(
            results.leftOut.map(\.path) == [0, 1, 2].map { folder.file("\(records[$0].run.point)/run.h5") })
        #expect(
            results.leftOut[0].reason.hasSuffix("cannot open the file: unable to open file: file signature not found"))
        #expect(
            results.leftOut.dropFirst().map(\.reason) == [
                "the study names no such run", "a record of another version of the study",
            ])
    }

    @Test("what runs are made from and what there is to do come back from study.json")
    func sealed() throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml")
        let identities = Dictionary(uniqueKeysWithValues: study.runs.map { ($0.point, RunStage(run: $0).identity) })
        let item = StudyManifest.StageItem(
            title: "a", kind: "run", identity: Identity(hashing: []), product: "tiny/a/run.h5", steps: 3, estimate: 0.1)
        let written = StudyManifest(study, identities: identities, stages: [item])
        try written.write(to: folder.path)
        #expect(try StudyManifest.read(from: folder.path) == written)
        let needs = study.runs.map { Stage.run(RunStage(run: $0)).needs.map(\.identity) }
        #expect(Set(written.shared) == Set(needs.flatMap { $0 }) && written.shared.count == 2 + study.runs.count)
        #expect(
            Array(written.shared.prefix(needs[0].count)) == needs[0], "teacher, reference and the run's own training")
        #expect(written.points.map(\.point) == study.runs.map(\.point))
        #expect(try StudyManifest.read(from: folder.file("nowhere")) == nil)
    }

    @Test("a study.json of which any byte was changed is left out too; records tell what they can")
    func damagedManifest() throws {
        let records = try SampleResults.conditional(), path = folder.file("study.json")
        try write(records)
        try manifest(records).write(to: folder.path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in [0, 20, whole.count / 2, whole.count - 1] {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            let results = try StudyResults.read(folder.path)
            #expect(results.name == "tiny" && results.question == nil && results.records.count == 6)
            #expect(
                results.leftOut.map(\.description) == [
                    "left out \(path): \(path): found content that does not fit its digest, "
                        + "allowed: the file as it was written; the next run writes it anew"
                ])
        }
    }

    @Test("a study.json of another layout is reported")
    func otherLayout() throws {
        let path = folder.file("study.json"), content = #"{"schema":"ablate.manifest/0"}"#
        let digest = Identity(hashing: Array(content.utf8))
        try Data("{\"digest\":\"\(digest)\",\"content\":\(content)}\n".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: RecordError.self) { try StudyManifest.read(from: folder.path) }
        #expect(
            error?.description
                == "\(path): found schema 'ablate.manifest/0', of an earlier version of ablate, "
                + "allowed: schema 'ablate.manifest/2'; the next run writes it anew")
    }

    @Test("a folder without records is refused")
    func empty() {
        let error = #expect(throws: InputError.self) { try StudyResults.read(folder.path) }
        #expect(
            error?.description
                == "\(folder.path): cannot read the study's records: none is there that can be used")
    }
}
