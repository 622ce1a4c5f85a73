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

    private func outline(_ records: [Record], claims: [Claim] = []) -> StudyOutline {
        StudyOutline(
            study: "tiny", question: "Does it run?", claims: claims,
            points: records.map {
                .init(point: $0.run.point, coordinates: $0.run.coordinates, identity: $0.identity.hex)
            })
    }

    @Test("question, claims and all runs come back from the outline")
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
        try outline(records, claims: claims).write(to: folder.path)
        let results = try StudyResults.read(folder.path + "/")
        #expect(results.folder == folder.path)
        #expect(results.name == "tiny" && results.question == "Does it run?" && results.claims == claims)
        #expect(results.records.count == 5 && results.leftOut.isEmpty)
        #expect(results.missing == ["objective=freeflow,seed=1"])
        #expect(results.judgements.map(\.claim.name) == ["a", "b"])
    }

    @Test("damaged and foreign records are left out by name, with the reason")
    func leftOut() throws {
        let records = try SampleResults.conditional()
        try write(records)
        try Data("no record".utf8).write(to: URL(fileURLWithPath: folder.file("\(records[0].run.point)/run.h5")))
        // The study names the second no more, and has another version of the third.
        let points = outline(records).points.enumerated().filter { $0.offset != 1 }.map { index, point in
            StudyOutline.Point(
                point: point.point, coordinates: point.coordinates,
                identity: index == 2 ? String(repeating: "0", count: 64) : point.identity)
        }
        try StudyOutline(study: "tiny", question: "?", claims: [], points: points).write(to: folder.path)
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

    @Test("a damaged outline is left out too; records tell what they can")
    func damagedOutline() throws {
        try write(try SampleResults.conditional())
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.file("outline.json")))
        let results = try StudyResults.read(folder.path)
        #expect(results.name == "tiny" && results.question == nil && results.records.count == 6)
        #expect(
            results.leftOut.map(\.description) == [
                "left out \(folder.path)/outline.json: \(folder.path)/outline.json: found another layout, or damage, "
                    + "allowed: schema 'ablate.outline/1'"
            ])
    }

    @Test("a folder without records is refused")
    func empty() {
        let error = #expect(throws: InputError.self) { try StudyResults.read(folder.path) }
        #expect(
            error?.description
                == "\(folder.path): cannot read the study's records: none is there that can be used")
    }
}
