import FlowMaps
import Foundation
import Results
import TestSupport
import Testing

@testable import Reporting

@Suite("A table of chosen, sorted arms")
struct TableChoiceTests {
    private func records() throws -> [Record] {
        try [("low", 1.0, 0.7), ("middle", 2, 0.2), ("high", 3, 0.5)].enumerated().map { place, arm in
            try SampleRecord.make(
                [
                    SampleRecord.coordinate("objective", arm.0),
                    SampleRecord.coordinate("alpha", "\(arm.1)"), SampleRecord.coordinate("seed", "0"),
                ], position: place, scores: [("frechetDistance", arm.2)])
        }
    }

    private func objectives(_ records: [Record]) -> [String] { records.compactMap { $0.run["objective"] } }

    @Test(
        "conditions compare numbers as numbers and names as names",
        arguments: [
            ("alpha > 1.5", ["middle", "high"]), ("alpha <= 1", ["low"]), ("alpha = 3.00", ["high"]),
            ("objective != low and alpha < 3", ["middle"]), ("objective > 1", []), ("absent = 1", []),
        ])
    func filters(text: String, expected: [String]) throws {
        let filter = try RecordFilter(text)
        #expect(objectives(try records().filter { filter($0) }) == expected)
    }

    @Test("text that is no condition is refused")
    func refused() {
        let error = #expect(throws: Violation.self) { try RecordFilter("alpha") }
        #expect(
            error?.description
                == "--where: found 'alpha', allowed: an axis, one of <=, >=, !=, <, >, =, and a value; several joined by and"
        )
        #expect(throws: Violation.self) { try RecordFilter("alpha > ") }
    }

    @Test("arms are sorted by a score, the lowest first, and JSON has them as objects with numbers")
    func sorted() throws {
        let table = StudyTable(try records(), sort: "frechetDistance", top: 2).table
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(table.json.utf8)) as? [[String: Any]])
        #expect(rows.compactMap { $0["objective"] as? String }.prefix(2) == ["middle", "high"])
        let distance = rows[0]["Fréchet distance"] as? [String: Any]
        #expect(distance?["mean"] as? Double == 0.2 && distance?["n"] as? Int == 1)
        #expect(distance?["deviation"] is NSNull)
    }
}
