import Foundation
import TestSupport
import Testing

@testable import Results

@Suite("The version")
struct VersionTests {
    private let changelog = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../../CHANGELOG.md")

    @Test("is three numbers, and the newest of the changelog")
    func newest() throws {
        #expect(Version.text.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
        let text = try String(contentsOf: changelog, encoding: .utf8)
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings.first?.split(separator: " ").dropFirst().first.map(String.init) == Version.text)
    }

    @Test("stands in the facts of every record")
    func facts() {
        let facts = Provenance.facts(started: Date(), interruptions: 0, execution: .init(), on: onCPU { $0 })
        #expect(facts.first { $0.name == "ablate" }?.value == Version.text)
    }

    @Test("is reported with the commit and the instruction set")
    func description() {
        let lines = Version.description.split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == Version.text)
        #expect(lines[1].hasPrefix("commit: ") && lines[2].hasPrefix("instruction set: "))
    }
}
